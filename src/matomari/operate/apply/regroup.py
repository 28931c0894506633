"""The edits, made one after the other on the labels of the items: three nested layers in, three nested layers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...vectors import Floats, Ints
from .steps import Step, shown

OPEN = -2  # the finer group of an item whose group changed, until all groups are known


@dataclass(frozen=True, eq=False, kw_only=True)
class Regrouped:
    """Items in their edited groups.

    Groups that were there keep their order and are numbered without gaps, new ones follow; so are the other two layers.

    Attributes
    ----------
    labels, finer : arrays of int64, shape (u,)
        Group and finer group of each item; -1 for none.
    coarser : array of int64, shape (k,)
        Coarser group of each group.
    groups, finer_groups, coarser_groups : list of int
        What each was before; a number beyond those of the old ones where it is new.
    renamed : mapping of int to Step
        The row that renames a group.
    split_off : mapping of int to Step
        The row that made a group, for new ones.
    joined : set of int
        Groups that took in another one because two of their items are the same.
    rank : array of int64
        The number of each old group now; where it was merged, that of the group that took it in, and -1 where nothing is left of it.
    applied : mapping of str to int
        How many edits of each kind were made.
    idle : int
        How many asked for what was so already.
    """

    labels: Ints
    finer: Ints
    coarser: Ints
    groups: list[int]
    finer_groups: list[int]
    coarser_groups: list[int]
    renamed: dict[int, Step] = field(default_factory=dict)
    split_off: dict[int, Step] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    rank: Ints
    applied: dict[str, int] = field(default_factory=dict)
    idle: int = 0


class Regrouper:
    """Makes steps on a copy of the labels.

    Parameters
    ----------
    labels, finer : arrays of int64, shape (u,)
        Group and finer group of each item; -1 for none.
    coarser : array of int64, shape (k,)
        Coarser group of each group.
    X : array of float32, shape (u, d)
        Vectors at unit length.
    join : bool
        Two items that are the same join their groups, as spellings do; else the first moves to the group of the second.
    source : str
        The name of the table, for messages.

    Examples
    --------
    >>> from .edits import Edit
    >>> X = np.eye(3, dtype=np.float32)
    >>> regrouper = Regrouper(np.array([0, 1, 1]), np.array([0, 1, 2]), np.array([0, 0]), X, join=False, source="e.csv")
    >>> done = regrouper.run([Step(edit=Edit(row=1, do="split", what="b", to="c"), what=(1,), to=2)])
    >>> done.labels.tolist(), done.groups, done.coarser.tolist()
    ([0, 1, 2], [0, 1, 2], [0, 0, 0])
    """

    def __init__(self, labels: Ints, finer: Ints, coarser: Ints, X: Floats, *, join: bool, source: str) -> None:
        self.labels, self.finer, self.coarser, self.X = labels.copy(), finer.copy(), coarser.tolist(), X
        self.k, self.finer_count = len(coarser), int(finer.max(initial=-1)) + 1
        self._join_groups, self._source = join, source
        self._into: dict[int, int] = {}
        self._created: dict[int, Step] = {}
        self._named: dict[int, Step] = {}
        self._joined: set[int] = set()
        self._placed: dict[int, Step] = {}  # items that a person moved, which no other edit takes away again
        self._ties: dict[int, list[int]] = {}  # one list for all that are the same
        self._applied: dict[str, int] = {}
        self._idle = 0

    def run(self, steps: Sequence[Step]) -> Regrouped:
        """Make the steps: moves, merges, splits, what is the same, what is different, renames, and each kind in its order.

        What is the same comes before what is different, so that both hold in the end.
        """
        for do, make in (
            ("move", self._move),
            ("merge", self._merge),
            ("split", self._split),
            ("same", self._same),
            ("different", self._different),
            ("rename", self._rename),
        ):
            for step in (step for step in steps if step.edit.do == do):
                if make(step):
                    self._applied[do] = self._applied.get(do, 0) + 1
                else:
                    self._idle += 1
        self._settle()
        return self._numbered()

    def _now(self, group: int) -> int:
        """The group that an old one is part of."""
        while group in self._into:
            group = self._into[group]
        return group

    def _tied(self, item: int) -> list[int]:
        """All items that are the same as this one, itself among them."""
        return self._ties.get(item, [item])

    def _refuse(self, step: Step, text: str, hint: str) -> InputError:
        return InputError(f"row {step.edit.row} of {self._source} {text}.", hint=hint)

    def _relocate(self, items: Ints, group: int) -> bool:
        moved = items[self.labels[items] != group]
        self.labels[moved], self.finer[moved] = group, OPEN
        return len(moved) > 0

    def _new(self, items: Ints, step: Step, coarser: int) -> int:
        group = len(self.coarser)
        self.coarser.append(coarser)
        self.labels[items] = group
        self._created[group] = step
        return group

    def _move(self, step: Step) -> bool:
        for item in step.what:
            self._placed[item] = step
        return self._relocate(np.asarray(step.what, np.int64), step.to)

    def _merge(self, step: Step) -> bool:
        return self._join(self._now(step.what[0]), self._now(step.to))

    def _join(self, first: int, second: int) -> bool:
        if first == second:
            return False
        self.labels[self.labels == first] = second
        self._into[first] = second
        return True

    def _split(self, step: Step) -> bool:
        items = np.flatnonzero(self.finer == step.to)
        if any(origin.edit.do == "split" and origin.to == step.to for origin in self._created.values()):
            return False
        if not len(items):
            raise self._refuse(step, f"splits off {shown(step.edit.to)}, of which nothing is left", "its rows are moved elsewhere.")
        self._new(items, step, self.coarser[self._now(step.what[0])])
        return True

    def _same(self, step: Step) -> bool:
        first, second = step.what[0], step.to
        ours, theirs = int(self.labels[first]), int(self.labels[second])
        changed = ours != theirs
        if ours < 0 and theirs < 0:
            text = f"calls {shown(step.edit.what)} and {shown(step.edit.to)} the same, and neither has a group"
            raise self._refuse(step, text, "move one of them to a group as well.")
        if changed and self._join_groups and min(ours, theirs) >= 0:
            self._join(ours, theirs)
            self._joined.add(theirs)
        elif changed:
            self._follow(step, first, second)
        ties = self._tied(first) if first in self._tied(second) else [*self._tied(first), *self._tied(second)]
        self._ties |= dict.fromkeys(ties, ties)
        return changed

    def _follow(self, step: Step, first: int, second: int) -> None:
        """The first, and all that is the same, goes to the group of the second; the other way round where it was moved by hand."""
        placed = [[self._placed[item] for item in self._tied(end) if item in self._placed] for end in (first, second)]
        if self.labels[second] < 0 or placed[0]:
            if placed[1]:
                rows = sorted({moved.edit.row for moved in (placed[0][0], placed[1][0])})
                text = f"calls {shown(step.edit.what)} and {shown(step.edit.to)} the same, and rows {rows[0]} and {rows[1]} move them apart"
                raise self._refuse(step, text, "delete one of these rows.")
            first, second = second, first
        self._relocate(np.asarray(self._tied(first), np.int64), int(self.labels[second]))

    def _different(self, step: Step) -> bool:
        first, second = step.what[0], step.to
        group = int(self.labels[first])
        if group < 0 or group != self.labels[second]:
            return False
        members = np.flatnonzero(self.labels == group)
        leaning = self.X[members] @ (self.X[second] - self.X[first])
        leaves = leaning > 0
        here = [item for item in {*self._ties, *self._placed, first, second} if self.labels[item] == group]
        for ties in {min(self._tied(item)): self._tied(item) for item in here}.values():
            tied = np.isin(members, ties)
            placed = [self._placed[item] for item in members[tied].tolist() if item in self._placed]
            if second in ties:
                if placed:
                    text = f"parts {shown(step.edit.to)} from its group, and row {placed[0].edit.row} moves it there"
                    raise self._refuse(step, text, "delete one of the two rows.")
                leaves[tied] = True
            else:
                leaves[tied] = not placed and first not in ties and leaning[tied].mean() > 0
        self._part(members, leaves)
        self._new(members[leaves], step, self.coarser[group])
        return True

    def _part(self, members: Ints, leaves: NDArray[np.bool_]) -> None:
        """A finer group that stands on both sides becomes two."""
        stays = set(self.finer[members[~leaves]].tolist())
        for finer in sorted({part for part in self.finer[members[leaves]].tolist() if part >= 0 and part in stays}):
            out = members[leaves]
            self.finer[out[self.finer[out] == finer]] = self.finer_count
            self.finer_count += 1

    def _rename(self, step: Step) -> bool:
        edit = step.edit
        parts = [group for group, by in self._created.items() if step.split_off and by.edit.do == "split" and by.to == step.what[0]]
        group = parts[0] if step.split_off else self._now(step.what[0])
        if not (self.labels == group).any():
            raise self._refuse(step, f"renames {shown(edit.what)}, of which nothing is left", "delete the row.")
        earlier = self._named.setdefault(group, step)
        if earlier.edit.to.strip() != edit.to.strip():
            row = earlier.edit.row
            text = f"renames {shown(edit.what)} to {shown(edit.to)}, and row {row} renames the same group to {shown(earlier.edit.to)}"
            raise self._refuse(step, text, "other rows join the two groups: delete one of the names.")
        return True

    def _settle(self) -> None:
        """Items whose group changed get the finer group of their nearest neighbour in it."""
        for group in np.unique(self.labels[self.finer == OPEN]).tolist():
            members = np.flatnonzero(self.labels == group)
            waiting, there = members[self.finer[members] == OPEN], members[self.finer[members] >= 0]
            if len(there):
                self.finer[waiting] = self.finer[there[(self.X[waiting] @ self.X[there].T).argmax(axis=1)]]
            else:
                self.finer[waiting] = self.finer_count
                self.finer_count += 1

    def _numbered(self) -> Regrouped:
        labels, groups = _without_gaps(self.labels)
        finer, finer_groups = _without_gaps(self.finer)
        coarser, coarser_groups = _without_gaps(np.asarray([self.coarser[group] for group in groups], np.int64))
        number = {group: new for new, group in enumerate(groups)}
        return Regrouped(
            labels=labels,
            finer=finer,
            coarser=coarser,
            groups=groups,
            finer_groups=finer_groups,
            coarser_groups=coarser_groups,
            renamed={number[group]: step for group, step in self._named.items()},
            split_off={number[group]: step for group, step in self._created.items() if group in number},
            joined={number[self._now(group)] for group in self._joined if self._now(group) in number},
            rank=np.asarray([number.get(self._now(group), -1) for group in range(self.k)], np.int64),
            applied=self._applied,
            idle=self._idle,
        )


def _without_gaps(labels: Ints) -> tuple[Ints, list[int]]:
    """Labels from 0 in their old order, -1 kept, and the old number of each."""
    old = np.unique(labels[labels >= 0])
    return np.where(labels >= 0, np.searchsorted(old, labels), -1).astype(np.int64), old.tolist()
