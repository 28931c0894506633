"""What a maker of groups hands on: the groups in three layers, how firmly each item sits, and why these."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..vectors import Floats, Ints


@dataclass(frozen=True, eq=False)
class Clustering:
    """Groups of n distinct items, largest group first.

    Attributes
    ----------
    labels : array of int64, shape (n,)
        Group 0..k-1; -1 means none.
    own : array of float32, shape (n,)
        How firmly each item belongs, in [0, 1].
    runner_up : array of int64, shape (n,)
        The best other group, -1 where there is none.
    other : array of float32, shape (n,)
        How firmly it would belong there.
    finer : array of int64, shape (n,)
        Finer groups, each inside one group.
    coarser : array of int64, shape (k,)
        Coarser group of each group.
    stability : array of float32, shape (k,)
        How well each group comes back when the making is disturbed, in [0, 1].
    reason : str
        Why this many, in one sentence.
    notes : list of str
        Every cap and decision.
    curve : array, shape (r, 2), optional
        Numbers of groups that were looked at, and how reproducible each was, where the number was chosen.
    near : tuple of arrays, shapes (n, j), optional
        Cosines and positions of each item's nearest others, where the maker looked them up for all items.
    """

    labels: Ints
    own: Floats
    runner_up: Ints
    other: Floats
    finer: Ints
    coarser: Ints
    stability: Floats
    reason: str
    notes: list[str] = field(default_factory=list)
    near: tuple[Floats, Ints] | None = None
    curve: NDArray[np.float64] | None = None

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.coarser)
