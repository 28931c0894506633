"""C1, C4, C5: a writer may die or fail at any system call, and the folder still holds the old content or the new."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from builders import environment
from builders.crash import KILL, NAMED, Outcome, every_point
from builders.writers import NEW, OLD, page, partition, put
from matomari.errors import MatomariError
from matomari.partition import Partition
from matomari.store.artefact import load, writing
from matomari.store.formats import load_table
from matomari.store.journal import Journal

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed (Debian: apt-get install strace)")


def state(path: Path) -> str:
    """Which content the folder holds; fails when it is a mixture, or when the views tell another story."""
    found = load(path, kind="note")
    word = found.meta["word"]
    assert found.file("a.txt").read_text() == word
    assert load_table(found.file("t.parquet"))["word"].tolist() == [word]
    assert found.has("only-new.txt" if word == NEW else "only-old.txt")
    views = {p.name: p for p in path.iterdir() if p.is_symlink() and p.name != "CURRENT" and p.name[0] != "." and p.exists()}
    assert set(views) == set(found.files)
    assert all(view.read_bytes() == found.file(name).read_bytes() for name, view in views.items())
    return word


def tidy(path: Path) -> bool:
    names = [p.name for p in path.iterdir()]
    dangling = [p for p in path.iterdir() if p.is_symlink() and not p.exists()]
    return not dangling and not any(n.startswith(".stage") for n in names) and sum(n.startswith("results.") for n in names) <= 2


@pytest.fixture
def old(tmp_path: Path) -> Path:
    put(tmp_path / "old", "older content", "only-older.txt")
    put(tmp_path / "old", OLD, "only-old.txt")
    return tmp_path / "old"


@needs_strace
def test_kill_artefact(old: Path, tmp_path: Path) -> None:
    states = []
    for outcome, folder in every_point("builders.writers:write_new", old, tmp_path / "runs"):
        assert outcome.killed
        states.append(state(folder))
        assert sum(p.name.startswith(".stage") for p in folder.iterdir()) <= 2, list(folder.iterdir())
        put(folder, "third", "third.txt")
        assert tidy(folder), (outcome, list(folder.iterdir()))
    assert set(states) == {OLD, NEW}
    assert len(states) >= 30
    print(f"kill points: {len(states)}, old {states.count(OLD)}, new {states.count(NEW)}")


@needs_strace
def test_kill_first_artefact(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    seen = set()
    for _, folder in every_point(
        "builders.writers:write_new", tmp_path / "empty", tmp_path / "runs", calls=["rename", "symlink", "fsync", "unlink"]
    ):
        if (folder / "CURRENT").is_symlink():
            seen.add(state(folder))
        else:
            with pytest.raises(MatomariError, match="is not a matomari folder"):
                load(folder, kind="note")
        put(folder, NEW, "only-new.txt")
        assert state(folder) == NEW
        assert tidy(folder)
    assert seen == {NEW}


@needs_strace
def test_kill_partition(tmp_path: Path) -> None:
    partition([0, 1, 0]).save(tmp_path / "p")
    found = []
    for _, folder in every_point("builders.writers:save_partition", tmp_path / "p", tmp_path / "runs"):
        read = Partition.load(folder)
        assert read.labels.tolist() == read.origin["labels"]
        found.append(tuple(read.labels.tolist()))
        partition([0, 0, 1]).save(folder)
        assert tidy(folder)
    assert set(found) == {(0, 1, 0), (1, 1, 0)}
    print(f"kill points: {len(found)}")


@needs_strace
def test_kill_report(tmp_path: Path) -> None:
    from matomari.operate.group.page import render, write

    (tmp_path / "r").mkdir()
    write(page("old"), tmp_path / "r" / "report.html")
    found = set()
    for _, folder in every_point("builders.writers:write_report", tmp_path / "r", tmp_path / "runs"):
        found.add((folder / "report.html").read_text(encoding="utf-8"))
    assert found == {render(page("old")), render(page("new"))}


@needs_strace
def test_kill_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j" / "journal")
    journal.append({"n": 1})
    journal.append({"n": 2})
    with (tmp_path / "j" / "journal").open("ab") as file:
        file.write(b"00000123 0123")  # torn by an earlier crash, so that the victim has to cut it off
    counts = []
    for _, folder in every_point("builders.writers:append_line", tmp_path / "j", tmp_path / "runs"):
        again = Journal(folder / "journal")
        numbers = [value["n"] for value in again]
        assert numbers in ([1, 2], [1, 2, 3])
        again.append({"n": 4})
        assert [value["n"] for value in Journal(folder / "journal")] == [*numbers, 4]
        counts.append(len(numbers))
    assert set(counts) == {2, 3}
    print(f"kill points: {len(counts)}")


FAULTS = [
    ("ENOSPC", ["write", "pwrite64", "fsync", "mkdir", "symlink", "symlinkat", "rename", "renameat", "renameat2", "ftruncate"]),
    pytest.param(
        "EIO", ["write", "fsync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "flock"], marks=pytest.mark.long
    ),
    pytest.param(
        "EACCES",
        ["write", "openat", "mkdir", "rename", "renameat", "renameat2", "symlink", "symlinkat", "unlink", "unlinkat"],
        marks=pytest.mark.long,
    ),
    pytest.param("EROFS", ["mkdir", "rename", "symlink"], marks=pytest.mark.long),
    pytest.param("EMFILE", ["openat"], marks=pytest.mark.long),
]


def one_line(outcome: Outcome) -> bool:
    """MachineError: one sentence and one hint."""
    return outcome.status == NAMED and outcome.error.startswith("MachineError: ") and len(outcome.error.splitlines()) == 2


@needs_strace
@pytest.mark.parametrize(("fault", "calls"), FAULTS)
def test_fault_artefact(fault: str, calls: list[str], old: Path, tmp_path: Path) -> None:
    refused = 0
    for outcome, folder in every_point("builders.writers:write_new", old, tmp_path / "runs", f"error={fault}", calls):
        now = state(folder)
        if outcome.status:
            assert one_line(outcome), outcome
            assert now == OLD or outcome.call in ("fsync", "openat"), outcome  # the switch was made, its flush failed
            refused += 1
        else:
            assert now == NEW, outcome  # only the sweep failed
        put(folder, "third", "third.txt")
        assert tidy(folder), outcome
    assert refused
    print(f"{fault}: {refused} refusals")


@needs_strace
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO", "EACCES"])
def test_fault_journal(fault: str, tmp_path: Path) -> None:
    Journal(tmp_path / "j" / "journal").append({"n": 1})
    points = 0
    for outcome, folder in every_point(
        "builders.writers:append_line", tmp_path / "j", tmp_path / "runs", f"error={fault}", ["write", "fsync", "openat", "flock"]
    ):
        numbers = [value["n"] for value in Journal(folder / "journal")]
        assert one_line(outcome), outcome
        assert numbers == [1], outcome
        points += 1
    assert points >= 3


def test_harness_sees_a_torn_writer(tmp_path: Path) -> None:
    """The usual way, file after file in place, is caught: some kill leaves new weights beside the old config."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    (tmp_path / "w").mkdir()
    for name in ("weights", "config"):
        (tmp_path / "w" / name).write_text(OLD)
    found = set()
    for _, folder in every_point("builders.writers:write_in_place", tmp_path / "w", tmp_path / "runs", KILL):
        found.add(tuple((folder / name).read_text() for name in ("weights", "config")))
    assert (NEW, OLD) in found or (NEW, "") in found


WRITER = """
    import sys
    from pathlib import Path
    from matomari.store.artefact import writing
    for n in range(10):
        with writing(sys.argv[1], kind="note", meta={"n": n}) as stage:
            (stage / "a.txt").write_text(f"{sys.argv[2]} {n}")
            (stage / f"{sys.argv[2]}.txt").write_text(f"{sys.argv[2]} {n}")
"""
READER = """
    import sys
    from pathlib import Path
    from matomari.store.artefact import load
    reads = 0
    while not Path(sys.argv[2]).exists() or reads == 0:
        found = load(sys.argv[1], kind="note")
        words = {found.file(name).read_text() for name in found.files}
        assert len(words) == 1, words
        reads += 1
    print(reads)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())


def test_writers_and_readers_at_once(tmp_path: Path) -> None:
    out, done = tmp_path / "out", tmp_path / "done"
    with writing(out, kind="note") as stage:
        (stage / "a.txt").write_text("first")
    readers = [start(READER, str(out), str(done)) for _ in range(2)]
    writers = [start(WRITER, str(out), name) for name in ("w", "x", "y", "z")]
    for writer in writers:
        assert writer.communicate(timeout=60)[1] == ""
    done.touch()
    reads = []
    for reader in readers:
        text, fault = reader.communicate(timeout=60)
        assert fault == ""
        reads.append(int(text))
    assert min(reads) >= 1
    with writing(out, kind="note") as stage:
        (stage / "a.txt").write_text("last")
    assert tidy(out)
    print("reads", reads)
