"""What to look at first: the pairs whose probability is nearest to the cut, and what was kept apart although it is nearly the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...vectors import Floats, Ints
from .pairs import VETOES, ScoredPairs

EVEN = 0.5  # a pair of this probability may be one thing or two
UNLIKELY = 0.1  # less probable pairs are no matter of doubt
MOST = 500  # pairs that a person or a teacher will look at


@dataclass(frozen=True, eq=False)
class Doubtful:
    """Pairs of texts worth a look, the most doubtful first.

    Attributes
    ----------
    first, second : arrays of int64, shape (m,)
        Places of the two texts.
    score : array of float32, shape (m,)
        Probability that they are one thing.
    together : array of bool, shape (m,)
        Whether they are in one group.
    why : list of str
        What is equal, what stands for what, what is left over, and what keeps them apart.
    """

    first: Ints
    second: Ints
    score: Floats
    together: NDArray[np.bool_]
    why: list[str]


def doubtful(pairs: ScoredPairs, labels: Ints, most: int = MOST) -> Doubtful:
    """The pairs to look at: of each group, and of each two groups, the one nearest to even odds.

    The one that is shown of two groups of a and b texts is the likeliest of a · b pairs, and the others speak against it: what orders them is the
    probability of `whole`. Then those that would be one thing but for a veto, the likeliest first: a veto is a rule, and a rule knows no exceptions.

    Parameters
    ----------
    pairs : ScoredPairs
        Of n texts.
    labels : array of int64, shape (n,)
        Their groups.
    most : int
        Pairs that are kept.
    """
    one, other = labels[pairs.left], labels[pairs.right]
    size = np.bincount(labels)
    forbidden = (pairs.veto > 0) & (one != other)
    likely = np.where(forbidden, pairs.otherwise >= EVEN, pairs.same >= UNLIKELY)
    chosen = np.flatnonzero(likely)
    same = whole(pairs.same, np.where(one == other, 1, size[one] * size[other]))
    doubt = np.where(forbidden, 2 - pairs.otherwise, np.abs(same - EVEN))[chosen]
    chosen = chosen[np.argsort(doubt, kind="stable")]
    low, high = np.minimum(one, other)[chosen], np.maximum(one, other)[chosen]
    of_these = np.unique(np.stack([low, high, forbidden[chosen]]), axis=1, return_index=True)[1]
    shown = chosen[np.sort(of_these)][:most]
    first, second = pairs.left[shown], pairs.right[shown]
    kept_apart = [f"refused: {VETOES[veto]}; " if veto else "" for veto in np.where(forbidden, pairs.veto, 0)[shown].tolist()]
    why = [head + reason for head, reason in zip(kept_apart, pairs.reasons(first, second), strict=True)]
    return Doubtful(first=first, second=second, score=pairs.same[shown], together=(one == other)[shown], why=why)


def whole(likeliest: Floats, pairs: Ints) -> NDArray[np.float64]:
    """How likely two groups are one thing, of the likeliest of so many pairs between them: its odds divided by their number.

    Examples
    --------
    >>> whole(np.array([0.5, 0.5]), np.array([1, 4])).tolist()
    [0.5, 0.2]
    """
    certain = np.clip(likeliest.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = certain / (1 - certain) / np.maximum(pairs, 1)
    return np.asarray(odds / (1 + odds), np.float64)
