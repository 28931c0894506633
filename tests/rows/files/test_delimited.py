"""Delimited text: cells stay text, delimiters and encodings are found."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import nasty
from builders.reading import put, texts
from matomari.rows.files import lines
from matomari.rows.read import read


def test_csv_cells_stay_text(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", 'code,text,n\n007,"a, b",1e5\n8,"c\r\nd ""e""",\n'))
    assert rows.table.to_pydict() == {"code": ["007", "8"], "text": ["a, b", 'c\r\nd "e"'], "n": ["1e5", ""]}
    assert rows.table.schema.types == [pa.string()] * 3
    assert (texts(rows), rows.ids.to_pylist(), rows.text_columns) == (["a, b", 'c\r\nd "e"'], ["0", "1"], ["text"])


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"), ("#", "hash sign")])
def test_delimiters(delimiter: str, name: str, tmp_path: Path) -> None:
    lines = [["id", "text", "price"], ["1", "a, b; c | d", "1,5"], ["2", "plain", "2,5"], ["3", "x;y", "3"]]
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter).writerows(lines)
    for ending in ("csv", "tsv", "dat"):
        rows = read(put(tmp_path, f"a.{ending}", sink.getvalue()))
        assert [list(r.values()) for r in rows.table.to_pylist()] == lines[1:]
        assert f"3 columns, delimiter {name}" in rows.notes


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", nasty.JAPANESE),
        ("utf-8-sig", nasty.JAPANESE),
        ("utf-16", nasty.JAPANESE),
        ("utf-16-le", nasty.JAPANESE),
        ("utf-16-be", nasty.FRENCH),
        ("utf-32", nasty.FRENCH),
        ("cp932", nasty.JAPANESE),
        ("euc_jp", nasty.JAPANESE),
        ("cp1252", nasty.FRENCH),
        ("latin-1", nasty.FRENCH),
        ("cp1251", "id,text\n" + "1,Каждый охотник желает знать\n2,где сидит фазан и зачем\n" * 4),
        ("gb18030", "id,text\n" + "1,这是一个用来测试编码的句子\n2,我们需要更多的文字才能判断\n" * 4),
    ],
)
def test_encodings(encoding: str, text: str, tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", text.encode(encoding)))
    assert texts(rows) == [line[1] for line in csv.reader(io.StringIO(text))][1:]
    assert rows.notes[0].startswith("encoding ")


def test_a_few_broken_bytes_are_replaced_and_noted(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", nasty.JAPANESE.encode() + b"9,caf\xe9\n"))
    assert texts(rows)[-1] == "caf\N{REPLACEMENT CHARACTER}"
    assert [note for note in rows.notes if note.startswith("line 6: bytes that do not fit")]


def test_a_character_across_the_sampled_bytes_is_whole(tmp_path: Path) -> None:
    content = "text\n" + "x" * (lines.HEAD - 6) + "é\nü\n"
    rows = read(put(tmp_path, "a.csv", content))
    assert texts(rows) == content.split("\n")[1:3]


def test_names_are_made_unique(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", "x,x,,x (2)\nshort,b,c,longer\n"))
    assert rows.table.column_names == ["x", "x (2)", "column 3", "x (2) (2)"]
    assert len([note for note in rows.notes if "is called" in note]) == 3


def test_gzip_and_txt(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.txt.gz", gzip.compress(b"one, two\r\n\r\n  three\r\n")))
    assert texts(rows) == ["one, two", "  three"]
    assert rows.table.column_names == ["text"]
    assert "1 blank line left out" in rows.notes


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_csv_round_trip(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever the csv module writes comes back; the header is plain, for a delimiter can only be found in a plain one."""
    width = data.draw(st.integers(2, 4))
    cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
    table = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))
    table[0][0] += "x"
    path = tmp_path_factory.getbasetemp() / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        end, quoting = data.draw(st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]))  # "\n" alone leaves "\r" unquoted
        csv.writer(file, lineterminator=end, quoting=quoting).writerows([[f"c{n}" for n in range(width)], *table])
    rows = read(path, text="c0")
    assert [list(row.values()) for row in rows.table.to_pylist()] == table
    assert texts(rows) == [row[0] for row in table]
