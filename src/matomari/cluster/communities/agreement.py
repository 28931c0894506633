"""How well communities come back when rows are left out, at each of many resolutions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
        pairs = [rand_and_information(*_shared(a, b)) for i, a in enumerate(partitions) for b in partitions[:i]]
        rows.append((np.mean([len(s) for s in sizes]), np.mean([s.max() / s.sum() for s in sizes]), *np.mean(pairs, axis=0)))
    groups, largest, rand, information = np.asarray(rows, np.float64).T
    return Agreement(groups=groups, largest=largest, rand=rand, information=information)


def rand_and_information(a: Ints, b: Ints) -> tuple[float, float]:
    """Adjusted Rand index (Hubert and Arabie 1985) and mutual information in bits of two groupings of the same rows.

    Both are read off one table of counts, because thousands of pairs are compared. No rows agree by chance: (0, 0).

    Examples
    --------
    >>> rand_and_information(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    (1.0, 1.0)
    """
    if not len(a):
        return 0.0, 0.0
    n, width = len(a), int(b.max()) + 1
    both = np.unique(a * width + b, return_counts=True)[1]
    ours, theirs = np.bincount(a), np.bincount(b)
    expected = _pairs(ours) * _pairs(theirs) / max(n * (n - 1) / 2, 1)
    most = (_pairs(ours) + _pairs(theirs)) / 2
    rand = (_pairs(both) - expected) / (most - expected) if most > expected else 0.0
    return float(rand), max(_entropy(ours) + _entropy(theirs) - _entropy(both), 0.0)


def _shared(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    both = (a >= 0) & (b >= 0)
    return a[both], b[both]


def _pairs(counts: Ints) -> float:
    return float((counts * (counts - 1.0)).sum() / 2)


def _entropy(counts: Ints) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())
