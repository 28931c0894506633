"""A folder with one pointer: what it keeps, and what it does when writing fails."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders.folders import put, texts
from matomari.errors import DamagedError, InputError, MachineError
from matomari.store.artefact import load, writing


def test_content_meta_and_views(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with writing(out, kind="note", meta={"n": 1, "x": [1.5, None]}) as stage:
        (stage / "a.txt").write_text("hello")
        (stage / "part").mkdir()
        (stage / "part" / "b.txt").write_text("inner")
    found = load(out, kind="note")
    assert dict(found.meta) == {"n": 1, "x": [1.5, None]}
    assert found.files == ("a.txt", "part/b.txt")
    assert found.has("a.txt")
    assert not found.has("c.txt")
    assert found.path == out / f"results.{found.digest[:16]}"
    assert hashlib.sha256((found.path / "manifest.json").read_bytes()).hexdigest() == found.digest
    assert (out / "a.txt").readlink() == Path("CURRENT/a.txt")
    assert (out / "part" / "b.txt").read_text() == "inner"
    with pytest.raises(DamagedError, match=r"has no c\.txt"):
        found.file("c.txt")


def test_views_follow_and_old_ones_go(tmp_path: Path) -> None:
    put(tmp_path / "o", a="1", b="1")
    put(tmp_path / "o", a="2", c="2")
    assert (tmp_path / "o" / "a").read_text() == (tmp_path / "o" / "c").read_text() == "2"
    assert not os.path.lexists(tmp_path / "o" / "b")


def test_only_the_current_and_the_previous_stay(tmp_path: Path) -> None:
    for n in range(5):
        put(tmp_path / "o", a=str(n))
    kept = sorted((p / "a").read_text() for p in (tmp_path / "o").glob("results.*"))
    assert kept == ["3", "4"]


def test_a_result_being_read_is_not_swept(tmp_path: Path) -> None:
    put(tmp_path / "o", a="0")
    reading = load(tmp_path / "o", kind="note")
    for n in range(1, 5):
        put(tmp_path / "o", a=str(n))
    assert reading.file("a").read_text() == "0"
    gone = reading.path
    del reading
    put(tmp_path / "o", a="5")
    assert not gone.exists()


def test_same_content_again_and_back(tmp_path: Path) -> None:
    digests = []
    for word in ("x", "x", "y", "x"):
        put(tmp_path / "o", a=word)
        digests.append(load(tmp_path / "o", kind="note").digest)
        assert texts(tmp_path / "o") == {"a": word}
    assert digests[0] == digests[1] == digests[3] != digests[2]


def test_writing_again_repairs_a_damaged_folder(tmp_path: Path) -> None:
    put(tmp_path / "o", a="x")
    load(tmp_path / "o", kind="note").file("a").write_text("y")
    put(tmp_path / "o", a="x")
    assert texts(tmp_path / "o") == {"a": "x"}


def test_failure_leaves_the_old_content(tmp_path: Path) -> None:
    put(tmp_path / "o", a="old")
    before = sorted(p.name for p in (tmp_path / "o").iterdir())
    with pytest.raises(KeyError), writing(tmp_path / "o", kind="note") as stage:
        (stage / "a").write_text("new")
        raise KeyError("stop")
    assert texts(tmp_path / "o") == {"a": "old"}
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == before


def test_failure_of_the_first_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"o could not be written: No space left on device\."), writing(tmp_path / "o", kind="note"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not (tmp_path / "o").exists()


def test_user_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    (tmp_path / "other").write_text("mine too")
    put(tmp_path, b="ours")
    with pytest.raises(InputError, match="is already there"):
        put(tmp_path, a="ours", b="new")
    with pytest.raises(InputError, match="is already there"), writing(tmp_path, kind="note", files=["a"]):
        pytest.fail("the clash is found before the work is done")
    assert texts(tmp_path) == {"b": "ours"}
    assert (tmp_path / "a").read_text() == "mine"
    assert (tmp_path / "other").read_text() == "mine too"


@pytest.mark.parametrize("make", [lambda p: p.write_text("my notes"), lambda p: p.mkdir(), lambda p: p.symlink_to("elsewhere")])
def test_a_foreign_current_is_kept(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "CURRENT")
    with pytest.raises(InputError, match="CURRENT is not ours to replace"):
        put(tmp_path, a="ours")
    assert os.path.lexists(tmp_path / "CURRENT")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        put(tmp_path / "f", a="x")
    for path in (tmp_path / "f", tmp_path / "missing", tmp_path):
        with pytest.raises(InputError, match="is not a matomari folder"):
            load(path, kind="note")


@pytest.mark.parametrize("name", ["manifest.json", "CURRENT", "has space", ".hidden", "results.0123456789abcdef", "ключ"])
def test_names_that_cannot_be_kept(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        put(tmp_path / "o", **{name: "x"})
    assert not (tmp_path / "o").exists()


def test_links_and_fifos_in_the_stage_are_refused(tmp_path: Path) -> None:
    for make in (lambda p: p.symlink_to("/etc/passwd"), os.mkfifo):
        with pytest.raises(InputError, match="cannot be kept"), writing(tmp_path / "o", kind="note") as stage:
            make(stage / "a")


def test_stage_of_a_living_writer_is_kept_and_of_a_dead_one_swept(tmp_path: Path) -> None:
    put(tmp_path / "o", a="1")
    (tmp_path / "o" / ".stage-1-deadbeef").mkdir()
    with writing(tmp_path / "o", kind="note") as stage:
        (stage / "a").write_text("3")
        put(tmp_path / "o", a="2")
        assert stage.is_dir()
    assert texts(tmp_path / "o") == {"a": "3"}
    assert not list((tmp_path / "o").glob(".stage-*"))


@pytest.mark.parametrize("fault", [NotImplementedError(), OSError(errno.EPERM, "Operation not permitted")])
def test_where_links_are_impossible(fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault

    put(tmp_path / "linked", a="1", b="1")
    monkeypatch.setattr(os, "symlink", refuse)
    out = put(tmp_path / "o", a="1", b="1")
    assert (out / "CURRENT").read_text().startswith("results.")
    put(out, a="2", c="2")
    assert texts(out) == {"a": "2", "c": "2"}
    assert (out / "a").read_text() == (out / "c").read_text() == "2"
    assert not (out / "b").exists()
    (out / "a").write_text("edited by hand")
    with pytest.raises(InputError, match="is already there"):
        put(out, a="3")
    (out / "a").unlink()
    monkeypatch.undo()
    put(out, a="4")
    assert (out / "CURRENT").is_symlink()
    assert (out / "a").is_symlink()
    assert texts(out) == {"a": "4"}
    assert sorted(p.name for p in out.iterdir() if p.name[0] != "." and not p.name.startswith("results.")) == ["CURRENT", "a"]


def test_every_file_and_folder_is_flushed_before_the_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[tuple[str, Any]] = []
    fsync, replace = os.fsync, os.replace

    def seen(fd: int) -> None:
        events.append(("sync", os.fstat(fd).st_ino))
        fsync(fd)

    def moved(source: Any, target: Any) -> None:
        events.append(("replace", Path(target).name))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", seen)
    monkeypatch.setattr(os, "replace", moved)
    with writing(tmp_path / "o", kind="note") as stage:
        (stage / "in").mkdir()
        (stage / "in" / "a").write_text("x")
        (stage / "b").write_text("x")
    result = load(tmp_path / "o", kind="note").path
    switch = events.index(("replace", "CURRENT"))
    before, after = events[:switch], events[switch:]
    for path in (result / "in" / "a", result / "b", result / "manifest.json", result / "in", result, tmp_path / "o", tmp_path):
        assert ("sync", path.stat().st_ino) in before, path
    assert ("sync", (tmp_path / "o").stat().st_ino) in after


def test_no_permission_is_the_machines_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    put(tmp_path / "o", a="1")
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(MachineError, match="Permission denied") as caught:
        put(tmp_path / "o", a="2")
    assert caught.value.exit_code == 3
    assert texts(tmp_path / "o") == {"a": "1"}
