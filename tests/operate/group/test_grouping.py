"""A grouping saved and loaded, its report, and its CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import matomari


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_saved_and_loaded_is_the_same(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    found = request.getfixturevalue(which)
    again = matomari.Grouping.load(found.save(tmp_path / "out"))
    assert again.items.equals(found.items)
    assert again.groups.equals(found.groups)
    assert dict(again.run) == dict(found.run)
    assert (again.merges is None) == (found.merges is None)
    new = ["where is the silver card", "Hex bolt M8 x 20 zinc plated"]
    assert again.assign(new).equals(found.assign(new))  # also how sure, which tells prototypes from neighbours
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"items.csv", "items.parquet", "groups.csv", "groups.parquet", "report.html", "run.json"} <= names
    assert pq.read_table(tmp_path / "out" / "items.parquet").equals(found.items)


def test_the_report_opens_from_what_was_saved(variants: matomari.Grouping, tmp_path: Path) -> None:
    page = variants.report(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "parts.csv" in page
    assert page == (variants.save(tmp_path / "o") / "report.html").read_text(encoding="utf-8")


def test_csv_cells_cannot_be_formulas(tmp_path: Path) -> None:
    found = matomari.group(["=1+1", "+49 30 123", "@cmd", "-5", "plain"], kind="variants")
    with (found.save(tmp_path / "o") / "items.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert cells == ["'=1+1", "'+49 30 123", "'@cmd", "-5", "plain"]
    assert found.items["text"].to_pylist()[0] == "=1+1"
