"""Exports of Label Studio, made by its own converter, and tables of corrections on the way back."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matomari.errors import InputError
from matomari.rows.gold import choice, choices, read_gold

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the SDK's own dependencies say when loaded is not ours to mend
from builders.label_studio import IDS, LABELS, NASTY, annotation, both, exported


@pytest.mark.parametrize("form", ["JSON", "JSON_MIN"])
def test_exports_come_back(form: str, tmp_path: Path) -> None:
    late = "2026-02-01T00:00:00Z"
    told = exported(
        {
            "a": [annotation("card")],
            "b": [annotation("pin", when=late), annotation("money")],  # the first in the list was made last
            "c": [annotation("card"), annotation("money", when=late, cancelled=True)],
            "d": [],
        }
    )
    file = both(tmp_path, told)[form]
    assert read_gold(file, set(IDS), choices(LABELS)) == {"a": "card", "b": "pin", "c": "card"}


@pytest.mark.parametrize("form", ["JSON", "JSON_MIN"])
def test_nasty_labels_come_back(form: str, tmp_path: Path) -> None:
    told = exported({f"r{i}": [annotation(choice(label))] for i, label in enumerate(NASTY)})
    found = read_gold(both(tmp_path, told, NASTY)[form], {f"r{i}" for i in range(len(NASTY))}, choices(NASTY))
    assert list(found.values()) == NASTY


def test_without_times_the_last_in_the_file_counts(tmp_path: Path) -> None:
    made = [{key: value for key, value in annotation(label).items() if key != "created_at"} for label in ("card", "money")]
    assert read_gold(both(tmp_path, exported({"a": made}))["JSON"], {"a"}, choices(LABELS)) == {"a": "money"}


@pytest.mark.parametrize("form", ["JSON", "JSON_MIN"])
@pytest.mark.parametrize(
    ("made", "message"),
    [
        ({"a": [annotation("card")], "z": [annotation("card")]}, "task 2 of .* is of row 'z', and there is no such row"),
        ({"a": [annotation("cash")]}, "task 1 of .* has the choice 'cash', which is no label here"),
        ({"a": [annotation("card")], "b": [annotation()]}, "task 2 of .* has no choice for row 'b'"),
        ({"a": [annotation("card", "pin")]}, "task 1 of .* has 2 choices for row 'a'"),
    ],
)
def test_what_is_wrong_with_a_task_is_said(form: str, made: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message) as told:
        read_gold(both(tmp_path, exported(made))[form], set(IDS), choices(LABELS))
    assert told.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not readable JSON"),
        (json.dumps([{"data": {"text": "x"}, "annotations": []}]), "task 1 of .* does not say which row it is"),
        (json.dumps([{"row_id": "a", "label": "card"}, 7]), "task 2 of .* does not say which row it is"),
        (json.dumps([{"data": {"row_id": "a"}, "annotations": [{"result": [{"type": "choices"}]}]}]), "the annotations of task 1"),
        (json.dumps([{"data": {"row_id": "a"}, "annotations": 7}]), "the annotations of task 1"),
    ],
)
def test_what_is_no_export_is_said(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_gold(tmp_path / "e.json", set(IDS), choices(LABELS))
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "none.json", set(IDS), choices(LABELS))


def test_tables_of_corrections(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("label,id,who\ncard,b,me\nmoney,a,me\n", encoding="utf-8")
    pq.write_table(pa.table({"id": ["b", "a"], "label": ["card", "money"]}), tmp_path / "g.parquet")
    for source in (tmp_path / "g.csv", tmp_path / "g.parquet", pa.table({"id": ["b", "a"], "label": ["card", "money"]})):
        assert read_gold(source, set(IDS), choices(LABELS)) == {"b": "card", "a": "money"}
    (tmp_path / "g.csv").write_text("label,id\ncard,b\n ,a\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2 of .* has no choice for row 'a'"):
        read_gold(tmp_path / "g.csv", set(IDS), choices(LABELS))
    (tmp_path / "g.csv").write_text("label,key\ncard,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column 'id'"):
        read_gold(tmp_path / "g.csv", set(IDS), choices(LABELS))


def test_a_task_of_another_text_is_refused(tmp_path: Path) -> None:
    """The row numbers of a file that was edited since are those of other rows."""
    file = tmp_path / "e.json"
    file.write_text(json.dumps([{"data": {"row_id": "1", "text": "lost"}, "annotations": [{"result": [one]}]} for one in CHOSEN]))
    assert read_gold(file, {"1": "lost", "2": "found"}, {"card": "card"}) == {"1": "card"}
    with pytest.raises(InputError, match=r"task 1 of .* is of 'lost', but row '1' is 'found'"):
        read_gold(file, {"1": "found"}, {"card": "card"})


def test_a_table_of_label_studio_is_read_by_our_ids(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("id,row_id,label\n1,63,card\n2,65,card\n")
    assert read_gold(file, {"1", "2", "63", "65"}, {"card": "card"}) == {"63": "card", "65": "card"}


CHOSEN = [{"type": "choices", "from_name": "label", "value": {"choices": ["card"]}}]
