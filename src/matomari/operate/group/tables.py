"""The tables of items and of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...cluster.membership import Membership
from ...rows.read import JOINER, Rows
from ..tables import input_columns

ASSIGNED = ("id", "cluster", "cluster_name", "confidence", "margin", "runner_up", "runner_up_name")
OURS = (*ASSIGNED, "coarser", "coarser_name", "finer", "finer_name", "x", "y", "neighbors")
NEIGHBORS = pa.struct([("ids", pa.list_(pa.int64())), ("distances", pa.list_(pa.float32()))])


def named(labels: NDArray[Any], names: list[str]) -> pa.Array:
    """The name of each label as a dictionary column; null for -1."""
    indices = pa.array(np.where(labels < 0, 0, labels).astype(np.int32), mask=labels < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names or [""], pa.string())).cast(pa.string())


def assigned_table(rows: Rows, placed: Membership, names: list[str]) -> pa.Table:
    """New rows with the group that each was given."""
    return pa.table({"id": rows.ids, **input_columns(rows, ASSIGNED), **group_columns(placed, names)})


def group_columns(member: Membership, names: list[str]) -> dict[str, pa.Array]:
    """`cluster` to `runner_up_name` of each row."""
    return {
        "cluster": pa.array(member.label.astype(np.int64)),
        "cluster_name": named(member.label, names),
        "confidence": pa.array(member.strength.astype(np.float32)),
        "margin": pa.array((member.strength - member.runner_strength).clip(0, 1).astype(np.float32)),
        "runner_up": pa.array(member.runner_up.astype(np.int64)),
        "runner_up_name": named(member.runner_up, names),
    }


def texts_of(table: pa.Table, columns: Sequence[str]) -> list[str]:
    """The text of each row of a table of items."""
    cells = [table[c if c in table.column_names else f"input_{c}"].cast(pa.string()).to_pylist() for c in columns]
    if len(cells) == 1:
        return [cell or "" for cell in cells[0]]
    return [JOINER.join(cell for cell in row if cell and cell.strip()) for row in zip(*cells, strict=True)]
