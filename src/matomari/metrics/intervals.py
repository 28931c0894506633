"""Intervals and tests: Wilson, Newcombe, Holm, the paired bootstrap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from ..seeds import Seed

RESAMPLES = 2000


def compared(one: NDArray[np.bool_], other: NDArray[np.bool_], seed: int = 0) -> tuple[float, float, float]:
    """By how much the share of right rows is larger in `other`, with its 95 % interval. Both must be about the same rows.

    A paired bootstrap of 2,000 resamples: a resample of rows is a draw of how many of them got better, worse, or neither.

    Examples
    --------
    >>> one, other = np.array([True, False, False, True]), np.array([True, True, True, True])
    >>> compared(one, other)
    (0.5, 0.0, 1.0)
    """
    n = len(one)
    better, worse = int((other & ~one).sum()), int((one & ~other).sum())
    draws = Seed(seed).stream("labels/bootstrap").multinomial(n, [better / n, worse / n, (n - better - worse) / n], RESAMPLES)
    low, high = np.percentile((draws[:, 0] - draws[:, 1]) / n, [2.5, 97.5])
    return (better - worse) / n, float(low), float(high)


def resampled(differences: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean of paired differences, shape (n,): percentiles over 2,000 resamples of them.

    Examples
    --------
    >>> low, high = resampled(np.array([0.0, 1.0, 2.0, 3.0]))
    >>> 0 < low < 1.5 < high < 3
    True
    """
    rng, n = Seed(seed).stream("bootstrap"), len(differences)
    low, high = np.percentile([differences[rng.integers(n, size=n)].mean() for _ in range(RESAMPLES)], [2.5, 97.5])
    return float(low), float(high)


Z = float(norm.ppf(0.975))


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share.

    Wilson 1927, *Probable inference, the law of succession, and statistical inference*.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    share, room = count / total, Z * Z / total
    middle = (share + room / 2) / (1 + room)
    half = Z / (1 + room) * np.sqrt(share * (1 - share) / total + room / total / 4)
    return float(middle - half) if count else 0.0, float(middle + half) if count < total else 1.0


def newcombe(count: int, total: int, other: int, others: int) -> tuple[float, float]:
    """The 95 % hybrid score interval of the difference of two shares, `count / total - other / others`.

    Newcombe 1998, *Interval estimation for the difference between independent proportions*, method 10.

    Examples
    --------
    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    (low, high), (other_low, other_high) = wilson(count, total), wilson(other, others)
    share, other_share = count / total, other / others
    down, up = np.hypot(share - low, other_high - other_share), np.hypot(high - share, other_share - other_low)
    return float(share - other_share - down), float(share - other_share + up)


def holm(p: Sequence[float]) -> list[float]:
    """Each p value, corrected for multiple tests.

    Holm 1979, *A simple sequentially rejective multiple test procedure*.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")
    raised = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(raised, 1)
    return [float(value) for value in adjusted]
