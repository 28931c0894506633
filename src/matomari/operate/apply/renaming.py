"""Names of edited groups: what a row says, else what they were called, else what their texts say; no two alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...cluster.naming.central import central, usual_spelling
from ...cluster.naming.names import NO_WORDS, shortened
from ...errors import InputError
from ...vectors import Ints
from ..tables import strings
from .known import Known
from .regroup import Regrouped
from .steps import Step, shown


@dataclass(frozen=True, eq=False, kw_only=True)
class Names:
    """What the groups of the three layers are called.

    Attributes
    ----------
    groups, finer, coarser : list of str
    spellings : list of str
        Of variants: the usual spelling of each group in full.
    """

    groups: list[str]
    finer: list[str]
    coarser: list[str]
    spellings: list[str] = field(default_factory=list)


def named_anew(known: Known, done: Regrouped, source: str) -> Names:
    """The names after the edits.

    A group keeps its name, unless a row renames it. A variant is called by its usual spelling, so it is named anew where the text that it
    was called by left it, and where it took in another one because two texts are the same.

    Raises
    ------
    InputError
        Two groups would have one name.
    """
    groups, spellings = _Groups(known, done, source).names()
    coarse = np.where(done.labels >= 0, done.coarser[np.maximum(done.labels, 0)], -1)
    before = np.where(known.labels >= 0, known.coarser[np.maximum(known.labels, 0)], -1)
    run = known.grouping.run
    return Names(
        groups=groups,
        spellings=spellings,
        finer=_layer(known, run.finer_names, (known.finer, done.finer), done.finer_groups),
        coarser=_layer(known, run.coarser_names, (before, coarse), done.coarser_groups),
    )


class _Groups:
    def __init__(self, known: Known, done: Regrouped, source: str) -> None:
        self.known, self.done, self.source = known, done, source
        self.old = known.group_names
        has_spelling = "spelling" in known.grouping.groups.column_names
        self.old_spellings = strings(known.grouping.groups, "spelling") if has_spelling else self.old
        self.stands = stands_for(known, done.labels, len(done.groups))
        self.gone = lost(known, self.old_spellings, (known.labels, done.labels), done.groups) if known.is_variants else set()

    def names(self) -> tuple[list[str], list[str]]:
        """Names, and spellings in full where the groups are variants."""
        fixed = [self._fixed(group) for group in range(len(self.done.groups))]
        self._refuse_twins(fixed)
        names = _numbered([name or shortened(text) for name, text in zip(fixed, self.stands, strict=True)], fixed)
        spellings = [self._spelling(group, fixed[group]) for group in range(len(fixed))] if self.known.is_variants else []
        return names, spellings

    def _fixed(self, group: int) -> str | None:
        """The name that a row gives or that stays; None for one that is made of the texts."""
        if group in self.done.renamed:
            return " ".join(self.done.renamed[group].edit.to.split())
        step = self.done.split_off.get(group)
        if step is not None and step.edit.do == "split":
            return self.known.grouping.run.finer_names[step.to]
        if step is not None:
            return None if self.known.is_variants else shortened(self.known.names[step.to])
        return None if self._is_respelt(group) else self.old[self.done.groups[group]]

    def _is_respelt(self, group: int) -> bool:
        """Whether a variant is called by another text now; a name that was given by hand is no text of it, and stays."""
        old = self.done.groups[group]
        if not self.known.is_variants or old >= len(self.old):
            return False
        by_text = self.old_spellings[old] in {self.known.names[item] for item in np.flatnonzero(self.known.labels == old).tolist()}
        return group in self.gone or (by_text and group in self.done.joined)

    def _spelling(self, group: int, fixed: str | None) -> str:
        old = self.done.groups[group]
        if group in self.done.renamed:
            return str(fixed)
        return self.stands[group] if group in self.done.split_off or fixed is None else self.old_spellings[old]

    def _refuse_twins(self, fixed: Sequence[str | None]) -> None:
        first: dict[str, int] = {}
        for group, name in enumerate(fixed):
            if name is None or (other := first.setdefault(name, group)) == group:
                continue
            twins_are = [self._described(twin) for twin in (other, group)]
            steps = [step for twin in (other, group) if (step := self._step(twin)) is not None]
            row = max((step.edit.row for step in steps), default=0)
            where = f"row {row} of {self.source} leaves two groups" if row else f"{self.source} leaves two groups"
            raise InputError(
                f"{where} with the name {shown(name)}: {twins_are[0]}, and {twins_are[1]}.",
                hint="rename one of them, or merge them, in the same table.",
            )

    def _step(self, group: int) -> Step | None:
        return self.done.renamed.get(group) or self.done.split_off.get(group)

    def _described(self, group: int) -> str:
        step = self._step(group)
        if step is None:
            return f"group {self.done.groups[group]}, which is called so"
        doing = {"rename": f"{shown(step.edit.what)}, which row {step.edit.row} renames"}
        return doing.get(step.edit.do, f"the group that row {step.edit.row} makes")


def lost(known: Known, texts: Sequence[str], labels: tuple[Ints, Ints], groups: Sequence[int]) -> set[int]:
    """The new numbers of the groups that were called by a text which is in them no more.

    Parameters
    ----------
    known : Known
    texts : sequence of str
        What each old group was called by.
    labels : two arrays of int64, shape (u,)
        The groups of the items before and now.
    groups : sequence of int
        What each group was before.
    """
    moved = np.flatnonzero(labels[0] >= 0)
    number = {old: new for new, old in enumerate(groups)}
    left, there = set[int](), set[int]()
    for item in moved.tolist():
        old = int(labels[0][item])
        if known.names[item] == texts[old] and old in number:
            (there if labels[1][item] == number[old] else left).add(number[old])
    return left - there


def stands_for(known: Known, labels: Ints, k: int) -> list[str]:
    """The text that each of k groups is called by where nothing else says so: the usual spelling, or the most central text."""
    if known.is_variants:
        items = usual_spelling(known.names, known.weight, labels, k)
    else:
        items = [of[0] for of in central(known.X, labels, k, 1)[0]]
    return [known.names[item] for item in items]


def _layer(known: Known, names: Sequence[str], labels: tuple[Ints, Ints], groups: Sequence[int]) -> list[str]:
    """Names of a layer beside the chosen one: as before, but for new groups and variants whose text left."""
    stands = stands_for(known, labels[1], len(groups))
    whole = {shortened(text): text for text in known.names}
    gone = lost(known, [whole.get(name, name) for name in names], labels, groups) if known.is_variants else set()
    fixed = [names[old] if old < len(names) and new not in gone else None for new, old in enumerate(groups)]
    return _numbered([name or shortened(text) for name, text in zip(fixed, stands, strict=True)], fixed)


def _numbered(names: Iterable[str], fixed: Sequence[str | None]) -> list[str]:
    """Names, those that are not fixed with a number behind where they are taken."""
    taken = {name for name in fixed if name is not None}
    unlike = []
    for name, stays in zip(names, fixed, strict=True):
        name, number, base = name or NO_WORDS, 1, name or NO_WORDS
        while stays is None and name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        unlike.append(name)
    return unlike
