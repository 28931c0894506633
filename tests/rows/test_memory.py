"""Rows from lists, arrays, data frames and datasets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from builders.reading import refused, texts
from matomari.rows.read import read


def sources() -> dict[str, Callable[[], Any]]:
    import datasets

    words = ["bolt", "nut", None]
    return {
        "list": lambda: list(words),
        "tuple": lambda: tuple(words),
        "array": lambda: np.array(words, dtype=object),
        "arrow array": lambda: pa.array(words),
        "arrow chunks": lambda: pa.chunked_array([words[:1], words[1:]]),
        "arrow table": lambda: pa.table({"text": words, "n": [1, 2, 3]}),
        "arrow batch": lambda: pa.record_batch({"text": words}),
        "pandas series": lambda: pd.Series(words, index=[5, 6, 7]),
        "pandas frame": lambda: pd.DataFrame({"text": words, "n": [1, 2, 3]}, index=["x", "y", "z"]),
        "polars series": lambda: pl.Series("text", words),
        "polars frame": lambda: pl.DataFrame({"text": words, "n": [1, 2, 3]}),
        "dataset": lambda: datasets.Dataset.from_dict({"text": [*words, "more"], "n": [1, 2, 3, 4]}).select([0, 1, 2]),
        "dataset column": lambda: datasets.Dataset.from_dict({"text": words})["text"],
    }


@pytest.mark.parametrize("name", list(sources()))
def test_sources_in_memory(name: str) -> None:
    rows = read(sources()[name]())
    assert texts(rows) == ["bolt", "nut", ""]
    assert rows.text_columns == ["text"]
    assert not [c for c in rows.table.column_names if "index" in c]
    assert rows.fingerprint == read(["bolt", "nut", ""]).fingerprint
    assert "1 row has no text" in rows.notes


def test_numpy_text_and_nan() -> None:
    assert texts(read(np.array(["a", "b"]))) == ["a", "b"]
    assert texts(read(["a", float("nan"), "\ud800"])) == ["a", "", "\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize(
    "source",
    [
        [],
        [1],
        ["a", b"b"],
        [None, ""],
        7,
        None,
        {"text": ["a"]},
        b"abc",
        np.eye(2),
        np.arange(3),
        iter("ab"),
        pd.DataFrame({"x": ["a", 1]}),
        pa.table({}),
    ],
)
def test_sources_that_are_refused(source: Any) -> None:
    refused(source)


def test_the_place_of_a_wrong_item_is_named() -> None:
    assert refused(["a", "b", 3]).message == "item 2 of the list is of type int, not text."


def test_several_datasets_are_refused() -> None:
    import datasets

    many = datasets.DatasetDict({"train": datasets.Dataset.from_dict({"text": ["a"]})})
    assert "take one of them: train" in refused(many).hint
