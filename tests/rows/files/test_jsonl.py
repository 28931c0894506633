"""JSON lines and JSON arrays: types, windows, and what is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import nasty
from builders.reading import put, refused
from matomari.rows.read import read


def test_json_types(tmp_path: Path) -> None:
    values = [
        {"text": "a", "n": 1, "x": 1, "flag": True, "tags": ["é", {"k": None}], "big": 2**60},
        {"n": None, "text": None, "x": 2.5, "flag": False, "late": 10**20},
    ]
    expected = {
        "text": ["a", None],
        "n": [1, None],
        "x": [1.0, 2.5],
        "flag": [True, False],
        "tags": ['["é", {"k": null}]', None],
        "big": [2**60, None],
        "late": [None, str(10**20)],
    }
    for name, content in (("a.jsonl", nasty.rows(*values)), ("a.json", json.dumps(values, indent=2)), ("b.json", nasty.rows(*values))):
        assert read(put(tmp_path, name, content)).table.to_pydict() == expected


def test_json_array_across_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [{"text": "x" * n, "n": n, "in": [[n]]} for n in range(40)]
    path = put(tmp_path, "a.json", json.dumps(values, indent=1))
    for size in (1, 7, 64):
        monkeypatch.setattr("matomari.rows.files.jsonl._CHUNK", size)
        assert read(path).table["n"].to_pylist() == list(range(40))


@pytest.mark.parametrize("content", ["[", "[1", "[{}", "[{},", "[{},]", "[{} {}]", "[,{}]", "[{}]]", "[{}],", "{", "", "[{]}"])
def test_broken_arrays(content: str, tmp_path: Path) -> None:
    refused(put(tmp_path, "a.json", content))
