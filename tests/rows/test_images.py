"""A folder of images becomes rows, and what cannot be read is left out and named."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="the extra 'images' is not installed")

from builders.images import bomb, noise, saved, torn
from matomari.encode.image import ImageEncoder
from matomari.errors import InputError
from matomari.rows.images import read_images


def test_a_folder_becomes_rows_sorted_by_path(tmp_path: Path) -> None:
    for name, kind in (("b/two.PNG", "PNG"), ("b/x/three.jpeg", "JPEG"), ("one.gif", "GIF"), ("a é/ö.webp", "WEBP"), ("c.tiff", "TIFF")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        noise(5, 7).save(tmp_path / name, kind)
    noise(5, 7).save(tmp_path / "d.bmp")
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / ".hidden").mkdir()
    for name in (".hidden/h.png", ".h.png"):
        noise(2, 2).save(tmp_path / name)
    rows = read_images(tmp_path)
    names = sorted(["a é/ö.webp", "b/two.PNG", "b/x/three.jpeg", "c.tiff", "d.bmp", "one.gif"])
    assert rows.ids.to_pylist() == rows.texts.to_pylist() == rows.table["path"].to_pylist() == names
    assert rows.table.column_names == ["path", "folder", "width", "height"]
    assert rows.table["folder"].to_pylist() == ["a é", "b", "b", "", "", ""]
    assert set(rows.table["width"].to_pylist()) == {7}
    assert set(rows.table["height"].to_pylist()) == {5}
    assert rows.notes == []
    assert rows.text_columns == ["path"]
    assert len(rows) == 6
    assert rows.digests == [hashlib.sha256((tmp_path / name).read_bytes()).digest() for name in names]


def test_the_fingerprint_sees_names_and_content(tmp_path: Path) -> None:
    noise(4, 4).save(tmp_path / "a.png")
    first = read_images(tmp_path).fingerprint
    assert read_images(tmp_path).fingerprint == first
    (tmp_path / "a.png").rename(tmp_path / "b.png")
    renamed = read_images(tmp_path).fingerprint
    noise(4, 4).save(tmp_path / "b.png")
    assert len({first, renamed, read_images(tmp_path).fingerprint}) == 3


BAD: dict[str, tuple[str, bytes]] = {
    "empty.png": ("it is empty", b""),
    "torn.jpg": ("truncated", torn(saved(noise(64, 64), "JPEG"))),
    "torn.png": ("truncated", torn(saved(noise(64, 64), "PNG"))),
    "torn.gif": ("", torn(saved(noise(64, 64), "GIF"))),
    "torn.webp": ("", torn(saved(noise(64, 64), "WEBP"))),
    "torn.tiff": ("", torn(saved(noise(64, 64), "TIFF"))),
    "huge.png": ("900000000 pixels", bomb(30_000, 30_000)),
    "large.png": ("9000 × 9000", bomb(9_000, 9_000)),
    "page.png": ("no image of a kind", b"%PDF-1.4\n%%EOF\n"),
    "script.jpg": ("no image of a kind", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n%%EOF\n"),
    "drawing.png": ("no image of a kind", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "words.bmp": ("no image of a kind", b"hello"),
    "zero.bmp": ("", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 0, 0, 1, 24, 0, 0, 0, 0, 0, 0)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    why, content = BAD[name]
    (tmp_path / name).write_bytes(content)
    noise(3, 3).save(tmp_path / "good.png")
    rows = read_images(tmp_path)
    assert rows.ids.to_pylist() == ["good.png"]
    assert len(rows.notes) == 1
    assert rows.notes[0].startswith(f"1 image could not be read and is left out: '{name}' (")
    assert why in rows.notes[0]
    (tmp_path / "good.png").unlink()
    with pytest.raises(InputError, match=r"can be read|cannot be read") as said:
        read_images(tmp_path)
    assert said.value.hint
    assert name in said.value.message


def test_many_bad_ones_make_one_note(tmp_path: Path) -> None:
    for name in "abcdefgh":
        (tmp_path / f"{name}.png").write_bytes(b"?")
    noise(3, 3).save(tmp_path / "z.png")
    (note,) = read_images(tmp_path).notes
    assert note.startswith("8 images could not be read and are left out: 'a.png' (")
    assert note.endswith(" and 5 more")
    assert "'c.png'" in note
    assert "'d.png'" not in note


def test_links_out_pipes_and_loops(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir(), outside.mkdir()
    noise(3, 3).save(outside / "secret.png")
    noise(3, 3).save(inside / "own.png")
    (inside / "to_file.png").symlink_to(outside / "secret.png")
    (inside / "to_folder").symlink_to(outside)
    (inside / "around").symlink_to(inside)
    (inside / "self.png").symlink_to(inside / "self.png")
    (inside / "near.png").symlink_to("own.png")
    (inside / "gone.png").symlink_to("nothing.png")
    os.mkfifo(inside / "pipe.png")
    rows = read_images(inside)
    assert rows.ids.to_pylist() == ["near.png", "own.png"]
    assert "'gone.png' (No such file or directory)" in rows.notes[0]
    assert "'pipe.png' (it is no file)" in rows.notes[0]
    assert rows.notes[1] == "2 links out of the folder not followed"


def test_no_folder_no_images(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for source, said in (
        (tmp_path, "holds no images"),
        (tmp_path / "a.txt", "is a file; images are read from a folder"),
        (tmp_path / "nowhere", "does not exist"),
        ("-", "does not exist"),
        ([], "holds no images"),
        (5, "a int holds no images"),
        ([5], "item 0 of the list is of type int"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            read_images(source)
        assert caught.value.hint


def test_one_file_and_a_list_of_files(tmp_path: Path) -> None:
    for name in ("x/b.png", "x/y/a.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        noise(3, 3).save(tmp_path / name)
    assert read_images(tmp_path / "x" / "b.png", single=True).ids.to_pylist() == ["b.png"]
    both = [str(tmp_path / "x" / "y" / "a.png"), tmp_path / "x" / "b.png"]
    rows = read_images(both)
    assert rows.ids.to_pylist() == ["y/a.png", "b.png"]
    assert rows.table["folder"].to_pylist() == ["y", ""]
    with pytest.raises(InputError, match=r"'a.png' stands 2 times"):
        read_images([both[0], both[0]])


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.png")).write_bytes(saved(noise(3, 3), "PNG"))
    rows = read_images(tmp_path)
    assert rows.ids.to_pylist() == ["a\\xff.png"]
    assert ImageEncoder("pixels-3x3-rgb").encode(rows.files).shape == (1, 27)


def test_grey_stored_as_colour_is_grey(tmp_path: Path) -> None:
    noise(8, 8, 1).convert("RGB").save(tmp_path / "a.png")
    assert read_images(tmp_path).grey
