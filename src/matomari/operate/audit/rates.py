"""Rates of misclustered rows for each value of an attribute, with intervals and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import fisher_exact

from ...errors import InputError
from ...metrics.intervals import holm, newcombe, wilson
from ...vectors import Ints

MOST_NUMBERS = 20  # different numbers that are values by themselves; more are cut into quarters
MOST_VALUES = 50  # of a column of words: more would be a table that nobody reads, and no test could find anything
SCHEMA = pa.schema(
    [("attribute", pa.string()), ("value", pa.string()), ("rows", pa.int64()), ("misclustered", pa.int64())]
    + [(name, pa.float64()) for name in ("rate", "low", "high")]
    + [("issues", pa.int64())]
    + [(name, pa.float64()) for name in ("issue_rate", "difference", "difference_low", "difference_high", "p", "p_holm")]
)


def rates(
    columns: Mapping[str, pa.ChunkedArray], told: NDArray[np.bool_], misclustered: NDArray[np.bool_], issue: NDArray[np.bool_]
) -> pa.Table:
    """How often rows are misclustered, for each value of each attribute, against all other rows.

    Parameters
    ----------
    columns : mapping of str to pyarrow.ChunkedArray, each of shape (n,)
        The attributes. Numbers of more than 20 values are cut into quarters; a row without a value is of the value null.
    told : array of bool, shape (n,)
        Rows that have a label; no other counts.
    misclustered, issue : array of bool, shape (n,)

    Returns
    -------
    pyarrow.Table
        A row for each value: `rows`, `misclustered`, `rate` with `low` and `high` (Wilson), `issues`, `issue_rate`, the `difference` from the
        other rows with `difference_low` and `difference_high` (Newcombe), `p` (Fisher's exact test, two-sided) and `p_holm`, corrected over the
        values of the attribute. Where there are no other rows the last five are null.

    Raises
    ------
    InputError
        A column of words has more than 50 different ones.

    Examples
    --------
    >>> bad = np.array([True] * 5 + [False] * 15)
    >>> table = rates({"site": pa.chunked_array([["a"] * 10 + ["b"] * 10])}, np.ones(20, bool), bad, bad)
    >>> table.select(["value", "rows", "misclustered", "rate"]).to_pylist()[0]
    {'value': 'a', 'rows': 10, 'misclustered': 5, 'rate': 0.5}
    """
    rows = [row for name, column in columns.items() for row in _attribute(name, column, told=told, misclustered=misclustered, issue=issue)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _attribute(name: str, column: pa.ChunkedArray, told: Any, misclustered: Any, issue: Any) -> list[dict[str, Any]]:
    values, codes = grouped(name, column)
    rows = []
    for code, value in enumerate(values):
        here, there = told & (codes == code), told & (codes != code)
        if here.any():
            row = _compared(int(misclustered[here].sum()), int(here.sum()), int(misclustered[there].sum()), int(there.sum()))
            row |= {"attribute": name, "value": value, "issues": int(issue[here].sum()), "issue_rate": float(issue[here].mean())}
            rows.append(row)
    if len(rows) > 1:
        for row, raised in zip(rows, holm([row["p"] for row in rows]), strict=True):
            row["p_holm"] = raised
    return rows


def _compared(count: int, total: int, other: int, others: int) -> dict[str, Any]:
    low, high = wilson(count, total)
    row: dict[str, Any] = {"rows": total, "misclustered": count, "rate": count / total, "low": low, "high": high}
    if others:
        down, up = newcombe(count, total, other, others)
        row |= {"difference": count / total - other / others, "difference_low": down, "difference_high": up}
        row["p"] = float(fisher_exact([[count, total - count], [other, others - other]]).pvalue)
    return row


def grouped(name: str, column: pa.ChunkedArray) -> tuple[list[str | None], Ints]:
    """The values of an attribute in order, null last, and which of them each row has.

    Parameters
    ----------
    name : str
        For the error.
    column : pyarrow.ChunkedArray, shape (n,)

    Raises
    ------
    InputError
        It has more than 50 values that are not numbers.

    Examples
    --------
    >>> values, codes = grouped("site", pa.chunked_array([["b", None, "a", "b"]]))
    >>> values, codes.tolist()
    (['a', 'b', None], [1, 2, 0, 1])
    """
    cells = [cell if cell and cell.strip() else None for cell in column.cast(pa.string()).to_pylist()]
    numbers = _numbers(cells)
    if numbers is not None:
        if len(np.unique(numbers[np.isfinite(numbers)])) > MOST_NUMBERS:
            return _quarters(numbers)
        cells = [cell if finite else None for cell, finite in zip(cells, np.isfinite(numbers).tolist(), strict=True)]
    known = {cell for cell in cells if cell is not None}
    if len(known) > MOST_VALUES:
        raise InputError(
            f"column {name!r} has {len(known):,} different values, and rates are compared for at most {MOST_VALUES}.",
            hint="join rare values, or choose another column; numbers are cut into quarters by themselves.",
        )
    order = sorted(known) if numbers is None else sorted(known, key=lambda cell: (float(cell), cell))
    place = {cell: code for code, cell in enumerate([*order, None])}
    return [*order, None], np.array([place[cell] for cell in cells], np.int64)


def _numbers(cells: Sequence[str | None]) -> NDArray[np.float64] | None:
    """The cells as numbers, NaN where there is none; None where one of them is something else."""
    try:
        return np.array([np.nan if cell is None else float(cell) for cell in cells])
    except ValueError:
        return None


def _quarters(numbers: NDArray[np.float64]) -> tuple[list[str | None], Ints]:
    """Four groups of about the same number of rows; equal numbers stay together, so there may be fewer."""
    there = np.isfinite(numbers)
    edges = np.unique(np.quantile(numbers[there], [0.25, 0.5, 0.75], method="inverted_cdf"))
    codes = np.full(len(numbers), len(edges) + 1, np.int64)
    codes[there] = np.searchsorted(edges, numbers[there])
    parts = [numbers[there & (codes == code)] for code in range(len(edges) + 1)]
    names: list[str | None] = [f"{part.min():.12g} to {part.max():.12g}" if len(part) else "" for part in parts]
    return [*names, None], codes
