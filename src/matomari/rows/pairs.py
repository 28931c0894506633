"""Pairs of texts that belong together, for contrastive training: anchors, positives, and negatives where a file has them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import InputError
from ..store.strictjson import parse_json
from ..wording import one_line
from .files.lines import mend
from .files.spool import gather
from .pair_columns import Roles, find_roles, holds_lists, number
from .read import open_source

_MADE = pa.schema([("anchor", pa.string()), ("positive", pa.string()), ("negatives", pa.list_(pa.string())), ("source", pa.string())])
_SHOWN = 5
_BATCH = 1024  # a row of lists becomes as many pairs as it has positives


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that have been read and checked: no text is empty and no pair occurs twice.

    Parameters
    ----------
    anchors : pyarrow.ChunkedArray of string, shape (n,)
        Queries, questions or titles.
    positives : pyarrow.ChunkedArray of string, shape (n,)
        The text that belongs to each anchor; never equal to it.
    negatives : pyarrow.ChunkedArray of list of string, shape (n,), or None
        Texts known not to belong to each anchor, [] if there are none; None if there is no such column.
    source : pyarrow.ChunkedArray of string, shape (n,), or None
        The data set of each pair, "" if none is named; None unless a column names several.
    notes : list of str
        What was decided and left out, for people.
    """

    anchors: pa.ChunkedArray
    positives: pa.ChunkedArray
    negatives: pa.ChunkedArray | None
    source: pa.ChunkedArray | None
    notes: list[str]

    def __len__(self) -> int:
        return len(self.anchors)


def read_pairs(source: Any, *, columns: Sequence[str] | None = None) -> Pairs:
    """Read pairs for contrastive training from a file, standard input, or a table in memory.

    Columns are recognised by name: anchor or query with positive, query with pos (lists of str, one pair for each), question or query with
    answer, sentence1 with sentence2, title with body; of a table of two columns the first holds the anchors. Negatives are looked for in negative,
    negative_1 …, and neg (lists of str). Where a column label or score holds 0 and 1, the rows with 1 are the pairs.

    Parameters
    ----------
    source : path, "-", or table
        Whatever `read` takes that has columns.
    columns : (str, str), optional
        The columns of anchors and of positives; found by their names when left out.

    Returns
    -------
    Pairs
        In the order of the rows, which messages count from 1 as those of `read` do: without the header and without blank lines.

    Raises
    ------
    InputError
        The columns are missing or do not hold text, the scores are graded, or more than half of the rows are not pairs. The first such
        row and its column are named.

    Examples
    --------
    >>> import pyarrow as pa
    >>> pairs = read_pairs(pa.table({"question": ["How long?", "", "How long?"], "answer": ["A mile.", "Two.", "A mile."]}))
    >>> pairs.anchors.to_pylist(), pairs.positives.to_pylist()
    (['How long?'], ['A mile.'])
    >>> pairs.notes[1:]
    ["1 bad pair left out: row 2 (column 'question' is empty)", '1 exact duplicate pair left out']
    """
    reading, name = open_source(source)
    table = gather(reading.schema, reading.batches, None)
    if not table.num_rows:
        raise InputError(f"{name} holds no rows.", hint="give at least one row below the names of the columns.")
    notes = reading.notes
    roles = find_roles(table, name, columns, notes)
    sieve = _Sieve(roles)
    pairs = gather(_MADE, _walk(table, roles, sieve, name), None)
    sieve.settle(name, notes)
    if sieve.extra:
        pairs = gather(_MADE, _with_extra(pairs, sieve.extra), None)
    several = pc.count_distinct(pairs["source"].filter(pc.not_equal(pairs["source"], ""))).as_py() > 1
    negatives, sources = pairs["negatives"] if roles.negatives else None, pairs["source"] if several else None
    return Pairs(anchors=pairs["anchor"], positives=pairs["positive"], negatives=negatives, source=sources, notes=notes)


def _walk(table: pa.Table, roles: Roles, sieve: _Sieve, name: str) -> Iterator[pa.RecordBatch]:
    row = 0
    try:
        for batch in table.select(roles.all).to_batches(max_chunksize=_BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            pair_columns: list[list[Any]] = [[] for _ in _MADE]
            for cells in zip(*columns, strict=True):
                row += 1
                for pair in sieve.take(row, dict(zip(roles.all, cells, strict=True))):
                    for column, cell in zip(pair_columns, pair, strict=True):
                        column.append(cell)
            yield pa.RecordBatch.from_arrays([pa.array(c, f.type) for c, f in zip(pair_columns, _MADE, strict=True)], schema=_MADE)
    except (pa.ArrowException, UnicodeError) as error:
        raise InputError(f"the text of {name} cannot be read after row {row}: {one_line(error)}.", hint="look at the row.") from error


class _Sieve:
    """Passes each good pair once, and counts and records the rejected ones."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self._places: dict[bytes, int] = {}  # position of each accepted pair, by its digest
        self.extra: dict[int, list[str]] = {}  # negatives of duplicates, by the position of the pair that was kept
        self._faults: list[str] = []
        self._rows = self._useless = self._bad = self._zero = self._twice = self._own = 0

    def take(self, row: int, cells: dict[str, Any]) -> Iterator[tuple[str, str, list[str], str]]:
        """The pairs of one row, whose cells are given by column."""
        roles = self._roles
        if roles.score is not None and number(cells[roles.score]) == 0:
            self._zero += 1
            return
        self._rows += 1
        good = False
        try:
            anchor, positives, negatives = self._parts(cells)
        except ValueError as error:
            self._hold_back(row, error)
            positives = []
        for cell in positives:
            try:
                positive = _text(cell, roles.positive)
                if positive.strip() == anchor.strip():
                    raise ValueError(f"columns {roles.anchor!r} and {roles.positive!r} hold the same")
            except ValueError as error:
                self._hold_back(row, error)
                continue
            good = True
            others = [negative for negative in negatives if negative != positive]
            self._own += len(negatives) - len(others)
            if self._is_new(anchor, positive, others):
                name = cells[roles.source] if roles.source else None
                yield anchor, positive, others, "" if name is None else str(name)
        self._useless += not good

    def _parts(self, cells: dict[str, Any]) -> tuple[str, list[Any], list[str]]:
        roles = self._roles
        if roles.score is not None and math.isnan(number(cells[roles.score])):
            raise ValueError(f"column {roles.score!r} holds no number")
        anchor, cell = _text(cells[roles.anchor], roles.anchor), cells[roles.positive]
        positives: list[Any] = (_strings(cell, roles.positive) or [None]) if holds_lists(roles.positive) else [cell]
        negatives: dict[str, None] = {}
        for column in roles.negatives:
            texts = _strings(cells[column], column) if holds_lists(column) else [cells[column]]
            negatives.update((_text(text, column), None) for text in texts if text and text.strip())
        return anchor, positives, list(negatives)

    def _hold_back(self, row: int, error: ValueError) -> None:
        self._bad += 1
        if len(self._faults) < _SHOWN:
            self._faults.append(f"row {row} ({error})")

    def _is_new(self, anchor: str, positive: str, negatives: list[str]) -> bool:
        pair = hashlib.blake2b(f"{len(anchor)} {anchor}{positive}".encode(), digest_size=16).digest()
        fresh = len(self._places)
        place = self._places.setdefault(pair, fresh)
        if place != fresh:
            self._twice += 1
            if negatives:
                self.extra.setdefault(place, []).extend(negatives)
        return place == fresh

    def settle(self, name: str, notes: list[str]) -> None:
        """Note the rejected pairs; InputError if they are all or most of the pairs."""
        if not self._rows:
            raise InputError(f"{name} has no pairs: column {self._roles.score!r} holds 0 in every row.", hint="rows with 1 are the pairs.")
        if 2 * self._useless > self._rows:
            raise InputError(
                f"{self._useless} of {self._rows} rows of {name} are no pairs, first {self._faults[0]}.",
                hint="repair or remove those rows, or name other columns with columns=(anchors, positives).",
            )
        if self._bad:
            more = f" and {self._bad - _SHOWN} more" if self._bad > _SHOWN else ""
            notes.append(f"{_count(self._bad, 'bad pair')} left out: {', '.join(self._faults)}{more}")
        if self._zero:
            notes.append(f"{_count(self._zero, 'row')} left out, where column {self._roles.score!r} holds 0")
        if self._twice:
            suffix = ", their negatives kept with the first" * bool(self.extra)
            notes.append(f"{_count(self._twice, 'exact duplicate pair')} left out{suffix}")
        if self._own:
            notes.append(f"{_count(self._own, 'negative')} left out, equal to the positive")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _text(cell: str | None, column: str) -> str:
    if cell is None or not cell.strip():
        raise ValueError(f"column {column!r} is empty")
    if cell.startswith("[") and _is_list(cell):  # readers return lists as JSON, and training on brackets would go unnoticed
        raise ValueError(f"column {column!r} holds a list, not text")
    return cell


def _is_list(cell: str) -> bool:
    try:
        return bool(_strings(cell, ""))
    except ValueError:
        return False


def _strings(cell: Any, column: str) -> list[str]:
    value = cell
    try:
        if isinstance(cell, str):
            value = parse_json(cell) if cell.strip() else []
    except ValueError:
        value = None
    if cell is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"column {column!r} is not a list of strings")
    return [mend(item) for item in value]


def _with_extra(table: pa.Table, extra: dict[int, list[str]]) -> Iterator[pa.RecordBatch]:
    """The same pairs with the negatives of their duplicates added."""
    place = 0
    for batch in table.to_batches():
        rows = enumerate(batch.column("negatives").to_pylist(), place)
        negatives = [list(dict.fromkeys([*known, *extra.get(at, [])])) for at, known in rows]
        place += len(batch)
        yield batch.set_column(2, "negatives", pa.array(negatives, _MADE.field("negatives").type))
