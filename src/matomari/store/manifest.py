"""The manifest of a results folder. It names every file, is written last, and is valid only if all files agree with it."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DamagedError, InputError, MachineError, MatomariError
from ..wording import one_line, with_article
from .strictjson import dump_json, parse_json

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST = 4 << 20
RESULTS = re.compile(r"results\.[0-9a-f]{16}", re.ASCII)
AGAIN = "write it again, or restore it from a copy."
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+=-]{0,199}", re.ASCII)
_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)
_IGNORED = frozenset({".DS_Store"})  # file browsers leave it behind; it is never read
_MACHINE = (errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)


@dataclass(frozen=True)
class Checked:
    """The checked content of a results folder: the facts of the writer, the sha256 of the manifest, and the file names."""

    meta: dict[str, Any]
    digest: str
    files: tuple[str, ...]


def seal(stage: Path, kind: str, meta: Mapping[str, Any]) -> str:
    """Flush every file, then write the manifest; a folder without a manifest was never finished."""
    entries = {}
    for name, info in sorted(_walk(stage).items()):
        if not stat.S_ISREG(info.st_mode) or not _safe(name):
            raise InputError(
                f"{name!r} cannot be kept in an artefact.", hint="use regular files with names of letters, digits, '.', '_', '-'."
            )
        if name in (MANIFEST, "CURRENT") or RESULTS.fullmatch(name):
            raise InputError(f"{name} is a name that the store keeps for itself.", hint="choose another name for the file.")
        entries[name] = {"sha256": sha256(stage / name), "size": info.st_size}
        sync(stage / name)
    manifest = dump_json({"kind": kind, "format": FORMAT, "meta": dict(meta), "files": entries}, sort=True)
    if len(manifest) > MAX_MANIFEST:
        raise InputError(f"the manifest would take {len(manifest)} bytes.", hint="put large facts into a file, not into meta.")
    with (stage / MANIFEST).open("xb") as file:
        file.write(manifest)
        file.flush()
        os.fsync(file.fileno())
    for inside in sorted({(stage / name).parent for name in (*entries, MANIFEST)}, reverse=True):
        sync(inside)
    return hashlib.sha256(manifest).hexdigest()


def check(result: Path, kind: str) -> Checked:
    """Compare a results folder with its manifest, byte for byte.

    DamagedError names the first fault; InputError is raised if the folder is of another kind.
    """
    checked = agree(result, kind)
    if result.name != f"results.{checked.digest[:16]}":
        raise DamagedError(f"{result / MANIFEST} was altered.", hint=AGAIN)
    return checked


def agree(result: Path, kind: str) -> Checked:
    """Compare a sealed folder of any name with its manifest, byte for byte."""
    try:
        raw = _read(result / MANIFEST)
        manifest = _understand(result / MANIFEST, raw)
        if manifest["kind"] != kind:
            raise InputError(
                f"{result.parent} holds {a_kind(manifest['kind'])}, not {a_kind(kind)}.", hint="give the folder that belongs here."
            )
        _compare(result, manifest["files"])
    except OSError as error:
        raise unreadable(result, error) from error
    return Checked(manifest["meta"], hashlib.sha256(raw).hexdigest(), tuple(sorted(manifest["files"])))


def intact(result: Path) -> bool:
    """Whether a results folder is whole, whatever its kind."""
    try:
        check(result, _understand(result, _read(result / MANIFEST))["kind"])
    except (MatomariError, OSError):
        return False
    return True


def a_kind(kind: str) -> str:
    """The kind of a folder in a sentence.

    Examples
    --------
    >>> a_kind("audit"), a_kind("training-checkpoint")
    ('an audit', 'a training checkpoint')
    """
    return with_article(kind.replace("-", " "))


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading; never a link, a device, or a FIFO that would block."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise DamagedError(f"{path} is not a regular file.", hint=AGAIN)
    return os.fdopen(fd, "rb")


def sha256(path: Path) -> str:
    """sha256 of a regular file, in hex."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Ask the disk to keep a file or folder before we go on."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot flush a folder
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def unreadable(path: Path, error: OSError) -> MatomariError:
    """The error for an artefact file that could not be read: a MachineError or a DamagedError, depending on the cause."""
    text = f"{path} cannot be read: {error.strerror or one_line(error)}."
    if error.errno in _MACHINE:
        return MachineError(text, hint="check permissions and the disk.")
    return DamagedError(text, hint=AGAIN)


def _read(path: Path) -> bytes:
    with open_regular(path) as file:
        raw = file.read(MAX_MANIFEST + 1)
    if len(raw) > MAX_MANIFEST:
        raise DamagedError(f"{path} is larger than {MAX_MANIFEST} bytes.", hint=AGAIN)
    return raw


def _understand(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        manifest = parse_json(raw)
        if not isinstance(manifest, dict) or set(manifest) != {"kind", "format", "meta", "files"}:
            raise ValueError("it must hold kind, format, meta and files")
        if manifest["format"] is True or manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']!r} is not {FORMAT}")
        if not (isinstance(manifest["kind"], str) and isinstance(manifest["meta"], dict) and isinstance(manifest["files"], dict)):
            raise ValueError("kind, meta or files has the wrong type")
        for name, entry in manifest["files"].items():
            _check_entry(name, entry)
    except ValueError as error:
        raise DamagedError(f"{path} is not a manifest: {one_line(error)}.", hint=AGAIN) from error
    return manifest


def _check_entry(name: str, entry: Any) -> None:
    if not _safe(name) or name == MANIFEST:
        raise ValueError(f"{name[:80]!r} is not a safe file name")
    if not isinstance(entry, dict) or set(entry) != {"sha256", "size"} or type(entry["size"]) is not int or entry["size"] < 0:
        raise ValueError(f"the entry of {name} is not a size and a sha256")
    if not isinstance(entry["sha256"], str) or not _SHA.fullmatch(entry["sha256"]):
        raise ValueError(f"the sha256 of {name} is not one")


def _safe(name: str) -> bool:
    return len(name) <= 400 and all(_PART.fullmatch(part) for part in name.split("/"))


def _compare(result: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare names first, then sizes, then digests, so that most faults show before large files are read."""
    present = _walk(result)
    present.pop(MANIFEST)
    for name in sorted(set(present) ^ set(files)):
        raise DamagedError(f"{result / name} is {'not in the manifest' if name in present else 'missing'}.", hint=AGAIN)
    for name, info in present.items():
        if not stat.S_ISREG(info.st_mode):
            raise DamagedError(f"{result / name} is not a regular file.", hint=AGAIN)
        if info.st_size != files[name]["size"]:
            raise DamagedError(f"{result / name} has {info.st_size} bytes instead of {files[name]['size']}.", hint=AGAIN)
    for name in present:
        if sha256(result / name) != files[name]["sha256"]:
            raise DamagedError(f"{result / name} was altered.", hint=AGAIN)


def _walk(root: Path) -> dict[str, os.stat_result]:
    """Everything below `root` except real folders, by its name relative to `root`; links are not followed."""

    def inside(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
        for entry in sorted(folder.iterdir()):
            info = entry.lstat()
            if stat.S_ISDIR(info.st_mode):
                yield from inside(entry)
            elif entry.name not in _IGNORED:
                yield entry.relative_to(root).as_posix(), info

    return dict(inside(root))
