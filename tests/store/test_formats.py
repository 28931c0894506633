"""Tables, arrays and JSON on disk: the same bytes every time, and back what was put in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from builders.folders import often, small_partition, words
from matomari.errors import DamagedError, InputError
from matomari.store.artefact import load
from matomari.store.formats import load_arrays, load_json, load_table, save_arrays, save_json, save_table


def test_saved_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    for n in range(2):
        small_partition().save(tmp_path / f"p{n}")
    assert len({load(tmp_path / f"p{n}", kind="partition").digest for n in range(2)}) == 1


def test_tables_carry_no_pandas(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    save_table(tmp_path / "t", {"id": np.array(["a", "ü"]), "n": [1, 2]})
    assert b"pandas" not in (pq.read_schema(tmp_path / "t").metadata or {})
    assert load_table(tmp_path / "t")["id"].dtype.kind == "U"


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1], "b": [1, 2]},
        {"a": [1, None]},
        {"a": np.eye(2)},
        {"a": np.array([["x"]])},
        {"a": [1, "x"]},
        {"a": ["\ud800"]},
        {"a": [{}]},
    ],
)
def test_tables_that_cannot_be_kept(columns: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save_table(tmp_path / "t", columns)
    assert caught.value.hint


def test_values_that_cannot_be_kept(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    for value in (float("nan"), float("inf"), {1: 2}, {"x": b""}, {"x": np.float32(1)}, deep, 10**5000, "\ud800"):
        with pytest.raises(InputError):
            save_json(tmp_path / "v", value)
    with pytest.raises(InputError, match="safetensors cannot hold"):
        save_arrays(tmp_path / "v", {"x": np.array(["a"])})
    assert list(tmp_path.iterdir()) == []


def test_unreadable_files_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xff\x00 nothing of ours")
    os.mkfifo(tmp_path / "fifo")
    for read in (load_table, load_arrays, load_json):
        for name in ("f", "fifo", "missing", "."):
            with pytest.raises(DamagedError):
                read(tmp_path / name)


names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)


def column(n: int) -> st.SearchStrategy[Any]:
    kinds = st.sampled_from(["int8", "uint8", "int64", "uint64", "float16", "float32", "float64", "bool", ">i4"])
    return st.lists(words, min_size=n, max_size=n).map(lambda v: np.asarray(v, dtype=np.str_)) | kinds.flatmap(lambda k: hnp.arrays(k, n))


@often
@given(st.integers(0, 8).flatmap(lambda n: st.dictionaries(names, column(n), min_size=1, max_size=4)))
def test_table_round_trip(tmp_path_factory: pytest.TempPathFactory, columns: dict[str, Any]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.parquet"
    save_table(file, columns)
    found = load_table(file)
    assert list(found) == list(columns)
    for name, value in columns.items():
        np.testing.assert_array_equal(found[name], value)
        assert found[name].dtype.kind == value.dtype.kind


@often
@given(
    st.dictionaries(
        names,
        st.sampled_from(["f2", "f4", "f8", "i1", "i8", "u4", "?", ">f4"]).flatmap(
            lambda k: hnp.arrays(k, hnp.array_shapes(min_dims=0, min_side=0))
        ),
    )
)
def test_arrays_round_trip(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, Any]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.safetensors"
    save_arrays(file, {name: value.T for name, value in arrays.items()})
    found = load_arrays(file)
    assert set(found) == set(arrays)
    for name, value in arrays.items():
        np.testing.assert_array_equal(found[name], value.T)
        assert found[name].dtype == value.dtype.newbyteorder("=")
