"""Parquet and xlsx: types stay, a person's view of a sheet, and what pandas reads."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.reading import refused, texts
from matomari.rows.read import read


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_pandas_reads_the_same(ending: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "text": ["bolt, M8", 'say "é"\nagain', "猫"], "more": ["x", "y", "z"]})
    path = tmp_path / f"t.{ending}"
    write = {"csv": frame.to_csv, "xlsx": frame.to_excel, "parquet": frame.to_parquet}
    if ending == "jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    else:
        write[ending](path, index=False)
    again = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet, "jsonl": lambda p: pd.read_json(p, lines=True)}[ending](
        path
    )
    rows = read(path, id="id")
    assert rows.table.to_pydict() == again.to_dict("list") == frame.to_dict("list")
    assert rows.ids.to_pylist() == ["a", "b", "c"]


def test_parquet_types_stay(tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int32()),
            "when": pa.array([datetime.date(2024, 1, 2), None]),
            "kind": pa.array(["a", "b"]).dictionary_encode(),
            "tags": [["x"], None],
            "name": pa.array(["one", None], pa.large_string()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    rows = read(tmp_path / "t.parquet")
    assert rows.table.to_pydict() == table.to_pydict()
    assert rows.table.schema.types == table.schema.types
    assert (rows.text_columns, texts(rows)) == (["name"], ["one", ""])
    assert texts(read(tmp_path / "t.parquet", text=["when", "n", "kind"])) == ["2024-01-02 | 1 | a", "b"]
    assert "holds list" in refused(tmp_path / "t.parquet", text="tags").message


def test_xlsx_shows_what_a_person_sees(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "parts"
    book.create_sheet("other").append(["never"])
    day = datetime.datetime(2024, 1, 31)
    for line in (
        ["id", "text", "v", "", None],
        [1, "a", 3.0, "under no name"],
        [2, "b", 0.1 + 0.2],
        [],
        [3, "c", day],
        [4, "d", day.replace(hour=13)],
        [5, "e", True],
    ):
        book.active.append(line)
    book.active.append([6, "f", 0.25])
    book.active.cell(8, 3).number_format = "0%"
    book.save(tmp_path / "t.xlsx")
    assert "row 2 has more cells" in refused(tmp_path / "t.xlsx").message
    book.active.cell(2, 4).value = None
    book.save(tmp_path / "t.xlsx")
    rows = read(tmp_path / "t.xlsx", id="id")
    assert rows.table["v"].to_pylist() == ["3", "0.3", "2024-01-31", "2024-01-31 13:00:00", "TRUE", "25%"]
    assert rows.ids.to_pylist() == ["1", "2", "3", "4", "5", "6"]
    assert "the first of 2 sheets, 'parts', is read" in rows.notes
    assert "1 blank row left out" in rows.notes
