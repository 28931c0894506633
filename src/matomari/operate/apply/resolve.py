"""From the names in a table of edits to numbers of groups and items, and which rows contradict one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...wording import did_you_mean
from .contradictions import contradictions
from .edits import Edit, EditTable, Faults
from .known import Known
from .steps import Step, shown

LISTED = 5  # names in a hint
COMPARED = 5_000  # names that an unknown one is compared with, because that takes long


@dataclass(frozen=True, eq=False, kw_only=True)
class Directory:
    """Where the names of groups, finer groups and items lead in a grouping.

    Attributes
    ----------
    groups, finer : mapping of str to int
        Their numbers by their names.
    parents : sequence of int
        The group of each finer group.
    rows : mapping of str to int
        The item of each id; -1 for a row without a word.
    texts : mapping of str to list of int
        The items of each text: several only where records of other cells have it.
    """

    groups: Mapping[str, int] = field(repr=False)
    finer: Mapping[str, int] = field(repr=False)
    parents: Sequence[int] = field(repr=False)
    rows: Mapping[str, int] = field(repr=False)
    texts: Mapping[str, list[int]] = field(repr=False)

    @classmethod
    def of(cls, known: Known) -> Directory:
        """The names of a grouping."""
        finer_names = known.grouping.run.finer_names
        parents = np.full(len(finer_names), -1, np.int64)
        inside = known.finer >= 0
        parents[known.finer[inside]] = known.labels[inside]
        texts: dict[str, list[int]] = {}
        for item, row in enumerate(known.first.tolist()):
            texts.setdefault(known.texts[row], []).append(item)
        return cls(
            groups={name.strip(): group for group, name in enumerate(known.group_names)},
            finer={name.strip(): group for group, name in enumerate(finer_names)},
            parents=parents.tolist(),
            rows=dict(zip(known.ids, known.place.tolist(), strict=True)),
            texts=texts,
        )

    def group(self, name: str) -> int | None:
        """The group of a name, or else of a number."""
        return _named_or_numbered(name.strip(), self.groups, len(self.groups))

    def finer_group(self, name: str) -> int | None:
        """The finer group of a name, or else of a number."""
        return _named_or_numbered(name.strip(), self.finer, len(self.parents))

    def items(self, name: str) -> list[int] | None:
        """The item of an id, or else those of a text."""
        if name in self.rows or name.strip() in self.rows:
            return [self.rows.get(name, self.rows.get(name.strip(), -1))]
        return self.texts.get(name) or self.texts.get(name.strip())


def _named_or_numbered(name: str, known: Mapping[str, int], count: int) -> int | None:
    digits = name.removeprefix("#")
    if name in known or not (digits.isascii() and digits.isdigit() and int(digits) < count):
        return known.get(name)
    return int(digits)


class Resolver:
    """Turns rows into steps, one after the other, and gathers what is wrong with them.

    Parameters
    ----------
    directory : Directory
    faults : Faults
    edits : sequence of Edit
        All rows: a rename may be of a group that another row splits off.
    """

    def __init__(self, directory: Directory, faults: Faults, edits: Sequence[Edit]) -> None:
        self.directory, self.faults = directory, faults
        self.notes: list[str] = []
        self._split_off = {directory.finer_group(edit.to) for edit in edits if edit.do == "split"}

    def step(self, edit: Edit) -> Step | None:
        """The step of a row; None, with a fault, where it names what is not there."""
        if edit.do == "rename":
            return self._rename(edit)
        if edit.do == "merge":
            return self._merge(edit)
        if edit.do == "split":
            return self._split(edit)
        if edit.do == "move":
            items, group = self._items(edit, edit.what), self._group(edit, edit.to)
            return None if items is None or group is None else Step(edit=edit, what=tuple(items), to=group)
        return self._pair(edit)

    def _rename(self, edit: Edit) -> Step | None:
        finer = self.directory.finer_group(edit.what)
        if self.directory.group(edit.what) is None and finer is not None and finer in self._split_off:
            return Step(edit=edit, what=(finer,), split_off=True)
        group = self._group(edit, edit.what)
        return None if group is None else Step(edit=edit, what=(group,))

    def _merge(self, edit: Edit) -> Step | None:
        first, second = self._group(edit, edit.what), self._group(edit, edit.to)
        if first is None or second is None:
            return None
        if first == second:
            self.faults.add(edit.row, f"merges {shown(edit.what)} with itself", "name two groups.")
            return None
        return Step(edit=edit, what=(first,), to=second)

    def _split(self, edit: Edit) -> Step | None:
        group, finer, directory = self._group(edit, edit.what), self.directory.finer_group(edit.to), self.directory
        if group is None:
            return None
        parts = [name for name, number in directory.finer.items() if directory.parents[number] == group]
        if finer is None or directory.parents[finer] != group:
            where = "there is no such finer group" if finer is None else "that finer group is in another one"
            text = f"splits {shown(edit.to)} off {shown(edit.what)}, and {where}"
            self.faults.add(edit.row, text, lambda: nearest(edit.to, parts, "its finer groups are", "items.csv"))
            return None
        if len(parts) == 1:
            text = f"splits {shown(edit.to)} off {shown(edit.what)}, which holds nothing else"
            self.faults.add(edit.row, text, "rename the group instead.")
            return None
        return Step(edit=edit, what=(group,), to=finer)

    def _pair(self, edit: Edit) -> Step | None:
        first, second = self._item(edit, edit.what), self._item(edit, edit.to)
        if first is None or second is None:
            return None
        if first == second:
            self.faults.add(edit.row, f"names {shown(edit.what)} and {shown(edit.to)}, which are one text", "name two different ones.")
            return None
        return Step(edit=edit, what=(first,), to=second)

    def _group(self, edit: Edit, name: str) -> int | None:
        group = self.directory.group(name)
        if group is None:
            names = list(self.directory.groups)
            text = f"names {shown(name)}, and there is no such group"
            self.faults.add(edit.row, text, lambda: nearest(name.strip(), names, "the groups are", "groups.csv"))
        return group

    def _item(self, edit: Edit, name: str) -> int | None:
        items = self._items(edit, name)
        if items is None or len(items) == 1:
            return None if items is None else items[0]
        text = f"names {shown(name)}, which {len(items)} records have as their text"
        self.faults.add(edit.row, text, "give the id of a row instead.")
        return None

    def _items(self, edit: Edit, name: str) -> list[int] | None:
        items, texts = self.directory.items(name), self.directory.texts
        if items is None:
            text = f"names {shown(name)}, which is neither the id nor the text of a row"
            self.faults.add(edit.row, text, lambda: nearest(name, list(texts), "items.csv has", "items.csv"))
        elif items == [-1]:
            self.faults.add(edit.row, f"names row {shown(name)}, which has no text", "a row without a text has no group.")
            return None
        elif name.strip() in self.directory.rows and texts.get(name, items) != items:
            self.notes.append(
                f"row {edit.row} names {shown(name)}, which is the id of one row and the text of another: the row with that id is meant"
            )
        return items


def nearest(word: str, known: Sequence[str], are: str, file: str) -> str:
    """The hint for an unknown name: the most similar of those that are known, or some of them and where all stand.

    Examples
    --------
    >>> nearest("crad", ["card", "pin"], "the groups are", "groups.csv")
    "did you mean 'card'?"
    >>> nearest("x", ["card", "pin"], "the groups are", "groups.csv")
    "the groups are 'card', 'pin'; see groups.csv."
    """
    hint = did_you_mean(word, known[:COMPARED])
    if hint.startswith("did you mean"):
        return hint
    more = ", …" if len(known) > LISTED else ""
    return f"{are} {', '.join(shown(name) for name in known[:LISTED])}{more}; see {file}."


def resolve(known: Known, table: EditTable, edits: Sequence[Edit]) -> tuple[list[Step], list[str]]:
    """The steps that some rows of a table ask for, in their order, and what is worth a note.

    Raises
    ------
    InputError
        A row names what is not there, or contradicts an earlier one.
    """
    resolver = Resolver(Directory.of(known), Faults(table.source), edits)
    steps = [step for edit in edits if (step := resolver.step(edit)) is not None]
    contradictions(steps, resolver.faults)
    resolver.faults.check()
    return steps, resolver.notes
