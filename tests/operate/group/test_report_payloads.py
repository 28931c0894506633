"""Hostile texts stay text in a real browser (H6)."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders import BUILDERS
from builders.report_reader import Reader, make, needs_chromium
from matomari.operate.group.page import write

pytestmark = [
    pytest.mark.long,
    needs_chromium,
]


PAYLOADS = [line for line in (BUILDERS / "report_payloads.txt").read_text(encoding="utf-8").split("\n") if line]


def test_fifty_payloads_stay_text(browser: Any, tmp_path: Path) -> None:
    k = len(PAYLOADS)
    assert k >= 50
    blank = make(n=k, k=k)
    groups = [
        {**group, "name": f"n{g} {payload}", "keywords": [payload], "size": k - g}
        for g, (group, payload) in enumerate(zip(blank.groups, PAYLOADS, strict=True))
    ]
    data = dataclasses.replace(
        blank,
        title=" ".join(PAYLOADS),
        ids=[f"i{g} {payload}" for g, payload in enumerate(PAYLOADS)],
        texts=PAYLOADS,
        labels=np.arange(k),
        groups=groups,
        coarser_names=PAYLOADS[:2],
        finer_names=PAYLOADS * 2,
        facts={payload: payload for payload in PAYLOADS},
        notes=PAYLOADS,
    )
    reader = Reader(browser, write(data, tmp_path / "r.html"))
    reader.wait("document.getElementById('map').dataset.zoom")
    reader.page.select_option("#order", "row")
    reader.page.locator("#items-views [data-view='uncertain']").click()
    assert reader.texts("#items-body .text .words") == PAYLOADS
    assert reader.texts("#items-body .id") == data.ids
    assert reader.texts("#groups-body .open") == [group["name"] for group in groups]
    assert reader.texts("#groups-body .keywords") == PAYLOADS
    assert reader.texts(".notes li")[:k] == PAYLOADS
    assert reader.texts("dd") == PAYLOADS
    assert reader.text("h1") == data.title
    assert reader.page.title() == re.sub("[ \t\n]+", " ", f"{data.title} · matomari")
    box = reader.page.locator("#map").bounding_box()
    assert box
    for step in range(8, 100, 4):  # the tooltip, too
        reader.page.mouse.move(box["x"] + step * box["width"] / 100, box["y"] + box["height"] / 2)
    for row in range(0, k, 7):
        reader.page.locator("#groups-body .open").nth(row).click()
        assert reader.text("#items-title") == groups[row]["name"]
    reader.page.fill("#search", "<")
    reader.wait("document.querySelectorAll('#items-body mark').length")
    assert reader.page.evaluate("window.__pwned") is None
    foreign = "img, svg, iframe, object, embed, base, form, video, math, link:not([rel=icon])"
    assert reader.page.locator(foreign).count() == 0
    reader.clean()
    reader.context.close()
