"""The weighted nearest-neighbour graph in which communities are found."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...vectors import Floats, Ints

PLAIN_SHARE = 0.5  # of a plain link beside its fuzzy weight; tried on Banking77 train, CLINC150 val, UNSPSC, the Google taxonomy and Tweet


def neighbor_graph(cosines: Floats, rows: Ints) -> sp.csr_matrix:
    """Symmetric weighted graph of a k-nearest-neighbour table.

    Each link weighs its fuzzy membership, made symmetric by the probabilistic sum (McInnes 2018, *UMAP*, equations
    in section 3.1: local scale, local connectivity 1), plus half a plain link in each direction. The fuzzy part
    separates near from far inside a neighbourhood; the plain part keeps sparse regions connected.

    Parameters
    ----------
    cosines : array, shape (n, k), float32
        Similarity of each row to its neighbours, falling.
    rows : array, shape (n, k), int64
        Positions of the neighbours.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n, n), float32

    Examples
    --------
    >>> g = neighbor_graph(np.array([[0.9], [0.9]], np.float32), np.array([[1], [0]]))
    >>> g.toarray().tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    n, k = rows.shape
    origin = np.repeat(np.arange(n), k)
    fuzzy = sp.csr_matrix((memberships(1 - cosines).ravel().astype(np.float32), (origin, rows.ravel())), shape=(n, n))
    fuzzy.sum_duplicates()
    np.minimum(fuzzy.data, 1, out=fuzzy.data)  # a repeated neighbour is no more than certain: a sum above 1 would make weights negative
    plain = sp.csr_matrix((np.full(n * k, PLAIN_SHARE, np.float32), (origin, rows.ravel())), shape=(n, n))
    graph = fuzzy + fuzzy.T - fuzzy.multiply(fuzzy.T) + plain + plain.T
    return sp.csr_matrix(graph)


def restrict(cosines: Floats, rows: Ints, keep: NDArray[np.bool_], k: int) -> tuple[Floats, Ints]:
    """The k-neighbour table of a subset of the rows, taken from a wider table of all rows.

    If fewer than k listed neighbours of a row are kept, the last of them is repeated (links of a repeated neighbour
    add up). A row without any is linked to itself, which community detection ignores.

    Examples
    --------
    >>> table = np.array([[1, 2], [2, 0], [1, 0]])
    >>> restrict(np.ones((3, 2), np.float32), table, np.array([True, False, True]), 1)[1].ravel().tolist()
    [1, 0]
    """
    inside = np.flatnonzero(keep)
    place = np.full(len(keep), -1)
    place[inside] = np.arange(len(inside))
    there = place[rows[inside]]
    order = np.argsort(there < 0, axis=1, kind="stable")[:, :k]  # kept neighbours first, nearest first among them
    positions = np.take_along_axis(there, order, 1)
    near = np.take_along_axis(cosines[inside], order, 1)
    last = np.maximum((positions >= 0).sum(axis=1) - 1, 0)
    short = positions < 0
    positions = np.where(short, positions[np.arange(len(positions)), last][:, None], positions)
    near = np.where(short, near[np.arange(len(near)), last][:, None], near)
    alone = positions < 0
    return near, np.where(alone, np.arange(len(positions))[:, None], positions)


def memberships(distances: Floats) -> NDArray[np.float64]:
    """Fuzzy membership of each neighbour, shape (n, k): exp(-(d - nearest) / scale).

    The scale of a row is found by bisection so that its memberships sum to log2(k + 1).
    """
    n, k = distances.shape
    beyond = np.maximum(distances - distances[:, :1], 0).astype(np.float64)
    low, high, scale = np.zeros(n), np.full(n, np.inf), np.ones(n)
    target = np.log2(k + 1)
    for _ in range(48):
        over = np.exp(-beyond / scale[:, None]).sum(axis=1) > target
        high, low = np.where(over, scale, high), np.where(over, low, scale)
        scale = np.where(np.isinf(high), scale * 2, (low + high) / 2)
        scale = np.clip(scale, 1e-9, 1e9)
    return np.asarray(np.exp(-beyond / scale[:, None]))
