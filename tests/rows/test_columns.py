"""Which column holds the texts and which the ids."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from builders.reading import put, refused, texts
from matomari.rows.read import read


@pytest.mark.parametrize(
    ("header", "chosen", "why"),
    [
        (["body", "title"], "body", "by its name"),
        (["Title", "comment"], "Title", "by its name"),
        (["件名", "本文"], "本文", "by its name"),
        (["x", "y"], "y", "its texts are the longest"),
        (["x"], "x", "the only one"),
    ],
)
def test_choice_of_the_text(header: list[str], chosen: str, why: str) -> None:
    rows = read(pa.table({name: ["s", "longer" * n] for n, name in enumerate(header, 1)}))
    assert rows.text_columns == [chosen]
    assert f"column {chosen!r} is read as the text ({why})" in rows.notes


def test_wrong_column(tmp_path: Path) -> None:
    path = put(tmp_path, "parts.csv", "id,name\n1,a\n")
    for options in ({"text": "nmae"}, {"id": "nmae"}, {"text": ["id", "nmae"]}):
        error = refused(path, **options)
        assert error.message == f"{path} has no column 'nmae'."
        assert error.hint == "did you mean 'name'? It has: 'id', 'name'."


def test_joined_texts_skip_what_is_blank() -> None:
    rows = read(pa.table({"a": ["x", "", None, " "], "b": ["y", "z", None, "w"]}), text=["a", "b"])
    assert texts(rows) == ["x | y", "z", "", "w"]
    assert rows.text_columns == ["a", "b"]


def test_ids_are_checked(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,text\n1,a\n2,b\n1,c\n")
    assert refused(path, id="id").message == f"id '1' stands more than once in column 'id' of {path}: in rows 1, 3."
    path = put(tmp_path, "b.csv", "id,text\n1,a\n,b\n3,c\n,d\n")
    assert refused(path, id="id").message == f"{path} has no id in column 'id' in row 2, 4."
    for strange in ("x" * 2000, "a\0"):
        assert "the id in row 2 of" in refused(pa.table({"id": ["ok", strange], "text": ["a", "b"]}), id="id").message
    assert read(pa.table({"id": [7, 8], "text": ["a", "b"]}), id="id").ids.to_pylist() == ["7", "8"]
