"""Read the input of a user as checked rows: a table, one text and one unique id per row, and notes on what was decided."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import InputError
from ..wording import one_line
from .columns import check_column, is_text, listed
from .files.reader import read_file, read_stdin
from .files.spool import Reading, gather
from .memory import from_memory

JOINER = " | "
MAX_ID = 1000
_LIKELY: tuple[str, ...] = (
    "text",
    "texts",
    "body",
    "content",
    "message",
    "description",
    "title",
    "name",
    "sentence",
    "question",
    "review",
    "comment",
)
_LIKELY += ("abstract", "summary", "本文", "テキスト", "内容", "質問", "説明", "件名", "名称", "名前")
_BATCH = 8192


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that have been read and checked.

    Parameters
    ----------
    table : pyarrow.Table, n rows
        All columns of the input, in its order.
    texts : pyarrow.ChunkedArray of string, shape (n,)
        The text of each row; "" where there is none.
    ids : pyarrow.ChunkedArray of string, shape (n,)
        A unique name for each row.
    text_columns : list of str
        The columns that the texts come from.
    notes : list of str
        What was detected and decided, for people.
    source : str
        The name of the source, for messages.
    fingerprint : str
        sha256 over texts and ids, in hex.
    """

    table: pa.Table
    texts: pa.ChunkedArray
    ids: pa.ChunkedArray
    text_columns: list[str]
    notes: list[str]
    source: str
    fingerprint: str

    def __len__(self) -> int:
        return int(self.table.num_rows)


def read(
    source: Any,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    prefer: Sequence[str] = (),
    spool: str | Path | None = None,
) -> Rows:
    """Read a file, standard input, or texts in memory, holding no more than about 100 MB of a file at a time.

    Parameters
    ----------
    source : path, "-", or texts
        A csv, tsv, jsonl, json, txt (any of them gzipped), parquet or xlsx file; "-" for standard input; a list of str,
        a numpy array, a pandas, polars or Arrow table or column, a Hugging Face dataset.
    text : str or list of str, optional
        The column or columns of text, joined by " | "; chosen, with a note, when left out.
    id : str, optional
        The column of unique ids; rows are numbered from "0" when left out.
    prefer : sequence of str
        Columns to take where `text` is left out and the source has them all, before one is chosen.
    spool : path, optional
        Folder for the mapped copy of what is too large for memory; the system's temporary folder when left out.

    Raises
    ------
    InputError
        The source cannot be read; the message names the file and, where possible, the row or line and the column.
    MachineError
        The spool cannot be written.

    Examples
    --------
    >>> rows = read(["bolt M8", "bolt M10"])
    >>> len(rows), rows.ids.to_pylist(), rows.text_columns
    (2, ['0', '1'], ['text'])
    """
    reading, name = open_source(source)
    folder = None if spool is None else Path(spool)
    table = gather(reading.schema, reading.batches, folder)
    if not table.num_rows:
        raise InputError(f"{name} holds no rows.", hint="give at least one row below the names of the columns.")
    notes = reading.notes
    if text is None:
        columns = list(prefer) if prefer and set(prefer) <= set(table.column_names) else _choose(table, name, notes)
    else:
        columns = [text] if isinstance(text, str) else list(text)
    for column in [*columns, *([] if id is None else [id])]:
        check_column(table, column, name)
    texts_and_ids = gather(_MADE, _make(table, columns, id=id, name=name, notes=notes), folder)
    if id is not None:
        _check_unique(texts_and_ids["id"], name, id)
    return Rows(
        table=table,
        texts=texts_and_ids["text"],
        ids=texts_and_ids["id"],
        text_columns=columns,
        notes=notes,
        source=name,
        fingerprint=_fingerprint(texts_and_ids),
    )


_MADE = pa.schema([("text", pa.string()), ("id", pa.string())])


def open_source(source: Any) -> tuple[Reading, str]:
    """A path, standard input or an object in memory as a table that is read in chunks, and its name."""
    if isinstance(source, str) and source == "-":
        return read_stdin(), "standard input"
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        return read_file(str(name)), str(name)
    return from_memory(source), f"the {type(source).__name__}"


def _choose(table: pa.Table, name: str, notes: list[str]) -> list[str]:
    """The column of text: the only one, otherwise one with a known name, otherwise the one with the longest texts."""
    candidates = [column.name for column in table.schema if is_text(column.type)]
    if not candidates:
        raise InputError(f"{name} has no column of text.", hint=f"it has: {listed(table)}; name one to read it as text.")
    folded = {column.casefold().strip(): column for column in reversed(candidates)}
    likely = [folded[word] for word in _LIKELY if word in folded]
    if len(candidates) == 1:
        column, why = candidates[0], "the only one"
    elif likely:
        column, why = likely[0], "by its name"
    else:
        some = table.slice(0, 20_000)
        lengths = {c: pc.mean(pc.utf8_length(some[c].cast(pa.string()))).as_py() or 0 for c in candidates}
        column = max(candidates, key=lambda c: lengths[c])
        why = "its texts are the longest"
    notes.append(f"column {column!r} is read as the text ({why})")
    return [column]


def _make(table: pa.Table, columns: list[str], id: str | None, name: str, notes: list[str]) -> Iterator[pa.RecordBatch]:
    """Texts and ids in batches, so that a large table is not copied."""
    if not columns:
        raise InputError("no column of text was given.", hint=f"{name} has: {listed(table)}.")
    start = empty = 0
    try:
        for batch in table.select(list(dict.fromkeys([*columns, *([id] if id else [])]))).to_batches(max_chunksize=_BATCH):
            texts = _joined([batch.column(c) for c in columns])
            empty += pc.sum(_blank(texts)).as_py()
            ids = [str(n) for n in range(start, start + len(batch))] if id is None else _ids(batch.column(id), start, name, id)
            yield pa.RecordBatch.from_arrays([texts, pa.array(ids, pa.string())], schema=_MADE)
            start += len(batch)
    except pa.ArrowException as error:
        raise InputError(f"the text of {name} cannot be read after row {start}: {one_line(error)}.", hint="look at the row.") from error
    if empty == start:
        raise InputError(
            f"{name} has no text in column {', '.join(map(repr, columns))}.", hint=f"choose another column; it has: {listed(table)}."
        )
    if empty:
        notes.append(f"{empty} row{'s have' if empty > 1 else ' has'} no text")


def _joined(columns: list[pa.Array]) -> pa.Array:
    texts = [column.cast(pa.string()) for column in columns]
    if len(texts) == 1:
        return pc.fill_null(texts[0], "")
    rows = zip(*(column.to_pylist() for column in texts), strict=True)
    return pa.array([JOINER.join(cell for cell in row if cell and cell.strip()) for row in rows], pa.string())


def _blank(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True)


def _ids(column: pa.Array, start: int, name: str, id: str) -> pa.Array:
    ids = column.cast(pa.string())
    missing = np.flatnonzero(np.asarray(pc.fill_null(pc.equal(ids, ""), True))) + start + 1
    if len(missing):
        rows = ", ".join(map(str, missing[:5])) + (" and more" if len(missing) > 5 else "")
        raise InputError(
            f"{name} has no id in column {id!r} in row {rows}.", hint="fill the ids, or leave the id column out to number the rows."
        )
    strange = pc.or_(pc.greater(pc.utf8_length(ids), MAX_ID), pc.match_substring(ids, "\0"))
    if pc.any(strange).as_py():
        row = int(np.flatnonzero(np.asarray(strange))[0]) + start + 1
        raise InputError(
            f"the id in row {row} of {name} is longer than {MAX_ID} characters or holds a NUL.", hint="choose another id column."
        )
    return ids


def _check_unique(ids: pa.ChunkedArray, name: str, id: str) -> None:
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    counts = pc.value_counts(ids)
    value = counts.filter(pc.greater(counts.field("counts"), 1))[0]["values"].as_py()
    rows = np.flatnonzero(np.asarray(pc.equal(ids, value))) + 1
    places = ", ".join(map(str, rows[:5])) + (" and more" if len(rows) > 5 else "")
    raise InputError(f"id {value[:100]!r} stands more than once in column {id!r} of {name}: in rows {places}.", hint="ids must be unique.")


def _fingerprint(made: pa.Table) -> str:
    """Hash lengths and bytes separately, so that neither the batches nor the ends of the texts change the meaning of the hash."""
    parts = [hashlib.sha256() for _ in range(4)]
    for batch in made.to_batches():
        for column, data, lengths in zip(batch.columns, parts[::2], parts[1::2], strict=True):
            if len(column):
                _, offsets, content = column.buffers()
                ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
                data.update(memoryview(content)[int(ends[0]) : int(ends[-1])] if content is not None else b"")
                lengths.update(np.diff(ends).astype("<i4").tobytes())
    return hashlib.sha256(b"".join(part.digest() for part in parts)).hexdigest()
