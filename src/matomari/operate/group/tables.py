"""The tables of items and of groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...rows.read import Rows
from ..tables import input_columns

OURS = (
    "id",
    "cluster",
    "cluster_name",
    "confidence",
    "margin",
    "runner_up",
    "runner_up_name",
    "coarser",
    "coarser_name",
    "finer",
    "finer_name",
    "x",
    "y",
    "neighbors",
)
NEIGHBORS = pa.struct([("ids", pa.list_(pa.int64())), ("distances", pa.list_(pa.float32()))])


def named(labels: NDArray[Any], names: list[str]) -> pa.Array:
    """The name of each label as a dictionary column; null for -1."""
    indices = pa.array(np.where(labels < 0, 0, labels).astype(np.int32), mask=labels < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names or [""], pa.string())).cast(pa.string())


def assigned_table(rows: Rows, placed: tuple[NDArray[Any], ...], names: list[str]) -> pa.Table:
    """New rows with the group each was given."""
    labels, own, runner_up, other = placed
    ours = ("id", "cluster", "cluster_name", "confidence", "margin", "runner_up", "runner_up_name")
    columns: dict[str, Any] = {"id": rows.ids, **input_columns(rows, ours)}
    columns |= group_columns(labels, own, runner_up, other, names)
    return pa.table(columns)


def group_columns(
    labels: NDArray[Any], own: NDArray[Any], runner_up: NDArray[Any], other: NDArray[Any], names: list[str]
) -> dict[str, pa.Array]:
    """`cluster` to `runner_up_name` of each row."""
    return {
        "cluster": pa.array(labels.astype(np.int64)),
        "cluster_name": named(labels, names),
        "confidence": pa.array(own.astype(np.float32)),
        "margin": pa.array((own - other).clip(0, 1).astype(np.float32)),
        "runner_up": pa.array(runner_up.astype(np.int64)),
        "runner_up_name": named(runner_up, names),
    }
