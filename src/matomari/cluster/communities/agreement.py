"""How well communities come back when rows are left out, at each of many resolutions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...metrics.grouping import adjusted_rand
from ...seeds import Seed
from ...vectors import Floats, Ints, neighbors
from .detect import communities
from .graph import neighbor_graph, restrict

Curve = NDArray[np.float64]

RESOLUTIONS = 2.0 ** np.arange(-6, 6.01, 0.5)
KEPT = 0.7  # share of rows in each subsample


@dataclass(frozen=True, eq=False, kw_only=True)
class Agreement:
    """Communities of subsamples, compared two by two on the rows they share; means, one value per resolution.

    Attributes
    ----------
    groups : array, shape (r,)
        Number of communities.
    largest : array, shape (r,)
        Share of the rows in the largest of them.
    rand : array, shape (r,)
        Adjusted Rand index of two subsamples.
    information : array, shape (r,)
        Mutual information of two subsamples, in bits: how much of a row's group comes back.
    """

    groups: Curve
    largest: Curve
    rand: Curve
    information: Curve


def agreement(X: Floats, *, n_neighbors: int, draws: int, seed: Seed, name: str) -> Agreement:
    """Group `draws` subsamples of 70 % of the rows of X (n, d) at every resolution, and compare them.

    Resampling as in Ben-Hur, Elisseeff and Guyon 2002.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    n_neighbors : int
        Links per row in the graph.
    draws : int
        Number of subsamples, two or more.
    seed : Seed
    name : str
        Of the stream of random numbers.
    """
    table = neighbors(X, int(1.6 * n_neighbors / KEPT), exact=True)
    rng = seed.stream(f"choose/{name}")
    masks = [rng.random(len(X)) < KEPT for _ in range(draws)]
    graphs = [neighbor_graph(*restrict(*table, keep, n_neighbors)) for keep in masks]
    rows = []
    for resolution in RESOLUTIONS:
        partitions = []
        for draw, (keep, graph) in enumerate(zip(masks, graphs, strict=True)):
            labels: Ints = np.full(len(X), -1)
            labels[keep] = communities(graph, float(resolution), seed.number(f"choose/{name}/{draw}"))
            partitions.append(labels)
        sizes = [np.bincount(labels[keep]) for labels, keep in zip(partitions, masks, strict=True)]
        pairs = [_compared(a, b) for i, a in enumerate(partitions) for b in partitions[:i]]
        rows.append((np.mean([len(s) for s in sizes]), np.mean([s.max() / s.sum() for s in sizes]), *np.mean(pairs, axis=0)))
    groups, largest, rand, information = np.asarray(rows, np.float64).T
    return Agreement(groups=groups, largest=largest, rand=rand, information=information)


def _compared(a: Ints, b: Ints) -> tuple[float, float]:
    """Adjusted Rand index and mutual information in bits of two subsamples, on the rows they share.

    One group agrees with anything: that is nothing, not perfect agreement.
    """
    from sklearn.metrics import mutual_info_score

    both = (a >= 0) & (b >= 0)
    if min(a.max(), b.max()) == 0 or not both.any():
        return 0.0, 0.0
    return adjusted_rand(a[both], b[both]), float(mutual_info_score(a[both], b[both]) / np.log(2))
