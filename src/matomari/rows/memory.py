"""Read texts and tables that are already in memory: lists, arrays and data frames, recognised by their methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import InputError
from ..wording import one_line
from .files.lines import mend
from .files.spool import Reading, batches, unique_names

_GIVE = "give a path, a list of str, a pandas, polars or Arrow table or column, or a Hugging Face dataset."


def from_memory(source: Any) -> Reading:
    """Read anything that is not a file; no data frame library is imported, and their index is left out.

    Raises
    ------
    InputError
        It is of an unknown kind, or a value in it is not text (its position is named).
    """
    kind = type(source).__name__
    try:
        if hasattr(source, "with_format") and hasattr(source, "column_names"):
            return _dataset(source)
        table = _table(source)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"the {kind} cannot be read as a table: {one_line(error)}.", hint="make each column of one type, with astype(str)."
        ) from error
    if table is not None:
        notes: list[str] = []
        names = unique_names(table.column_names, f"the {kind}", notes)
        table = table.rename_columns(names).replace_schema_metadata(None)
        return Reading(table.schema, table.to_batches(), notes)
    if isinstance(source, str | bytes | dict) or not (hasattr(source, "__len__") and hasattr(source, "__iter__")):
        raise InputError(f"a {kind} holds no rows that can be read.", hint=_GIVE)
    schema = pa.schema([("text", pa.string())])
    return Reading(schema, batches(_items(source, kind), schema))


def _table(source: Any) -> pa.Table | None:
    name = str(getattr(source, "name", None) or "text")
    if isinstance(source, pa.Table):
        return source
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if isinstance(source, pa.Array | pa.ChunkedArray):
        return pa.table({"text": source})
    if hasattr(source, "iloc"):  # pandas, whose own stream would carry the index along
        if hasattr(source, "columns"):
            return pa.Table.from_pandas(source.rename(columns=str), preserve_index=False)
        return pa.table({name: pa.array(source, from_pandas=True)})
    if hasattr(source, "__arrow_c_stream__"):
        return pa.table(source) if hasattr(source, "columns") else pa.table({name: pa.chunked_array(source)})
    return None


def _dataset(source: Any) -> Reading:
    if isinstance(source.column_names, dict):
        raise InputError(
            f"the {type(source).__name__} holds several datasets.", hint=f"take one of them: {', '.join(source.column_names)}."
        )
    tables = iter(source.with_format("arrow").iter(batch_size=1000))
    first = next(tables, None)
    if first is None:
        raise InputError("the dataset holds no rows.", hint="give a dataset with at least one row.")
    schema = first.schema.remove_metadata()

    def read() -> Iterator[pa.RecordBatch]:
        yield from first.replace_schema_metadata(None).to_batches()
        for table in tables:
            yield from table.replace_schema_metadata(None).cast(schema).to_batches()

    return Reading(schema, read())


def _items(source: Iterable[Any], kind: str) -> Iterator[tuple[str | None]]:
    if isinstance(source, np.ndarray) and source.ndim != 1:
        raise InputError(f"the array has {source.ndim} dimensions.", hint="give one text a row, in one dimension.")
    for number, item in enumerate(source):
        if isinstance(item, str):
            yield (mend(str(item)),)
        elif item is None or (isinstance(item, float) and np.isnan(item)):
            yield (None,)
        else:
            raise InputError(
                f"item {number} of the {kind} is of type {type(item).__name__}, not text.",
                hint="convert the items with str, or leave them out.",
            )
