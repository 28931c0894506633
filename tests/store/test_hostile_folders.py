"""Folders made to do harm are refused, and nothing outside them is touched (E2)."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders.folders import small_partition
from matomari.errors import DamagedError, InputError
from matomari.partition import Partition
from matomari.store.artefact import load
from matomari.store.formats import save_table


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
