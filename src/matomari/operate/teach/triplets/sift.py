"""A frozen encoder as the judge of triplets: what it finds least alike among positives, and most alike among negatives, is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ....vectors import Floats


def sifted(
    positive: Floats, negative: Floats, kinds: Sequence[str], *, alpha: float, beta: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which triplets are left out, for their positive and for their negative; nothing is relabelled.

    The bounds are quantiles of each kind, and no numbers for all: a negation moves a vector less than another noun does.

    Parameters
    ----------
    positive, negative : arrays, shape (n,)
        Cosines of the anchors to both, by the judge.
    kinds : sequence of str, length n
    alpha, beta : float
        Shares of each kind: positives that are least alike, and negatives that are most alike.

    Returns
    -------
    far, near : arrays of bool, shape (n,)
        Ties at a bound stay, so of equal cosines none is left out.

    Examples
    --------
    >>> far, near = sifted(np.array([0.9, 0.2, 0.8, 0.7]), np.array([0.5, 0.4, 0.99, 0.3]), ["unit"] * 4, alpha=0.25, beta=0.25)
    >>> far.tolist(), near.tolist()
    ([False, True, False, False], [False, False, True, False])
    """
    named = np.asarray(kinds, object)
    far, near = np.zeros(len(named), bool), np.zeros(len(named), bool)
    for kind in sorted(set(kinds)):
        own = np.flatnonzero(named == kind)
        low, high = int(alpha * len(own)), int(beta * len(own))
        if low:
            far[own] = positive[own] < np.sort(positive[own])[low]
        if high:
            near[own] = negative[own] > np.sort(negative[own])[-high - 1]
    return far, near
