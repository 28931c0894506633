"""Thousands of small clusters: made by splitting when there are none yet, carried on among neighbouring centres when there are."""

from __future__ import annotations

import math
import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning

from ..cluster.kmeans import SphericalKMeans
from ..vectors import Floats, Ints, neighbors, normalise

FLAT = 256  # clusters that one k-means makes; where more are wanted, its clusters are split again
PASSES = 20  # of k-means: what comes later moves few rows and no figure
CARRIED = 3  # passes from clusters that are there
NEAR = 16  # centres that a row of a cluster may move to, the nearest to its own


def split(X: Floats, k: int, seed: int = 0) -> tuple[Ints, Floats]:
    """About k clusters of rows X (n, d): labels (n,) and unit centres (k', d), k' ≤ k where rows are equal.

    Spherical k-means; above 256 clusters in a tree, which costs about 2 √k centres a row and pass instead of k.

    Examples
    --------
    >>> labels, centers = split(np.repeat(np.eye(3, dtype=np.float32), 5, axis=0), 3)
    >>> np.bincount(labels).tolist(), centers.shape
    ([5, 5, 5], (3, 3))
    """
    k = min(max(k, 1), len(X))
    parts = k if k <= FLAT else min(FLAT, math.isqrt(k))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # equal texts give fewer clusters than asked for, which is right here
        model = SphericalKMeans(parts, max_iter=PASSES, random_state=seed).fit(X)
    if parts == k or len(model.cluster_centers_) == 1:
        return model.labels_, model.cluster_centers_
    labels, centers = np.empty(len(X), np.int64), list[Floats]()
    for part in range(len(model.cluster_centers_)):
        rows = np.flatnonzero(model.labels_ == part)
        inside, found = split(X[rows], round(len(rows) * k / len(X)), seed)
        labels[rows] = inside + sum(len(one) for one in centers)
        centers.append(found)
    return labels, np.concatenate(centers)


def carry(X: Floats, labels: Ints, near: int = NEAR) -> tuple[Ints, Floats]:
    """A few passes of spherical k-means that begin with clusters which are there: labels (n,) and unit centres (k, d).

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
    for _ in range(CARRIED):
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
    found = normalise(np.asarray(which @ X, np.float32))
    return np.where(found.any(axis=1, keepdims=True), found, before)
