"""The result of grouping: a Partition, its coarser and finer layers, the membership of each item, and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..partition import Partition
from ..vectors import Floats, Ints
from .membership import Membership


@dataclass(frozen=True, eq=False, kw_only=True)
class Clustering:
    """Groups of n distinct items, largest group first.

    Attributes
    ----------
    partition : Partition
        The groups; an item is named by its position.
    membership : Membership
        The same labels and strengths with the runner-up of each item.
    finer : array of int64, shape (n,)
        Finer groups, each inside one group.
    coarser : array of int64, shape (k,)
        Coarser group of each group.
    stability : array of float32, shape (k,)
        How well each group is found again when the data or the cut is disturbed, in [0, 1].
    reason : str
        Why there are this many groups, in one sentence.
    notes : list of str
        Every limit and decision.
    near : tuple of arrays, shapes (n, j), optional
        Cosines and positions of each item's nearest others, if they were computed for all items.
    curve : array, shape (r, 2), optional
        Numbers of groups that were tried, and how reproducible each was, if the number was chosen.
    """

    partition: Partition
    membership: Membership
    finer: Ints
    coarser: Ints
    stability: Floats
    reason: str
    notes: list[str] = field(default_factory=list)
    near: tuple[Floats, Ints] | None = None
    curve: NDArray[np.float64] | None = None

    @property
    def labels(self) -> Ints:
        """Group of each item, shape (n,); -1 means none."""
        return self.partition.labels

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.coarser)
