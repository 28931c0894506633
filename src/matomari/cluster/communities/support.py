"""How firmly an item belongs: the share of its nearest neighbours that its group holds."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...vectors import Floats, Ints
from .graph import PLAIN_SHARE, memberships

Support = tuple[Floats, Ints, Floats]


def support(graph: sp.csr_matrix, labels: Ints) -> Support:
    """Share of each node's link weight that goes to its own group; the best other group, and its share.

    Returns
    -------
    own : array, shape (n,), in [0, 1]; 1 for a node without links
    runner_up : array, shape (n,); -1 where all links stay at home
    other : array, shape (n,), in [0, 1]
    """
    n, k = graph.shape[0], int(labels.max(initial=-1)) + 1
    grouped = labels >= 0
    member = sp.csr_matrix((np.ones(grouped.sum(), np.float32), (np.flatnonzero(grouped), labels[grouped])), shape=(n, k))
    shares = sp.csr_matrix(graph @ member)
    total = np.asarray(graph.sum(axis=1)).ravel()
    own, other, runner_up = np.ones(n, np.float32), np.zeros(n, np.float32), np.full(n, -1, np.int64)
    node = np.repeat(np.arange(n), np.diff(shares.indptr))
    part = shares.data / np.maximum(total[node], 1e-12)
    mine = shares.indices == labels[node]
    own[total > 0] = 0
    own[node[mine]] = part[mine]
    theirs = np.flatnonzero(~mine & (part > 0))
    theirs = theirs[np.lexsort((shares.indices[theirs], -part[theirs], node[theirs]))]
    first = theirs[np.unique(node[theirs], return_index=True)[1]]
    other[node[first]], runner_up[node[first]] = part[first], shares.indices[first]
    return own.clip(0, 1), runner_up, other.clip(0, 1)


def vote(cosines: Floats, rows: Ints, labels: Ints, k: int) -> tuple[Ints, Floats, Ints, Floats]:
    """The group of new items by their nearest known rows, each neighbour weighing what a link in the graph weighs.

    Parameters
    ----------
    cosines, rows : arrays, shape (m, n_neighbors)
        Nearest known rows of each new item.
    labels : array of int64
        Group of each known row; -1 does not vote.
    k : int
        Number of groups.

    Returns
    -------
    label : array, shape (m,); -1 where no neighbour has a group
    own, runner_up, other : as for `support`

    Examples
    --------
    >>> label, own, second, other = vote(np.ones((1, 3), np.float32), np.array([[0, 1, 2]]), np.array([0, 0, 1]), 2)
    >>> label.tolist(), own.round(2).tolist(), second.tolist()
    ([0], [0.6700000166893005], [1])
    """
    m = len(rows)
    weight = (memberships(1 - cosines) + PLAIN_SHARE).astype(np.float32)
    groups = labels[rows]
    votes = groups >= 0
    origin = np.repeat(np.arange(m), rows.shape[1])[votes.ravel()]
    shares = sp.csr_matrix((weight[votes], (origin, groups[votes])), shape=(m, k))
    shares.sum_duplicates()
    label, own = np.full(m, -1, np.int64), np.zeros(m, np.float32)
    runner_up, other = np.full(m, -1, np.int64), np.zeros(m, np.float32)
    node = np.repeat(np.arange(m), np.diff(shares.indptr))
    part = shares.data / np.maximum(weight.sum(axis=1)[node], 1e-12)
    order = np.lexsort((shares.indices, -part, node))
    node, group, part = node[order], shares.indices[order], part[order]
    first = np.unique(node, return_index=True)[1]
    label[node[first]], own[node[first]] = group[first], part[first]
    second = first + 1
    second = second[(second < len(node)) & (node[np.minimum(second, len(node) - 1)] == node[first])]
    runner_up[node[second]], other[node[second]] = group[second], part[second]
    return label, own.clip(0, 1), runner_up, other.clip(0, 1)


def best_overlaps(labels: Ints, found: Ints, k: int) -> NDArray[np.float64]:
    """For each of k groups, its best Jaccard overlap with any group of another grouping of the same rows (Hennig 2007).

    Examples
    --------
    >>> best_overlaps(np.array([0, 0, 0, 1]), np.array([5, 5, 3, 3]), 2).round(3).tolist()
    [0.667, 0.5]
    """
    shared = sp.csr_matrix((np.ones(len(found)), (labels, found)), shape=(k, int(found.max()) + 1)).tocoo()
    shared.sum_duplicates()
    ours, theirs = np.bincount(labels, minlength=k), np.bincount(found)
    best = np.zeros(k)
    np.maximum.at(best, shared.row, shared.data / (ours[shared.row] + theirs[shared.col] - shared.data))
    return best
