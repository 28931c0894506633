"""The report of a training run: every figure where it belongs, hostile names as text, nothing asked of anybody."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders.report_reader import Reader, Tags, chromium, needs_chromium
from builders.written import run_with
from matomari.learn.pairs.difficulty import Difficulty, Stratum
from matomari.operate.html.drawing import FOOT, HIGH, LEFT, ROOM, WIDE
from matomari.operate.learn.pairs_figures import learn_figures
from matomari.operate.learn.pairs_page import render
from matomari.operate.run import PairsRun

FOUND = Difficulty(
    [
        Stratum(0, 640, 10, 0.8, 0.3, 0.01, 0.4),
        Stratum(1, 1200, 18, 0.7, 0.6, 0.125, 0.5),
        Stratum(2, 5, 0, 0.5, None, 1.0, 0.1, outlier=True),
    ],
    Stratum(-1, 1845, 28, 0.73, 0.2, 0.005, 0.02),
)
RUN: dict[str, Any] = {
    "source": "pairs.jsonl",
    "outcome": "The trained encoder was saved.",
    "encoder": "minilm",
    "pairs": 2050,
    "training_pairs": 1845,
    "steps": 60,
    "clusters": 3,
    "settings": {"batch_size": 64, "learning_rate": 2e-5, "seed": 0},
    "probe": {"queries": 205, "documents": 2049, "before": 0.41231, "after": 0.52349, "low": 0.0711, "high": 0.1502, "kept": True},
    "loss": [[10, 2.0], [20, 1.0], [60, 0.5]],
    "notes": ["205 of 2,050 pairs were held out"],
}

WRITTEN = run_with(PairsRun, **RUN)


def points(svg: Any, kind: str) -> np.ndarray:
    return np.array([[float(e.get("cx")), float(e.get("cy"))] for e in ET.fromstring(str(svg)) if e.get("class") == kind])


def test_the_difficulty_is_drawn_where_it_is() -> None:
    figure, _ = learn_figures(FOUND, [(1, 1.0), (2, 0.5)])
    hard, own = points(figure.svg, "dot"), points(figure.svg, "own")
    high = HIGH - FOOT - ROOM
    np.testing.assert_allclose(hard[:, 1], HIGH - FOOT - high * np.array([0.6, 0.3]) / 0.8, atol=0.1)  # hardest first; one has none
    np.testing.assert_allclose(own[:, 1], HIGH - FOOT - high * np.array([0.7, 0.8]) / 0.8, atol=0.1)
    assert (hard[:, 0] == own[:, 0]).all()
    assert hard[0, 0] < hard[1, 0]
    dashed = next(e for e in ET.fromstring(str(figure.svg)) if e.get("class") == "dashed")
    assert float(dashed.get("y1", "nan")) == pytest.approx(HIGH - FOOT - high * 0.2 / 0.8, abs=0.1)


def test_the_loss_is_drawn_where_it_is() -> None:
    figure = learn_figures(FOUND, [(10, 2.0), (20, 1.0), (60, 0.5)])[-1]
    line = next(e for e in ET.fromstring(str(figure.svg)) if e.get("class") == "curve")
    found = np.array([[float(v) for v in point.split(",")] for point in line.get("points", "").split()])
    np.testing.assert_allclose(found[:, 0], LEFT + (WIDE - LEFT - 10) * np.array([1, 2, 6]) / 6, atol=0.1)
    np.testing.assert_allclose(found[:, 1], HIGH - FOOT - (HIGH - FOOT - ROOM) * np.array([1, 0.5, 0.25]), atol=0.1)
    assert len(learn_figures(FOUND, [(1, 1.0)])) == 1


def test_the_page_says_what_the_run_says() -> None:
    page = render(WRITTEN, FOUND)
    text = html.unescape(re.sub(r"<[^>]+>", " ", page.split("</style>")[1]))
    words = " ".join(text.split())
    for said in (
        "0.412 NDCG@10 before",
        "0.523 after training",
        "+0.111 95 % interval +0.071 to +0.150",
        "kept the trained encoder is in the folder",
    ):
        assert said in words
    assert "205 anchors that were held out look for their positives among 2,049 texts" in words
    assert "1 1,200 18 0.700 0.600 12.5% 0.500 0 640 10 0.800 0.300 1.0% 0.400 2 5 0 0.500 – 100.0% 0.100 outlier" in words
    assert "random batches 1,845 28 0.730 0.200 0.5% 0.020" in words
    assert "205 of 2,050 pairs were held out" in words
    rejected = render(replace(WRITTEN, probe={**RUN["probe"], "kept": False}), FOUND)
    assert "<b>rejected</b><small>the start encoder is in the folder" in rejected
    assert "<b>kept</b>" not in rejected
    assert render(WRITTEN, FOUND) == page


def test_a_hostile_name_stays_text() -> None:
    evil = "<script>alert(1)</script>\x00"
    page = render(replace(WRITTEN, source=evil, outcome=evil, encoder=evil, notes=[evil]), FOUND)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;␀") == 5


def test_nothing_is_asked_of_anybody_and_only_its_own_code_runs() -> None:
    tags = Tags(render(WRITTEN, FOUND))
    assert not [(tag, held) for tag, held in tags.tags if held.keys() & {"src", "action", "onclick", "style"}]
    assert {held.get("href") for _, held in tags.tags if "href" in held} == {"data:,"}
    policy = next(held["content"] for _, held in tags.tags if held.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    for tag, _, code in tags.code:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, tag
    assert len(tags.code) == 2


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    (tmp_path / "report.html").write_text(render(WRITTEN, FOUND), encoding="utf-8")
    with chromium() as browser:
        yield Reader(browser, tmp_path / "report.html")


@pytest.mark.long
@needs_chromium
def test_it_opens_in_a_browser_and_asks_for_nothing(reader: Reader) -> None:
    reader.clean()
    assert reader.texts(".verdict b") == ["0.412", "0.523", "+0.111", "kept"]
    assert reader.page.locator("svg.drawing").count() == 2
    colour = reader.page.evaluate("getComputedStyle(document.querySelector('.drawing .curve')).fill")
    assert colour == "none"  # the style was let in
    reader.page.set_viewport_size({"width": 380, "height": 800})
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
