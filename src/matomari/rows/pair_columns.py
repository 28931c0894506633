"""Find the columns of text pairs in a table: anchors, positives, negatives, a score, and the data set of each pair."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ..errors import InputError, setting
from .columns import check_column, is_text, listed

NAMES = (
    ("anchor", "positive"),
    ("query", "positive"),
    ("query", "pos"),
    ("question", "answer"),
    ("query", "answer"),
    ("sentence1", "sentence2"),
    ("title", "body"),
)
_SCORES, _SOURCES = ("label", "score"), ("source", "dataset_name")
_NEGATIVE = re.compile(r"neg|negative(?:_(\d+))?")
_NAME_THEM = f"name the two with {setting('columns')}; a column of labels belongs to learn labels"


@dataclass(frozen=True)
class Roles:
    """The column of each role; `all` lists every column once."""

    anchor: str
    positive: str
    negatives: list[str]
    score: str | None
    source: str | None

    @property
    def all(self) -> list[str]:
        """Every column that is needed."""
        return list(dict.fromkeys([self.anchor, self.positive, *self.negatives, *filter(None, (self.score, self.source))]))


def find_roles(table: pa.Table, name: str, columns: Sequence[str] | None, notes: list[str]) -> Roles:
    """Find the columns by their names, or take the two of `columns`; what was decided is added to `notes`.

    Raises
    ------
    InputError
        There are no such columns, they do not hold text, or a score is neither 0 nor 1 and `columns` was not given.
    """
    folded = {_fold(column): column for column in reversed(table.column_names)}
    if columns is None:
        anchor, positive = _found(table, name, folded, notes)
    else:
        anchor, positive = _named(table, name, columns)
    rest = {key: column for key, column in folded.items() if column not in (anchor, positive)}
    negatives = sorted((key for key in rest if _NEGATIVE.fullmatch(key)), key=_rank)
    for column in (anchor, positive, *(rest[key] for key in negatives)):
        _check_texts(table, column, name)
    score = next((rest[key] for key in _SCORES if key in rest), None)
    if score is not None and (graded := _graded(table, score)):
        if columns is None:
            raise InputError(
                f"column {score!r} of {name} holds {graded[1]!r} in row {graded[0]}, which is neither 1 (a pair) nor 0 (not one).",
                hint=f"keep the rows whose score is high and drop the column, or give columns=({anchor!r}, {positive!r}) to take every row.",
            )
        notes.append(f"column {score!r} is not looked at, for it holds more than 0 and 1")
        score = None
    source = next((rest[key] for key in _SOURCES if key in rest and not pa.types.is_nested(table.schema.field(rest[key]).type)), None)
    return Roles(anchor=anchor, positive=positive, negatives=[rest[key] for key in negatives], score=score, source=source)


def _rank(key: str) -> tuple[int, str]:
    number = key.rpartition("_")[2]
    return int(number) if number.isdecimal() else -1, key


def _fold(column: str) -> str:
    return column.casefold().strip()


def _named(table: pa.Table, name: str, columns: Sequence[str]) -> tuple[str, str]:
    given = [columns] if isinstance(columns, str) else list(columns)
    if len(given) != 2 or not all(isinstance(column, str) for column in given) or given[0] == given[1]:
        raise InputError(f"columns is {columns!r}, not two different names.", hint=f"{_NAME_THEM}; {name} has: {listed(table)}.")
    for column in given:
        if column not in table.column_names:
            check_column(table, column, name)
    return given[0], given[1]


def _found(table: pa.Table, name: str, folded: dict[str, str], notes: list[str]) -> tuple[str, str]:
    pair = next(((folded[a], folded[b]) for a, b in NAMES if a in folded and b in folded), None)
    why = "by their names"
    if pair is None:
        special = {folded[key] for key in folded if _NEGATIVE.fullmatch(key) or key in (*_SCORES, *_SOURCES)}
        rest = [column for column in table.column_names if table.num_columns == 2 or column not in special]
        if len(rest) != 2 or not all(_may_be_text(table.schema.field(column).type) for column in rest):
            raise _no_pair(table, name, folded)
        pair, why = (rest[0], rest[1]), "the only two, in their order"
    notes.append(f"columns {pair[0]!r} and {pair[1]!r} are read as anchors and positives ({why})")
    return pair


def _no_pair(table: pa.Table, name: str, folded: dict[str, str]) -> InputError:
    texts = sum(_may_be_text(column.type) or pa.types.is_list(column.type) for column in table.schema)
    wrong = (
        "no two columns that are known as pairs" if texts > 1 else f"{'one column' if texts else 'no column'} of text, and pairs need two"
    )
    near = ""
    for names in NAMES:
        have = [next(iter(difflib.get_close_matches(key, folded, 1, 0.75)), "") for key in names]
        if all(have) and have[0] != have[1]:
            near = "did you mean " + " and ".join(f"{k!r} by {folded[h]!r}" for k, h in zip(names, have, strict=True) if k != h) + "? "
            break
    return InputError(f"{name} has {wrong}.", hint=f"{near}it has: {listed(table)}; {_NAME_THEM}.")


def _may_be_text(kind: pa.DataType) -> bool:
    return is_text(kind) or bool(pa.types.is_null(kind))


def _check_texts(table: pa.Table, column: str, name: str) -> None:
    kind = table.schema.field(column).type
    lists = holds_lists(column)
    if not _may_be_text(kind) and not (lists and (pa.types.is_list(kind) or pa.types.is_large_list(kind))):
        hint = f"lists of str belong into columns 'pos' and 'neg'; it has: {listed(table)}; {_NAME_THEM}."
        raise InputError(f"column {column!r} of {name} holds {kind}, not {'lists of str' if lists else 'text'}.", hint=hint)


def holds_lists(column: str) -> bool:
    """Whether a column of this name has a list of str in each row, as FlagEmbedding's files do."""
    return _fold(column) in ("pos", "neg")


def _graded(table: pa.Table, score: str) -> tuple[int, Any] | None:
    """The first row whose score is neither 0 nor 1, and that score; missing scores are reported elsewhere."""
    row = 0
    for chunk in table[score].chunks:
        for cell in chunk.to_pylist():
            row += 1
            if not math.isnan(value := number(cell)) and value not in (0, 1):
                return row, cell
    return None


def number(cell: Any) -> float:
    """A score as a number: nan if it is missing, inf if it is not a number."""
    word = str("" if cell is None else cell).strip().casefold()
    try:
        return float({"true": "1", "false": "0", "": "nan"}.get(word, word))
    except ValueError:
        return math.inf
