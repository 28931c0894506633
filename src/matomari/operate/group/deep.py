"""The deep second stage of a grouping: a code is learnt for the items before they are grouped."""

from __future__ import annotations

import hashlib
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...cluster.communities.few import links
from ...cluster.communities.stability import Choice, choose_resolution
from ...cluster.soft.estimator import SoftKMeans
from ...encode.image import pixel_shape
from ...learn.deep import DeepSoftKMeans
from ...learn.deep.code import Code
from ...seeds import Seed
from ...vectors import Floats

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Deep:
    """What was learnt.

    Attributes
    ----------
    code : Code
    X : array, shape (u, c), float32
        Unit codes of the items.
    choice : Choice, optional
        How the number of groups was found, on what the items were before.
    surest : float
        How often two halves of what the items were before agree: the code was trained to agree with itself, and cannot tell.
    notes : list of str
    """

    code: Code
    X: Floats
    choice: Choice | None
    surest: float
    notes: list[str]


def deepened(X: Floats, *, groups: int | None, encoder: str, cache: str | Path | None, seed: int, say: Say) -> Deep:
    """Learn a code for vectors (u, d), which are images again where the encoder took their pixels.

    With a cache, a run that was killed goes on from its last epoch.
    """
    choice = None
    if groups is None:
        say("choosing how many groups")
        choice = choose_resolution(X, n_neighbors=links(len(X)), seed=seed)
    k = choice.groups if choice else int(groups or 1)
    rows = X.reshape(len(X), *(pixel_shape(encoder) or X.shape[1:]))
    checkpoint = None if cache is None else Path(cache) / f"deep-{_digest(X, k, seed)}"
    say(f"learning a code for {k:,} groups; this takes minutes")
    model = DeepSoftKMeans(k, random_state=Seed(seed).number("deep"), checkpoint=checkpoint)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a note below says which model is kept
        model.fit(rows)
        surest = SoftKMeans(k, random_state=Seed(seed).number("surest")).fit(X).agreement_
    if checkpoint is not None:
        shutil.rmtree(checkpoint, ignore_errors=True)
    what = (
        "trained together with the prototypes" if model.kept_ == "trained" else "of the auto-encoder alone: training it further did not pay"
    )
    return Deep(
        code=model.code_,
        X=model.transform(rows),
        choice=choice,
        surest=surest,
        notes=[f"groups were made on a code of {model.code} numbers, {what}"],
    )


def _digest(X: Floats, k: int, seed: int) -> str:
    return hashlib.sha256(np.ascontiguousarray(X).tobytes() + f"{X.shape} {k} {seed}".encode()).hexdigest()[:16]
