"""The table of edits, read and checked row by row: what is renamed, merged, split, moved, joined or parted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ...errors import InputError
from ...rows.columns import check_column
from ...rows.files.spool import gather
from ...rows.read import open_source
from ...wording import did_you_mean
from ..options import EDITS
from ..provenance import digest_of_columns

NEEDED = ("do", "what", "to")
YES, NO = ("true", "yes", "1", ""), ("false", "no", "0")
_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")  # write_csv guards such cells against spreadsheets, which would run them as formulas


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One row of the table.

    Attributes
    ----------
    row : int
        Its number, counted from 1 below the header.
    do : str
        One of `EDITS`.
    what, to : str
        The cells as they stand there, without the apostrophe that guards a formula.
    recommended : bool
    """

    row: int
    do: str
    what: str
    to: str
    recommended: bool = True


@dataclass(frozen=True, kw_only=True)
class EditTable:
    """All rows of a table of edits.

    Attributes
    ----------
    edits : list of Edit
    source : str
        The name of the table, for messages.
    digest : str
        sha256 of what counts in it.
    """

    edits: list[Edit] = field(repr=False)
    source: str
    digest: str

    @property
    def name(self) -> str:
        """The last part of the source, for notes."""
        return Path(self.source).name or self.source

    def chosen(self, kinds: Sequence[str] | None, recommended: bool) -> list[Edit]:
        """The rows of some kinds, and of these the recommended ones where only they are wanted."""
        return [edit for edit in self.edits if (kinds is None or edit.do in kinds) and (edit.recommended or not recommended)]


@dataclass
class Faults:
    """What is wrong with the rows of a table; nothing is made before all have been looked at."""

    source: str
    listed: list[tuple[int, str, Callable[[], str]]] = field(default_factory=list)

    def add(self, row: int, text: str, hint: str | Callable[[], str]) -> None:
        """Note that a row is wrong; a hint that takes long to make is given as a function."""
        self.listed.append((row, text, hint if callable(hint) else lambda: hint))

    def check(self) -> None:
        """Raise the InputError of the first row that is wrong, with the number of the others."""
        if not self.listed:
            return
        row, text, hint = min(self.listed, key=lambda fault: fault[0])
        more = len({fault[0] for fault in self.listed}) - 1
        others = f", and {more:,} more row{'s are' if more > 1 else ' is'} wrong" if more else ""
        raise InputError(f"row {row} of {self.source} {text}{others}.", hint=hint())


def read_edits(source: Any) -> EditTable:
    """Read a table with the columns do, what, to and, where it has one, recommended; other columns are left aside.

    Parameters
    ----------
    source : path, "-", table in memory, or list of dict
        Whatever `matomari.rows.read.read` takes that has columns.

    Raises
    ------
    InputError
        A column is missing, a cell is empty, or a word in `do` or `recommended` is unknown.

    Examples
    --------
    >>> table = read_edits([{"do": "rename", "what": "card, lost", "to": "Lost cards"}])
    >>> table.edits
    [Edit(row=1, do='rename', what='card, lost', to='Lost cards', recommended=True)]
    """
    table, name = _opened(source)
    for column in NEEDED:
        check_column(table, column, name)
    cells = {column: _cells(table, column) for column in NEEDED}
    wanted = _cells(table, "recommended") if "recommended" in table.column_names else [""] * len(table)
    faults, edits = Faults(name), []
    for row, (do, what, to, flag) in enumerate(zip(*cells.values(), wanted, strict=True), 1):
        if not (do.strip() or what.strip() or to.strip()):
            continue  # spreadsheets save empty rows below a table
        edit = Edit(row=row, do=do.strip().casefold(), what=what, to=to, recommended=flag.strip().casefold() not in NO)
        _check(edit, flag, faults)
        edits.append(edit)
    faults.check()
    digest = digest_of_columns([[getattr(edit, column) for edit in edits] for column in NEEDED] + [[str(e.recommended) for e in edits]])
    return EditTable(edits=edits, source=name, digest=digest)


def _opened(source: Any) -> tuple[pa.Table, str]:
    if not isinstance(source, list | tuple):
        reading, name = open_source(source)
        return gather(reading.schema, reading.batches, None), name
    if not all(isinstance(row, Mapping) for row in source):
        raise InputError("a list of edits holds something that is not a dict.", hint="each one has the keys do, what and to.")
    names = list(dict.fromkeys(key for row in source for key in row)) or list(NEEDED)
    columns = {str(name): pa.array([_text(row.get(name)) for row in source], pa.string()) for name in names}
    return pa.table(columns), "the list of edits"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _cells(table: pa.Table, column: str) -> list[str]:
    check_column(table, column, "the table of edits")
    return [_GUARDED.sub("", cell or "") for cell in table[column].cast(pa.string()).to_pylist()]


def _check(edit: Edit, flag: str, faults: Faults) -> None:
    """What is wrong with one row, whatever it is applied to."""
    empty = [column for column in NEEDED if not getattr(edit, column).strip()]
    if empty:
        faults.add(edit.row, f"has an empty cell in column {empty[0]!r}", "every edit needs the three cells do, what and to.")
    elif edit.do not in EDITS:
        faults.add(edit.row, f"asks to {edit.do!r}, which is no edit", did_you_mean(edit.do, EDITS))
    elif flag.strip().casefold() not in (*YES, *NO):
        faults.add(
            edit.row, f"has {flag!r} in column 'recommended'", "it holds true or false, yes or no, 1 or 0, or nothing, which is true."
        )
