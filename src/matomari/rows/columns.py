"""Check that a column of a table exists and holds text."""

from __future__ import annotations

import difflib

import pyarrow as pa

from ..errors import InputError


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text.

    Examples
    --------
    >>> is_text(pa.string()), is_text(pa.dictionary(pa.int32(), pa.string())), is_text(pa.int64())
    (True, True, False)
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def check_column(table: pa.Table, column: str, name: str) -> None:
    """Refuse a column that the table called `name` does not have, or whose cells cannot be read as text.

    Raises
    ------
    InputError
        The hint lists the columns and the nearest name.
    """
    if column not in table.column_names:
        near = difflib.get_close_matches(str(column), table.column_names, n=1)
        asked = f"did you mean {near[0]!r}? It has: " if near else "it has: "
        raise InputError(f"{name} has no column {column!r}.", hint=f"{asked}{listed(table)}.")
    kind = table.schema.field(column).type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise InputError(f"column {column!r} of {name} holds {kind}, not text.", hint=f"choose another column; it has: {listed(table)}.")


def listed(table: pa.Table) -> str:
    """The columns of a table, for a sentence; at most 20 of them.

    Examples
    --------
    >>> listed(pa.table({"id": [1], "text": ["a"]}))
    "'id', 'text'"
    """
    names = [repr(column) for column in table.column_names[:20]]
    return ", ".join(names) + (f" and {table.num_columns - 20} more" if table.num_columns > 20 else "")
