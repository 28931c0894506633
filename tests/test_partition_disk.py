"""The noun on disk: it comes back as it was, and what is no partition is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from builders.folders import often, words
from builders.partitions import partitions, same
from matomari.errors import DamagedError, InputError
from matomari.partition import KIND, Partition
from matomari.store.artefact import load, writing
from matomari.store.formats import save_arrays, save_table


@settings(often, max_examples=40)
@given(partitions())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, p: Partition) -> None:
    folder = tmp_path_factory.mktemp("p") / "out"
    assert p.save(folder) == folder
    assert same(Partition.load(folder), p)


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    p = Partition(["a", "b"], [0, 1], [0.5, 1], np.eye(2), {"seed": 1})
    assert load(p.save(tmp_path / "a"), kind=KIND).digest == load(p.save(tmp_path / "b"), kind=KIND).digest


def test_saving_over_another(tmp_path: Path) -> None:
    Partition(["a"], [0], None, np.eye(1)).save(tmp_path / "p")
    p = Partition(["b", "c"], [0, 1])
    p.save(tmp_path / "p")
    assert same(Partition.load(tmp_path / "p"), p)


def test_a_failed_save_leaves_the_old_one(tmp_path: Path) -> None:
    old = Partition(["a"], [0])
    old.save(tmp_path / "p")
    with pytest.raises(InputError):
        Partition(["b"], [0], None, None, {"x": float("nan")}).save(tmp_path / "p")
    with pytest.raises(InputError):
        Partition(["b"], [0], None, None, {"x": object()}).save(tmp_path / "p")
    assert same(Partition.load(tmp_path / "p"), old)


def write(path: Path, items: dict[str, Any] | None, arrays: dict[str, Any] | None = None, meta: Any = None, kind: str = KIND) -> Path:
    with writing(path, kind=kind, meta={"origin": {}} if meta is None else meta) as stage:
        if items is not None:
            save_table(stage / "items.parquet", items)
        if arrays is not None:
            save_arrays(stage / "centers.safetensors", arrays)
    return path


GOOD: dict[str, Any] = {"id": ["a", "b"], "cluster": [0, 1], "strength": [1.0, 0.5]}


@pytest.mark.parametrize(
    ("items", "more"),
    [
        (None, {}),
        ({k: v for k, v in GOOD.items() if k != "cluster"}, {}),
        (GOOD | {"id": ["a", "a"]}, {}),
        (GOOD | {"cluster": [0, -7]}, {}),
        (GOOD | {"cluster": ["x", "y"]}, {}),
        (GOOD | {"strength": [1.0, 7.0]}, {}),
        (GOOD | {"strength": ["x", "y"]}, {}),
        (GOOD, {"arrays": {"other": np.eye(2)}}),
        (GOOD, {"arrays": {"centers": np.ones(2)}}),
        (GOOD, {"arrays": {"centers": np.eye(1)}}),
        (GOOD, {"meta": {"no": "origin"}}),
        (GOOD, {"meta": {"origin": 3}}),
    ],
    ids=str,
)
def test_what_is_no_partition_is_refused(tmp_path: Path, items: dict[str, Any] | None, more: dict[str, Any]) -> None:
    with pytest.raises(DamagedError) as caught:
        Partition.load(write(tmp_path / "p", items, **more))
    assert caught.value.hint


def test_a_folder_of_another_kind_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds an encoder, not a partition"):
        Partition.load(write(tmp_path / "p", GOOD, kind="encoder"))


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    Partition(["a"], [0]).save(tmp_path / "p")
    file = load(tmp_path / "p", kind=KIND).file("items.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(DamagedError):
        Partition.load(tmp_path / "p")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a matomari folder"):
        Partition.load(tmp_path / "nothing")


@often
@given(st.data())
def test_partition_round_trip(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    ids = data.draw(st.lists(words, unique_by=lambda w: str(np.str_(w)), max_size=8))
    k = data.draw(st.integers(1, 4))
    n = len(ids)
    p = Partition(
        ids,
        data.draw(hnp.arrays(np.int64, n, elements=st.integers(-1, k - 1))),
        data.draw(hnp.arrays(np.float32, n, elements=st.floats(0, 1, width=32))),
        data.draw(st.none() | hnp.arrays(np.float32, (k, 3), elements=st.floats(-9, 9, width=32))),
        {"seed": data.draw(st.integers(0, 9)), "note": data.draw(words)},
    )
    found = Partition.load(p.save(tmp_path_factory.getbasetemp() / "round"))
    for name in ("ids", "labels", "strength", "centers"):
        np.testing.assert_array_equal(getattr(found, name), getattr(p, name))
    assert dict(found.origin) == dict(p.origin)
