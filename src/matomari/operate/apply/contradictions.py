"""Rows of a table of edits that cannot both be so."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from .edits import Faults
from .steps import Step, shown


def contradictions(steps: Sequence[Step], faults: Faults) -> None:
    """Add a fault for each row that contradicts an earlier one.

    Examples
    --------
    >>> from .edits import Edit
    >>> rows = [Edit(row=1, do="rename", what="a", to="b"), Edit(row=2, do="rename", what="a", to="c")]
    >>> faults = Faults("e.csv")
    >>> contradictions([Step(edit=edit, what=(0,)) for edit in rows], faults)
    >>> faults.listed[0][:2]
    (2, "renames 'a' to 'c', and row 1 renames it to 'b'")
    """
    by_kind = {do: [step for step in steps if step.edit.do == do] for do in ("rename", "merge", "move", "same", "different")}
    _two_places(by_kind["move"], faults)
    _two_targets(by_kind["merge"], faults)
    _circles(by_kind["merge"], faults)
    _two_names(by_kind["rename"], by_kind["merge"], faults)
    _same_and_different(by_kind["same"], by_kind["different"], faults)


def _two_places(moves: Sequence[Step], faults: Faults) -> None:
    first: dict[int, Step] = {}
    for step in moves:
        clashes = [earlier for item in step.what if (earlier := first.setdefault(item, step)).to != step.to]
        if clashes:
            edit, before = step.edit, clashes[0].edit
            text = f"moves {shown(edit.what)} to {shown(edit.to)}, and row {before.row} moves it to {shown(before.to)}"
            faults.add(edit.row, text, "delete one of the two rows.")


def _two_targets(merges: Sequence[Step], faults: Faults) -> None:
    first: dict[int, Step] = {}
    for step in merges:
        earlier = first.setdefault(step.what[0], step)
        if earlier.to != step.to:
            edit, before = step.edit, earlier.edit
            text = f"merges {shown(edit.what)} into {shown(edit.to)}, and row {before.row} merges it into {shown(before.to)}"
            faults.add(edit.row, text, "a group becomes part of one other; merge these two if all are one group.")


def _circles(merges: Sequence[Step], faults: Faults) -> None:
    into: dict[int, Step] = {}
    for step in merges:
        way, group = [step], step.to
        while group in into and group != step.what[0]:
            way.append(into[group])
            group = into[group].to
        if group == step.what[0]:
            rows = sorted({part.edit.row for part in way[1:]})
            text = f"merges {shown(step.edit.what)} into {shown(step.edit.to)}, which makes a circle with {listed(rows)}"
            faults.add(step.edit.row, text, "delete one of these rows: the last group of a chain is the one that remains.")
        else:
            into.setdefault(step.what[0], step)


def _two_names(renames: Sequence[Step], merges: Sequence[Step], faults: Faults) -> None:
    first: dict[tuple[bool, int], Step] = {}
    merged = {step.what[0]: step for step in merges}
    for step in renames:
        edit, earlier = step.edit, first.setdefault((step.split_off, step.what[0]), step)
        if earlier.edit.to.strip() != edit.to.strip():
            text = f"renames {shown(edit.what)} to {shown(edit.to)}, and row {earlier.edit.row} renames it to {shown(earlier.edit.to)}"
            faults.add(edit.row, text, "delete one of the two rows.")
        elif not step.split_off and (gone := merged.get(step.what[0])) is not None:
            merge = f"merges {shown(gone.edit.what)} into {shown(gone.edit.to)}"
            if edit.row > gone.edit.row:
                text = f"renames {shown(edit.what)}, and row {gone.edit.row} {merge}"
            else:
                text = f"{merge}, and row {edit.row} renames {shown(edit.what)}"
            faults.add(max(edit.row, gone.edit.row), text, "rename the group that remains.")


def _same_and_different(same: Sequence[Step], different: Sequence[Step], faults: Faults) -> None:
    """A pair cannot be one thing, be it by a chain of rows, and two."""
    links: dict[int, list[tuple[int, Step]]] = {}
    for step in same:
        links.setdefault(step.what[0], []).append((step.to, step))
        links.setdefault(step.to, []).append((step.what[0], step))
    for step in different:
        rows = _chain(links, step.what[0], step.to)
        if rows:
            edit = step.edit
            last = max(*rows, edit.row)
            others = sorted({*rows, edit.row} - {last})
            text = f"and {listed(others)} contradict one another: {shown(edit.what)} and {shown(edit.to)} cannot be the same and different"
            faults.add(last, text, "delete one of these rows.")


def _chain(links: dict[int, list[tuple[int, Step]]], start: int, end: int) -> list[int]:
    """The rows that tie two items together; none where nothing does."""
    before: dict[int, tuple[int, Step] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        item = waiting.popleft()
        for other, step in links.get(item, ()):
            if other not in before:
                before[other] = (item, step)
                waiting.append(other)
    rows, item = [], end
    while (way := before.get(item)) is not None:
        rows.append(way[1].edit.row)
        item = way[0]
    return rows


def listed(rows: Sequence[int]) -> str:
    """Numbers of rows in a sentence.

    Examples
    --------
    >>> listed([2]), listed([1, 2, 5])
    ('row 2', 'rows 1, 2 and 5')
    """
    words = [str(row) for row in rows]
    return f"row {words[0]}" if len(words) == 1 else f"rows {', '.join(words[:-1])} and {words[-1]}"
