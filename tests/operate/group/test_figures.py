"""The drawings of the report: the right numbers in the right places, and words for those who cannot see them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

from builders.written import run_with
from matomari.operate.group.figures import figures
from matomari.operate.html.drawing import FOOT, HIGH, LEFT, ROOM, WIDE
from matomari.operate.run import GroupRun

SVG = "{http://www.w3.org/2000/svg}"
PATH = {"temperatures": [0.1, 0.2, 0.4], "distinct": [8, 4, 1], "critical": 0.3, "chosen": 0.1, "agreement": 0.75}


def drawn(run: dict[str, Any]) -> list[ET.Element]:
    return [ET.fromstring(str(figure.svg)) for figure in figures(run_with(GroupRun, **run))]


def points(svg: ET.Element) -> np.ndarray:
    line = next(e for e in svg if e.get("class") == "curve")
    return np.array([[float(v) for v in point.split(",")] for point in line.get("points", "").split()])


def at(svg: ET.Element, kind: str) -> float:
    return float(next(e for e in svg if e.get("class") == kind).get("x1", "nan"))


def test_nothing_to_draw_draws_nothing() -> None:
    assert figures(run_with(GroupRun, groups=3)) == []


def test_the_temperature_is_on_a_logarithmic_axis() -> None:
    (svg,) = drawn({"groups": 8, "path": PATH, "confidence_temperature": 0.25})
    found = points(svg)
    wide = WIDE - LEFT - 10
    np.testing.assert_allclose(found[:, 0], [LEFT, LEFT + wide / 2, LEFT + wide], atol=0.1)
    high = HIGH - FOOT - ROOM
    np.testing.assert_allclose(found[:, 1], HIGH - FOOT - high * np.array([1, 0.5, 0.125]), atol=0.1)
    assert at(svg, "mark") == pytest.approx(LEFT, abs=0.1)
    assert at(svg, "dashed") == pytest.approx(LEFT + wide * np.log(3) / np.log(4), abs=0.1)
    assert svg.get("aria-label") == "prototypes apart over temperature, from 8 at 0.1 to 1 at 0.4"


def test_the_number_of_groups_is_marked_where_it_is() -> None:
    run = {"groups": 10, "curve": [[40, 0.2], [1, 0.9], [5, 0.4], [20, 0.8]]}
    (svg,) = drawn(run)
    found = points(svg)
    assert len(found) == 3
    assert (np.diff(found[:, 0]) > 0).all()  # one group agrees with itself and says nothing
    assert found[1, 1] == pytest.approx(ROOM, abs=0.1)
    assert at(svg, "mark") == pytest.approx(LEFT + (WIDE - LEFT - 10) * np.log(2) / np.log(8), abs=0.1)
    assert "10 groups" in figures(run_with(GroupRun, **run))[0].caption


def test_the_words_name_the_numbers() -> None:
    (figure,) = figures(run_with(GroupRun, groups=8, path=PATH, confidence_temperature=0.25))
    assert all(said in figure.caption for said in ("0.3 (dashed)", "0.1 (the mark)", "0.25", "75%"))
