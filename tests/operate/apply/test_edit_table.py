"""The table of edits as people and spreadsheets save it, and what is wrong with its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

import matomari
from builders.edited import names, themes, together
from matomari.errors import InputError
from matomari.operate.apply.apply import apply
from matomari.operate.apply.edits import read_edits


@pytest.fixture(scope="module")
def before() -> matomari.Grouping:
    return themes()[0]


def cells(source: Any) -> list[tuple[str, str, str, bool]]:
    return [(edit.do, edit.what, edit.to, edit.recommended) for edit in read_edits(source).edits]


AS_SAVED = {
    "plain": b"do,what,to\nrename,a,b\n",
    "semicolons, BOM and CRLF": '\ufeffdo;what;to;why\r\nrename;a;b;"because; so"\r\n'.encode(),
    "UTF-16 with tabs": "do\twhat\tto\nrename\ta\tb\n".encode("utf-16"),
    "other columns and their order": b"by,to,confidence,what,do\nme,b,.5,a,rename\n",
    "capitals and spaces": b"do,what,to\n Rename ,a,b\n",
    "empty rows below": b"do,what,to\nrename,a,b\n,,\n,,\n",
    "all quoted": b'"do","what","to"\n"rename","a","b"\n',
}


@pytest.mark.parametrize("how", AS_SAVED)
def test_a_table_as_spreadsheets_save_it(how: str, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_bytes(AS_SAVED[how])
    assert cells(file) == [("rename", "a", "b", True)]


def test_a_workbook_and_tables_in_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("do", "what", "to", "recommended"), ("move", 12, "b", True), ("merge", "a", 3, False)):
        book.active.append(row)
    book.save(tmp_path / "e.xlsx")
    frame = pd.DataFrame({"do": ["move", "merge"], "what": ["12", "a"], "to": ["b", "3"], "recommended": [True, False]})
    records = [{"do": "move", "what": 12, "to": "b", "recommended": True}, {"do": "merge", "what": "a", "to": 3, "recommended": False}]
    for source in (tmp_path / "e.xlsx", frame, pa.Table.from_pandas(frame), records):
        assert cells(source) == [("move", "12", "b", True), ("merge", "a", "3", False)]


def test_the_apostrophe_before_a_formula_is_taken_off(tmp_path: Path) -> None:
    from matomari.operate.tables import write_csv

    file = tmp_path / "e.csv"
    written = ["=1+1", "+49 30 1", "-x", "@cmd", "'quoted'", "it's"]
    write_csv(pa.table({"do": ["rename"] * 6, "what": written, "to": written}), file)
    assert "'=1+1" in file.read_text()
    assert [edit.what for edit in read_edits(file).edits] == written
    assert [edit.to for edit in read_edits(file).edits] == written


@pytest.mark.parametrize(("cell", "taken"), [("true", 1), ("Yes", 1), ("1", 1), ("", 1), ("FALSE", 0), ("no", 0), ("0", 0)])
def test_recommended(cell: str, taken: int, before: matomari.Grouping) -> None:
    table = [{"do": "rename", "what": "#0", "to": "x", "recommended": cell}]
    assert (names(apply(before, table, recommended=True))[0] == "x") == bool(taken)
    every = apply(before, table)
    assert names(every)[0] == "x"
    note = "1 of 1 rows is not recommended; --recommended (recommended=True) leaves them out"
    assert (note in every.notes) == (not taken)


def test_only_some_kinds(before: matomari.Grouping) -> None:
    rows = [{"do": "rename", "what": "#0", "to": "x"}, {"do": "merge", "what": "#1", "to": "#2"}, {"do": "move", "what": "a1", "to": "#1"}]
    after = apply(before, rows, only="rename, move")
    assert names(after)[0] == "x"
    assert len(after.groups) == 3
    assert "1 of 3 rows are of other kinds than rename, move and were left out" in after.notes
    assert after.run.edits[0]["only"] == "rename, move"
    assert after.run.edits[0]["applied"] == {"rename": 1, "move": 1}
    apply(before, [*rows, {"do": "merge", "what": "nobody", "to": "#1"}], only="rename")  # a row that is not taken is not looked up
    with pytest.raises(InputError, match=r"'only' parameter of apply must be made of rename, merge, split"):
        apply(before, rows, only="rename,mvoe")


@pytest.mark.parametrize("empty", [[], "do,what,to\n", pa.table({"do": [], "what": [], "to": []})], ids=["list", "file", "table"])
def test_an_empty_table_is_fine(empty: Any, before: matomari.Grouping, tmp_path: Path) -> None:
    if isinstance(empty, str):
        (tmp_path / "e.csv").write_text(empty)
        empty = tmp_path / "e.csv"
    after = apply(before, empty)
    assert together(after) == together(before)
    assert after.items.equals(before.items)
    assert after.notes[: len(before.notes)] == before.notes
    assert after.notes[-1] == "the table holds no edit, so the groups are the same"


def test_the_digest_is_of_what_counts(before: matomari.Grouping, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("do,what,to\nrename,#0,x\n")
    (tmp_path / "b.csv").write_text("why;do;what;to\nso;rename;#0;x\n")
    (tmp_path / "c.csv").write_text("do,what,to\nrename,#0,y\n")
    first, second, third = (apply(before, tmp_path / f"{name}.csv") for name in "abc")
    assert first.run.edits[0]["digest"] == second.run.edits[0]["digest"] != third.run.edits[0]["digest"]
    again = apply(first, tmp_path / "c.csv")
    assert [record["digest"] for record in again.run.edits] == [first.run.edits[0]["digest"], third.run.edits[0]["digest"]]
    assert "applied 1 edit of a.csv: 1 renamed" in again.notes
    assert again.notes[-1] == "applied 1 edit of c.csv: 1 renamed"


WRONG = {
    "renmae,#0,x": ("row 1 of {file} asks to 'renmae', which is no edit", "did you mean 'rename'?"),
    "rename,,x": ("row 1 of {file} has an empty cell in column 'what'", "three cells"),
    "rename,#0, ": ("row 1 of {file} has an empty cell in column 'to'", "three cells"),
    "rename,aple,x": ("row 1 of {file} names 'aple', and there is no such group", "did you mean 'apple'?"),
    "rename,#3,x": ("row 1 of {file} names '#3', and there is no such group", "see groups.csv"),
    "merge,#0,nobody": ("row 1 of {file} names 'nobody', and there is no such group", "the groups are"),
    "merge,#0,0": ("row 1 of {file} merges '#0' with itself", "name two groups"),
    "split,#0,nothing": ("row 1 of {file} splits 'nothing' off '#0', and there is no such finer group", "its finer groups are"),
    "split,#0,#2": ("row 1 of {file} splits '#2' off '#0', and that finer group is in another one", "its finer groups are"),
    "split,#2,#4": ("row 1 of {file} splits '#4' off '#2', which holds nothing else", "rename the group instead"),
    "move,apple pi,#1": ("row 1 of {file} names 'apple pi', which is neither the id nor the text of a row", "did you mean 'apple pie'?"),
    "move,x1,#1": ("row 1 of {file} names row 'x1', which has no text", "without a text"),
    "move,a1,#9": ("row 1 of {file} names '#9', and there is no such group", "see groups.csv"),
    "same,a1,a5": ("row 1 of {file} names 'a1' and 'a5', which are one text", "two different ones"),
    "different,a1,zz": ("row 1 of {file} names 'zz', which is neither the id nor the text of a row", "items.csv"),
}


@pytest.mark.parametrize("row", WRONG)
def test_what_is_wrong_with_a_row(row: str, before: matomari.Grouping, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text(f"do,what,to\n{row}\n")
    message, hint = WRONG[row]
    with pytest.raises(InputError) as refused:
        apply(before, file)
    assert refused.value.message == message.format(file=file) + "."
    assert hint in refused.value.hint


def test_a_near_name_is_suggested(before: matomari.Grouping) -> None:
    name = names(before)[1]
    with pytest.raises(InputError) as refused:
        apply(before, [{"do": "rename", "what": name[:-1], "to": "x"}])
    assert refused.value.hint == f"did you mean {name!r}?"


def test_several_faults_are_counted(before: matomari.Grouping) -> None:
    rows = [("rename", "#0", "x"), ("merge", "who", "what"), ("move", "zz", "#1"), ("move", "yy", "#1")]
    with pytest.raises(InputError, match=r"^row 2 of the list of edits names 'who', .*, and 2 more rows are wrong\.\nhint"):
        apply(before, [dict(zip(("do", "what", "to"), row, strict=True)) for row in rows])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([{"do": "rename", "what": "a"}], "has no column 'to'"),
        (["rename"], "holds something that is not a dict"),
        ([{"do": "rename", "what": "#0", "to": "x", "recommended": "maybe"}], "has 'maybe' in column 'recommended'"),
        ("nowhere.csv", "nowhere.csv"),
    ],
)
def test_tables_that_are_none(source: Any, message: str, before: matomari.Grouping) -> None:
    with pytest.raises(InputError, match=message):
        apply(before, source)


def test_ids_win_over_texts() -> None:
    from builders.edited import by_hand, spot

    before, _ = by_hand([("p", "q", spot(0), 0, 0), ("q", "r", spot(1), 1, 1), ("s", "t", spot(2), 2, 2)], [0, 1, 1])
    after = apply(before, [{"do": "move", "what": "q", "to": "#2"}])
    assert together(after) == {frozenset("p"), frozenset("qs")}
    assert after.notes[-1] == ("row 1 names 'q', which is the id of one row and the text of another: the row with that id is meant")
