"""The folder of an audit: the same bytes, nasty labels, its report and its drawings."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders.audits import planted, run
from builders.labels import content
from builders.report_reader import Tags
from builders.written import run_with
from matomari.operate.audit import audit as module
from matomari.operate.audit.audit import FILES
from matomari.operate.audit.figures import audit_figures, heat
from matomari.operate.run import AuditRun
from matomari.rows.gold import choice

NASTY = ["=1+1", "<script>alert(1)</script>", "a \"b\" & 'c' > d", "日本語 🙂", "x" * 3000, "bell\x07 and\nline"]


def test_the_same_input_gives_the_same_bytes_and_every_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(planted(), by=["site"]).save(tmp_path / name)
    a = content(tmp_path / "a")
    assert a == content(tmp_path / "b")
    assert set(a) == {*FILES, "manifest.json"}
    told = json.loads(a["run.json"])
    assert (told["rows"], told["issues"], told["labelled"], told["classes"], told["label_column"]) == (120, 9, 120, 5, "team")
    assert np.shape(told["curve"])[1] >= 4
    assert told["curve"][-1][0] >= told["resolution"]


def test_labels_are_part_of_the_fingerprints() -> None:
    one, two = run(planted()).run, run(planted(wrong=8)).run
    assert one["fingerprint"] == two["fingerprint"]
    assert one["labels_fingerprint"] != two["labels_fingerprint"]


def test_the_old_folder_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(planted()).save(tmp_path / "o")
    before = content(tmp_path / "o")
    monkeypatch.setattr(module, "render", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(planted(wrong=3)).save(tmp_path / "o")
    assert content(tmp_path / "o") == before


def test_nasty_labels_survive_everywhere(tmp_path: Path) -> None:
    table = planted(classes=len(NASTY), names=NASTY)
    found = run(table)
    found.save(tmp_path / "o")
    with (tmp_path / "o" / "label_issues.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["given_label"].removeprefix("'") for row in rows] == table["team"].to_pylist()
    assert {row["given_label"] for row in rows if "1+1" in row["given_label"]} == {"'=1+1"}
    assert pq.read_table(tmp_path / "o" / "label_issues.parquet")["given_label"].to_pylist() == table["team"].to_pylist()
    tree = ElementTree.parse(tmp_path / "o" / "label_studio_config.xml").getroot()
    assert [one.get("value") for one in tree[1]] == sorted(map(choice, NASTY))
    page = Tags((tmp_path / "o" / "report.html").read_text(encoding="utf-8"))
    assert [tag for tag, _ in page.tags].count("script") == 1
    for label in NASTY[:4]:
        assert label in page.words
    assert "bell␇ and\nline" in page.words
    assert "\x07" not in page.words
    assert "x" * 59 + "…" in page.words
    assert "x" * 61 not in page.words
    assert not [a for _, attrs in page.tags for a in attrs if a == "style" or a.startswith("on")]
    assert not [a for _, attrs in page.tags for a in ("src", "href") if a in attrs and not str(attrs[a]).startswith(("#", "data:"))]
    assert found.run["issues"] == 9


def test_the_report_lists_the_worst_first() -> None:
    found = run(planted(), by="site")
    words = Tags(found.report()).words
    assert found.run["headline"] == "9 of 120 labels are suspect; 5 of 5 classes own a community; 7.5% of the rows live with another class."
    assert found.run["headline"] in words
    assert repr(found) == f"Audit({found.run['headline']})"
    worst = sorted((row for row in found.label_issues.to_pylist() if row["is_label_issue"]), key=lambda row: row["label_score"])
    places = [words.index(row["text"]) for row in worst]
    assert places == sorted(places)
    for word in ("Rates by site", "north", "Suspected labels", "topic 3", *(row["nearest_correct"] for row in worst)):
        assert word in words


def cells_wide(svg: str) -> float:
    return float(re.findall(r'<rect [^>]*width="([0-9.]+)"', svg)[0])


def test_the_drawings_hold_what_they_can() -> None:
    classes = [{"label": f"c{i:02d}", "size": 4} for i in range(60)]
    cells = [
        {"label": f"c{i:02d}", "community": i if j else i + 60, "samples": 2, "owner": f"c{i:02d}" if j else "c00"}
        for i in range(60)
        for j in (0, 1)
    ]
    drawn = heat(classes, cells)
    assert drawn.svg.count("<rect") == 60
    assert drawn.svg.count("own-cell") + drawn.svg.count("foreign-cell") == 60
    assert "c39" in drawn.svg
    assert "c40" not in drawn.svg
    places = re.findall(r'class="number" transform="translate\(([0-9.]+) [0-9.]+\) rotate\(-90\)">(\d+)<', drawn.svg)
    cells_at = {float(x): int(c) for x, c in re.findall(r'<rect class="own-cell" x="([0-9.]+)".*?in community (\d+), its own', drawn.svg)}
    assert len(places) == 60
    assert len(cells_at) == 41  # 40 and a second one of c00
    numbers = {float(x) - 4: int(c) for x, c in places}
    for left, community in cells_at.items():  # the number stands over the middle of its cells
        assert min(numbers, key=lambda x: abs(x - left - (cells_wide(drawn.svg) + 1) / 2)) in [
            x for x, c in numbers.items() if c == community
        ]
    assert "the 40 most troubled of 60 classes" in drawn.caption
    assert "20 more" in drawn.caption
    assert audit_figures(run_with(AuditRun, curve=[[0.5, 2, 1.0, 0.0]], resolution=0.5)) == []
    (curve,) = audit_figures(run_with(AuditRun, curve=[[0.5, 2, 0.5, 0.3], [1, 4, 1.0, 0.1]], resolution=1.0))
    assert curve.svg.count("<polyline") == 2
    assert "mark is at 1," in curve.caption
