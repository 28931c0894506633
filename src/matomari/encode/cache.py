"""A cache of vectors on disk, keyed by the fingerprint of the encoder and the sha256 of the text.

root/<fingerprint, 16 digits>-<key>/<random>.vec
    header      magic, width d, number n, sha256 of the encoder (64 bytes)
    n digests   sha256 of each text (32 bytes)
    n checks    crc32 of digest and vector (4 bytes)
    n vectors   d float32 each

A file is written under another name, renamed, and never changed. So two processes cannot damage each other's files, and
a process that dies loses only what it had not yet written.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..logs import log
from ..wording import one_line

Floats = NDArray[np.float32]
SHARD = 2048
CAP = 4 << 30
_MAGIC = b"mtmrvec1"
_HEAD = struct.Struct("<8sII32s16x")
_KEPT_BACK = 64  # fewer new vectors than this stay in memory, so that single texts do not create single files


def default_root() -> Path:
    """The default folder of the cache: ``$XDG_CACHE_HOME/matomari/vectors``."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / "matomari" / "vectors"


def text_digest(text: str) -> bytes:
    """The 32-byte key of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


class VectorCache:
    """The vectors of one encoder, found by the digest of a text.

    Disk errors never stop an encoder: they are noted, and the vectors are computed.

    Parameters
    ----------
    root : path
        Folder of all encoders' vectors; created when first needed.
    fingerprint : str
        sha256 of the encoder, 64 hex digits.
    key : str
        The backend of the encoder that computed the vectors.
    dimension : int
        Width d of the vectors.
    cap : int
        Limit of `root` in bytes; the oldest files are deleted first.

    Examples
    --------
    >>> import tempfile
    >>> cache = VectorCache(tempfile.mkdtemp(), "ab" * 32, "float32", 2)
    >>> digests = [text_digest("one"), text_digest("two")]
    >>> cache.put(digests[:1], np.array([[1, 2]], np.float32))
    >>> found, vectors = cache.get(digests)
    >>> found.tolist(), vectors[0].tolist()
    ([True, False], [1.0, 2.0])
    """

    def __init__(self, root: str | Path, fingerprint: str, key: str, dimension: int, cap: int = CAP) -> None:
        self.root = Path(root)
        self.folder = self.root / f"{fingerprint[:16]}-{key}"
        self.notes: list[str] = []
        self._owner = hashlib.sha256(f"{fingerprint} {key}".encode()).digest()
        self._d, self._cap = dimension, cap
        self._shards: list[_Shard] = []
        self._fresh: dict[bytes, Floats] = {}
        self._read()

    def get(self, digests: Sequence[bytes]) -> tuple[NDArray[np.bool_], Floats]:
        """Which of n texts are known (n,), and their vectors (n, d); rows of unknown texts are zero."""
        vectors = np.zeros((len(digests), self._d), np.float32)
        known = np.zeros(len(digests), bool)
        for i, digest in enumerate(digests):
            if digest in self._fresh:
                vectors[i], known[i] = self._fresh[digest], True
        wanted = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), 32)
        places = self._places(wanted, known)
        for number in np.unique(places[places[:, 0] >= 0, 0]):
            rows = np.flatnonzero(places[:, 0] == number)
            sound = self._shards[number].read(places[rows, 1], wanted[rows], vectors, rows)
            known[rows] = sound
            if not sound.all():
                vectors[rows[~sound]] = 0
                self._discard(int(number))
        return known, vectors

    def put(self, digests: Sequence[bytes], vectors: Floats) -> None:
        """Store n vectors (n, d); they are written to disk when there are enough of them, or at `flush`."""
        for digest, vector in zip(digests, vectors, strict=True):
            self._fresh[digest] = vector
        if len(self._fresh) >= SHARD:
            self.flush(least=1)

    def flush(self, least: int = _KEPT_BACK) -> None:
        """Write the vectors in memory to disk if there are at least `least`."""
        if len(self._fresh) < least:
            return
        waiting, self._fresh = self._fresh, {}
        path = self.folder / f"{secrets.token_hex(8)}.vec"
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._make_room(len(waiting))
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft.open("xb") as file:
                file.write(_packed(waiting, self._owner, self._d))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            self._add(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            self._note(f"vectors could not be kept in {self.folder}: {error.strerror or one_line(error)}")

    def _read(self) -> None:
        self._keys, self._where = np.empty(0, np.uint64), np.empty((0, 2), np.int64)
        paths = []
        with suppress(OSError):  # a folder that cannot be listed counts as an empty cache; writing will report the error
            paths = sorted(self.folder.glob("*.vec"), key=lambda p: p.name)
        parts = [self._open(path) for path in paths]
        self._index([part for part in parts if part is not None])

    def _add(self, path: Path) -> None:
        shard = self._open(path)
        if shard is not None:
            self._index([shard])

    def _open(self, path: Path) -> _Shard | None:
        try:
            return _Shard(path, self._owner, self._d)
        except (OSError, ValueError) as error:
            log.warning("%s is not usable and is dropped: %s", path, one_line(error))
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None

    def _index(self, new: list[_Shard]) -> None:
        keys, where = [self._keys], [self._where]
        for shard in new:
            self._shards.append(shard)
            keys.append(_prefixes(shard.digests))
            number = np.full(len(shard.digests), len(self._shards) - 1, np.int64)
            where.append(np.stack([number, np.arange(len(shard.digests))], axis=1))
        flat = np.concatenate(keys)
        order = np.argsort(flat, kind="stable")
        self._keys, self._where = flat[order], np.concatenate(where)[order]

    def _places(self, wanted: NDArray[np.uint8], known: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Shard and row of each text (n, 2); -1 if it is unknown, or known already."""
        places = np.full((len(wanted), 2), -1, np.int64)
        if len(self._keys) and len(wanted):
            keys = _prefixes(wanted)
            at = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
            hit = (self._keys[at] == keys) & ~known
            places[hit] = self._where[at[hit]]
        return places

    def _discard(self, number: int) -> None:
        """Drop a whole file after one wrong record, because other records are likely to be wrong too."""
        path = self._shards[number].path
        self._note(f"{path.name} in the vector cache was damaged and is dropped")
        keep = self._where[:, 0] != number
        self._keys, self._where = self._keys[keep], self._where[keep]
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def _make_room(self, count: int) -> None:
        files = sorted((p.stat().st_mtime, p.stat().st_size, p) for p in self.root.glob("*/*.vec"))
        over = sum(size for _, size, _ in files) + _HEAD.size + count * (36 + 4 * self._d) - self._cap
        removed = 0
        for _, size, path in files:
            if over <= 0:
                break
            path.unlink(missing_ok=True)
            over, removed = over - size, removed + 1
        if removed:
            self._note(f"the vector cache reached {self._cap / 2**30:.3g} GiB; its {removed} oldest files were dropped")

    def _note(self, text: str) -> None:
        log.warning("%s", text)
        self.notes.append(text)


class _Shard:
    """One file, memory-mapped."""

    def __init__(self, path: Path, owner: bytes, d: int) -> None:
        self.path = path
        data = np.memmap(path, np.uint8, mode="r")
        if len(data) < _HEAD.size:
            raise ValueError("it is shorter than its header")
        magic, width, count, whose = _HEAD.unpack(data[: _HEAD.size].tobytes())
        start = _HEAD.size + 36 * count
        if magic != _MAGIC or width != d or whose != owner or len(data) < start:
            raise ValueError("its header does not fit")
        whole = min(count, (len(data) - start) // (4 * d))  # if the end is cut off, the records before it are still good
        self.digests = np.array(data[_HEAD.size : _HEAD.size + 32 * whole]).reshape(whole, 32)
        self._checks = data[_HEAD.size + 32 * count :][: 4 * whole].view("<u4")
        self._vectors = data[start:][: 4 * d * whole].view("<f4").reshape(whole, d)

    def read(self, at: NDArray[np.int64], wanted: NDArray[np.uint8], out: Floats, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Copy vectors `at` into rows of `out`; return for each whether it is intact and belongs to the wanted text."""
        sound = np.empty(len(at), bool)
        for i, (place, row) in enumerate(zip(at, rows, strict=True)):
            vector = self._vectors[place]
            digest = self.digests[place].tobytes()
            sound[i] = zlib.crc32(vector, zlib.crc32(digest)) == self._checks[place] and digest == wanted[i].tobytes()
            out[row] = vector
        return sound


def _packed(waiting: dict[bytes, Floats], owner: bytes, d: int) -> bytes:
    vectors = np.ascontiguousarray(np.stack(list(waiting.values())), dtype="<f4")
    checks = [zlib.crc32(vector, zlib.crc32(digest)) for digest, vector in zip(waiting, vectors, strict=True)]
    head = _HEAD.pack(_MAGIC, d, len(waiting), owner)
    return b"".join([head, *waiting, np.array(checks, "<u4").tobytes(), vectors.tobytes()])


def _prefixes(digests: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(digests[:, :8]).view(">u8").astype(np.uint64).reshape(-1)
