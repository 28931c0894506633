"""A folder of images in, groups out: placed, saved, loaded, and on the command line."""

from __future__ import annotations

import base64
import csv
import dataclasses
import hashlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from builders.cli import call

pytest.importorskip("PIL", reason="the extra 'images' is not installed")
from PIL import Image

import matomari
from builders.report_data import block
from matomari.encode.image import ImageEncoder
from matomari.errors import InputError
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.operate.tables import strings
from matomari.vectors import normalise


def shapes(folder: Path, count: int = 12, seed: int = 3) -> None:
    """Three drawings (a bar that lies, one that stands, a ring), each a little different every time."""
    rng = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(12), np.arange(12))
    ring = np.hypot(across - 5.5, down - 5.5)
    drawn = {"lies": abs(down - 5.5) < 1.6, "stands": abs(across - 5.5) < 1.6, "ring": (ring > 3) & (ring < 5.5)}
    for name, where in drawn.items():
        (folder / name).mkdir(parents=True)
        for i in range(count):
            Image.fromarray((200 * where + rng.integers(0, 50, (12, 12))).astype(np.uint8)).save(folder / name / f"{i}.png")


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawings") / "images"
    shapes(folder)
    shutil.copy(folder / "ring" / "0.png", folder / "ring" / "again.png")
    (folder / "ring" / "bad.png").write_bytes(b"?")
    return folder


@pytest.fixture(scope="module")
def grouped(drawings: Path) -> matomari.Grouping:
    return matomari.group(drawings, image=True, groups=3)


def test_drawings_fall_into_their_groups(grouped: matomari.Grouping) -> None:
    assert (
        adjusted_mutual_info(np.unique(strings(grouped.items, "folder"), return_inverse=True)[1], grouped.items["cluster"].to_numpy()) == 1
    )
    run = grouped.run
    assert (run["kind"], run["kind_reason"]) == ("themes", "images are grouped by what they look like")
    assert (run["rows"], run["distinct_texts"], run["encoder"]) == (37, 36, "pixels-12x12-grey")
    assert any("'ring/bad.png'" in note for note in run["notes"])
    assert grouped.items["id"].to_pylist() == grouped.items["path"].to_pylist() == sorted(grouped.items["path"].to_pylist())
    names, examples = grouped.groups["name"].to_pylist(), grouped.groups["representative_ids"].to_pylist()
    assert names == [of[0] for of in examples]
    assert grouped.groups["keywords"].to_pylist() == [[]] * 3
    assert grouped.thumbnails is not None
    first = [strings(grouped.items, "id").index(name) for of in examples for name in of]
    assert grouped.thumbnails["item"].to_pylist()[:9] == first  # what the groups are shown by is made before the cap can strike
    assert "36 distinct images" in run["facts"]["rows"]
    assert "text" not in run["facts"]


def test_an_image_is_remembered_by_its_bytes(grouped: matomari.Grouping, drawings: Path, tmp_path: Path) -> None:
    """Labels moved by hand: what was there keeps its group under any name, what is new goes where it looks like."""
    reference = dataclasses.replace(grouped.reference, encoder=None)
    own = strings(grouped.items, "path").index("ring/0.png")
    label = int(grouped.items["cluster"][own].as_py())
    moved = reference.labels.copy()
    moved[reference.keys.index(hashlib.sha256((drawings / "ring" / "0.png").read_bytes()).hexdigest())] = (label + 1) % 3
    shutil.copy(drawings / "ring" / "0.png", tmp_path / "other name.png")
    shapes(tmp_path / "more", 2, seed=99)
    changed = dataclasses.replace(grouped, reference=dataclasses.replace(reference, labels=moved))
    table = changed.assign(tmp_path)
    placed = dict(zip(table["path"].to_pylist(), table["cluster"].to_pylist(), strict=True))
    assert placed["other name.png"] == (label + 1) % 3
    assert placed["more/ring/0.png"] == placed["more/ring/1.png"] == label
    assert len({placed[f"more/{kind}/0.png"] for kind in ("ring", "lies", "stands")}) == 3
    assert grouped.assign(tmp_path / "other name.png")["cluster"].to_pylist() == [label]
    assert grouped.assign([tmp_path / "more" / "ring" / "0.png"])["id"].to_pylist() == ["0.png"]


def test_what_makes_no_sense_of_images_is_refused(grouped: matomari.Grouping, drawings: Path) -> None:
    for settings, said in (
        ({"text": "path"}, "'text' names a column"),
        ({"id": "path"}, "'id' names a column"),
        ({"kind": "variants"}, "variants are of texts"),
        ({"encoder": object()}, "name of an encoder"),
        ({"groups": 37}, "37 groups were asked of 36 distinct images"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            matomari.group(drawings, image=True, **settings)  # type: ignore[arg-type]
        assert caught.value.hint
    with pytest.raises(InputError, match="'text' names a column"):
        grouped.assign(drawings, text="path")
    with pytest.raises(InputError, match="is a folder"):
        matomari.group(drawings)


def test_the_folder_of_results_keeps_the_thumbnails(grouped: matomari.Grouping, drawings: Path, tmp_path: Path) -> None:
    grouped.save(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    thumbs = block(page, "data")["thumbs"]
    assert sorted(map(int, thumbs)) == list(range(37))
    order = strings(grouped.items, "path")
    shown = Image.open(io.BytesIO(base64.b64decode(thumbs["5"].partition(",")[2])))
    assert np.array_equal(np.asarray(shown), np.asarray(Image.open(drawings / order[5])))
    drawings.rename(tmp_path / "elsewhere")
    try:
        again = matomari.Grouping.load(tmp_path / "out")
        assert again.report(tmp_path / "r.html").read_text(encoding="utf-8") == page
        assert again.assign(tmp_path / "elsewhere")["cluster"].to_pylist() == grouped.items["cluster"].to_pylist()
    finally:
        (tmp_path / "elsewhere").rename(drawings)


def test_the_command_line(drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert (
        call("group", str(drawings), "--image", "-o", out, "--groups", "3", "--cache", str(tmp_path / "cache"), monkeypatch=monkeypatch)
        == 0
    )
    assert "37 rows, 3 groups" in capsys.readouterr().err
    assert (
        call("assign", out, str(drawings), "-o", str(tmp_path / "new.csv"), "--cache", str(tmp_path / "cache"), monkeypatch=monkeypatch)
        == 0
    )
    assert "37 of 37 images placed in 3 groups" in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "new.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 37
    assert {row["folder"] for row in rows} == {"lies", "stands", "ring"}
    assert call("score", out, "--truth", "folder", "--json", monkeypatch=monkeypatch) == 0
    assert '"ami": 1.0' in capsys.readouterr().out
    assert call("report", out, "-o", str(tmp_path / "again.html"), monkeypatch=monkeypatch) == 0
    for words in (
        ["group", str(tmp_path / "none"), "--image"],
        ["group", str(drawings)],
        ["group", str(drawings), "--image", "--text", "a"],
    ):
        capsys.readouterr()
        assert call(*words, monkeypatch=monkeypatch) == 2
        said = capsys.readouterr().err
        assert "hint:" in said
        assert "Traceback" not in said


def test_a_deep_grouping_is_saved_loaded_and_places_images_by_its_code(tmp_path: Path) -> None:
    rng, folder = np.random.default_rng(0), tmp_path / "bars"
    folder.mkdir()
    for number in range(90):  # a bar that stands, one that lies, and a block, each somewhere
        image = rng.integers(0, 40, (10, 10)).astype(np.uint8)
        at = int(rng.integers(1, 6))
        part = [(slice(1, 9), slice(at, at + 2)), (slice(at, at + 2), slice(1, 9)), (slice(at, at + 4), slice(at, at + 4))][number % 3]
        image[part] += 180
        Image.fromarray(image).save(folder / f"{number:02d}.png")
    found = matomari.group(folder, image=True, method="soft", deep=True, groups=3, cache=tmp_path / "cache")
    assert found.run["deep"]["shape"] == [10, 10]
    assert found.run["deep"]["network"] == "conv"
    assert any("a code of 10 numbers" in note for note in found.notes)
    assert not list((tmp_path / "cache").glob("deep-*"))  # what a killed run would have gone on from
    again = matomari.Grouping.load(found.save(tmp_path / "out"))
    placed = again.assign(folder)
    assert placed["cluster"].to_pylist() == found.items["cluster"].to_pylist()
    reference, soft = again.reference, found.reference.posterior
    assert reference.code is not None
    assert soft is not None
    X = ImageEncoder("pixels-10x10-grey").encode([folder / name for name in found.items["path"].to_pylist()])
    code = reference.code.transform(normalise(X).reshape(-1, 10, 10))
    assert (soft.place(code).label == found.items["cluster"].to_numpy()).all()
    assert found.items["confidence"].to_numpy().mean() <= found.run["path"]["agreement"] + 1e-3


def test_the_deep_stage_needs_prototypes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only soft k-means has them"):
        matomari.group(["a", "b", "c"], deep=True)
