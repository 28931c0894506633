"""The two tables of a grouping, and their CSV for people and spreadsheets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from ..errors import InputError
from ..rows.read import Rows
from ..store.atomic import replacing

_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?$")


def strings(table: pa.Table, column: str) -> list[str]:
    """A column of strings as a list."""
    return [str(value) for value in table[column].to_pylist()]


def numbers(table: pa.Table, column: str) -> NDArray[Any]:
    """A column of numbers as an array."""
    return np.asarray(table[column].to_numpy())


def input_columns(rows: Rows, ours: tuple[str, ...]) -> dict[str, pa.ChunkedArray]:
    """All columns of the input under their names; one that has a name of ours gets `input_` before it.

    A column that already is the id is not repeated.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    for name in rows.table.column_names:
        column = rows.table[name]
        if name == "id" and column.type == rows.ids.type and column.equals(rows.ids):
            continue
        clear = name
        while clear in ours or clear in columns:
            clear = f"input_{clear}"
        columns[clear] = column
    return columns


def write_csv(table: pa.Table, path: str | Path | BinaryIO) -> None:
    """UTF-8 CSV that a spreadsheet opens without running anything.

    A cell of text that begins like a formula (=, +, -, @) gets an apostrophe before it, numbers excepted; the Parquet file
    beside it holds the exact text. Lists and structs are written as JSON.
    """
    pa.csv.write_csv(pa.table({_safe(name): _plain(table[name]) for name in table.column_names}), path)


def write_any(table: pa.Table, path: str | Path) -> None:
    """CSV, Parquet or JSON lines, by the ending of the name; the old file stands until the new one is whole."""
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet", ".jsonl"):
        raise InputError(f"{path} must end in .csv, .parquet or .jsonl.", hint="name the output by what it should be.")
    with replacing(path) as draft:
        if kind == ".csv":
            write_csv(table, draft)
        elif kind == ".parquet":
            pa.parquet.write_table(table, draft)
        else:
            with draft.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in table.to_pylist())


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_nested(kind):
        cells = (None if cell is None else json.dumps(cell, ensure_ascii=False, default=str) for cell in column.to_pylist())
        return pa.chunked_array([pa.array(cells, pa.string())])
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_dictionary(kind):
        return pa.chunked_array(
            [pa.array([_safe(cell) for cell in chunk.to_pylist()], pa.string()) for chunk in column.chunks], pa.string()
        )
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.chunked_array([pa.array([None if cell is None else cell.hex() for cell in column.to_pylist()], pa.string())])
    return column


def _safe(cell: str | None) -> str | None:
    if cell is None or not _FORMULA.match(cell) or _NUMBER.match(cell):
        return cell
    return "'" + cell
