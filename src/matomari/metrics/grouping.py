"""Metrics of how well a grouping agrees with the truth. Every item labelled -1 counts as a group of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError

Ints = NDArray[np.int64]


def adjusted_rand(truth: ArrayLike, found: ArrayLike) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): pairs agreed on, 0 at chance, 1 when equal.

    Examples
    --------
    >>> adjusted_rand([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(*_pair(truth, found)))


def adjusted_mutual_info(truth: ArrayLike, found: ArrayLike) -> float:
    """Adjusted mutual information (Vinh, Epps and Bailey 2010), arithmetic mean of the entropies; 0 at chance, 1 when equal.

    Examples
    --------
    >>> adjusted_mutual_info([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    """
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(*_pair(truth, found)))


def normalized_mutual_info(truth: ArrayLike, found: ArrayLike) -> float:
    """Normalised mutual information, arithmetic mean of the entropies; not corrected for chance.

    Examples
    --------
    >>> normalized_mutual_info([0, 0, 1, 1], [1, 1, 0, 0])
    1.0
    """
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(*_pair(truth, found)))


def clustering_accuracy(truth: ArrayLike, found: ArrayLike) -> float:
    """ACC: share of items in their class, when each group is matched to at most one class in the best way (Hungarian method).

    Examples
    --------
    >>> clustering_accuracy([0, 0, 1, 1], [1, 1, 1, 0])
    0.75
    """
    table = _contingency(truth, found).toarray()
    rows, columns = _matched(table)
    return float(table[rows, columns].sum() / max(table.sum(), 1))


def matched(truth: ArrayLike, found: ArrayLike) -> NDArray[np.bool_]:
    """Whether each item's group is the one that its class was matched to, as for `clustering_accuracy`; shape (n,).

    Use it with `matomari.metrics.calibration_error` to measure the confidences of a grouping.

    Examples
    --------
    >>> matched([0, 0, 1, 1], [1, 1, 1, 0]).tolist()
    [True, True, False, True]
    """
    real, groups = _pair(truth, found)
    table = _contingency(real, groups).toarray()
    rows, columns = _matched(table)
    home = np.full(table.shape[1], -1)
    home[columns] = rows
    return np.asarray(home[groups] == real)


def pairwise(truth: ArrayLike, found: ArrayLike) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of items put together: of those found, how many are true, and the reverse.

    If one side has no pair, its precision or recall is 1.

    Examples
    --------
    >>> pairwise([0, 0, 0, 1], [0, 0, 1, 1])
    (0.5, 0.3333333333333333, 0.4)
    """
    table = _contingency(truth, found)

    def pairs(counts: NDArray[Any]) -> float:
        sizes = np.asarray(counts, np.float64).ravel()
        return float((sizes * (sizes - 1) / 2).sum())

    both, real, named = pairs(table.data), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    precision = both / named if named else 1.0
    recall = both / real if real else 1.0
    return precision, recall, _f1(precision, recall)


def b_cubed(truth: ArrayLike, found: ArrayLike) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998): the same over each item's group, averaged over items.

    Examples
    --------
    >>> b_cubed([0, 0, 1], [0, 0, 0])
    (0.5555555555555555, 1.0, 0.7142857142857143)
    """
    table = _contingency(truth, found).tocoo()
    classes, groups = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    n = max(table.data.sum(), 1)
    precision = float((table.data**2 / groups[table.col]).sum() / n)
    recall = float((table.data**2 / classes[table.row]).sum() / n)
    return precision, recall, _f1(precision, recall)


def scores(truth: ArrayLike, found: ArrayLike) -> dict[str, float]:
    """All of the above by name, as `matomari score` prints them.

    Examples
    --------
    >>> sorted(scores([0, 0, 1], [0, 0, 1]))[:3]
    ['acc', 'ami', 'ari']
    """
    precision, recall, f1 = pairwise(truth, found)
    cubed = b_cubed(truth, found)
    return {
        "ami": adjusted_mutual_info(truth, found),
        "ari": adjusted_rand(truth, found),
        "nmi": normalized_mutual_info(truth, found),
        "acc": clustering_accuracy(truth, found),
        "pairwise_precision": precision,
        "pairwise_recall": recall,
        "pairwise_f1": f1,
        "b3_precision": cubed[0],
        "b3_recall": cubed[1],
        "b3_f1": cubed[2],
    }


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _pair(truth: ArrayLike, found: ArrayLike) -> tuple[Ints, Ints]:
    a, b = np.asarray(truth).ravel(), np.asarray(found).ravel()
    if len(a) != len(b):
        raise InputError(f"truth has {len(a)} items, the grouping has {len(b)}.", hint="score the same items in the same order.")
    if len(a) == 0:
        raise InputError("there are no items to score.", hint="was the truth column empty?")
    return np.unique(a, return_inverse=True)[1], _alone(b)


def _alone(labels: NDArray[Any]) -> Ints:
    """Labels 0..k-1, with each -1 changed to a label of its own."""
    codes = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    if np.issubdtype(labels.dtype, np.number):
        none = labels == -1
        codes[none] = codes.max() + 1 + np.arange(none.sum())
    return codes


def _contingency(truth: ArrayLike, found: ArrayLike) -> sp.csr_matrix:
    a, b = _pair(truth, found)
    table = sp.csr_matrix((np.ones(len(a)), (a, b)))
    table.sum_duplicates()
    return table


def _matched(table: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """The one-to-one matching of classes and groups that holds the most items (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(table, maximize=True)
    return rows, columns
