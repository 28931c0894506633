"""Latent cluster correction: a second loss that pulls samples towards the communities of their own class."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from ...errors import InputError
from ...logs import log
from ...seeds import Seed
from ...vectors import Ints, normalise
from .bank import Bank
from .gradients import Slopes
from .layer import Latent
from .matching import COVERAGE, Matching, latent_communities
from .pull import Pull
from .state import CURVE, CorrectionState
from .targets import WAYS, Targets, targets
from .voting import Voted, agreement

Batch = tuple[Any, torch.Tensor, torch.Tensor | None]


@dataclass(eq=False)
class LatentClusterCorrection:
    """Find the communities of a layer's latent space every few epochs, and pull samples towards those of their own class.

    Parameters
    ----------
    layer : str
        Name of the layer among the model's modules, such as "encoder.layer.5"; "" is the model's own output.
    way : {"center", "modes", "all", "misclustered", "misclustered/representatives"}
        Who is pulled to what; see `matomari.learn.correction.targets.targets`. The last two are the paper's.
    weight : float or "auto"
        Of the loss beside the classifier's. "auto" makes its gradient at the layer as long as the classifier's, times `share`, anew at each
        refresh. Latent vectors are measured in units of their spread, so a number means the same at every layer.
    share : float
        For "auto".
    resolution : float, optional
        Of the communities; searched for class coverage when left out.
    coverage : float
        Share of the classes that shall own a community.
    grain : int, optional
        Go on to finer communities while the typical one still holds so many samples of its class; None stops where the classes are covered.
    warmup, interval : int
        Epochs before the first refresh, and from one to the next. Targets are kept in between.
    margin : float, optional
        Also push misclustered samples until the community where they wrongly sit is so much farther than the one at home, in units of the
        spread over √D.
    trust : float in [0, 1]
        Samples of whose nearest neighbours a smaller share has their class are left out: their labels may be wrong.
    random_state : int

    Attributes
    ----------
    matching : Matching or None
        Classes and communities at the last refresh; `index` says which samples its rows are.
    weight_ : float
        Of now; NaN before anything could be measured.
    curve : list of dict
        For every refresh: epoch, resolution, communities, coverage, misclustered, weight.

    Notes
    -----
    Ho Thanh 2025, *Latent cluster correction*, equations of section 3; resolution search, units, weight, margin, trust and the ways "modes" and "all" are
    ours. The graph is built from the latent vectors that the epoch's own steps gave, which costs no pass; `refresh(batches)` makes one.
    The gradient of the classifier is measured in the backward pass that is there anyway.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> X, y = torch.randn(60, 8), torch.arange(60) % 3
    >>> model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    >>> lcc = LatentClusterCorrection("1").attach(model)
    >>> optimiser = torch.optim.SGD(model.parameters(), 0.1)
    >>> for epoch in range(3):
    ...     for rows in torch.randperm(60).split(20):
    ...         loss = torch.nn.functional.cross_entropy(model(X[rows]), y[rows]) + lcc(rows, y[rows])
    ...         _ = optimiser.zero_grad(), loss.backward(), optimiser.step()
    ...     lcc.epoch_ended()
    >>> len(lcc.curve), lcc.matching.labels.tolist() == y.tolist()
    (3, True)
    """

    layer: str
    way: str = "modes"
    weight: float | str = "auto"
    share: float = 0.5
    resolution: float | None = None
    coverage: float = COVERAGE
    grain: int | None = 4
    warmup: int = 1
    interval: int = 1
    margin: float | None = None
    trust: float = 0.0
    random_state: int = 0
    matching: Matching | None = field(default=None, init=False, repr=False)
    index: Ints = field(default_factory=lambda: np.empty(0, np.int64), init=False, repr=False)
    weight_: float = field(default=math.nan, init=False)
    curve: list[dict[str, float]] = field(default_factory=list, init=False, repr=False)
    epochs: int = field(default=0, init=False, repr=False)
    _place: torch.Tensor = field(init=False, repr=False)
    _model: torch.nn.Module = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check(self)
        self._bank, self._slopes = Bank(), Slopes()
        self._steps = self._rows = 0
        self._latent: Latent | None = None
        self._targets: Targets | None = None
        self._pull: Pull | None = None
        self._voted: Voted | None = None
        self._scale = 1.0

    def attach(self, model: torch.nn.Module) -> LatentClusterCorrection:
        """Listen to a model's layer; returns itself."""
        self.detach()
        self._latent, self._model = Latent(model, self.layer), model
        return self

    def detach(self) -> None:
        """Leave the model as it was."""
        if self._latent is not None:
            self._latent.close()
        self._latent = None

    def __call__(self, index: torch.Tensor | None, labels: torch.Tensor) -> torch.Tensor:
        """The weighted loss of the batch that just went through the model.

        Parameters
        ----------
        index : tensor of int64, shape (b,), or None
            Which sample of the data set each row is. With None the samples cannot be told apart, and whether one is
            misclustered is voted by its nearest neighbours among those of the last refresh.
        labels : tensor of int64, shape (b,)
            Classes; negative for none.
        """
        a = self._listening().take()
        if a.shape[:1] != labels.shape or (index is not None and index.shape != labels.shape):
            sizes = f"{len(a):,} latent vectors, labels of shape {tuple(labels.shape)}"
            raise InputError(
                f"the batch has {sizes}{'' if index is None else f' and an index of shape {tuple(index.shape)}'}.", hint="one a sample."
            )
        if not (torch.is_grad_enabled() and a.requires_grad):
            return a.new_zeros(())
        self._bank.add(a, labels, index)
        self._steps, self._rows = self._steps + 1, self._rows + len(labels)
        own = a.view_as(a)
        zero = self._slopes.watch(a, own) if self.weight == "auto" else a.new_zeros(())
        if self._pull is None:
            return zero
        if math.isnan(self.weight_):
            self._weigh()  # refreshed before any step
        if math.isnan(self.weight_):
            return zero
        return zero + self.weight_ * self._loss(own / self._scale, labels, index)

    def state(self) -> CorrectionState:
        """The state that a checkpoint holds."""
        self._slopes.settle()
        parts = self._bank.parts
        return CorrectionState(
            epochs=self.epochs,
            steps=self._steps,
            rows=self._rows,
            weight=self.weight_,
            scale=self._scale,
            lengths=self._slopes.lengths,
            index=self.index,
            curve=self.curve,
            targets=self._targets,
            voted=self._voted,
            bank=tuple(np.concatenate(part) for part in zip(*parts, strict=True)) if parts else None,
        )

    def restore(self, state: CorrectionState) -> None:
        """Go on from what `state` gave; the matching itself comes with the next refresh."""
        self.epochs, self._steps, self._rows = state.epochs, state.steps, state.rows
        self.weight_, self._scale, self.index, self.curve = state.weight, state.scale, state.index, state.curve
        self._slopes.lengths = state.lengths
        self._bank.clear()
        if state.bank is not None:
            self._bank.parts, self._bank.arrived = [state.bank], len(state.bank[0])
        if state.targets is not None:
            self._targets = state.targets
            self._arm()
        if state.voted is not None:
            self._voted = state.voted

    def epoch_ended(self) -> None:
        """Count an epoch, and refresh where it is time; every process must call it."""
        self.epochs += 1
        if self.epochs >= self.warmup and (self.epochs - self.warmup) % self.interval == 0:
            self.refresh()
        self._bank.clear()
        self._slopes.clear()
        self._steps = self._rows = 0

    def refresh(self, batches: Iterable[Batch] | None = None, forward: Callable[[Any], Any] | None = None) -> Matching:
        """Find the communities anew.

        Parameters
        ----------
        batches : iterable of (inputs, labels, index), optional
            The training data; a pass without gradients is made over it, by ``forward(inputs)`` or the model itself. Left out, the latent vectors that
            the steps since the last refresh gave are taken.
        forward : callable, optional

        Raises
        ------
        InputError
            Nothing was gathered, no sample has a label, or a latent vector is not finite.
        """
        if batches is not None:
            self._pass(batches, forward)
        self.index, labels, Z = self._bank.whole()
        if not len(self.index):
            raise InputError("no latent vectors were gathered.", hint="call the loss in every step, or refresh with the training data.")
        bad = np.flatnonzero(~np.isfinite(Z).all(axis=1))
        if len(bad):
            raise InputError(
                f"the latent vector of sample {self.index[bad[0]]} is not finite.", hint="has training diverged? Lower the learning rate."
            )
        seed = Seed(self.random_state)
        self.matching = latent_communities(
            Z, np.maximum(labels, -1), resolution=self.resolution, coverage=self.coverage, grain=self.grain, seed=seed.number("correction")
        )
        self._scale = float(np.sqrt(((Z - Z.mean(axis=0)) ** 2).sum(axis=1).mean())) or 1.0
        free = self._bank.free
        way = "misclustered/representatives" if self.way == "misclustered" and free else self.way
        trusted = agreement(Z, self.matching.labels) >= self.trust if self.trust > 0 else None
        self._targets = targets(way, Z / self._scale, self.matching, trusted=trusted, seed=seed.number("correction/targets"))
        self._voted = Voted(normalise(Z), self.matching.communities, self.matching.owner) if free else None
        self._arm()
        self._weigh()
        self._tell()
        return self.matching

    def wrap(self, trainer: Any) -> Any:
        """Make a transformers ``Trainer`` train with this loss; returns the trainer.

        Its data set gets an index, its loss this one beside it, and a callback refreshes at the end of epochs and keeps the state in every checkpoint.
        """
        from .trainer_hook import plug

        return plug(self, trainer)

    def _listening(self) -> Latent:
        if self._latent is None:
            raise InputError("the correction listens to no model.", hint="call attach(model) first, or wrap(trainer).")
        return self._latent

    def _pass(self, batches: Iterable[Batch], forward: Callable[[Any], Any] | None) -> None:
        """Gather the latent vectors of all batches, without gradients and as in evaluation."""
        latent, self._bank, was = self._listening(), Bank(), self._model.training
        self._model.eval()
        try:
            with torch.no_grad():
                for inputs, labels, index in batches:
                    _ = (forward or self._through)(inputs)
                    self._bank.add(latent.take(), labels, index)
        finally:
            self._model.train(was)

    def _through(self, inputs: Any) -> Any:
        return self._model(**inputs) if isinstance(inputs, Mapping) else self._model(inputs)

    def _arm(self) -> None:
        assert self._targets is not None
        place = np.full(int(self.index[-1]) + 1, -1, np.int64)
        place[self.index] = np.arange(len(self.index))
        self._place, self._pull = torch.from_numpy(place), Pull(self._targets, self.margin)

    def _loss(self, z: torch.Tensor, labels: torch.Tensor, index: torch.Tensor | None) -> torch.Tensor:
        assert self._pull is not None
        pull = self._pull.to(z.device)
        if index is None:
            nobody = torch.full_like(labels, -1)
            active = self._voted(z, labels) if self._voted is not None and self.way.startswith("misclustered") else labels >= 0
            voted_loss: torch.Tensor = pull(z, labels, nobody, active)
            return voted_loss
        place = self._place.to(z.device)
        known = (index >= 0) & (index < len(place))
        indexed_loss: torch.Tensor = pull(z, labels, torch.where(known, place[index.clamp(0, len(place) - 1)], -1))
        return indexed_loss

    def _weigh(self) -> None:
        """A step's pull has a gradient of length 1 / (scale · √(D · samples pulled)); the weight makes it as long as the classifier's."""
        if self.weight != "auto":
            self.weight_ = float(self.weight)
            return
        assert self._targets is not None
        slope, rows = self._slopes.mean(), self._rows / max(self._steps, 1)
        pulled = max(float(self._targets.active.mean()) * rows, 1.0)
        weight = self.share * slope * self._scale * math.sqrt(self._targets.points.shape[1] * pulled)
        if not math.isnan(weight):
            self.weight_ = weight

    def _tell(self) -> None:
        assert self.matching is not None
        matching = self.matching
        values = (self.epochs, matching.resolution, len(matching.owner), matching.coverage, matching.rate, self.weight_)
        row = dict(zip(CURVE, map(float, values), strict=True))
        self.curve.append(row)
        message = "epoch %d: %d communities, %.0f %% of the classes own one, %.1f %% of the samples sit with another class"
        log.info(message, self.epochs, len(matching.owner), 100 * matching.coverage, 100 * matching.rate)


def _check(asked: LatentClusterCorrection) -> None:
    if asked.way not in WAYS:
        raise InputError(f"'way' must be one of {', '.join(WAYS)}. Got {asked.way!r} instead.")
    if asked.weight != "auto" and not (isinstance(asked.weight, int | float) and 0 <= asked.weight < math.inf):
        raise InputError(f"'weight' must be 'auto' or a number of at least 0. Got {asked.weight!r} instead.")
    for name, low in (("warmup", 1), ("interval", 1)):
        value = getattr(asked, name)
        if not isinstance(value, int) or value < low:
            raise InputError(f"{name!r} must be a whole number of at least {low}. Got {value!r} instead.")
    for name, high in (("share", math.inf), ("coverage", 1), ("trust", 1)):
        if not 0 <= getattr(asked, name) <= high:
            raise InputError(f"{name!r} must lie between 0 and {high}. Got {getattr(asked, name)!r} instead.")
    if asked.resolution is not None and not asked.resolution > 0:
        raise InputError(f"'resolution' must be greater than 0. Got {asked.resolution!r} instead.")
