"""How many groups among few rows: the communities that lie farthest apart, because resampling says nothing there."""

from __future__ import annotations

import numpy as np

from ...vectors import Floats, Ints, neighbors
from .detect import N_INIT, communities
from .graph import neighbor_graph

FEW = 60  # rows below which subsamples say nothing
NEIGHBORS, FEW_NEIGHBORS = 15, 4  # links per row, and those that suit so few (benchmarks/themes/few.py)
ALONE = 1e6  # a resolution at which every distinct row is a group of its own
RESOLUTIONS = (*2.0 ** np.arange(-2, 3.01, 0.5), ALONE)


def links(rows: int) -> int:
    """How many of its nearest rows each row is linked with.

    Examples
    --------
    >>> links(20), links(10_000)
    (4, 15)
    """
    return NEIGHBORS if rows >= FEW else FEW_NEIGHBORS


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
    counted = np.ones(len(X), np.int64) if weight is None else np.minimum(weight, 2)
    if len(X) < 2 or counted.sum() < 4:
        return best
    from sklearn.metrics import silhouette_score

    graph = neighbor_graph(*neighbors(X, n_neighbors, exact=True))
    items = np.repeat(np.arange(len(X)), counted)
    distances = (1 - X @ X.T).clip(0)[np.ix_(items, items)]
    distances[items[:, None] == items] = 0
    for resolution in map(float, RESOLUTIONS):
        labels = communities(graph, resolution, seed, n_init=N_INIT)
        k = int(labels.max()) + 1
        if 2 <= k <= len(items) // 2:
            separation = float(silhouette_score(distances, labels[items], metric="precomputed"))
            best = max(best, (resolution, k, separation), key=lambda found: found[2])
    return best
