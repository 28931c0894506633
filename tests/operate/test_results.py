"""Every result of a job can be saved, reported, read in a notebook, and opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import matomari
from builders.labels import Topics, planted

CARDS = ["lost <b>card</b>", "my card is lost", "I lost my bank card", "top up failed", "my top-up did not work", "topping up fails"]


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    labels = {"label": "team", "text": "body", "id": "key", "encoder": Topics()}
    return {
        "grouping": matomari.group(CARDS, kind="themes", groups=2),
        "audit": matomari.audit(planted(), **labels),
        "classifier": matomari.learn_labels(planted(), **labels),
    }


@pytest.mark.parametrize("name", ["grouping", "audit", "classifier"])
def test_a_result_is_saved_reported_and_opened_again(name: str, results: dict[str, Any], tmp_path: Path) -> None:
    result = results[name]
    folder = result.save(tmp_path / name)
    opened = matomari.load(folder)
    assert type(opened) is type(result)
    assert opened.notes == result.notes == list(result.run["notes"])
    page = result.report()
    assert page.startswith("<!doctype html>")
    assert (folder / "report.html").read_text(encoding="utf-8") == page
    assert opened.report(tmp_path / "page.html") == tmp_path / "page.html"
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("grouping", ["items", "groups"]),
        ("audit", ["label_issues", "classes", "class_by_community"]),
        ("classifier", ["classes"]),
    ],
)
def test_its_tables_have_the_names_of_their_files(name: str, tables: list[str], results: dict[str, Any], tmp_path: Path) -> None:
    folder = results[name].save(tmp_path / name)
    for table in tables:
        assert isinstance(getattr(results[name], table), pa.Table)
        assert (folder / f"{table}.csv").exists()


def test_a_notebook_shows_groups_and_runs_nothing(results: dict[str, Any]) -> None:
    shown = results["grouping"]._repr_html_()
    for row in results["grouping"].groups.to_pylist():
        assert f"<td style='text-align:right'>{row['size']:,}</td>" in shown
    assert "<b>" not in shown
    assert "2 groups" in shown


@pytest.mark.parametrize("name", ["audit", "classifier"])
def test_a_notebook_shows_the_outcome(name: str, results: dict[str, Any]) -> None:
    result = results[name]
    sentence = result.run.headline if name == "audit" else result.outcome
    assert result._repr_html_() == f"<p>{sentence}</p>".replace("'", "&#x27;")


def test_a_classifier_needs_no_folder(results: dict[str, Any]) -> None:
    placed = results["classifier"].assign(["2 something new"], encoder=Topics())
    assert placed["class"].to_pylist() == ["topic 2"]
