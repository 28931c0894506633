"""The report in a real browser: it opens from disk, asks for nothing, shows hostile text as text, and obeys mouse and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders.report_reader import EDGES, Reader, make, needs_chromium
from matomari.operate.group.page import write

pytestmark = [
    pytest.mark.long,
    needs_chromium,
]


def test_opens_on_the_least_certain_texts(reader: Reader) -> None:
    assert reader.text(".outcome") == "600 texts fell into 6 groups; 62 are uncertain, 5 unassigned."
    assert reader.text("#items-title") == "Uncertain first"
    assert reader.page.locator("#items-body tr").count() == 200
    margins = reader.texts("#items-body tr td:nth-child(4)")
    assert margins == sorted(margins)
    assert set(reader.texts("#items-body .id")[:2]) == {"L-593", "L-594"}
    assert reader.text("#items-pages span") == "1–200 of 595"
    assert reader.page.locator("#map").get_attribute("data-names") == "6"


def test_the_groups_sort_by_every_column(reader: Reader) -> None:
    heads = reader.page.locator("#groups-heads th")
    assert reader.texts("#groups-heads th") == ["Name", "Size", "Keywords", "Cohesion", "Stability", "Coarser"]
    assert reader.texts("#groups-body .open")[0] == "about top-up 5"
    assert heads.nth(1).get_attribute("aria-sort") == "descending"
    heads.nth(1).locator("button").click()
    assert reader.texts("#groups-body .open")[0] == "about card 0"
    assert heads.nth(1).get_attribute("aria-sort") == "ascending"
    heads.nth(2).locator("button").click()
    assert reader.texts("#groups-body .keywords") == sorted(reader.texts("#groups-body .keywords"))
    assert heads.nth(1).get_attribute("aria-sort") == "none"
    heads.nth(3).locator("button").click()
    cohesion = reader.texts("#groups-body .cohesion")
    assert cohesion == sorted(cohesion, reverse=True)
    assert cohesion[0] == "0.90"
    heads.nth(5).locator("button").click()
    assert reader.texts("#groups-body .parent") == ["north"] * 3 + ["south"] * 3


def test_the_groups_filter(reader: Reader) -> None:
    reader.page.fill("#filter", "PIN about")
    assert reader.texts("#groups-body .open") == ["about pin 3"]
    assert reader.text("#filtered") == "1 of 6 groups"
    reader.page.fill("#filter", "nothing like it")
    assert reader.text("#groups-body") == "No group."


def test_search_finds_all_words_and_marks_them(reader: Reader) -> None:
    reader.page.fill("#search", "LOST letter 1")
    reader.wait("document.getElementById('found').textContent")
    found = [i for i in range(600) if "lost" in make().texts[i] and "1" in make().texts[i]]
    assert reader.text("#found") == f"{len(found)} of 600 texts found, lit on the map"
    assert reader.page.locator("#items-body tr").count() == len(found)
    assert reader.page.locator("#items-body tr").first.locator("mark").all_text_contents() == ["Letter", "1", "lost"]
    reader.page.keyboard.press("Escape")
    assert reader.page.input_value("#search") == ""
    assert reader.text("#items-title") == "Uncertain first"


def test_a_group_opens_with_examples_and_finer_groups(reader: Reader) -> None:
    reader.page.locator("#groups-body tr[data-group='2'] .size").click()
    assert reader.text("#items-title") == "about transfer 2"
    assert reader.text("#items-words") == "transfer, help"
    assert reader.texts("#items-central li") == [f"Letter {i} about my transfer" for i in (2, 8, 14)]
    assert reader.page.locator("#groups-body tr[data-group='2']").get_attribute("aria-current") == "true"
    assert reader.text("#items-count") == "99 texts"
    assert set(reader.texts("#items-body .group")) == {"about transfer 2"}
    assert "Group: about transfer 2, 99 texts." in reader.text("#status")
    reader.page.locator("#items-chips button").filter(has_text="fine 4").click()
    assert reader.text("#items-count") == "50 texts"
    reader.page.locator("#items-chips button").filter(has_text="fine 4").click()
    assert reader.text("#items-count") == "99 texts"
    reader.page.select_option("#order", "sure")
    assert reader.texts("#items-body .id")[0] == "L-2"
    reader.page.locator("#items-body .runner button").first.click()
    assert reader.text("#items-title") == "about pin 3"
    reader.page.locator("#items-views [data-view='unassigned']").click()
    assert reader.text("#items-count") == "5 texts"


def test_the_layers_recolour_and_rename(reader: Reader) -> None:
    colours = set()
    for layer, names in (("coarser", 2), ("finer", 12), ("chosen", 6)):
        reader.page.locator(f"#layers input[value='{layer}']").check(force=True)
        reader.wait(f"document.getElementById('map').dataset.layer === '{layer}'")
        assert 1 <= int(reader.page.locator("#map").get_attribute("data-names") or 0) <= names
        colours.add(reader.page.locator("#map").screenshot())
    assert len(colours) == 3


def hover_a_dot(reader: Reader) -> tuple[float, float]:
    box = reader.page.locator("#map").bounding_box()
    assert box
    for step in range(12, 400, 6):
        x, y = box["x"] + step * box["width"] / 400, box["y"] + box["height"] / 2
        reader.page.mouse.move(x, y)
        if reader.page.locator("#tip").is_visible():
            return x, y
    raise AssertionError("no dot on the middle line of the map")


def test_a_dot_tells_its_text_and_opens_its_group(reader: Reader) -> None:
    x, y = hover_a_dot(reader)
    tip = reader.text("#tip")
    assert tip.startswith("Letter ")
    assert "group" in tip
    assert "confidence" in tip
    assert "runner-up" in tip
    reader.page.mouse.click(x, y)
    title = reader.text("#items-title")
    assert title.startswith("about ")
    assert title in tip
    reader.page.mouse.move(5, 5)
    assert not reader.page.locator("#tip").is_visible()


def zoom(reader: Reader) -> float:
    reader.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(reader.page.locator("#map").get_attribute("data-zoom") or 0)


def test_the_map_zooms_and_pans(reader: Reader) -> None:
    assert zoom(reader) == 1
    reader.page.click("#zoom-in")
    assert zoom(reader) == 1.6
    reader.page.click("#zoom-out")
    assert zoom(reader) == pytest.approx(1)
    box = reader.page.locator("#map").bounding_box()
    assert box
    reader.page.mouse.move(box["x"] + 200, box["y"] + 200)
    reader.page.mouse.wheel(0, -100)
    reader.wait("Number(document.getElementById('map').dataset.zoom) > 1.2")
    x, y = hover_a_dot(reader)
    before = reader.page.locator("#map").screenshot()
    reader.page.mouse.down()
    reader.page.mouse.move(x + 120, y + 60, steps=4)  # the dot comes along, and is under the pointer still
    reader.page.mouse.up()
    assert reader.page.locator("#map").screenshot() != before
    assert reader.text("#items-title") == "Uncertain first"  # a drag is not a click
    reader.page.click("#zoom-all")
    assert zoom(reader) == 1


def test_the_theme_turns_and_keeps_its_contrast(reader: Reader) -> None:
    for theme, turn in (("light", "Dark"), ("dark", "Light")):
        assert reader.page.evaluate("document.documentElement.dataset.theme") == theme
        assert reader.text("#theme") == turn
        for pair in ("ink paper", "soft paper", "accent paper", "accent wash", "soft wash", "ink plate", "soft plate", "ink mark"):
            text, ground = pair.split()
            assert reader.contrast(text, ground) >= 4.5, (theme, pair)
        reader.page.click("#theme")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == "light"


def test_everything_is_reached_by_keyboard(reader: Reader) -> None:
    seen = []
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        name = reader.page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.tagName")
        seen.append(name)
        if name == "map":
            reader.page.keyboard.press("+")
            assert zoom(reader) == 1.6
            reader.page.keyboard.press("ArrowLeft")
            reader.page.keyboard.press("0")
            assert zoom(reader) == 1
        if name == "open":
            reader.page.keyboard.press("ArrowDown")
            reader.page.keyboard.press("Enter")
            assert reader.text("#items-title") == "about fee 4"
            break
    assert [name for name in seen if name in {"skip", "theme", "search", "map", "zoom-in", "items-scroll", "order", "filter", "open"}] == [
        "skip", "theme", "search", "map", "zoom-in", "items-scroll", "order", "filter", "open",
    ]  # fmt: skip
    outline = reader.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_texts_turn_pages(reader: Reader) -> None:
    reader.page.locator("#items-pages [aria-label='Last page']").click()
    assert reader.text("#items-pages span") == "401–595 of 595"
    assert reader.page.locator("#items-body tr").count() == 195
    assert reader.page.locator("#items-pages [aria-label='Next page']").is_disabled()


def test_a_phone_scrolls_one_way_only(browser: Any, tmp_path: Path) -> None:
    long = make(texts=["x" * 10_000] * 600, title="very_long_name_" * 20, facts={"kind": "w" * 300, "seed": "0"}, notes=["n" * 500])
    reader = Reader(browser, write(long, tmp_path / "r.html"), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 390
    reader.page.locator("#groups-body .open").first.click()
    assert reader.text("#items-title") == "about top-up 5"
    reader.wait("Math.abs(document.getElementById('items').getBoundingClientRect().top) < 60")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 390
    reader.clean()
    reader.context.close()


@pytest.mark.parametrize("name", EDGES)
def test_the_edges_open_without_complaint(browser: Any, tmp_path: Path, name: str) -> None:
    data = EDGES[name]
    reader = Reader(browser, write(data, tmp_path / "r.html"))
    reader.wait("document.getElementById('map').dataset.zoom")
    assigned = int(np.sum(np.asarray(data.labels) >= 0))
    assert reader.text("#items-title") == ("Uncertain first" if assigned else "Unassigned")
    assert reader.text("#items-count").split()[0] == f"{assigned or len(data.texts):,}"
    assert reader.page.locator("#groups-body .open").count() == min(len(data.groups), 100)
    reader.page.locator("#groups-body .open").first.click()
    reader.page.click("#zoom-in")
    expected = max(range(len(data.groups)), key=lambda g: (data.groups[g]["size"], -g))
    assert reader.text("#items-title") == (data.groups[expected]["name"] or "(no name)")
    reader.clean()
    reader.context.close()


def test_without_scripts_the_groups_still_show(browser: Any, report: Path) -> None:
    reader = Reader(browser, report, java_script_enabled=False)
    assert reader.page.locator("noscript table tbody tr").count() == 6
    assert reader.page.locator("noscript").is_visible()
    assert not reader.page.locator("#app").is_visible()
    reader.clean()
    reader.context.close()
