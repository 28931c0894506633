"""An append-only file of JSON values that survives a crash at any moment."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import DamagedError, InputError, MachineError
from ..logs import log
from ..wording import one_line
from .locks import lock
from .strictjson import dump_json, parse_json

MAX_RECORD = 64 << 20
_HEAD = re.compile(rb"([0-9a-f]{8}) [0-9a-f]{8} ")
_LINE = re.compile(rb"([0-9a-f]{8}) ([0-9a-f]{8}) (.*)\n", re.DOTALL)


class Journal:
    """An append-only file. A line holds length, crc32 and JSON; when an append returns, its line is on the disk.

    A last line that a crash cut off is dropped at open, because its append never returned.

    Parameters
    ----------
    path : path
        The file; it and its folder are created if they are missing.

    Raises
    ------
    InputError
        The path is a folder, a FIFO or a device.
    DamagedError
        A line before the last is broken.
    MachineError
        The file cannot be opened or written.

    Examples
    --------
    >>> import tempfile
    >>> journal = Journal(Path(tempfile.mkdtemp()) / "replies")
    >>> journal.append({"row": 1})
    >>> list(journal)
    [{'row': 1}]
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._end = 0  # everything before this byte has been checked
        if self.path.exists() and not self.path.is_file():
            raise InputError(f"{self.path} is not a regular file.", hint="give the journal a file of its own.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as fd:
                self._recover(fd)
        except OSError as error:
            raise self._failed(error) from error

    def append(self, value: Any) -> None:
        """Add one JSON value; when this returns, it is on the disk."""
        data = dump_json(value)
        if len(data) > MAX_RECORD:
            raise InputError(f"a record of {len(data)} bytes is too long for {self.path}.", hint=f"keep it under {MAX_RECORD} bytes.")
        line = b"%08x %08x %s\n" % (len(data), zlib.crc32(data), data)
        try:
            with self._open() as fd:
                self._recover(fd)  # another process may have appended, or died while it did
                self._write(fd, line)
        except OSError as error:
            raise self._failed(error) from error

    def __iter__(self) -> Iterator[Any]:
        """The values in the order of their appends, read from the disk."""
        with self.path.open("rb") as file:
            while file.tell() < self._end:
                start = file.tell()
                yield self._parse(file.readline(), start)

    def _open(self) -> _Locked:
        return _Locked(self.path)

    def _recover(self, fd: int) -> None:
        """Check the lines after the part already checked, and cut off an incomplete last line."""
        size = os.fstat(fd).st_size
        if size < self._end:
            raise DamagedError(f"{self.path} became shorter while it was in use.", hint="restore it from a copy.")
        with os.fdopen(os.dup(fd), "rb") as file:
            file.seek(self._end)
            while self._end < size:
                line = file.readline(MAX_RECORD + 32)
                try:
                    self._parse(line, self._end)
                except DamagedError:
                    if self._end + len(line) < size or _outgrown(line):
                        raise
                    log.warning("%s: the last line was torn and is dropped.", self.path)
                    os.ftruncate(fd, self._end)
                    os.fsync(fd)
                    return
                self._end += len(line)

    def _write(self, fd: int, line: bytes) -> None:
        try:
            done = 0
            while done < len(line):
                done += os.write(fd, line[done:])
            os.fsync(fd)
        except OSError:
            os.ftruncate(fd, self._end)  # a full disk may have taken half a line
            raise
        self._end += len(line)

    def _parse(self, line: bytes, start: int) -> Any:
        match = _LINE.fullmatch(line)
        if match is None or int(match[1], 16) != len(match[3]) or int(match[2], 16) != zlib.crc32(match[3]):
            raise DamagedError(f"{self.path} is broken in the line that starts at byte {start}.", hint="restore it from a copy.")
        try:
            return parse_json(match[3])
        except ValueError as error:
            raise DamagedError(f"{self.path} holds a line that is no JSON: {one_line(error)}.", hint="restore it from a copy.") from error

    def _failed(self, error: OSError) -> MachineError:
        return MachineError(f"{self.path} could not be written: {error.strerror or one_line(error)}.", hint="check space and permissions.")


def _outgrown(line: bytes) -> bool:
    """Whether a broken line is longer than its stated length. A crash can only make a line shorter, so a longer one was altered."""
    head = _HEAD.match(line)
    return head is not None and len(line) > head.end() + int(head[1], 16) + 1


class _Locked:
    """The journal's file, open and locked: one process at a time recovers or appends."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> int:
        new = not self._path.exists()
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        try:
            lock(self._fd)
            if new and os.name != "nt":
                folder = os.open(self._path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError:
            os.close(self._fd)
            raise
        return self._fd

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)
