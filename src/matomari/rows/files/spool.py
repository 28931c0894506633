"""Rows in batches of bounded size, kept in memory while they are small and in a mapped file otherwise."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ...errors import InputError, MachineError
from ...wording import one_line

BATCH_ROWS, BATCH_CHARS = 20_000, 4 << 20
IN_MEMORY = 64 << 20
MAX_COLUMNS = 10_000


@dataclass
class Reading:
    """A source while it is read: its columns, its batches (they can be read once), and notes about the reading."""

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    notes: list[str] = field(default_factory=list)


def batches(rows: Iterator[Sequence[Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Rows of cells as record batches of at most some thousand rows or some megabytes."""
    held: list[Sequence[Any]] = []
    chars = 0
    for row in rows:
        held.append(row)
        chars += sum(len(cell) for cell in row if isinstance(cell, str)) + 8
        if len(held) >= BATCH_ROWS or chars >= BATCH_CHARS:
            yield _batch(held, schema)
            held, chars = [], 0
    if held:
        yield _batch(held, schema)


def _batch(rows: list[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def gather(schema: pa.Schema, source: Iterable[pa.RecordBatch], spool: Path | None) -> pa.Table:
    """All batches as one table; past `IN_MEMORY` bytes they go into an Arrow file, which is mapped and not loaded.

    Parameters
    ----------
    schema : pyarrow.Schema
        Of every batch.
    source : iterable of RecordBatch
        Taken one at a time.
    spool : Path or None
        Folder for that file; the system's temporary folder when None. The file is unlinked as soon as it is mapped.

    Raises
    ------
    MachineError
        The spool cannot be written.
    """
    held: list[pa.RecordBatch] = []
    size = 0
    rest = iter(source)
    for batch in rest:
        held.append(batch)
        size += batch.get_total_buffer_size()
        if size > IN_MEMORY:
            return _spooled(schema, held, rest, spool)
    return pa.Table.from_batches(held, schema)


def _spooled(schema: pa.Schema, held: list[pa.RecordBatch], rest: Iterator[pa.RecordBatch], spool: Path | None) -> pa.Table:
    name = ""
    try:
        if spool is not None:
            spool.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix="rows-", suffix=".arrow", dir=spool)
        with os.fdopen(number, "wb") as file, pa.ipc.new_file(file, schema) as writer:
            while held:
                writer.write_batch(held.pop(0))
            for batch in rest:
                writer.write_batch(batch)
        return pa.ipc.open_file(pa.memory_map(name)).read_all()
    except OSError as error:
        where = spool or tempfile.gettempdir()
        raise MachineError(
            f"rows cannot be spooled into {where}: {error.strerror or one_line(error)}.", hint="free some space there."
        ) from error
    finally:
        if name and os.name != "nt":  # the mapping keeps the content
            Path(name).unlink(missing_ok=True)


def unique_names(header: Sequence[str], name: str, notes: list[str]) -> list[str]:
    """Column names that are neither empty nor equal, with a note for each name that had to be changed."""
    if len(header) > MAX_COLUMNS:
        raise InputError(f"{name} has {len(header)} columns; at most {MAX_COLUMNS} are read.", hint="keep the columns that matter.")
    if not any(cell.strip() for cell in header):
        raise InputError(f"{name} holds no rows: its first line names no column.", hint="the first line must name the columns.")
    counts: dict[str, int] = {}  # each name and how often it was wanted
    renamed = []
    for number, cell in enumerate(header, 1):
        wanted = unique = cell.strip() or f"column {number}"
        while unique in counts:
            counts[wanted] += 1
            unique = f"{wanted} ({counts[wanted]})"
        counts[unique] = 1
        if unique != cell.strip():
            renamed.append(
                f"column {number}, {'named ' + repr(wanted) + ' again' if cell.strip() else 'without a name'}, is called {unique!r}"
            )
    notes += renamed[:5] + ([f"and {len(renamed) - 5} more columns were given names"] if len(renamed) > 5 else [])
    return list(counts)


def note_blank(notes: list[str], blank: int) -> None:
    """Note how many blank lines were left out, when there were any."""
    if blank:
        notes.append(f"{blank} blank line{'s' * (blank != 1)} left out")
