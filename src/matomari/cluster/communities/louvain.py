"""Louvain communities of the nearest-neighbour graph; neither a shape nor a number of groups is assumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from ...errors import InputError
from ...parameters import real, whole
from ...vectors import Floats, Ints, NeighborIndex, distinct, neighbors, normalise
from ..estimator import Grouper
from .detect import N_INIT, communities, communities_of
from .graph import neighbor_graph
from .support import support


class LouvainCommunities(Grouper):
    """Groups are the communities of the graph that links every row with its nearest rows by cosine.

    Parameters
    ----------
    resolution : float or "auto"
        Higher gives more and smaller groups; "auto" takes the one whose groups are most reproducible under resampling
        (`matomari.cluster.communities.stability`).
    n_clusters : int or None
        Find this many groups instead; the resolution is searched.
    n_neighbors : int
        Links per row.
    n_init : int
        Runs, of which the partition of the highest modularity is kept.
    random_state : int, RandomState or None
        Seed of the order in which nodes are visited.

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
        self,
        resolution: float | str = "auto",
        *,
        n_clusters: int | None = None,
        n_neighbors: int = 15,
        n_init: int = N_INIT,
        random_state: Any = None,
    ) -> None:
        self.resolution = resolution
        self.n_clusters = n_clusters
        self.n_neighbors = n_neighbors
        self.n_init = n_init
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> LouvainCommunities:
        """Group the rows of X, shape (n, d).

        Raises
        ------
        InputError
            A parameter is out of range, X is not a finite table, or every row is zero.
        """
        k = whole(self, "n_neighbors", self.n_neighbors, 1)
        n_init = whole(self, "n_init", self.n_init, 1)
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
            self.resolution_, labels = communities_of(self.graph_, self.n_clusters, seed, n_init=n_init)
        else:
            self.resolution_ = self._resolution(seed)
            labels = communities(self.graph_, self.resolution_, seed, n_init=n_init)
        self._row_labels = labels
        every, strength = np.zeros(len(unit), np.int64), np.zeros(len(unit), np.float32)
        every[pointing], strength[pointing] = labels[inverse], support(self.graph_, labels).strength[inverse]
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
        from .stability import choose_resolution

        return choose_resolution(self.rows_, n_neighbors=self.n_neighbors, seed=seed).resolution


def _centers(X: Floats, labels: Ints) -> Floats:
    k = int(labels.max()) + 1
    member = sp.csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))), shape=(k, len(labels)))
    centers = normalise(np.asarray(member @ X, np.float32))
    lost = np.flatnonzero(~centers.any(axis=1))  # rows that cancel out have no mean direction, so the first of them is the centre
    centers[lost] = X[[int(np.argmax(labels == group)) for group in lost]]
    return centers
