"""Reading rows: fingerprints, bounds of memory, standard input, and any bytes at all."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import environment, nasty
from builders.reading import put, refused, texts
from matomari.errors import InputError, MachineError
from matomari.rows.files import spool as batches
from matomari.rows.read import read


def test_fingerprint_tells_contents_apart_and_not_their_batches() -> None:
    assert read(["ab", "c"]).fingerprint != read(["a", "bc"]).fingerprint
    assert read(["ab", "c"]).fingerprint != read(["c", "ab"]).fingerprint
    tables = [pa.table({"id": ["x", "y", "z"], "text": ["a", "ü", ""]})]
    tables.append(pa.concat_tables([tables[0].slice(0, 1), tables[0].slice(1)]))
    assert len({read(t, id="id").fingerprint for t in tables}) == 1
    assert read(tables[0], id="id").fingerprint != read(tables[0]).fingerprint


# Bounds


def test_large_rows_are_spooled_and_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "id,text\n" + "".join(f"{n},text number {n}\n" for n in range(3000))
    path = put(tmp_path, "a.csv", content)
    small = read(path)
    monkeypatch.setattr(batches, "IN_MEMORY", 1000)
    monkeypatch.setattr(batches, "BATCH_ROWS", 100)
    before = pa.total_allocated_bytes()
    large = read(path, spool=tmp_path / "spool")
    assert pa.total_allocated_bytes() - before < 20_000
    assert list((tmp_path / "spool").iterdir()) == []
    assert large.table.equals(small.table)
    assert large.texts.equals(small.texts)
    assert large.fingerprint == small.fingerprint
    put(tmp_path, "file", "x")
    with pytest.raises(MachineError, match="rows cannot be spooled"):
        read(path, spool=tmp_path / "file")


def test_the_limit_of_the_csv_module_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    assert len(texts(read(put(tmp_path, "a.csv", "id,text\n1," + "x" * 500_000 + "\n")))[0]) == 500_000
    refused(nasty.CASES["ragged, more"](tmp_path))
    assert csv.field_size_limit() == before


CHILD = """
import resource, sys
from matomari.rows.read import read
rows = read(sys.argv[1], spool=sys.argv[2], id="id")
# not getrusage: its peak begins with that of the process that started this one
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(rows), rows.texts[-1], int(peak.split()[1]) // 1024)
"""


def run(code: str, *arguments: str, given: bytes = b"") -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, env=environment(), timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Mapped pages count as resident while they are touched, so what is allowed is far less than loading and not nothing."""
    peaks = []
    for count in (250_000, 500_000):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w") as file:
            for n in range(count):
                file.write(json.dumps({"id": n, "text": f"row {n} " + "word " * 38}) + "\n")
        found, rest = run(CHILD, str(path), str(tmp_path)).strip().split(" ", 1)
        last, peak = rest.rsplit(" ", 1)
        assert int(found) == count
        assert last.startswith(f"row {count - 1} ")
        peaks.append(int(peak))
    assert (tmp_path / "500000.jsonl").stat().st_size > 100 << 20
    print("peaks in MB", peaks)
    assert peaks[1] < 600


STDIN = "from matomari.rows.read import read; r = read('-'); print([r.texts.to_pylist(), r.source, r.notes])"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        (b'[{"text": "a"},\n {"text": "b"}]', ["a", "b"]),
        (b"id;text\n1;a\n2;b\n", ["a", "b"]),
        (b"Well, yes.\nNo, not so, never.\n", ["Well, yes.", "No, not so, never."]),
        (b"Well, yes\nNo, never\nHm, so\n", ["Well, yes", "No, never", "Hm, so"]),
        ("りんご\nみかん\n".encode("cp932"), ["りんご", "みかん"]),
        (gzip.compress(b"one\ntwo\n", mtime=0), ["one", "two"]),
    ],
)
def test_stdin(given: bytes, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    rows = read("-")
    assert texts(rows) == expected
    assert rows.source == "standard input"


def test_stdin_through_a_pipe() -> None:
    assert run(STDIN, given=b"id,text\n1,a\n2,b\n").startswith("[['a', 'b'], 'standard input'")


def test_empty_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused("-").message == "standard input is empty and holds no rows."


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "json", "txt", "parquet", "xlsx", "gz", "dat"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{ending}"
    path.write_bytes(content)
    try:
        rows = read(path)
    except InputError as error:
        assert error.hint
    else:
        assert len(rows) == len(rows.texts) > 0
