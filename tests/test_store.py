"""The store: what it keeps, what it refuses, and that what it gives back is what it got."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matomari.errors import DamagedError, InputError, MachineError, MatomariError
from matomari.partition import Partition
from matomari.store.artefact import load, writing
from matomari.store.destination import kind_of, refuse_other
from matomari.store.formats import load_arrays, load_json, load_table, save_arrays, save_json, save_table
from matomari.store.journal import Journal
from matomari.store.strictjson import dump_json, parse_json

often = settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def put(path: Path, **files: str) -> Path:
    with writing(path, kind="note") as stage:
        for name, text in files.items():
            (stage / name).write_text(text)
    return path


def texts(path: Path) -> dict[str, str]:
    found = load(path, kind="note")
    return {name: found.file(name).read_text() for name in found.files}


def small_partition() -> Partition:
    return Partition(["a", "b", "c"], [0, 1, 1], [1, 0.5, 0.25], np.eye(2, dtype=np.float32), {"seed": 7})


# Folders


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


# D5: not one altered byte is believed


def mutate(data: bytes, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(max(1, len(data))))
    kind = rng.integers(4)
    if kind == 0 and data:
        return data[:at] + bytes([data[at] ^ (1 << int(rng.integers(8)))]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + rng.bytes(int(rng.integers(1, 9))) + data[at:]
    if kind == 2:
        return data[:at] + data[at + int(rng.integers(1, 9)) :]
    return data[:at]


def targets(out: Path) -> Iterator[tuple[Callable[[], bytes], Callable[[bytes], None]]]:
    """How to read and write each file of the artefact, the pointer among them."""
    for file in sorted(p for p in load(out, kind="partition").path.rglob("*") if p.is_file()):
        yield file.read_bytes, file.write_bytes  # type: ignore[misc]
    pointer = out / "CURRENT"

    def write(data: bytes) -> None:
        pointer.unlink(missing_ok=True)
        pointer.write_bytes(data)

    def link(data: bytes) -> None:
        pointer.unlink(missing_ok=True)
        os.symlink(data.replace(b"\0", b"0") or b"x", os.fsencode(pointer))  # noqa: PTH211, any bytes

    name = str(pointer.readlink()).encode()
    yield lambda: name, link
    yield lambda: name + b"\n", write


def test_mutations_are_refused(tmp_path: Path) -> None:
    out = small_partition().save(tmp_path / "p")
    whole = (out / "items.parquet").read_bytes()
    rng, refused, same = np.random.default_rng(5), 0, 0
    for read, write in list(targets(out)):
        original = read()
        for _ in range(450):
            changed = mutate(original, rng)
            if changed == original:
                continue
            write(changed)
            try:
                found = Partition.load(out)
            except (DamagedError, InputError):
                refused += 1
            else:
                assert found.labels.tolist() == [0, 1, 1]
                assert changed == original.rstrip(b"\n"), changed
                same += 1
        write(original)
        Partition.load(out)
    assert (load(out, kind="partition").path / "items.parquet").read_bytes() == whole
    assert refused >= 2000
    assert same <= 40
    print(f"{refused} mutations refused, {same} harmless")


# E2: hostile folders


def forge(out: Path, manifest: bytes | Mapping[str, Any], files: Mapping[str, bytes]) -> Path:
    """A results folder whose name and pointer agree with the manifest, so that only the content can give it away."""
    raw = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    result = out / f"results.{hashlib.sha256(raw).hexdigest()[:16]}"
    result.mkdir(parents=True)
    (result / "manifest.json").write_bytes(raw)
    for name, data in files.items():
        (result / name).write_bytes(data)
    (out / "CURRENT").symlink_to(result.name)
    return result


def entry(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def manifest(content: Mapping[str, bytes], **changes: Any) -> dict[str, Any]:
    listed = {name: entry(data) for name, data in content.items()}
    return {"kind": "partition", "format": 1, "meta": {"origin": {}}, "files": listed, **changes}


def table_bytes(tmp: Path, **columns: Any) -> bytes:
    save_table(tmp / "made.parquet", columns)
    return (tmp / "made.parquet").read_bytes()


def swap(made: Callable[[Path], None]) -> Callable[[Path, Path, dict[str, bytes]], None]:
    """A folder that is right but for one file, replaced by something that is no file."""

    def build(out: Path, _: Path, good: dict[str, bytes]) -> None:
        place = forge(out, manifest(good), good) / "items.parquet"
        place.unlink()
        made(place)

    return build


def altered(**changes: Any) -> Callable[[Path, Path, dict[str, bytes]], None]:
    def build(out: Path, _: Path, good: dict[str, bytes]) -> None:
        forge(out, manifest(good, **changes), good)

    return build


def raw(change: Callable[[str], str]) -> Callable[[Path, Path, dict[str, bytes]], None]:
    def build(out: Path, _: Path, good: dict[str, bytes]) -> None:
        forge(out, change(json.dumps(manifest(good))).encode(), good)

    return build


def carrying(name: str, data: Callable[[Path], bytes]) -> Callable[[Path, Path, dict[str, bytes]], None]:
    """A folder whose digests all agree, with one hostile file in it."""

    def build(out: Path, tmp: Path, good: dict[str, bytes]) -> None:
        files = {**good, name: data(tmp)}
        forge(out, manifest(files), files)

    return build


def pointing(target: str) -> Callable[[Path, Path, dict[str, bytes]], None]:
    def build(out: Path, tmp: Path, good: dict[str, bytes]) -> None:
        outside = forge(tmp / "elsewhere", manifest(good), good)
        out.mkdir()
        (out / "CURRENT").symlink_to(target.format(outside=outside, name=outside.name))

    return build


def linked_result(out: Path, tmp: Path, good: dict[str, bytes]) -> None:
    outside = forge(tmp / "elsewhere", manifest(good), good)
    out.mkdir()
    (out / outside.name).symlink_to(outside)
    (out / "CURRENT").symlink_to(outside.name)


def digests_swapped(out: Path, _: Path, good: dict[str, bytes]) -> None:
    listed = manifest(good)["files"]
    names = sorted(listed)
    listed[names[0]], listed[names[1]] = listed[names[1]], listed[names[0]]
    forge(out, manifest(good, files=listed), good)


def header(size: int, text: bytes = b"{}") -> Callable[[Path], bytes]:
    return lambda _: struct.pack("<Q", size) + text


def arrays_header(value: Mapping[str, Any], body: bytes = b"\0" * 16) -> Callable[[Path], bytes]:
    text = json.dumps(value).encode()
    return lambda _: struct.pack("<Q", len(text)) + text + body


HOSTILE: dict[str, Callable[[Path, Path, dict[str, bytes]], None]] = {
    "parent in manifest": lambda out, tmp, good: forge(out, manifest({**good, "../x": b"x"}), {**good, "../x": b"x"}) and None,
    "absolute in manifest": altered(files={"/etc/passwd": entry(b"")}),
    "backslash in manifest": altered(files={"..\\x": entry(b"")}),
    "empty part in manifest": altered(files={"a//b": entry(b"")}),
    "manifest lists itself": altered(files={"manifest.json": entry(b"")}),
    "negative size": altered(files={"items.parquet": {"sha256": "0" * 64, "size": -1}}),
    "size is true": altered(files={"items.parquet": {"sha256": "0" * 64, "size": True}}),
    "sha in capitals": altered(files={"items.parquet": {"sha256": "A" * 64, "size": 1}}),
    "files is a list": altered(files=[]),
    "kind swapped": altered(kind="encoder"),
    "newer format": altered(format=2),
    "format is true": altered(format=True),
    "extra key": altered(code="import os"),
    "duplicate key": raw(lambda t: t.replace('"format": 1', '"format": 1, "format": 1')),
    "NaN": raw(lambda t: t.replace('"format": 1', '"format": NaN')),
    "infinite number": raw(lambda t: t.replace('"origin": {}', '"origin": {"x": 1e999}')),
    "long integer": raw(lambda t: t.replace('"origin": {}', '"origin": {"x": ' + "9" * 5000 + "}")),
    "deep JSON": raw(lambda t: t.replace('"origin": {}', '"origin": ' + "[" * 20000 + "]" * 20000)),
    "rather deep JSON": raw(lambda t: t.replace('"origin": {}', '"origin": ' + "[" * 40 + "]" * 40)),
    "giant manifest": raw(lambda t: t + " " * (5 << 20)),
    "manifest is not UTF-8": lambda out, tmp, good: forge(out, b"\xff\xfe", good) and None,
    "digests swapped": digests_swapped,
    "extra file": lambda out, tmp, good: forge(out, manifest(good), {**good, "extra.bin": b"x"}) and None,
    "missing file": lambda out, tmp, good: forge(out, manifest({**good, "gone.bin": b"x"}), good) and None,
    "symlink out": swap(lambda p: p.symlink_to("/etc/passwd")),
    "device": swap(lambda p: p.symlink_to("/dev/zero")),
    "FIFO": swap(os.mkfifo),
    "folder": swap(lambda p: p.mkdir()),
    "pointer to parent": pointing("../elsewhere/{name}"),
    "pointer absolute": pointing("{outside}"),
    "pointer to itself": pointing("CURRENT"),
    "pointer to nothing": pointing("results.0123456789abcdef"),
    "result is a link": linked_result,
    "pickle for a table": carrying("items.parquet", lambda _: b"\x80\x04cos\nsystem\n(S'touch /tmp/x'\ntR."),
    "table without its columns": carrying("items.parquet", lambda tmp: table_bytes(tmp, other=[1])),
    "labels out of range": carrying("items.parquet", lambda tmp: table_bytes(tmp, id=["a"], cluster=[9], strength=[1.0])),
    "torn table": carrying("items.parquet", lambda tmp: table_bytes(tmp, id=["a"], cluster=[0], strength=[1.0])[:-9]),
    "safetensors header of 2**63": carrying("centers.safetensors", header(2**63)),
    "safetensors header of 2**64-1": carrying("centers.safetensors", header(2**64 - 1)),
    "safetensors header too short": carrying("centers.safetensors", lambda _: b"\x08"),
    "safetensors overlap": carrying(
        "centers.safetensors",
        arrays_header({n: {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} for n in ("centers", "b")}, b"\0" * 8),
    ),
    "safetensors past the end": carrying(
        "centers.safetensors", arrays_header({"centers": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 1 << 40]}})
    ),
    "safetensors other name": carrying(
        "centers.safetensors", arrays_header({"c": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}})
    ),
}

_watched: list[tuple[str, str]] | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is not None and (event in ("exec", "open") or event.split(".")[0] in ("subprocess", "socket", "ctypes", "os")):
        _watched.append((event, os.fsdecode(arguments[0]) if arguments and isinstance(arguments[0], str | bytes | Path) else ""))


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    global _watched
    _watched = events = []
    try:
        yield events
    finally:
        _watched = None


@pytest.fixture
def good(tmp_path: Path) -> dict[str, bytes]:
    small_partition().save(tmp_path / "good")
    found = load(tmp_path / "good", kind="partition")
    return {name: found.file(name).read_bytes() for name in found.files}


def test_the_forge_makes_loadable_folders(tmp_path: Path, good: dict[str, bytes]) -> None:
    forge(tmp_path / "hostile", manifest(good), good)
    assert Partition.load(tmp_path / "hostile").labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_folders(name: str, tmp_path: Path, good: dict[str, bytes]) -> None:
    out = tmp_path / "hostile"
    HOSTILE[name](out, tmp_path, good)
    with watched() as events, pytest.raises((DamagedError, InputError)) as caught:
        Partition.load(out)
    assert caught.value.hint
    assert len(caught.value.message.splitlines()) == 1
    opened = [path for event, path in events if event == "open" and path]
    assert [path for path in opened if not path.startswith(str(out))] == []
    assert [event for event, _ in events if event.split(".")[0] in ("exec", "subprocess", "socket", "ctypes") or event == "os.system"] == []


# Tables, arrays, JSON


def test_saved_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    for n in range(2):
        small_partition().save(tmp_path / f"p{n}")
    assert len({load(tmp_path / f"p{n}", kind="partition").digest for n in range(2)}) == 1


def test_tables_carry_no_pandas(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    save_table(tmp_path / "t", {"id": np.array(["a", "ü"]), "n": [1, 2]})
    assert b"pandas" not in (pq.read_schema(tmp_path / "t").metadata or {})
    assert load_table(tmp_path / "t")["id"].dtype.kind == "U"


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1], "b": [1, 2]},
        {"a": [1, None]},
        {"a": np.eye(2)},
        {"a": np.array([["x"]])},
        {"a": [1, "x"]},
        {"a": ["\ud800"]},
        {"a": [{}]},
    ],
)
def test_tables_that_cannot_be_kept(columns: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save_table(tmp_path / "t", columns)
    assert caught.value.hint


def test_values_that_cannot_be_kept(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    for value in (float("nan"), float("inf"), {1: 2}, {"x": b""}, {"x": np.float32(1)}, deep, 10**5000, "\ud800"):
        with pytest.raises(InputError):
            save_json(tmp_path / "v", value)
    with pytest.raises(InputError, match="safetensors cannot hold"):
        save_arrays(tmp_path / "v", {"x": np.array(["a"])})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "NaN",
        "[Infinity]",
        "[-Infinity]",
        "1e999",
        "9" * 4301,
        "[" * 33 + "]" * 33,
        "[" * 99999,
        "",
        "{",
        "[1,]",
        "1 2",
        '"\x01"',
    ],
)
def test_json_that_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "v").write_text(text)
    with pytest.raises(DamagedError, match="is not readable JSON"):
        load_json(tmp_path / "v")
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        parse_json(text)


def test_unreadable_files_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xff\x00 nothing of ours")
    os.mkfifo(tmp_path / "fifo")
    for read in (load_table, load_arrays, load_json):
        for name in ("f", "fifo", "missing", "."):
            with pytest.raises(DamagedError):
                read(tmp_path / name)


names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def column(n: int) -> st.SearchStrategy[Any]:
    kinds = st.sampled_from(["int8", "uint8", "int64", "uint64", "float16", "float32", "float64", "bool", ">i4"])
    return st.lists(words, min_size=n, max_size=n).map(lambda v: np.asarray(v, dtype=np.str_)) | kinds.flatmap(lambda k: hnp.arrays(k, n))


@often
@given(st.integers(0, 8).flatmap(lambda n: st.dictionaries(names, column(n), min_size=1, max_size=4)))
def test_table_round_trip(tmp_path_factory: pytest.TempPathFactory, columns: dict[str, Any]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.parquet"
    save_table(file, columns)
    found = load_table(file)
    assert list(found) == list(columns)
    for name, value in columns.items():
        np.testing.assert_array_equal(found[name], value)
        assert found[name].dtype.kind == value.dtype.kind


@often
@given(
    st.dictionaries(
        names,
        st.sampled_from(["f2", "f4", "f8", "i1", "i8", "u4", "?", ">f4"]).flatmap(
            lambda k: hnp.arrays(k, hnp.array_shapes(min_dims=0, min_side=0))
        ),
    )
)
def test_arrays_round_trip(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, Any]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.safetensors"
    save_arrays(file, {name: value.T for name, value in arrays.items()})
    found = load_arrays(file)
    assert set(found) == set(arrays)
    for name, value in arrays.items():
        np.testing.assert_array_equal(found[name], value.T)
        assert found[name].dtype == value.dtype.newbyteorder("=")


@often
@given(json_values)
def test_json_round_trip(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    file = tmp_path_factory.getbasetemp() / "round.json"
    save_json(file, value)
    assert load_json(file) == value
    assert parse_json(dump_json(value)) == value


@often
@given(st.binary(max_size=60) | words)
def test_parser_gives_values_or_value_errors(data: bytes | str) -> None:
    try:
        parse_json(data)
    except ValueError as error:
        assert str(error)


@often
@given(st.lists(json_values, max_size=6), st.binary(max_size=30))
def test_journal_round_trip(tmp_path_factory: pytest.TempPathFactory, values: list[Any], torn: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "round.journal"
    file.unlink(missing_ok=True)
    journal = Journal(file)
    for value in values:
        journal.append(value)
    assert list(journal) == values
    whole = file.read_bytes()
    file.write_bytes(whole + torn.replace(b"\n", b""))
    assert list(Journal(file)) == values
    assert file.read_bytes() == whole


@often
@given(st.data())
def test_partition_round_trip(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    ids = data.draw(st.lists(words, unique_by=lambda w: str(np.str_(w)), max_size=8))
    k = data.draw(st.integers(1, 4))
    n = len(ids)
    p = Partition(
        ids,
        data.draw(hnp.arrays(np.int64, n, elements=st.integers(-1, k - 1))),
        data.draw(hnp.arrays(np.float32, n, elements=st.floats(0, 1, width=32))),
        data.draw(st.none() | hnp.arrays(np.float32, (k, 3), elements=st.floats(-9, 9, width=32))),
        {"seed": data.draw(st.integers(0, 9)), "note": data.draw(words)},
    )
    found = Partition.load(p.save(tmp_path_factory.getbasetemp() / "round"))
    for name in ("ids", "labels", "strength", "centers"):
        np.testing.assert_array_equal(getattr(found, name), getattr(p, name))
    assert dict(found.origin) == dict(p.origin)


# Journal


def test_journal_refuses_a_break_in_the_middle_and_drops_a_torn_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    for n in range(3):
        journal.append({"n": n})
    lines = (tmp_path / "j").read_bytes().splitlines(keepends=True)
    for middle in (lines[1].replace(b"1}", b"7}"), lines[1][:-1], b"\n", b"garbage\n", lines[1][3:]):
        (tmp_path / "j").write_bytes(lines[0] + middle + lines[2])
        with pytest.raises(DamagedError, match="is broken in the line that starts at byte"):
            Journal(tmp_path / "j")
    for cut in range(len(lines[2])):
        (tmp_path / "j").write_bytes(lines[0] + lines[1] + lines[2][:cut])
        assert [v["n"] for v in Journal(tmp_path / "j")] == [0, 1]


def test_two_journals_on_one_file(tmp_path: Path) -> None:
    one, two = Journal(tmp_path / "j"), Journal(tmp_path / "j")
    one.append(1)
    two.append(2)
    one.append(3)
    assert list(one) == list(Journal(tmp_path / "j")) == [1, 2, 3]
    (tmp_path / "j").write_bytes(b"")
    with pytest.raises(DamagedError, match="became shorter"):
        one.append(4)


def test_journal_mutations_never_invent_a_value(tmp_path: Path) -> None:
    values = [{"n": n, "word": "w" * n} for n in range(6)]
    journal = Journal(tmp_path / "j")
    for value in values:
        journal.append(value)
    whole, rng = (tmp_path / "j").read_bytes(), np.random.default_rng(3)
    for _ in range(500):
        (tmp_path / "j").write_bytes(mutate(whole, rng))
        try:
            found = list(Journal(tmp_path / "j"))
        except MatomariError:
            continue
        assert found == values[: len(found)]
        assert len(found) >= len(values) - 1 or len((tmp_path / "j").read_bytes()) < len(whole)


def test_journal_needs_a_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo"):
        with pytest.raises(InputError, match="is not a regular file"):
            Journal(path)
    with pytest.raises(InputError, match="cannot be written as JSON"):
        Journal(tmp_path / "j").append(float("nan"))


def test_what_a_folder_holds_is_read_where_links_cannot_be_made_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with writing(out, kind="classifier") as stage:
        (stage / "a.txt").write_text("a")
    name = (out / "CURRENT").readlink()
    assert kind_of(out) == "classifier"
    (out / "CURRENT").unlink()
    (out / "CURRENT").write_text(f"{name}\n")
    assert kind_of(out) == "classifier"
    with pytest.raises(InputError, match="holds a classifier, which an audit would replace"):
        refuse_other(out, "audit", ["b.txt"])
    assert kind_of(tmp_path / "none") is None
