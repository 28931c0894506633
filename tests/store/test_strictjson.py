"""JSON without surprises: what is refused, and what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.folders import json_values, often, words
from matomari.errors import DamagedError
from matomari.store.formats import load_json, save_json
from matomari.store.strictjson import dump_json, parse_json


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "NaN",
        "[Infinity]",
        "[-Infinity]",
        "1e999",
        "9" * 4301,
        "[" * 33 + "]" * 33,
        "[" * 99999,
        "",
        "{",
        "[1,]",
        "1 2",
        '"\x01"',
    ],
)
def test_json_that_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "v").write_text(text)
    with pytest.raises(DamagedError, match="is not readable JSON"):
        load_json(tmp_path / "v")
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        parse_json(text)


@often
@given(json_values)
def test_json_round_trip(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    file = tmp_path_factory.getbasetemp() / "round.json"
    save_json(file, value)
    assert load_json(file) == value
    assert parse_json(dump_json(value)) == value


@often
@given(st.binary(max_size=60) | words)
def test_parser_gives_values_or_value_errors(data: bytes | str) -> None:
    try:
        parse_json(data)
    except ValueError as error:
        assert str(error)
