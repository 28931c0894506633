"""Clusters of training pairs, on one side or on both."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError
from ...parameters import one_of
from ...partition import Partition
from ...vectors import check, normalise
from .small_clusters import carry, split

SIDES = ("positive", "anchor", "joint")
BATCHES_A_CLUSTER = 0.15  # so clusters of about ten rows for batches of 64 (benchmarks/pairs/settle.py)


def cluster_pairs(
    anchors: ArrayLike,
    positives: ArrayLike,
    batch_size: int,
    *,
    side: str = "joint",
    batches_a_cluster: float = BATCHES_A_CLUSTER,
    sources: ArrayLike | None = None,
    start: Partition | None = None,
    seed: int = 0,
) -> Partition:
    """Clusters of pairs for `ClusterBatchSampler`: spherical k-means inside each source.

    Parameters
    ----------
    anchors, positives : arrays, shape (n, d)
        Vectors of both sides, by an existing embedder. Only the side that is clustered is read.
    batch_size : int
    side : {"positive", "anchor", "joint"}
        What is clustered: passages, queries, or both as one vector (Morris and Rush 2024), which did best in our runs.
    batches_a_cluster : float
        k of a source is its rows over `batch_size` times this.
    sources : array, shape (n,), optional
    start : Partition, optional
        An earlier result for the same pairs, by these vectors or any others: k-means continues from its clusters, which keep their numbers. It then
        also decides how many there are.
    seed : int

    Returns
    -------
    Partition
        Ids are row numbers. No cluster has rows of two sources.

    Raises
    ------
    InputError
        A parameter is out of range, the sides differ in length, or a vector is not finite.

    Examples
    --------
    >>> X = np.repeat(np.eye(2, 8), 40, axis=0) + np.random.default_rng(0).normal(0, 0.01, (80, 8))
    >>> cluster_pairs(X, X, 4, batches_a_cluster=10).sizes.tolist()
    [40, 40]
    """
    one_of(cluster_pairs, "side", side, SIDES)
    if batch_size < 1 or not batches_a_cluster > 0:
        raise InputError(f"batch_size and batches_a_cluster must be above 0. Got {batch_size} and {batches_a_cluster}.")
    X = _side(anchors, positives, side)
    source = np.zeros(len(X), np.int64) if sources is None else np.unique(np.asarray(sources), return_inverse=True)[1]
    if len(source) != len(X):
        raise InputError(f"'sources' has {len(source):,} entries, there are {len(X):,} pairs.")
    if start is not None and len(start.ids) != len(X):
        raise InputError(
            f"'start' has {len(start.ids):,} items, there are {len(X):,} pairs.", hint="give an earlier result for the same pairs."
        )
    labels, strength = np.empty(len(X), np.int64), np.empty(len(X), np.float32)
    centers: list[NDArray[np.float32]] = []
    for number in range(int(source.max(initial=-1)) + 1):
        rows = np.flatnonzero(source == number)
        inside, middles = _clustered(
            X[rows], round(len(rows) / (batch_size * batches_a_cluster)), None if start is None else start.labels[rows], seed
        )
        labels[rows] = inside + sum(len(part) for part in centers)
        strength[rows] = np.clip(np.einsum("ij,ij->i", normalise(X[rows]), middles[inside]), 0, 1)
        centers.append(middles)
    origin = {"clusterer": "SphericalKMeans", "side": side, "batch_size": batch_size, "batches_a_cluster": batches_a_cluster, "seed": seed}
    return Partition(ids=np.arange(len(X)).astype(str), labels=labels, strength=strength, centers=np.concatenate(centers), origin=origin)


def _side(anchors: ArrayLike, positives: ArrayLike, side: str) -> NDArray[np.float32]:
    if len(np.asarray(anchors)) != len(np.asarray(positives)):
        raise InputError(f"there are {len(np.asarray(anchors)):,} anchors and {len(np.asarray(positives)):,} positives.")
    if side == "joint":
        return np.hstack([normalise(check(anchors, "anchors")), normalise(check(positives, "positives"))])
    return check(anchors, "anchors") if side == "anchor" else check(positives, "positives")


def _clustered(
    X: NDArray[np.float32], k: int, before: NDArray[np.int64] | None, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels and centres, from the clusters of before where there were any."""
    if before is None or not (before >= 0).any():
        return split(X, k, seed)
    used = np.unique(before[before >= 0])
    return carry(X, np.where(before < 0, -1, np.searchsorted(used, before)))
