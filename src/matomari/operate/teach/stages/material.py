"""What a grouping offers to a teacher: its distinct texts, which of them lie far inside, which sit between groups, which groups are siblings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from ....cluster.communities.graph import memberships
from ....cluster.naming.central import central
from ....errors import InputError
from ....vectors import Floats, Ints, neighbors
from ...group.grouping import Grouping
from ...tables import numbers, strings

NEIGHBORS = 30
INSIDE = 0.8  # share of its neighbours that a text far inside its group has there
SHOWN = 3  # texts that stand for a group in a question


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """The texts of a grouping as a teacher may be asked about them.

    Attributes
    ----------
    texts : list of str, length u
        Distinct; without their boilerplate where it was taken off.
    ids : list of str, length u
        The id of the first row of each.
    first, rows : arrays of int64, shape (u,)
        The first row that has it, and how many have it.
    labels, finer : arrays of int64, shape (u,)
        Its group and its finer group; -1 for none.
    X : array of float32, shape (u, d)
        At unit length.
    names, finer_names : list of str
        Of the groups.
    """

    texts: list[str] = field(repr=False)
    ids: list[str] = field(repr=False)
    first: Ints = field(repr=False)
    rows: Ints = field(repr=False)
    labels: Ints = field(repr=False)
    finer: Ints = field(repr=False)
    X: Floats = field(repr=False)
    names: list[str] = field(repr=False)
    finer_names: list[str] = field(repr=False)

    @classmethod
    def of(cls, grouping: Grouping) -> Material:
        """The material of a grouping of texts; InputError for images, which no teacher here can see."""
        if not grouping.medium.has_words:
            raise InputError("a teacher is asked about texts, and this folder holds images.", hint="give a folder of grouped texts.")
        reference, place = grouping.reference, grouping.places
        first, count = np.full(len(reference.keys), -1, np.int64), np.zeros(len(reference.keys), np.int64)
        np.add.at(count, place[place >= 0], 1)
        spoken = np.flatnonzero(place >= 0)[::-1]
        first[place[spoken]] = spoken
        ids, finer = strings(grouping.items, "id"), numbers(grouping.items, "finer")
        boilerplate = reference.boilerplate
        return cls(
            texts=[boilerplate.content(key) if boilerplate else key for key in reference.keys],
            ids=[ids[row] for row in first.tolist()],
            first=first,
            rows=count,
            labels=reference.labels,
            finer=np.where(first >= 0, finer[first], -1),
            X=reference.unit,
            names=strings(grouping.groups, "name"),
            finer_names=grouping.run.finer_names,
        )

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.names)

    @cached_property
    def near(self) -> tuple[Floats, Ints]:
        """Cosines and positions of the nearest other texts of each."""
        return neighbors(self.X, min(NEIGHBORS, len(self.X) - 1))

    @cached_property
    def votes(self) -> sp.csr_matrix:
        """Share of the neighbours' weight that each group has, shape (u, k): what the encoder alone says of each text."""
        cosines, near = self.near
        weight = (memberships(1 - cosines) + 0.1).astype(np.float32)
        groups = self.labels[near]
        grouped = groups >= 0
        row = np.repeat(np.arange(len(near)), near.shape[1])[grouped.ravel()]
        votes = sp.csr_matrix((weight[grouped], (row, groups[grouped])), shape=(len(near), self.k))
        votes.sum_duplicates()
        total = np.maximum(np.asarray(votes.sum(axis=1)).ravel(), 1e-9)
        return sp.csr_matrix(sp.diags(1 / total) @ votes)

    @cached_property
    def own(self) -> Floats:
        """Share of its neighbours' weight that each text's own group has, shape (u,)."""
        shares = np.asarray(self.votes[np.arange(len(self.labels)), np.maximum(self.labels, 0)]).ravel()
        return np.where(self.labels >= 0, shares, np.float32(0)).astype(np.float32)

    @cached_property
    def middle(self) -> tuple[list[list[int]], Floats]:
        """The members of each group, the most central first, and its centre, shape (k, d)."""
        members, centers, _ = central(self.X, self.labels, self.k, most=len(self.labels))
        return members, centers

    @cached_property
    def inside(self) -> list[list[int]]:
        """The members that lie far inside their group, the most central first."""
        members, _ = self.middle
        return [[item for item in of if self.own[item] >= INSIDE] for of in members]

    @cached_property
    def siblings(self) -> Ints:
        """The other groups of each, the nearest first, shape (k, k - 1)."""
        _, centers = self.middle
        cosines = centers @ centers.T
        np.fill_diagonal(cosines, -np.inf)
        return np.argsort(-cosines, axis=1, kind="stable")[:, : max(0, self.k - 1)]

    @cached_property
    def shown(self) -> list[list[int]]:
        """A few members that stand for each group: the most central, and others of its inner half that differ most from those before."""
        members, _ = self.middle
        return [
            spread(self.X, (core or of)[: max(SHOWN, (len(core or of) + 1) // 2)], SHOWN)
            for core, of in zip(self.inside, members, strict=True)
        ]


def spread(X: Floats, items: list[int], most: int) -> list[int]:
    """The first of the items, then those that are least like all before.

    Examples
    --------
    >>> spread(np.array([[1, 0], [0.98, 0.2], [0, 1]], np.float32), [0, 1, 2], 2)
    [0, 2]
    """
    chosen = items[:1]
    while len(chosen) < min(most, len(items)):
        nearest = (X[items] @ X[chosen].T).max(axis=1)
        nearest[[items.index(item) for item in chosen]] = np.inf
        chosen.append(items[int(nearest.argmin())])
    return chosen
