"""How firmly items sit in edited groups, and how much of these groups comes back: by the votes of their nearest neighbours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...cluster.communities.support import seats, vote
from ...cluster.membership import Membership
from ...seeds import Seed
from ...vectors import Floats, Ints
from ..group.placing import NEIGHBORS
from ..tables import numbers
from .known import Known
from .regroup import Regrouped

DRAWS, LEFT_OUT = 5, 0.3  # subsamples for the stability of a group, and the share of the items that each leaves out


@dataclass(frozen=True, eq=False, kw_only=True)
class Standing:
    """How each item sits, shape (u,) each.

    Attributes
    ----------
    confidence, margin : arrays of float32
    runner_up : array of int64
    """

    confidence: Floats
    margin: Floats
    runner_up: Ints


def standing(known: Known, done: Regrouped) -> Standing:
    """Confidence, margin and runner-up of the items in their edited groups.

    An item that stayed in its group keeps its confidence. One whose group changed gets the share of its neighbours that are there; so it
    may be in a group that none of them is in, because a decision is not overruled. Where the runner-up is gone, the next one follows.
    """
    confidence, margin = (numbers(known.grouping.items, name)[known.first].astype(np.float32) for name in ("confidence", "margin"))
    old = numbers(known.grouping.items, "runner_up")[known.first]
    runner_up = np.where(old >= 0, done.rank[np.maximum(old, 0)], -1) if len(done.rank) else old
    moved = known.labels != was(done)
    stale = (old >= 0) & ((runner_up < 0) | (runner_up == done.labels))
    asked = np.flatnonzero(moved | stale)
    if len(asked):
        sits = _by_neighbors(known, done.labels, asked)
        confidence[asked] = np.where(moved[asked], sits.strength, confidence[asked])
        runner_up[asked] = sits.runner_up
        margin[asked] = (confidence[asked] - sits.runner_strength).clip(0, 1)
    return Standing(confidence=confidence, margin=margin, runner_up=runner_up.astype(np.int64))


def was(done: Regrouped) -> Ints:
    """What the group of each item was before it was edited, shape (u,); -1 for none."""
    groups = np.asarray([*done.groups, -1], np.int64)  # the last one is for items without a group, whose label is -1
    return groups[done.labels]


def changed(known: Known, done: Regrouped) -> NDArray[np.bool_]:
    """Which groups hold other items than before, shape (k,)."""
    k, grouped = len(done.groups), done.labels >= 0
    stayed = np.bincount(done.labels[grouped & (known.labels == was(done))], minlength=k)
    old = np.bincount(known.labels[known.labels >= 0], minlength=max([*done.groups, 0]) + 1)
    now = np.bincount(done.labels[grouped], minlength=k)
    return np.asarray((stayed != now) | (stayed != old[done.groups]), np.bool_)


def _by_neighbors(known: Known, labels: Ints, items: Ints) -> Membership:
    """How some items sit; of variants as many neighbours vote as the group has other members, because most groups are small."""
    cosines, near = _nearest_others(known, items)
    own = labels[items]
    size = np.where(own >= 0, np.bincount(labels[labels >= 0], minlength=1)[np.maximum(own, 0)], 0)
    voters = np.clip(size - 1, 1, near.shape[1]) if known.is_variants else np.full(len(items), near.shape[1])
    sits = Membership.none(len(items))
    for count in np.unique(voters).tolist():
        some = np.flatnonzero(voters == count)
        sits = sits.put(some, seats(cosines[some, :count], near[some, :count], labels, own[some]))
    alone = size == 1  # it stands for a whole group, and is not loose because no neighbour can be in it
    return Membership(own, np.where(alone, np.float32(1), sits.strength), sits.runner_up, sits.runner_strength)


def _nearest_others(known: Known, items: Ints) -> tuple[Floats, Ints]:
    """Cosines and positions of the nearest other items of some."""
    cosines, near = known.grouping.reference.index.search(known.X[items], NEIGHBORS + 1)
    itself = near == items[:, None]
    itself[~itself.any(axis=1), -1] = True  # among equal vectors an item may not find itself
    shape = (len(items), near.shape[1] - 1)
    return cosines[~itself].reshape(shape), near[~itself].reshape(shape)


def stability(known: Known, done: Regrouped, groups: Collection[int]) -> dict[int, float]:
    """How much of some groups comes back: the share of their items that their neighbours vote into them when 30 % are left out."""
    members = np.flatnonzero(np.isin(done.labels, list(groups)))
    labels, k = done.labels[members], len(done.groups)
    cosines, near = _nearest_others(known, members)
    rng, right = Seed(known.grouping.run.seed).stream("apply/stability"), np.zeros(len(members))
    for _ in range(DRAWS):
        voting = np.where(rng.random(len(done.labels)) < LEFT_OUT, -1, done.labels)
        right += vote(cosines, near, voting, k).label == labels
    size = np.bincount(labels, minlength=k)
    share = np.where(size == 1, 1.0, np.bincount(labels, right, minlength=k) / DRAWS / np.maximum(size, 1))
    return {group: float(share[group]) for group in groups}
