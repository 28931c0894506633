"""Louvain communities of the nearest-neighbour graph: no shape assumed, no number asked for."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from ..errors import InputError
from ..vectors import BLOCK, Floats, Ints, NeighborIndex, neighbors, normalise
from .graph import neighbor_graph
from .sklearn_edge import Grouper, real, whole
from .support import support


class LouvainCommunities(Grouper):
    """Groups are the communities of the graph that links every row with its nearest rows by cosine.

    Parameters
    ----------
    resolution : float or "auto"
        Higher gives more and smaller groups; "auto" takes the one whose groups come back best under resampling
        (`matomari.cluster.choose`).
    n_clusters : int or None
        Ask for this many groups instead; the resolution is searched.
    n_neighbors : int
        Links a row.
    random_state : int, RandomState or None
        Seed of the visiting order.

    Attributes
    ----------
    labels_ : array of int64, shape (n,)
        Largest group first.
    partition_ : Partition
        Strength is the share of a row's link weight that stays in its group.
    resolution_ : float
    graph_ : scipy.sparse.csr_matrix, shape (u, u)
        Graph of the distinct rows.

    Notes
    -----
    Blondel et al. 2008; modularity with resolution as Reichardt and Bornholdt 2006, equation 5. Equal rows are
    one node, so they always share a group. A row of zeros has no direction and joins group 0, the largest, with strength 0.
    `predict` gives a new row the group of its nearest row.

    Examples
    --------
    >>> X = np.repeat(np.eye(3), 5, axis=0) + np.random.default_rng(0).normal(0, 0.05, (15, 3))
    >>> LouvainCommunities(resolution=1.0, n_neighbors=3, random_state=0).fit(X).partition_.sizes.tolist()
    [5, 5, 5]
    """

    def __init__(
        self, resolution: float | str = "auto", *, n_clusters: int | None = None, n_neighbors: int = 15, random_state: Any = None
    ) -> None:
        self.resolution = resolution
        self.n_clusters = n_clusters
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> LouvainCommunities:
        """Group the rows of X, shape (n, d).

        Raises
        ------
        InputError
            A parameter is out of range, X is not a finite table, or every row is zero.
        """
        k = whole(self, "n_neighbors", self.n_neighbors, 1)
        if self.n_clusters is not None:
            whole(self, "n_clusters", self.n_clusters, 1)
        if self.resolution != "auto":
            real(self, "resolution", self.resolution, 0)
        unit = normalise(np.asarray(self._checked(X)))
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        pointing = unit.any(axis=1)
        if not pointing.any():
            raise InputError("every row of X is zero, so no row has a direction.", hint="were the texts empty?")
        self.rows_, inverse = distinct(unit[pointing])
        if self.n_clusters is not None and self.n_clusters > len(self.rows_):
            raise InputError(
                f"n_samples={len(self.rows_)} distinct rows should be >= n_clusters={self.n_clusters}.", hint="ask for fewer groups."
            )
        self.graph_ = neighbor_graph(*neighbors(self.rows_, k, seed=seed))
        if self.n_clusters is not None:
            self.resolution_, labels = communities_of(self.graph_, self.n_clusters, seed)
        else:
            self.resolution_ = self._resolution(seed)
            labels = communities(self.graph_, self.resolution_, seed)
        self._row_labels = labels
        every, strength = np.zeros(len(unit), np.int64), np.zeros(len(unit), np.float32)
        every[pointing], strength[pointing] = labels[inverse], support(self.graph_, labels)[0][inverse]
        self._fitted(every, strength, _centers(unit, every), X)
        return self

    def predict(self, X: ArrayLike) -> Ints:
        """The group of each row of X (m, d): that of the nearest fitted row."""
        unit = normalise(np.asarray(self._known(X)))
        nearest = NeighborIndex(self.rows_, exact=True).search(unit, 1)[1][:, 0]
        return np.where(unit.any(axis=1), self._row_labels[nearest], 0)

    def _resolution(self, seed: int) -> float:
        if self.resolution != "auto":
            return float(self.resolution)
        from .choose import choose_resolution

        return choose_resolution(self.rows_, n_neighbors=self.n_neighbors, seed=seed).resolution


def communities(graph: sp.csr_matrix, resolution: float, seed: int) -> Ints:
    """Community of each node, largest first, for one resolution and seed."""
    from sknetwork.clustering import Louvain

    if graph.shape[0] == 1 or graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int64)
    found = Louvain(resolution=resolution, random_state=seed % 2**31, shuffle_nodes=True).fit_predict(graph)
    return by_size(np.asarray(found, np.int64))


def communities_of(graph: sp.csr_matrix, n_groups: int, seed: int) -> tuple[float, Ints]:
    """Exactly `n_groups` communities and the resolution they were found at.

    The resolution is bisected for the fewest communities that are not too few; what is over is merged, always the
    smallest into the one it has most links with for its size.
    """
    low, high = 2.0**-12, 2.0**12
    labels = communities(graph, high, seed)
    if labels.max() + 1 < n_groups:  # not even the finest communities are enough: every node on its own, then merge
        labels = np.arange(graph.shape[0], dtype=np.int64)
    for _ in range(24):
        middle = (low * high) ** 0.5
        found = communities(graph, middle, seed)
        if found.max() + 1 >= n_groups:
            high, labels = middle, found
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


def by_size(labels: Ints) -> Ints:
    """The same groups numbered from the largest; equal sizes in order of first appearance."""
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[inverse]


def by_size_of(parent: Ints, labels: Ints) -> Ints:
    """The parents of the groups, numbered by how many items they hold; -1 counts for none.

    Examples
    --------
    >>> by_size_of(np.array([0, 1, 1]), np.array([0, 1, 1, 2, -1])).tolist()
    [1, 0, 0]
    """
    _, inverse = np.unique(parent, return_inverse=True)
    size = np.bincount(inverse[labels[labels >= 0]], minlength=int(inverse.max(initial=-1)) + 1)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return rank[inverse]


def distinct(X: Floats) -> tuple[Floats, Ints]:
    """The distinct rows of X in order of first appearance, and for each row which of them it is; X itself where all differ."""
    digests = np.empty(len(X), "V16")
    for start in range(0, len(X), BLOCK):
        # rounding hides the last bits of scaling, +0.0 turns -0.0 into 0.0
        rounded = np.ascontiguousarray(np.round(X[start : start + BLOCK], 6)) + 0.0
        digests[start : start + BLOCK] = [blake2b(row, digest_size=16).digest() for row in rounded]
    _, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return X if len(first) == len(X) else X[np.sort(first)], rank[inverse.ravel()]


def _centers(X: Floats, labels: Ints) -> Floats:
    k = int(labels.max()) + 1
    member = sp.csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))), shape=(k, len(labels)))
    centers = normalise(np.asarray(member @ X, np.float32))
    lost = np.flatnonzero(~centers.any(axis=1))  # rows that cancel out leave no direction: the first of them stands for all
    centers[lost] = X[[int(np.argmax(labels == group)) for group in lost]]
    return centers
