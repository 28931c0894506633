"""The result of grouping: a Partition, its coarser and finer layers, the membership of each item, and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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

    def ranked(self, weight: Ints) -> Ints:
        """The new number of each group, shape (k,), if the one whose items have the largest total weight (rows, say) comes first."""
        grouped = self.labels >= 0
        total = np.bincount(self.labels[grouped], weight[grouped], minlength=self.k)
        rank = np.empty(self.k, np.int64)
        rank[np.argsort(-total, kind="stable")] = np.arange(self.k)
        return rank

    def renumbered(self, rank: Ints) -> Clustering:
        """The same groups under new numbers: group g becomes rank[g]; the layers are numbered by first appearance among them.

        Examples
        --------
        >>> member = Membership(np.array([0, 0, 1]), np.ones(3, np.float32), np.full(3, -1), np.zeros(3, np.float32))
        >>> two = Clustering(partition=member.partition("hand"), membership=member, finer=np.array([0, 1, 2]),
        ...                  coarser=np.array([0, 1]), stability=np.ones(2, np.float32), reason="")
        >>> turned = two.renumbered(np.array([1, 0]))
        >>> turned.labels.tolist(), turned.finer.tolist(), turned.coarser.tolist()
        ([1, 1, 0], [1, 2, 0], [0, 1])
        """
        order = np.argsort(rank)
        member = self.membership.renumbered(rank)
        p = self.partition
        return replace(
            self,
            partition=replace(p, labels=member.label, centers=None if p.centers is None else p.centers[order]),
            membership=member,
            finer=_by_appearance(self.finer, np.lexsort((self.finer, member.label))),
            coarser=_by_appearance(self.coarser[order]),
            stability=self.stability[order],
        )

    @property
    def labels(self) -> Ints:
        """Group of each item, shape (n,); -1 means none."""
        return self.partition.labels

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.coarser)


def _by_appearance(labels: Ints, order: Ints | None = None) -> Ints:
    """Labels numbered as they appear first in `order`; -1 kept."""
    seen = labels if order is None else labels[order]
    old, first = np.unique(seen[seen >= 0], return_index=True)
    new = np.full(int(labels.max(initial=-1)) + 1, -1, np.int64)
    new[old[np.argsort(first)]] = np.arange(len(old))
    return np.where(labels >= 0, new[np.maximum(labels, 0)], -1) if len(new) else labels
