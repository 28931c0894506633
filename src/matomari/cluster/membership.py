"""How strongly each item belongs to its group, and to the best other group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..partition import Partition
from ..vectors import Floats, Ints


@dataclass(frozen=True, eq=False)
class Membership:
    """The group of each of n items, and its runner-up.

    Attributes
    ----------
    label : array of int64, shape (n,)
        Group of each item; -1 means none.
    strength : array of float32, shape (n,)
        How strongly the item belongs to it, in [0, 1].
    runner_up : array of int64, shape (n,)
        The best other group; -1 if there is none.
    runner_strength : array of float32, shape (n,)
        How strongly the item would belong to that group, in [0, 1].
    """

    label: Ints
    strength: Floats
    runner_up: Ints
    runner_strength: Floats

    @classmethod
    def none(cls, n: int) -> Membership:
        """The membership of n items without a group."""
        return cls(np.full(n, -1, np.int64), np.zeros(n, np.float32), np.full(n, -1, np.int64), np.zeros(n, np.float32))

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: Ints) -> Membership:
        """The membership of items at these positions, which may repeat."""
        return Membership(self.label[rows], self.strength[rows], self.runner_up[rows], self.runner_strength[rows])

    def put(self, rows: NDArray[np.int64] | NDArray[np.bool_], part: Membership) -> Membership:
        """A copy with `part` at the positions `rows`.

        Examples
        --------
        >>> one = Membership(np.array([4]), np.ones(1, np.float32), np.array([2]), np.zeros(1, np.float32))
        >>> Membership.none(3).put(np.array([1]), one).label.tolist()
        [-1, 4, -1]
        """
        whole = Membership(self.label.copy(), self.strength.copy(), self.runner_up.copy(), self.runner_strength.copy())
        whole.label[rows], whole.strength[rows] = part.label, part.strength
        whole.runner_up[rows], whole.runner_strength[rows] = part.runner_up, part.runner_strength
        return whole

    def renumbered(self, rank: Ints) -> Membership:
        """The same groups under new numbers: group g becomes rank[g], -1 stays."""
        label, runner_up = (np.where(g >= 0, rank[np.maximum(g, 0)], -1) for g in (self.label, self.runner_up))
        return Membership(label, self.strength, runner_up, self.runner_strength)

    def partition(self, clusterer: str, **parameters: object) -> Partition:
        """These groups as a Partition of the items, which are named by their positions."""
        ids = np.arange(len(self.label)).astype(np.str_)
        return Partition(ids, self.label, self.strength, origin={"clusterer": clusterer, "parameters": parameters})


def two_best(item: Ints, group: Ints, score: Floats, n: int) -> Membership:
    """The two groups with the highest scores of each of n items, out of scored candidates.

    Parameters
    ----------
    item, group, score : arrays, shape (c,)
        Candidates: this item with this group at this score. A group may come several times for one item: the highest score counts.
        Scores of 0 or less and group -1 are ignored. Among equal scores the lower group is better.
    n : int

    Examples
    --------
    >>> best = two_best(np.array([0, 0, 0]), np.array([5, 3, 5]), np.array([0.2, 0.4, 0.9], np.float32), 2)
    >>> best.label.tolist(), best.runner_up.tolist()
    ([5, -1], [3, -1])
    """
    best = Membership.none(n)
    usable = np.flatnonzero((score > 0) & (group >= 0))
    order = usable[np.lexsort((group[usable], -score[usable], item[usable]))]
    first = _firsts(item, order)
    best.label[item[first]], best.strength[item[first]] = group[first], score[first]
    rest = order[group[order] != best.label[item[order]]]
    second = _firsts(item, rest)
    best.runner_up[item[second]], best.runner_strength[item[second]] = group[second], score[second]
    return best


def best_other(item: Ints, group: Ints, score: Floats, label: Ints, tie: Ints | None = None) -> Membership:
    """How strongly each item belongs to its group, and the best of the other groups, out of scored candidates.

    Parameters
    ----------
    item, group, score : arrays, shape (c,)
        As for `two_best`.
    label : array of int64, shape (n,)
        The group that each item has.
    tie : array of int64, shape (c,), optional
        Among equal scores the one with the lower tie is better; by default the lower group.

    Examples
    --------
    >>> sits = best_other(np.array([0, 0]), np.array([1, 0]), np.array([0.9, 0.4], np.float32), np.array([0]))
    >>> sits.strength.round(1).tolist(), sits.runner_up.tolist()
    ([0.4000000059604645], [1])
    """
    n = len(label)
    strength, runner_up, runner_strength = np.zeros(n, np.float32), np.full(n, -1, np.int64), np.zeros(n, np.float32)
    inside = group == label[item]
    np.maximum.at(strength, item[inside], score[inside])
    outside = np.flatnonzero(~inside & (score > 0))
    second = _firsts(item, outside[np.lexsort(((group if tie is None else tie)[outside], -score[outside], item[outside]))])
    runner_up[item[second]], runner_strength[item[second]] = group[second], score[second]
    return Membership(label, strength, runner_up, runner_strength)


def two_highest(score: Floats) -> Ints:
    """Columns of the two highest scores in each row of a table (m, k), k of 2 or more: shape (m, 2); the lower column first among equals.

    Examples
    --------
    >>> two_highest(np.array([[0.1, 0.5, 0.5]], np.float32)).tolist()
    [[1, 2]]
    """
    first = score.argmax(axis=1)
    hidden = score.copy()
    np.put_along_axis(hidden, first[:, None], -np.inf, axis=1)
    return np.stack([first, hidden.argmax(axis=1)], axis=1)


def _firsts(item: Ints, order: Ints) -> Ints:
    """The first candidate of each item, from candidates ordered by item."""
    return order[np.unique(item[order], return_index=True)[1]]
