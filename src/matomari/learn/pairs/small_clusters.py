"""Thousands of small clusters: made in a few passes, and updated by comparing each row with neighbouring centres only."""

from __future__ import annotations

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning

from ...cluster.kmeans import SphericalKMeans
from ...vectors import Floats, Ints, neighbors, normalise

MANY = 256  # clusters above which three passes from rows drawn at random did about as well as twenty from k-means++, at a sixth of the cost
PASSES, FEW = 20, 3
NEAR = 16  # centres that a row of a cluster may move to, the nearest to its own


def split(X: Floats, k: int, seed: int = 0) -> tuple[Ints, Floats]:
    """About k clusters of rows X (n, d) by spherical k-means: labels (n,) and unit centres (k', d), k' ≤ k where rows are equal.

    A tree of k-means would be cheaper still, but did worse: rows on two sides of a coarse border are never put together, and for training batches
    that cost all that clusters gain (MedQuAD, validation queries: NDCG@10 .684 with a tree, .748 without, .684 at random).

    Examples
    --------
    >>> labels, centers = split(np.repeat(np.eye(3, dtype=np.float32), 5, axis=0), 3)
    >>> np.bincount(labels).tolist(), centers.shape
    ([5, 5, 5], (3, 3))
    """
    k = min(max(k, 1), len(X))
    how = {"init": "random", "max_iter": FEW} if k > MANY else {"max_iter": PASSES}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # equal texts give fewer clusters than asked for, which is right here
        model = SphericalKMeans(k, random_state=seed, **how).fit(X)
    return model.labels_, model.cluster_centers_


def carry(X: Floats, labels: Ints, near: int = NEAR) -> tuple[Ints, Floats]:
    """A few passes of spherical k-means that begin with existing clusters: labels (n,) and unit centres (k, d).

    Each row looks at the centre of its cluster and at those nearest to it, so a pass costs a few centres a row however many there are. Clusters keep
    their numbers, also when they lose all rows.

    Parameters
    ----------
    X : array, shape (n, d)
        By whatever embedder; only `labels` need be older.
    labels : array of int, shape (n,)
        -1 for rows that are new; they go to the nearest centre first.
    near : int

    Examples
    --------
    >>> X = np.repeat(np.eye(2, dtype=np.float32), 4, axis=0)
    >>> carry(X, np.array([1, 1, 1, 0, 0, 0, 0, -1]))[0].tolist()
    [1, 1, 1, 1, 0, 0, 0, 0]
    """
    X, labels = normalise(X), labels.copy()
    k = int(labels.max(initial=0)) + 1
    centers = _middles(X, labels, np.zeros((k, X.shape[1]), np.float32))
    new = np.flatnonzero(labels < 0)
    labels[new] = (X[new] @ centers.T).argmax(axis=1) if len(new) else 0
    around = np.hstack([np.arange(k)[:, None], neighbors(centers, min(near, k - 1))[1]])
    for _ in range(FEW):
        order = np.argsort(labels, kind="stable")
        ends = np.searchsorted(labels[order], np.arange(k + 1))
        for cluster in np.flatnonzero(np.diff(ends)).tolist():
            rows, those = order[ends[cluster] : ends[cluster + 1]], around[cluster]
            labels[rows] = those[(X[rows] @ centers[those].T).argmax(axis=1)]
        centers = _middles(X, labels, centers)
    return labels, centers


def _middles(X: Floats, labels: Ints, before: Floats) -> Floats:
    """Unit mean of each cluster; an empty one stays where it was."""
    placed = np.flatnonzero(labels >= 0)
    which = sp.csr_matrix((np.ones(len(placed), np.float32), (labels[placed], placed)), shape=(len(before), len(X)))
    means = normalise(np.asarray(which @ X, np.float32))
    return np.where(means.any(axis=1, keepdims=True), means, before)
