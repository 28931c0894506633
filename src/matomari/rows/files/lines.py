"""Find and open text files, unpack them within bounds, and read them line by line with a limit on every line."""

from __future__ import annotations

import difflib
import errno
import gzip
import io
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from ...errors import InputError, setting
from ...wording import one_line

HEAD = 256 << 10
MAX_LINE = 16 << 20  # characters of one line, or of one record with quoted newlines
MAX_BLANK = 5_000_000  # blank lines; nobody has more on purpose, and each costs time
MAX_UNPACKED = 64 << 30
MAX_RATIO, FREE_UNPACKED = 200, 64 << 20  # text is packed ten- to fiftyfold, a zip bomb a thousandfold
BROKEN = re.compile("[\ud800-\udfff]")


def find(name: str) -> Path:
    """The regular file of this name; InputError says what is there instead, or which names are similar."""
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise InputError(f"{name} is a link to a file that is not there.", hint="give the file itself.") from None
        raise InputError(f"there is no file {name}.", hint=_near(path)) from None
    except (OSError, ValueError) as error:
        reason = "is a loop of links" if getattr(error, "errno", 0) == errno.ELOOP else f"cannot be opened: {_reason(error)}"
        raise InputError(f"{name!r} {reason}.", hint="give the path of a file that you can read.") from error
    if stat.S_ISDIR(mode):
        raise InputError(
            f"{name} is a folder.",
            hint="give one file in it, such as a csv, jsonl, parquet, xlsx or txt file; a folder of images needs "
            + setting("image", True)
            + ".",
        )
    if not stat.S_ISREG(mode):
        raise InputError(f"{name} is a pipe or a device, not a file.", hint="pipe the data in and give '-' as the source.")
    return path


def unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip if it is a gzip file, with a limit on the expansion."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {_reason(error)}.", hint="give the path of a file that you can read.") from error
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if not packed:
        return file
    return io.BufferedReader(_Bounded(file, str(path)), 1 << 16)  # type: ignore[type-var]


class _Bounded(io.RawIOBase):
    """Unpacks gzip and stops when the expansion is too large for text."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name, self._out = file, name, 0
        self._gzip = gzip.GzipFile(fileobj=file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._gzip.read1(len(buffer))
        self._out += len(data)
        _refuse_bomb(self._out, self._file.tell(), self._name)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _refuse_bomb(unpacked: int, packed: int, name: str) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > FREE_UNPACKED and unpacked > MAX_RATIO * packed):
        raise InputError(f"{name} unpacks to more than {MAX_RATIO} times its size.", hint="unpack it yourself if you trust it.")


@contextmanager
def guarded(name: str) -> Iterator[None]:
    """Turn the errors of unpacking and reading into an InputError that names the file."""
    try:
        yield
    except (EOFError, zlib.error, OSError) as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: Exception) -> InputError:
    """The error for a file whose reading or unpacking failed."""
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return InputError(f"{name} is a damaged or cut gzip file.", hint="fetch it again.")
    return InputError(f"{name} cannot be read: {_reason(error)}.", hint="check the file and the disk.")


def head_of(path: Path, name: str = "") -> bytes:
    """The first bytes of a file, unpacked; InputError when it is empty."""
    name = name or str(path)
    with guarded(name), unpacked(path) as file:
        head = file.read(HEAD)
        if isinstance(file, io.BufferedReader) and isinstance(file.raw, _Bounded):
            for _ in range(FREE_UNPACKED // HEAD + 1):  # a bomb or a cut file shows here, before any row is made
                if not file.read(HEAD):
                    break
    if not head:
        raise InputError(f"{name} is empty and holds no rows.", hint="give a file with at least one row.")
    return head


class Lines:
    """The lines of a text file: counted, limited in length, without NUL bytes, and with undecodable bytes replaced and noted."""

    def __init__(self, path: Path, name: str, encoding: str, notes: list[str]) -> None:
        self.name, self.number, self.blank = name, 0, 0
        self.record: list[str] = []  # lines of the record now being read
        self._quoted_since, self._length, self._notes = 0, 0, notes
        errors = "replace" if "16" in encoding or "32" in encoding else "surrogateescape"
        self._stream: TextIO = io.TextIOWrapper(unpacked(path), encoding, errors, newline="")

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._stream.readline(MAX_LINE + 1)
        except (EOFError, zlib.error, OSError) as error:
            raise unreadable(self.name, error) from error
        if not line:
            raise StopIteration
        self.number += 1
        self._length += len(line)
        if self._length > MAX_LINE:
            self._refuse_length()
        if "\0" in line:
            at = line.index("\0") + 1
            raise InputError(f"{self.name} line {self.number} holds a NUL byte at character {at}.", hint="it is damaged, or no text file.")
        if line.count('"') % 2:
            self._quoted_since = 0 if self._quoted_since else self.number
        self.record.append(line)
        return line if line.isascii() else self._mended(line)

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.record.clear()
        self._length = self._quoted_since = 0

    def count_blank(self) -> None:
        """The record just read was a blank line."""
        self.blank += 1
        if self.blank > MAX_BLANK:
            raise InputError(f"{self.name} has more than {MAX_BLANK} blank lines.", hint="remove them.")

    def open_quote(self) -> int:
        """The line on which a quote was opened and not closed in this record; 0 when there is none."""
        return self._quoted_since

    def text(self, size: int) -> str:
        """Up to `size` characters, for formats that are not made of lines."""
        with guarded(self.name):
            text = self._stream.read(size)
        return self._mended(text)

    def _mended(self, line: str) -> str:
        if not BROKEN.search(line):
            return line
        note = f"line {self.number}: bytes that do not fit the encoding were replaced by \N{REPLACEMENT CHARACTER}"
        if not any("do not fit the encoding" in n for n in self._notes):
            self._notes.append(note)
        return mend(line)

    def _refuse_length(self) -> None:
        if len(self.record) > 0 and self._quoted_since:
            raise InputError(
                f"{self.name} line {self._quoted_since} opens a quote that is not closed.", hint="close it, or double quotes inside a cell."
            )
        raise InputError(f"{self.name} line {self.number} is longer than {MAX_LINE} characters.", hint="split it into rows.")


def mend(text: str) -> str:
    """`text` with lone surrogates, which no file may hold, replaced."""
    return BROKEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or one_line(error)


def _near(path: Path) -> str:
    try:
        names = [p.name for _, p in zip(range(10_000), path.parent.iterdir(), strict=False)]
    except OSError:
        return f"the folder {path.parent} does not exist or cannot be read."
    near = difflib.get_close_matches(path.name, names, n=3)
    return "did you mean " + " or ".join(repr(n) for n in near) + "?" if near else "check the path."
