"""Louvain communities of a graph, for a resolution or for a number of groups."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from ...vectors import Ints
from ..relabel import by_size

N_INIT = 8  # runs where a partition is to be shown; from five on more give little (benchmarks/themes/runs.py)


def communities(graph: sp.csr_matrix, resolution: float, seed: int, *, n_init: int = 1) -> Ints:
    """Community of each node, largest first: of `n_init` runs, those of the highest modularity.

    Louvain climbs to a local maximum that depends on the order of the nodes, and the runs differ most where groups are few.

    Parameters
    ----------
    graph : csr_matrix, shape (n, n), float32
        Symmetric, weights of 0 or more.
    resolution : float
    seed : int
        Of the order of the first run; the next one has the next seed.
    n_init : int

    Examples
    --------
    >>> path = sp.csr_matrix(np.diag(np.ones(5, np.float32), 1) + np.diag(np.ones(5, np.float32), -1))
    >>> communities(path, 1.0, 0, n_init=8).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    if graph.shape[0] == 1 or graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int64)
    return by_size(_most_modular(graph, [_run(graph, resolution, seed + run) for run in range(n_init)], resolution))


def communities_of(graph: sp.csr_matrix, n_groups: int, seed: int, *, n_init: int = 1) -> tuple[float, Ints]:
    """Exactly `n_groups` communities and the resolution they were found at.

    The resolution is bisected for the fewest communities that are at least `n_groups`. Surplus communities are merged, always
    the smallest into the one that it has most links with, relative to size. Of `n_init` runs at that resolution, the partition of the
    highest modularity is taken.
    """
    low, high = 2.0**-12, 2.0**12
    labels = communities(graph, high, seed)
    if labels.max() + 1 < n_groups:  # even the finest communities are too few: start from single nodes, then merge
        labels = np.arange(graph.shape[0], dtype=np.int64)
    for _ in range(24):
        middle = (low * high) ** 0.5
        candidate = communities(graph, middle, seed)
        if candidate.max() + 1 >= n_groups:
            high, labels = middle, candidate
        else:
            low = middle
        if labels.max() + 1 == n_groups:
            break
    others = [_run(graph, high, seed + run) for run in range(1, n_init)] if graph.nnz else []
    enough = [labels, *(other for other in others if other.max() + 1 >= n_groups)]
    return high, by_size(_most_modular(graph, [merge_down(graph, found, n_groups) for found in enough], high))


def _run(graph: sp.csr_matrix, resolution: float, seed: int) -> Ints:
    from sknetwork.clustering import Louvain

    return np.asarray(Louvain(resolution=resolution, random_state=seed % 2**31, shuffle_nodes=True).fit_predict(graph), np.int64)


def _most_modular(graph: sp.csr_matrix, partitions: list[Ints], resolution: float) -> Ints:
    """The first partition of the highest modularity (Reichardt and Bornholdt 2006, equation 5)."""
    if len(partitions) == 1:
        return partitions[0]
    from sknetwork.clustering import get_modularity

    return max(partitions, key=lambda labels: float(get_modularity(graph, labels, resolution=resolution)))


def merge_down(graph: sp.csr_matrix, labels: Ints, n_groups: int) -> Ints:
    """Merge the smallest group into its best linked neighbour until `n_groups` are left."""
    k = int(labels.max()) + 1
    member = sp.csr_matrix((np.ones(len(labels)), (np.arange(len(labels)), labels)), shape=(len(labels), k))
    links = np.asarray((member.T @ graph @ member).todense())
    np.fill_diagonal(links, 0)
    sizes = np.bincount(labels, minlength=k).astype(float)
    home = np.arange(k)
    for _ in range(k - n_groups):
        small = int(np.argmin(np.where(sizes > 0, sizes, np.inf)))
        odds = np.where(sizes > 0, (links[small] + 1e-12) / np.maximum(sizes, 1), -1)
        odds[small] = -1
        into = int(np.argmax(odds))
        links[into] += links[small]
        links[:, into] += links[:, small]
        links[into, into] = 0
        links[small], links[:, small] = 0, 0
        sizes[into], sizes[small] = sizes[into] + sizes[small], 0
        home[home == small] = into
    return by_size(np.unique(home[labels], return_inverse=True)[1])
