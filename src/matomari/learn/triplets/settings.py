"""The settings of a training on triplets, checked before anything is encoded, and two named sets of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ...errors import InputError
from ...parameters import from_zero, one_of, real, share, whole
from ..pairs.recipe import Recipe
from .loss import DECAYS
from .schedule import FOLLOW, RANGE, ordered

WIDEST = 2.0  # the largest difference of two cosines


@dataclass(frozen=True)
class TripletSettings:
    """How to train on triplets.

    Attributes
    ----------
    decay : str
        What becomes of hard negatives: see `TripletLoss`.
    distillation : float
        Weight of the pull of the batch's cosines to the judge's; 0 for none. 100 is what the pilot used; it was not searched.
    temperature : float
        τ.
    sigma, follow, target, rate, bounds
        Of the `Gate` of the Gaussian decays; σ is in units of the dropout noise.
    noise : float
        That unit, in ``cos / τ``; 0 measures it on the triplets.
    margin : float
        Of decay "margin", in cosine.
    margins : dict of str to float
        Margins of single kinds of triplets, so that a negation, say, is less similar and not opposite; the others have `margin`.
    pull : float
        α of decay "weight".
    batch_size : int
    epochs : float
    steps : int
        Optimiser steps in all; 0 leaves it to `epochs`.
    learning_rate, warmup : float
        The highest rate, and the share of the steps until it is reached; from there it falls to 0 in a line. With distillation, of 2e-5 and 5e-5 the
        latter was chosen on dev data (`benchmarks/triplets/settle.py`); what trains without it starts from 2e-5, see `preset`.
    judge_steps : int
        Steps in which the encoder first learns from the anchors alone, each its own positive under another dropout, before the judge is taken; 0 takes
        it as it is.
    every : int
        Steps from checkpoint to checkpoint.
    seed : int

    Raises
    ------
    InputError
        A value is out of range; the parameter is named.

    Notes
    -----
    The stage before the judge is that of Gao, Yao and Chen 2021, *SimCSE*, section 3, unsupervised.

    Examples
    --------
    >>> preset("sharp", steps=60).distillation, preset("balanced").distillation
    (2.0, 50.0)
    """

    decay: str = "none"
    distillation: float = 50.0
    temperature: float = 0.05
    sigma: float = 1.0
    follow: str = "fixed"
    target: float = 0.5
    rate: float = 0.1
    bounds: tuple[float, float] = RANGE
    noise: float = 0.0
    margin: float = 0.1
    margins: Mapping[str, float] = field(default_factory=dict)
    pull: float = 0.1
    batch_size: int = 32
    epochs: float = 1.0
    steps: int = 0
    learning_rate: float = 5e-5
    warmup: float = 0.1
    judge_steps: int = 0
    every: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "decay", self.decay, DECAYS)
        one_of(self, "follow", self.follow, FOLLOW)
        for name, least in (("batch_size", 2), ("steps", 0), ("judge_steps", 0), ("every", 1), ("seed", 0)):
            whole(self, name, getattr(self, name), least)
        for name in ("temperature", "sigma", "rate", "pull", "epochs", "learning_rate"):
            real(self, name, getattr(self, name), 0)
        for name in ("distillation", "noise"):
            from_zero(self, name, getattr(self, name))
        for name in ("target", "warmup"):
            share(self, name, getattr(self, name))
        object.__setattr__(self, "bounds", ordered(self, self.bounds))
        if not isinstance(self.margins, Mapping):
            raise InputError(f"The 'margins' parameter of TripletSettings must map kinds to margins. Got {self.margins!r} instead.")
        object.__setattr__(self, "margins", dict(self.margins))  # what is handed in may change later
        for name, value in {"margin": self.margin, **{f"margins[{kind}]": margin for kind, margin in self.margins.items()}}.items():
            if from_zero(self, name, value) > WIDEST:
                raise InputError(
                    f"The {name!r} parameter of TripletSettings must be at most {WIDEST:g}, as a difference of cosines. Got {value!r} instead."
                )

    def recipe(self) -> Recipe:
        """What of it concerns any training."""
        shared = {f.name for f in fields(Recipe)} - {"margin", "distillation"}  # those of a Recipe are others
        return Recipe(**{name: value for name, value in vars(self).items() if name in shared})


PRESETS: dict[str, TripletSettings] = {
    "balanced": TripletSettings(),  # hard negatives, and the rest of the space stays where it was
    # as little of that as kept STS-B's dev part within 1.5 points (`benchmarks/triplets/settle.py`)
    "sharp": TripletSettings(distillation=2.0),
}


def preset(name: str = "balanced", **changes: Any) -> TripletSettings:
    """A named set of settings, with changes.

    Parameters
    ----------
    name : {"balanced", "sharp"}
        "balanced" trains on hard negatives with distillation: similarity in general is kept, or gains. "sharp" has a weak one: hard negatives are told
        apart better, and similarity in general loses a little.
    **changes
        Fields of `TripletSettings`.

    Raises
    ------
    InputError
        There is no such set, or a value is out of range.

    Examples
    --------
    >>> preset("sharp", batch_size=16).batch_size
    16
    """
    return replace(PRESETS[one_of(preset, "name", name, tuple(PRESETS))], **changes)
