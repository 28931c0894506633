"""The batches of one epoch: full ones from one cluster, then the remaining rows of neighbouring clusters. Plain numpy, a pure function of its seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...vectors import normalise

Rows = NDArray[np.int32]  # positions in a data set: four bytes each, so that ten million cost 40 MB
LONGEST_TOUR = 20_000  # clusters; above, the way along the first principal axis must do
DRAWN = 1 << 20  # rows per step, so that drawing needs no second array of all


@dataclass(frozen=True, eq=False)
class View:
    """Rows of a data set, sorted by cluster.

    Attributes
    ----------
    rows : array of int32, shape (n,)
        Positions, cluster after cluster along the tour; those without a cluster stand last.
    ends : array of int64, shape (k + 1,)
        Where each cluster begins; the last one is where the rows without a cluster begin.
    """

    rows: Rows
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, labels: NDArray[np.int64], centers: NDArray[Any] | None = None, sources: ArrayLike | None = None) -> View:
        """The view of `labels` (n,), -1 for no cluster; a cluster that has rows of several `sources` (n,) counts as several.

        Clusters follow one another by source, then by the nearness of their `centers` (k, d).
        """
        k = int(labels.max(initial=-1)) + 1
        place = np.arange(k) if centers is None else _places(np.asarray(centers, np.float32))
        key = place.astype(np.int32)[labels] if k else np.zeros(len(labels), np.int32)  # what -1 gives is put right below
        if sources is not None:
            key = np.unique(np.asarray(sources), return_inverse=True)[1] * max(len(place), 1) + key
        last = int(key.max(initial=-1)) + 1
        key[labels < 0] = last
        rows = np.argsort(key, kind="stable").astype(np.int32)
        ends = np.concatenate([[0], np.cumsum(np.bincount(key, minlength=last + 1)[:last])]).astype(np.int64)
        return cls(rows, ends)

    def only(self, kept: NDArray[np.bool_]) -> View:
        """The view of those rows alone that `kept` (n,) says."""
        mask = kept[self.rows]
        before = np.concatenate([[0], np.cumsum(mask, dtype=np.int32)])
        return View(self.rows[mask], before[self.ends].astype(np.int64))


def epoch(views: list[View], unit: int, mixing: float, rng: np.random.Generator) -> Rows:
    """All rows in the order of an epoch: every `unit` of them is one batch (or several that are served together).

    Each row is in one unit. `mixing` of the rows are drawn at random instead of by cluster; of several views each row follows one,
    drawn anew in every epoch. What does not fill a unit of its cluster is pooled with what its neighbours on the tour have left over, and what
    then does not fill a unit is pooled once more; the last rows, fewer than a unit, stand at the end.

    Parameters
    ----------
    views : list of View
        Of the same rows.
    unit : int
    mixing : float in [0, 1]
    rng : numpy.random.Generator

    Returns
    -------
    array of int32, shape (n,)

    Examples
    --------
    >>> view = View.of(np.array([0, 1, 0, 1, 0, 1, 0, 1]))
    >>> sorted(sorted(unit.tolist()) for unit in epoch([view], 4, 0.0, np.random.default_rng(0)).reshape(2, 4))
    [[0, 2, 4, 6], [1, 3, 5, 7]]
    """
    n = len(views[0].rows)
    choice = _drawn(n, mixing, len(views), rng)
    whole: list[Rows] = []
    left: list[Rows] = []
    for number, view in enumerate(views):
        own = View(view.rows.copy(), view.ends) if choice is None else view.only(choice == number)
        _cut(own, unit, rng=rng, whole=whole, left=left)
    if choice is not None:
        mixed = np.flatnonzero(choice == len(views)).astype(np.int32)
        _cut(View(mixed, np.array([0, len(mixed)])), unit, rng=rng, whole=whole, left=left)
    rest = np.concatenate(left)
    rng.shuffle(rest)
    return np.concatenate([*whole, rest])


def _cut(view: View, unit: int, rng: np.random.Generator, whole: list[Rows], left: list[Rows]) -> None:
    """Full units of each cluster, then of the pool of what they leave over; `view.rows` are shuffled in place."""
    sizes = np.diff(view.ends)
    over, at, moved = np.empty(int((sizes % unit).sum()), np.int32), 0, 0
    for start, stop in zip(view.ends[:-1].tolist(), view.ends[1:].tolist(), strict=True):
        part = view.rows[start:stop]
        rng.shuffle(part)
        full = len(part) // unit * unit
        over[at : at + len(part) - full] = part[full:]
        view.rows[moved : moved + full] = part[:full]  # moved to the front, over rows that were copied before
        at, moved = at + len(part) - full, moved + full
    loose = view.rows[view.ends[-1] :]
    rng.shuffle(loose)
    pool = np.concatenate([over, loose])
    full = len(pool) // unit * unit
    whole += [view.rows[:moved], pool[:full]]
    left.append(pool[full:])


def _drawn(n: int, mixing: float, views: int, rng: np.random.Generator) -> NDArray[np.uint8] | None:
    """The view that each row follows, `views` for none; None where there is nothing to draw."""
    if views == 1 and mixing <= 0:
        return None
    choice = np.empty(n, np.uint8)
    for start in range(0, n, DRAWN):
        lot = rng.random(min(DRAWN, n - start), dtype=np.float32)
        share = (lot - mixing) / max(1 - mixing, 1e-9)  # below zero: at random
        choice[start : start + len(lot)] = np.where(share < 0, views, np.minimum(share * views, views - 1))
    return choice


def _places(centers: NDArray[np.float32]) -> NDArray[np.int64]:
    """Place of each centre on a way that goes from each to the nearest one not yet visited."""
    unit = normalise(centers)
    k = len(unit)
    place = np.empty(k, np.int64)
    if k > LONGEST_TOUR:
        axis = np.linalg.svd(unit[:: k // LONGEST_TOUR + 1] - unit.mean(axis=0), full_matrices=False)[2][0]
        place[np.argsort(unit @ axis, kind="stable")] = np.arange(k)
        return place
    free, here = np.ones(k, bool), 0
    for step in range(k):
        place[here], free[here] = step, False
        if step + 1 < k:
            here = int(np.argmax(np.where(free, unit @ unit[here], -np.inf)))
    return place
