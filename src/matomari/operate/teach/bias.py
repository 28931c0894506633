"""Does a teacher change the texts of some people more than those of others? Its answers by the values of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...rows.columns import check_column
from ...vectors import Ints
from ..audit.rates import grouped, rates
from ..group.grouping import Grouping
from ..group.tables import OURS

LEVEL = 0.05
NAMES = {"misclustered": "changed", "issues": "recommended", "issue_rate": "recommended_rate"}


def attributes(grouping: Grouping, columns: Sequence[str], first: Ints) -> dict[str, pa.ChunkedArray]:
    """The values of columns for the first row of each item; InputError for a column that is not there."""
    table = grouping.items
    values = {}
    for name in columns:
        stored = f"input_{name}" if name in OURS else name
        if stored not in table.column_names:
            given = pa.table({c.removeprefix("input_"): table[c] for c in table.column_names if c not in OURS})
            check_column(given, name, grouping.run.source)
        values[name] = table[stored].take(pa.array(first))
        grouped(name, values[name])  # a column of too many values is refused before anybody is asked
    return values


def by_column(
    values: Mapping[str, pa.ChunkedArray], items: Ints, changed: NDArray[np.bool_], recommended: NDArray[np.bool_]
) -> list[dict[str, Any]]:
    """For each value how often the teacher's answer is another group than the item has, against all other values.

    Parameters
    ----------
    values : mapping of str to ChunkedArray, each of shape (u,)
    items : array of int64, shape (q,)
        Those that were answered.
    changed, recommended : array of bool, shape (q,)

    Returns
    -------
    list of dict
        As `matomari.operate.audit.rates.rates` has them, in words of a teacher.
    """
    asked = {name: column.take(pa.array(items)) for name, column in values.items()}
    rows = rates(asked, np.ones(len(items), bool), changed, recommended).to_pylist()
    return [{NAMES.get(key, key): value for key, value in row.items()} for row in rows]


def sentences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What differs beyond chance (Fisher's test, corrected by Holm within a column), a sentence each.

    Examples
    --------
    >>> row = {"attribute": "region", "value": "north", "rate": 0.5, "rows": 40, "difference": 0.3, "p_holm": 0.001}
    >>> sentences([row, row | {"p_holm": 0.4}])
    ["region 'north': the teacher prefers another group for 50% of 40 items, +30 points against the others (p = 0.001)"]
    """
    return [
        f"{row['attribute']} {row['value']!r}: the teacher prefers another group for {row['rate']:.0%} of {row['rows']:,} items, "
        f"{100 * row['difference']:+.0f} points against the others (p = {row['p_holm']:.2g})"
        for row in rows
        if row["p_holm"] is not None and row["p_holm"] < LEVEL
    ]
