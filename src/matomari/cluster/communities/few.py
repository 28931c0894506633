"""How many groups among few rows: the communities that lie farthest apart, because resampling says nothing there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...vectors import Floats, Ints, neighbors
from .detect import communities
from .graph import neighbor_graph

FEW = 60  # rows below which subsamples say nothing
NEIGHBORS = 3  # links per row that suit so few (benchmarks/themes/few.py)
ALONE = 1e6  # a resolution at which every distinct row is a group of its own
RESOLUTIONS = (*2.0 ** np.arange(-2, 3.01, 0.5), ALONE)


def most_separate(X: Floats, *, weight: Ints | None = None, n_neighbors: int, seed: int) -> tuple[float, int, float]:
    """The resolution whose communities have the highest mean silhouette (Rousseeuw 1987, cosine), their number, and that silhouette.

    At least two groups, and at least two rows per group on average, where a row that several items have counts twice: notifications
    of four kinds are four groups. One group (resolution 1, silhouette 0) where none are found.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Distinct rows at unit length.
    weight : array of int64, shape (n,), optional
        Items that have each row.
    n_neighbors : int
        Links per row in the graph.
    seed : int
    """
    best = (1.0, 1, 0.0)
    counted = np.ones(len(X)) if weight is None else np.minimum(weight, 2).astype(float)
    if len(X) < 2 or counted.sum() < 4:
        return best
    graph = neighbor_graph(*neighbors(X, n_neighbors, exact=True))
    distances = (1 - X @ X.T).clip(0).astype(np.float64)
    np.fill_diagonal(distances, 0)
    for resolution in map(float, RESOLUTIONS):
        labels = communities(graph, resolution, seed)
        k = int(labels.max()) + 1
        if 2 <= k <= counted.sum() // 2 and (separation := silhouette(distances, labels, counted)) > best[2]:
            best = (resolution, k, separation)
    return best


def silhouette(distances: NDArray[np.float64], labels: Ints, weight: NDArray[np.float64] | None = None) -> float:
    """Mean silhouette of a grouping, given all distances (n, n) and how often each row stands (n,); one alone in its group counts 0.

    Examples
    --------
    >>> apart = np.array([[0, 1, 4], [1, 0, 4], [4, 4, 0.0]])
    >>> silhouette(apart, np.array([0, 0, 1]))
    0.5
    """
    weight = np.ones(len(labels)) if weight is None else weight
    size = np.bincount(labels, weight)
    total = np.stack([distances[:, labels == group] @ weight[labels == group] for group in range(len(size))], axis=1)
    own = size[labels]
    inside = total[np.arange(len(labels)), labels] / np.maximum(own - 1, 1)
    mean = total / size
    mean[np.arange(len(labels)), labels] = np.inf
    outside = mean.min(axis=1)
    value = np.where(own > 1, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-12), 0)
    return float(np.average(value, weights=weight))
