"""Delimited text and plain text, as rows whose cells stay text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from ...errors import InputError
from ...wording import one_line
from .lines import MAX_LINE, Lines
from .sniff import ALONE
from .spool import Reading, batches, note_blank, unique_names

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "#": "hash sign"}
Start = Callable[[list[str]], Lines]


def plain(start: Start, notes: list[str]) -> Reading:
    """Read one row per line into the column "text"; blank lines are left out."""

    def rows() -> Iterator[tuple[str]]:
        with start(notes) as lines:
            for line in lines:
                lines.begin()
                text = line.rstrip("\r\n")
                if text.strip():
                    yield (text,)
                else:
                    lines.count_blank()
            note_blank(notes, lines.blank)

    schema = pa.schema([("text", pa.string())])
    return Reading(schema, batches(rows(), schema), notes)


def delimited(start: Start, delimiter: str, notes: list[str]) -> Reading:
    """Read rows under a header; cells stay text, so that 007 survives.

    Raises
    ------
    InputError
        A record and the header differ in their number of fields, or a quote is never closed; the line is named.
    """
    with start([]) as lines, _long_cells():
        header = next(_records(lines, delimiter), [])
    names = unique_names(header, lines.name, notes)
    width = len(names)
    if delimiter == ALONE:
        notes.append("one column, for the header holds no delimiter")
    else:
        notes.append(f"{width} columns, delimiter {NAMES[delimiter]}")

    def rows() -> Iterator[Sequence[str]]:
        with start(notes) as lines, _long_cells():
            records = _records(lines, delimiter)
            next(records, None)
            for record in records:
                if not record:
                    lines.count_blank()
                elif len(record) == width:
                    yield record
                elif len(record) == width + 1 and not record[-1]:
                    yield record[:-1]  # a delimiter at the end of the line
                else:
                    raise _ragged(lines, len(record), width)
            note_blank(notes, lines.blank)

    schema = pa.schema([(name, pa.string()) for name in names])
    return Reading(schema, batches(rows(), schema), notes)


def _records(lines: Lines, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for record in reader:
            if lines.open_quote() and _unfinished(lines.record, delimiter):
                raise InputError(
                    f"{lines.name} line {lines.open_quote()} opens a quote that is not closed.",
                    hint="close it, or double quotes inside a cell.",
                )
            yield record
            lines.begin()
    except csv.Error as error:
        raise InputError(
            f"{lines.name} line {lines.number} is not delimited text: {one_line(error)}.", hint="look at that line."
        ) from error


def _unfinished(record: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _ragged(lines: Lines, found: int, width: int) -> InputError:
    first = lines.number - len(lines.record) + 1
    hint = "quote cells that hold the delimiter or a newline; every row needs as many fields as the header."
    return InputError(f"{lines.name} line {first} has {found} field{'s' * (found != 1)}, the header has {width}.", hint=hint)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let csv take cells of any length that `Lines` lets through; its limit is global, so it is put back."""
    before = csv.field_size_limit(MAX_LINE + 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
