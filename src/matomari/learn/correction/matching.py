"""The communities of a latent space, the class that each belongs to, and the samples that sit with another class."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...cluster.communities.detect import communities
from ...cluster.communities.graph import neighbor_graph
from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, Ints, distinct, neighbors, normalise

RESOLUTIONS = tuple(float(2.0**power) for power in range(-1, 9))  # that a search tries in this order
COVERAGE = 0.95  # share of the classes that shall own a community
NEIGHBORS = 15


@dataclass(frozen=True, eq=False)
class Matching:
    """Communities against classes.

    Attributes
    ----------
    labels, communities : array of int64, shape (n,)
        Class of each sample, -1 for none, and its community, 0..k-1.
    table : array of int64, shape (c, k)
        Samples of each class in each community.
    owner : array of int64, shape (k,)
        The class that a community belongs to: the one it shares most samples with; of equals the one that has the larger share of its own samples
        there, then the lower number. -1 where nothing in it has a label.
    resolution : float
    curve : array of float, shape (s, 4)
        Of a search, for each resolution tried: it, communities, share of the classes that own one, share of the samples misclustered.
    """

    labels: Ints
    communities: Ints
    table: Ints
    owner: Ints
    resolution: float = 1.0
    curve: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)), repr=False)

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Samples whose community belongs to their class, shape (n,)."""
        return np.asarray((self.labels >= 0) & (self.owner[self.communities] == self.labels))

    @property
    def misclustered(self) -> NDArray[np.bool_]:
        """Samples with a label whose community belongs to another class, shape (n,)."""
        return np.asarray((self.labels >= 0) & ~self.correct)

    @property
    def rate(self) -> float:
        """Share of the labelled samples that are misclustered; 0 where none is labelled."""
        return float(self.misclustered.sum() / max(int((self.labels >= 0).sum()), 1))

    @property
    def coverage(self) -> float:
        """Share of the classes that own a community with two samples of theirs, or with the only one they have: were singletons enough, the finest
        communities would always do."""
        sizes = self.table.sum(axis=1)
        held = np.where(self.owner[None] == np.arange(len(sizes))[:, None], self.table, 0).max(axis=1, initial=0)
        present = sizes > 0
        return float((held >= np.minimum(sizes, 2))[present].mean()) if present.any() else 0.0

    @property
    def grain(self) -> float:
        """Correctly clustered samples in the community of the median one of them; 0 where there is none."""
        held = np.bincount(self.communities[self.correct], minlength=len(self.owner))[self.communities[self.correct]]
        return float(np.median(held)) if len(held) else 0.0

    def modes(self, label: int) -> list[int]:
        """The communities that a class owns, the one with most of its samples first."""
        own = np.flatnonzero(self.owner == label)
        return [int(c) for c in own[np.argsort(-self.table[label, own], kind="stable")]]


def match(labels: Ints, found: Ints, resolution: float = 1.0) -> Matching:
    """Give every community to the class it overlaps most; a class may own several, or none.

    Ho Thanh 2025, *Latent cluster correction*. Classes and communities are compared sample by sample, in one order.

    Parameters
    ----------
    labels, found : array of int, shape (n,)
        Class and community of each sample; -1 for none.

    Examples
    --------
    >>> matching = match(np.array([0, 0, 0, 1, 1, -1]), np.array([0, 0, 1, 1, 1, 1]))
    >>> matching.owner.tolist(), np.flatnonzero(matching.misclustered).tolist()
    ([0, 1], [2])
    """
    labels, found = np.asarray(labels, np.int64), np.asarray(found, np.int64)
    if len(labels) != len(found):
        raise InputError(
            f"there are {len(labels):,} labels and {len(found):,} communities.", hint="one of each a sample, in the same order."
        )
    classes, k = int(labels.max(initial=-1)) + 1, int(found.max(initial=-1)) + 1
    labelled = labels >= 0
    table = np.zeros((classes, k), np.int64)
    np.add.at(table, (labels[labelled], found[labelled]), 1)
    owner = np.full(k, -1, np.int64)
    if classes:
        share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        first = np.lexsort((share, table), axis=0)[-1]  # ties in both leave the choice to chance of order, so:
        best = (table == table[first, np.arange(k)]) & (share == share[first, np.arange(k)])
        owner = np.where(table.any(axis=0), best.argmax(axis=0), -1)
    return Matching(labels=labels, communities=found, table=table, owner=owner, resolution=resolution)


def latent_communities(
    Z: Floats,
    labels: Ints,
    *,
    resolution: float | None = None,
    coverage: float = COVERAGE,
    grain: int | None = None,
    n_neighbors: int = NEIGHBORS,
    seed: int = 0,
) -> Matching:
    """Louvain communities of latent vectors, matched to the classes.

    Without a resolution the lowest is taken at which `coverage` of the classes own a community, else the one at which most do: at resolution 1
    modularity merges small classes, and those could not be corrected at all. With a `grain` the search goes on from there, to the finest resolution at
    which the median correctly clustered sample still shares its community with so many of its class, itself among them: a class that is several things
    then owns several. The order in which samples are stored changes nothing, and equal
    vectors share a community.

    Parameters
    ----------
    Z : array, shape (n, d), float
        Activations of any layer; they are compared by cosine, so their scale does not matter.
    labels : array of int, shape (n,)
        -1 for a sample without a label: it is part of the graph and matched to nothing.
    resolution : float, optional
    coverage : float in [0, 1]
    grain : int, optional
    n_neighbors : int
    seed : int

    Raises
    ------
    InputError
        Lengths differ, no sample has a label, or a vector is not finite.

    Examples
    --------
    >>> Z = np.repeat(np.eye(4), 10, axis=0) + np.random.default_rng(0).normal(0, 0.02, (40, 4))
    >>> matching = latent_communities(Z, np.repeat([0, 0, 1, 2], 10), n_neighbors=5)
    >>> matching.rate, len(matching.modes(0)), matching.coverage
    (0.0, 2, 1.0)
    """
    labels = np.asarray(labels, np.int64)
    X = np.asarray(Z, np.float32).reshape(len(Z), -1)
    if len(X) != len(labels):
        raise InputError(
            f"there are {len(X):,} latent vectors and {len(labels):,} labels.", hint="one of each a sample, in the same order."
        )
    if not (labels >= 0).any():
        raise InputError("no sample has a label.", hint="classes are counted from 0; -1 is for samples without one.")
    bad = np.flatnonzero(~np.isfinite(X).all(axis=1))
    if len(bad):
        raise InputError(f"latent vector {bad[0]} is not finite.", hint="has training diverged? Lower the learning rate.")
    rows, place = canonical(normalise(X))
    n = len(rows)
    near = neighbors(rows, n_neighbors, seed=Seed(seed).number("correction/neighbors"))
    del rows  # a copy of all vectors, which the graph does without
    graph = neighbor_graph(*near) if n > 1 else None
    number, curve = Seed(seed).number("correction/communities"), []
    best: Matching | None = None
    for tried in RESOLUTIONS if resolution is None else (resolution,):
        partition = np.zeros(n, np.int64) if graph is None else communities(graph, tried, number)
        candidate = match(labels, partition[place], tried)
        curve.append((tried, partition.max() + 1, candidate.coverage, candidate.rate))
        if (
            best is None
            or best.coverage < min(candidate.coverage, coverage)
            or (grain is not None and candidate.grain >= grain and candidate.coverage >= coverage)
        ):
            best = candidate
        if candidate.coverage >= coverage and (grain is None or candidate.grain < grain):
            break
    assert best is not None
    return Matching(
        labels=best.labels,
        communities=best.communities,
        table=best.table,
        owner=best.owner,
        resolution=best.resolution,
        curve=np.array(curve),
    )


def canonical(X: Floats) -> tuple[Floats, Ints]:
    """The distinct rows in an order that only their values decide, and for each row of X which of them it is."""
    rows, place = distinct(X)
    order = np.argsort(rows[:, 0], kind="stable")
    first = rows[order, 0]
    tied = np.concatenate([[False], first[1:] == first[:-1]])
    tied[:-1] |= tied[1:]
    part = order[tied]  # few where values are real numbers: the other columns need to be looked at for these alone
    order[tied] = part[np.lexsort(rows[part].T[::-1])]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rows[order], rank[place]
