"""The vector cache: what comes out is what went in, or nothing, whatever happened to the disk in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from builders import environment
from builders.slow import PRINT, Slow, vectors_of
from matomari.encode import cache as module
from matomari.encode.cache import VectorCache, default_root, text_digest
from matomari.encode.text import TextEncoder


def _filled(root: Path, texts: list[str], shards: int = 1) -> None:
    for part in np.array_split(np.array(texts), shards):
        cache = VectorCache(root, PRINT, "float32", 8)
        cache.put([text_digest(t) for t in part.tolist()], vectors_of(part.tolist()))
        cache.flush(least=1)


def _read(root: Path, texts: list[str]) -> tuple[np.ndarray, np.ndarray, VectorCache]:
    cache = VectorCache(root, PRINT, "float32", 8)
    known, vectors = cache.get([text_digest(t) for t in texts])
    assert (vectors[known] == vectors_of(texts)[known]).all()
    assert not vectors[~known].any()
    return known, vectors, cache


def test_round_trip_and_repeats(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(5000)]
    _filled(tmp_path, texts, shards=3)
    assert _read(tmp_path, texts)[0].all()
    assert not _read(tmp_path, ["unknown", "text 5000"])[0].any()
    assert _read(tmp_path, [])[1].shape == (0, 8)
    assert _read(tmp_path, ["text 3", "text 3"])[0].tolist() == [True, True]


def test_encoders_and_paths_do_not_mix(tmp_path: Path) -> None:
    _filled(tmp_path, ["a"])
    digest = [text_digest("a")]
    assert VectorCache(tmp_path, PRINT, "float32", 8).get(digest)[0].all()
    for other in ((PRINT, "int8"), ("cd" * 32, "float32"), (PRINT[:16] + "0" * 48, "float32")):
        assert not VectorCache(tmp_path, *other, 8).get(digest)[0].any()


@pytest.mark.parametrize("cut", [1, 31, 40, 500, 3000])
def test_a_torn_tail_costs_only_the_tail(tmp_path: Path, cut: int) -> None:
    texts = [f"text {i}" for i in range(100)]
    _filled(tmp_path, texts)
    path = next(tmp_path.glob("*/*.vec"))
    path.write_bytes(path.read_bytes()[:-cut])
    known, _, _ = _read(tmp_path, texts)
    assert known.sum() == 100 - -(-cut // 32)


@pytest.mark.parametrize("keep", [0, 10, 63, 64, 1000])
def test_a_file_cut_in_its_head_is_dropped(tmp_path: Path, keep: int) -> None:
    texts = [f"text {i}" for i in range(100)]
    _filled(tmp_path, texts)
    path = next(tmp_path.glob("*/*.vec"))
    path.write_bytes(path.read_bytes()[:keep])
    assert not _read(tmp_path, texts)[0].any()
    assert not path.exists()


def test_no_flipped_byte_gives_a_wrong_vector(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(20)]
    _filled(tmp_path, texts)
    path = next(tmp_path.glob("*/*.vec"))
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        known, _, _ = _read(tmp_path, texts)  # checks that what is known is right
        assert at in range(48, 64) or not known.all()  # the header's last 16 bytes mean nothing


def test_what_was_dropped_is_encoded_again(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(300)]
    encoder = TextEncoder(Slow(), cache=tmp_path)
    wanted = encoder.encode(texts)
    path = next(tmp_path.glob("*/*.vec"))
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    again = TextEncoder(Slow(), cache=tmp_path)
    assert (again.encode(texts) == wanted).all()
    assert any("damaged" in note for note in again.notes)
    third = TextEncoder(Slow(), cache=tmp_path)
    assert (third.encode(texts) == wanted).all()
    assert not any("damaged" in note for note in third.notes)


SCRIPT = """
import sys
from pathlib import Path
from builders.slow import Slow
from matomari.encode.text import TextEncoder
texts = [f"text {{i}} " + "x" * (i % 50) for i in range({n})]
print("go", flush=True)
TextEncoder(Slow(wait={wait}), cache={root!r}).encode(texts)
"""


def _start(root: Path, n: int, wait: float) -> subprocess.Popen[str]:
    script = SCRIPT.format(root=str(root), n=n, wait=wait)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment())


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("files", [1, 3])
def test_a_killed_run_goes_on(tmp_path: Path, files: int) -> None:
    n = 12_000
    child = _start(tmp_path, n, 0.1)
    deadline = time.monotonic() + 30
    while len(list(tmp_path.glob("*/*.vec"))) < files and time.monotonic() < deadline:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    kept = sum((p.stat().st_size - 64) // (36 + 32) for p in tmp_path.glob("*/*.vec"))
    assert 0 < kept < n
    texts = [f"text {i} " + "x" * (i % 50) for i in range(n)]
    model = Slow()
    vectors = TextEncoder(model, cache=tmp_path).encode(texts, normalize_embeddings=False)
    assert (vectors == vectors_of(texts)).all()
    assert len(model.asked) == n - kept
    assert kept >= files * module.SHARD


def test_two_processes_at_once(tmp_path: Path) -> None:
    children = [_start(tmp_path, 6000, 0.02) for _ in range(2)]
    assert [(child.communicate(), child.returncode)[1] for child in children] == [0, 0]
    texts = [f"text {i} " + "x" * (i % 50) for i in range(6000)]
    model = Slow()
    assert (TextEncoder(model, cache=tmp_path).encode(texts, normalize_embeddings=False) == vectors_of(texts)).all()
    assert not model.asked
    assert not list(tmp_path.glob("*/*.tmp"))


def test_fifty_thousand_texts_are_read_in_a_second_or_two(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(50_000)]
    wanted = TextEncoder(Slow(), cache=tmp_path).encode(texts)
    model = Slow()
    start = time.monotonic()
    again = TextEncoder(model, cache=tmp_path).encode(texts)
    assert time.monotonic() - start < 5
    assert (again == wanted).all()
    assert not model.asked


def test_the_cap(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(100)]
    for part in range(10):
        cache = VectorCache(tmp_path, PRINT, "float32", 8, cap=20_000)
        own = [f"{part} {t}" for t in texts]
        cache.put([text_digest(t) for t in own], vectors_of(own))
        cache.flush(least=1)
        os.utime(max(tmp_path.glob("*/*.vec"), key=lambda p: p.stat().st_mtime), (part, part))
    assert sum(p.stat().st_size for p in tmp_path.glob("*/*.vec")) <= 20_000
    assert any("oldest files" in note for note in cache.notes)
    assert _read(tmp_path, own)[0].all()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    encoder = TextEncoder(Slow(), cache=tmp_path / "no")
    assert encoder.encode([str(i) for i in range(100)]).shape == (100, 8)
    assert any("could not be kept" in note for note in encoder.notes)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    encoder = TextEncoder(Slow(), cache=tmp_path / "file")
    texts = [str(i) for i in range(100)]
    assert (encoder.encode(texts, normalize_embeddings=False) == vectors_of(texts)).all()
    assert any("could not be kept" in note for note in encoder.notes)


def test_the_default_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_root() == tmp_path / "matomari" / "vectors"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_root() == Path.home() / ".cache" / "matomari" / "vectors"
