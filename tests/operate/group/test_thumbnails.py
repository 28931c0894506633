"""Thumbnails in the report: small, the most looked at first, and nothing else in the page."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest

from builders import report_reader

pytest.importorskip("PIL", reason="the extra 'images' is not installed")
from PIL import Image

from builders.images import noise, saved
from builders.report_data import block, make
from builders.report_reader import WORDS, Reader, chromium, needs_chromium
from matomari.errors import InputError
from matomari.operate.group.page import render, write
from matomari.operate.group.thumbnails import thumbnails
from matomari.operate.html.thumbnails import MOST, SIDE
from matomari.rows import image_file as picture


def test_thumbnails_are_small_and_carry_nothing_else(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    noise(300, 600).save(tmp_path / "wide.jpg", exif=exif, comment=b"secret")
    noise(16, 9, 1).save(tmp_path / "tiny.png")
    wide, tiny = (picture.thumbnail(tmp_path / name, SIDE) for name in ("wide.jpg", "tiny.png"))
    shown = Image.open(io.BytesIO(wide))
    assert shown.size == (48, 24)
    assert shown.format == "JPEG"
    assert b"taken" not in wide
    assert b"secret" not in wide
    assert b"Exif" not in wide
    kept = Image.open(io.BytesIO(tiny))
    assert kept.format == "PNG"
    assert np.array_equal(np.asarray(kept), np.asarray(Image.open(tmp_path / "tiny.png")))


def test_the_most_looked_at_come_first_and_the_page_has_a_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(8):
        noise(8, 8, 1).save(tmp_path / f"{i}.png")
    files = sorted(tmp_path.glob("*.png"))
    labels, margin = np.array([0, 0, 0, 0, 0, 0, -1, 1]), np.array([0.9, 0.05, 0.9, 0.01, 0.9, 0.9, 0, 0.9], np.float32)
    whole, notes = thumbnails(files, [7, 5], labels, margin)
    assert sorted(whole["item"].to_pylist()) == list(range(8))
    assert notes == []
    assert whole["item"].to_pylist()[:5] == [7, 5, 3, 1, 6]
    sizes = [len(base64.b64encode(content)) for content in whole["image"].to_pylist()]
    monkeypatch.setattr("matomari.operate.html.thumbnails.MOST", sum(sizes[:4]))
    some, notes = thumbnails(files, [7, 5], labels, margin)
    assert some["item"].to_pylist() == [7, 5, 3, 1]
    assert len(notes) == 1
    assert notes[0].startswith("the report shows 4 of 8 images")
    files[7].unlink()
    assert 7 not in thumbnails(files, [7, 5], labels, margin)[0]["item"].to_pylist()
    assert MOST <= 4_000_000


def test_the_page_holds_its_pictures_and_only_pictures() -> None:
    png = saved(noise(4, 4), "PNG")
    jpeg = saved(noise(40, 40), "JPEG")
    page = render(make(thumbnails={0: png, 11: jpeg}, noun="image"))
    thumbs = block(page, "data")["thumbs"]
    assert {int(i): base64.b64decode(uri.partition(",")[2]) for i, uri in thumbs.items()} == {0: png, 11: jpeg}
    assert [uri.partition(",")[0] for uri in thumbs.values()] == ["data:image/png;base64", "data:image/jpeg;base64"]
    assert "img-src data:;" in page
    assert "12 images fell into 3 groups" in page
    assert "An image counts as uncertain" in page
    for wrong in ({0: b"<svg onload=alert(1)>"}, {12: png}, {-1: png}):
        with pytest.raises(InputError, match="thumbnail"):
            render(make(thumbnails=wrong))


@pytest.mark.long
@needs_chromium
def test_a_browser_shows_the_pictures_and_loads_nothing(tmp_path: Path) -> None:
    shown = {0: saved(noise(16, 16, 1), "PNG"), 6: saved(noise(48, 30), "JPEG"), 593: saved(noise(48, 48), "JPEG")}
    data = report_reader.make(thumbnails=shown, noun="image", ids=[f"Letter {i} about my {WORDS[i % 6]}" for i in range(600)])
    with chromium() as browser:
        reader = Reader(browser, write(data, tmp_path / "r.html"))
        reader.wait("document.getElementById('map').dataset.zoom")
        assert reader.text(".outcome").startswith("600 images fell into 6 groups")
        assert reader.page.locator("#items-body img").count() == 1  # of the 200 least certain, the one that has a picture
        assert reader.page.locator("#items-body tr[data-item='593'] img").get_attribute("alt") == data.texts[593]
        assert reader.page.locator("#items-body .id").count() == 0  # an image's id is its path, which stands there already
        assert reader.texts("#groups-heads th")[2] == "Most central"
        assert reader.page.locator("#groups-body tr[data-group='0'] .keywords img").count() == 2
        reader.page.locator("#groups-body tr[data-group='0'] .size").click()
        central = reader.page.locator("#items-central li")
        assert central.locator("img").count() == 2
        assert reader.texts("#items-central li") == ["", "", "Letter 12 about my card"]
        widths = central.locator("img").evaluate_all("(all) => all.map((one) => one.naturalWidth)")
        assert widths == [16, 30]  # it was decoded, not merely named
        assert reader.text("#items-count") == "100 images"
        assert "texts" not in reader.page.locator("body").inner_text().lower()
        reader.clean()
