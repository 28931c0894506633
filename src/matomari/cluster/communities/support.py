"""The strength of an item: the share of its nearest neighbours that are in its group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...vectors import Floats, Ints
from ..membership import Membership, best_other, two_best
from .graph import PLAIN_SHARE, memberships


def support(graph: sp.csr_matrix, labels: Ints) -> Membership:
    """Share of each node's link weight that goes to its own group; the best other group, and its share.

    A node without links belongs to its group with strength 1.
    """
    n, k = graph.shape[0], int(labels.max(initial=-1)) + 1
    grouped = labels >= 0
    member = sp.csr_matrix((np.ones(grouped.sum(), np.float32), (np.flatnonzero(grouped), labels[grouped])), shape=(n, k))
    shares = sp.csr_matrix(graph @ member)
    total = np.asarray(graph.sum(axis=1)).ravel()
    node = np.repeat(np.arange(n), np.diff(shares.indptr))
    sits = best_other(node, shares.indices, shares.data / np.maximum(total[node], 1e-12), labels)
    return replace(
        sits, strength=np.where(total > 0, sits.strength, np.float32(1)).clip(0, 1), runner_strength=sits.runner_strength.clip(0, 1)
    )


def vote(cosines: Floats, rows: Ints, labels: Ints, k: int) -> Membership:
    """The groups of new items by their nearest known rows, each neighbour weighted as a link in the graph.

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
    Membership
        Of m items; label -1 where no neighbour has a group.

    Examples
    --------
    >>> placed = vote(np.ones((1, 3), np.float32), np.array([[0, 1, 2]]), np.array([0, 0, 1]), 2)
    >>> placed.label.tolist(), placed.strength.round(2).tolist(), placed.runner_up.tolist()
    ([0], [0.6700000166893005], [1])
    """
    node, group, share = _shares(cosines, rows, labels, k)
    best = two_best(node, group, share, len(rows))
    return replace(best, strength=best.strength.clip(0, 1), runner_strength=best.runner_strength.clip(0, 1))


def seats(cosines: Floats, rows: Ints, labels: Ints, own: Ints) -> Membership:
    """How firmly known items sit in the groups that they have, by the votes of their nearest rows, and the best other group.

    Parameters
    ----------
    cosines, rows : arrays, shape (m, n_neighbors)
        Nearest other rows of each item.
    labels : array of int64
        Group of each known row; -1 does not vote.
    own : array of int64, shape (m,)
        The group of each item, whatever its neighbours say.

    Examples
    --------
    >>> sits = seats(np.ones((1, 3), np.float32), np.array([[0, 1, 2]]), np.array([0, 0, 1]), np.array([1]))
    >>> sits.label.tolist(), sits.strength.round(2).tolist(), sits.runner_up.tolist()
    ([1], [0.33000001311302185], [0])
    """
    node, group, share = _shares(cosines, rows, labels, int(labels.max(initial=0)) + 1)
    sits = best_other(node, group, share, own)
    return replace(sits, strength=sits.strength.clip(0, 1), runner_strength=sits.runner_strength.clip(0, 1))


def _shares(cosines: Floats, rows: Ints, labels: Ints, k: int) -> tuple[Ints, Ints, Floats]:
    """Item, group and share of the votes, wherever a neighbour has a group."""
    m = len(rows)
    weight = (memberships(1 - cosines) + PLAIN_SHARE).astype(np.float32)
    groups = labels[rows]
    votes = groups >= 0
    origin = np.repeat(np.arange(m), rows.shape[1])[votes.ravel()]
    shares = sp.csr_matrix((weight[votes], (origin, groups[votes])), shape=(m, k))
    shares.sum_duplicates()
    node = np.repeat(np.arange(m), np.diff(shares.indptr))
    return node, shares.indices, shares.data / np.maximum(weight.sum(axis=1)[node], 1e-12)


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
