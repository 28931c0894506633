"""Louvain communities of a graph, for a resolution or for a number of groups."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from ...vectors import Ints
from ..relabel import by_size


def communities(graph: sp.csr_matrix, resolution: float, seed: int) -> Ints:
    """Community of each node, largest first, for one resolution and seed."""
    from sknetwork.clustering import Louvain

    if graph.shape[0] == 1 or graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int64)
    labels = Louvain(resolution=resolution, random_state=seed % 2**31, shuffle_nodes=True).fit_predict(graph)
    return by_size(np.asarray(labels, np.int64))


def communities_of(graph: sp.csr_matrix, n_groups: int, seed: int) -> tuple[float, Ints]:
    """Exactly `n_groups` communities and the resolution they were found at.

    The resolution is bisected for the fewest communities that are at least `n_groups`. Surplus communities are merged, always
    the smallest into the one that it has most links with, relative to size.
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
    return high, merge_down(graph, labels, n_groups)


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
