"""Measure how far confidences are from the share of rows that are right."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError

BINS, SHOWN_BINS = 15, 10


def reliability(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = SHOWN_BINS) -> list[dict[str, Any]]:
    """How often rows are right, for each bin of confidence.

    Parameters
    ----------
    sure : array of float in [0, 1], shape (n,)
    right : array of bool, shape (n,)
    bins : int
        Of equal width.

    Returns
    -------
    list of dict
        For each bin `low`, `high`, `rows`, and the means `sure` and `right`, None if it has no row.

    Examples
    --------
    >>> reliability(np.array([0.9, 0.7, 0.2]), np.array([True, False, False]), 2)[1]
    {'low': 0.5, 'high': 1.0, 'rows': 2, 'sure': 0.8, 'right': 0.5}
    """
    place = np.clip((sure * bins).astype(int), 0, bins - 1)
    table = []
    for number in range(bins):
        here = place == number
        means = (float(sure[here].mean()), float(right[here].mean())) if here.any() else (None, None)
        table.append({"low": number / bins, "high": (number + 1) / bins, "rows": int(here.sum()), "sure": means[0], "right": means[1]})
    return table


def calibration_error(sure: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015): how far confidence is from being right, averaged over bins.

    Parameters
    ----------
    sure : array of float in [0, 1], shape (n,)
    right : array of bool, shape (n,)
        Of a grouping, `matomari.metrics.matched` says which items are right.
    bins : int
        Of equal width.

    Raises
    ------
    InputError
        The lengths differ.

    Examples
    --------
    >>> round(calibration_error([0.9, 0.9, 0.1], [True, False, False]), 3)
    0.3
    """
    confidence, correct = np.asarray(sure, np.float64), np.asarray(right, bool)
    if len(confidence) != len(correct):
        raise InputError(f"{len(confidence)} confidences and {len(correct)} rows that are right or wrong.", hint="one of each per row.")
    place = np.clip((confidence * bins).astype(int), 0, bins - 1)
    gaps = np.bincount(place, correct, bins) - np.bincount(place, confidence, bins)
    return float(np.abs(gaps).sum() / max(len(confidence), 1))
