"""Renumber groups by size or by rank."""

from __future__ import annotations

import numpy as np

from ..vectors import Ints


def by_size(labels: Ints) -> Ints:
    """The same groups numbered from the largest; equal sizes in order of first appearance."""
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[inverse]


def by_size_of(parent: Ints, labels: Ints) -> Ints:
    """The parents of the groups, numbered by how many items they hold; items labelled -1 do not count.

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


def renamed(labels: Ints, rank: Ints) -> Ints:
    """Labels by their new numbers, -1 kept."""
    return np.where(labels >= 0, rank[np.maximum(labels, 0)], -1)


def by_rank(labels: Ints) -> Ints:
    """Labels without gaps, -1 kept, largest first."""
    out = np.full(len(labels), -1, np.int64)
    out[labels >= 0] = by_size(labels[labels >= 0])
    return out
