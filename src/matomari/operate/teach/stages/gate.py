"""Do changes hang together? A student learns one half of them and is asked about the other half; no label is needed for that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....seeds import Seed
from ....vectors import Floats, Ints

RIDGE = 1.0
MOST = 20_000  # items that a student learns from
HEAVY = 5.0  # weight of a changed item among those that stay
DRAWS = 200  # of changes at random
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Coherence:
    """How far a student that learnt one half of some changes would make the other half as well.

    Attributes
    ----------
    changes : int
    agreed : float
        Share of the changes for which the student prefers the new group to the old one.
    by_chance : float
        The same for changes to groups at random among those that each item was asked about, mean of 200 draws.
    p : float
        Share of those draws that agree at least as well; 1 where nothing was changed.
    """

    changes: int
    agreed: float = 0.0
    by_chance: float = 0.0
    p: float = 1.0

    @property
    def passed(self) -> bool:
        """Whether the changes hang together better than chance (p < .05)."""
        return self.p < ALPHA

    @property
    def sentence(self) -> str:
        """The figures and what follows from them."""
        if not self.changes:
            return "changes: none, so there is nothing to recommend"
        return (
            f"changes: a student that learnt one half of {self.changes} answers prefers the new group in {self.agreed:.0%} of the other half, "
            f"{self.by_chance:.0%} if answers are drawn at random (p = {self.p:.2g}); "
            + ("recommended" if self.passed else "not recommended, because that may be chance")
        )


def coherence(X: Floats, labels: Ints, items: Ints, groups: Ints, *, options: Ints, seed: int = 0) -> Coherence:
    """Whether changes hang together.

    The student is a linear classifier in closed form (ridge regression of the classes on the vectors). It learns from what stays and from one half
    of the changes, and is asked about the other half; then the halves change places. The same is done with changes at random.

    Parameters
    ----------
    X : array, shape (n, d)
    labels : array of int64, shape (n,)
        The groups as they were; -1 for none.
    items, groups : arrays of int64, shape (m,)
        Which item is to go to which group; items without a group are left out.
    options : array of int64, shape (m, o)
        The groups that each item was asked about.
    seed : int

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.repeat(np.eye(3), 40, axis=0) + rng.normal(0, 0.1, (120, 3))
    >>> labels = np.repeat([0, 1, 2], 40)
    >>> labels[:20] = 1  # twenty of the first kind stand in the second group
    >>> moved = coherence(X.astype(np.float32), labels, np.arange(20), np.zeros(20, np.int64), options=np.tile([0, 1, 2], (20, 1)))
    >>> moved.agreed, moved.changes
    (1.0, 20)
    """
    grouped = labels[items] >= 0
    items, groups, options = items[grouped], groups[grouped], options[grouped]
    if len(items) < 2:
        return Coherence(changes=len(items))
    rng = Seed(seed).stream("teach/gate")
    stays = np.setdiff1d(np.flatnonzero(labels >= 0), items)
    stays = stays if len(stays) <= MOST else rng.choice(stays, MOST, replace=False)
    half = rng.permutation(len(items)) % 2 == 0
    k = int(max(labels.max(), options.max())) + 1
    students = [_Student(X, labels, stays=stays, learnt=items[side], asked=items[~side], k=k) for side in (half, ~half)]

    def agreed(new: Ints) -> float:
        return sum(s.agreed(new[side], new[~side]) for s, side in zip(students, (half, ~half), strict=True)) / len(items)

    elsewhere = [[g for g in of if g != labels[item]] for item, of in zip(items.tolist(), options.tolist(), strict=True)]
    chance = np.asarray([agreed(np.asarray([rng.choice(of) for of in elsewhere])) for _ in range(DRAWS)])
    mine = agreed(groups)
    p = float((1 + (chance >= mine).sum()) / (1 + DRAWS))
    return Coherence(changes=len(items), agreed=mine, by_chance=float(chance.mean()), p=p)


class _Student:
    """A classifier of what stays and of some changes; only the labels of the changes differ from draw to draw, so all else is made once."""

    def __init__(self, X: Floats, labels: Ints, *, stays: Ints, learnt: Ints, asked: Ints, k: int) -> None:
        rows = np.concatenate([stays, learnt])
        weight = np.concatenate([np.ones(len(stays)), np.full(len(learnt), HEAVY)])
        self._mean = (X[rows] * weight[:, None]).sum(axis=0) / weight.sum()
        centred = X[rows] - self._mean
        gram = (centred * weight[:, None]).T @ centred + RIDGE * np.eye(X.shape[1])
        looks = np.linalg.solve(gram, (X[asked] - self._mean).T).T  # (m, d): a score is this times the sum of a class
        self._steady = looks @ _sums(X[stays] - self._mean, labels[stays], k).T
        self._each = HEAVY * (looks @ (X[learnt] - self._mean).T)  # (m, a): what a learnt change adds to the score of its group
        self._count = np.bincount(labels[stays], minlength=k).astype(float)
        self._old, self._k = labels[asked], k

    def agreed(self, learnt: Ints, new: Ints) -> int:
        """For how many of the changes asked about the new group scores higher than the old one."""
        chosen = np.zeros((len(learnt), self._k))
        chosen[np.arange(len(learnt)), learnt] = 1
        share = self._count + HEAVY * chosen.sum(axis=0)
        scores = (self._steady + self._each @ chosen) / np.sqrt(np.maximum(share, 1e-9))
        each = np.arange(len(new))
        return int((scores[each, new] > scores[each, self._old]).sum())


def _sums(X: NDArray[np.float64] | Floats, classes: Ints, k: int) -> NDArray[np.float64]:
    """Sum of the rows of each class, shape (k, d)."""
    sums = np.zeros((k, X.shape[1]))
    np.add.at(sums, classes, X)
    return sums
