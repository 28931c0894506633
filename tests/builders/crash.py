"""Kill a writer, or fail it, at every system call that it makes.

A scenario is a function `module:name` that takes a folder. `every_point` runs it once a call and once an occurrence:
a server process imports everything once, forks a child for each run, and strace, attached to the child, kills it or
fails the call at exactly that occurrence. What the folder holds afterwards is for the test to judge.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from builders import environment

MUTATING = ["write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "truncate", "rename", "renameat", "renameat2", "mkdir"]
MUTATING += ["mkdirat", "unlink", "unlinkat", "rmdir", "symlink", "symlinkat", "link", "linkat", "fchmod", "flock", "openat"]
MUTATING += ["copy_file_range", "sendfile"]
KILL = "signal=SIGKILL"
NAMED, OTHER = 10, 11


@dataclass(frozen=True)
class Outcome:
    """What became of one run: the call and occurrence that was hit, exit status (negative: a signal), the error's text."""

    call: str
    occurrence: int
    hit: bool
    status: int
    error: str

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Server:
    """A process that forks one child a run, so that imports are paid once."""

    def __init__(self, scenario: str) -> None:
        command = [sys.executable, "-B", str(Path(__file__)), scenario]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment())
        assert self._heard() == "warm", "the server did not start"

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def run(self, folder: Path, call: str, occurrence: int, effect: str) -> Outcome:
        """One run under strace; with an empty effect the calls are only watched."""
        self._say(str(folder))
        child = self._heard()
        inject = ["-e", f"inject={call}:{effect}:when={occurrence}"] if effect else []
        wanted = call if effect else ",".join(f"?{name}" for name in MUTATING)
        strace = subprocess.Popen(["strace", "-f", "-p", child, "-e", f"trace={wanted}", *inject], stderr=subprocess.PIPE, text=True)
        assert strace.stderr is not None
        attached = strace.stderr.readline()
        assert "attached" in attached, f"strace could not attach: {attached}"
        self._say("go")
        _, self.trace = strace.communicate(timeout=60)
        status, error = json.loads(self._heard())
        return Outcome(call, occurrence, status == -signal.SIGKILL or "INJECTED" in self.trace, status, error)

    def calls(self, folder: Path) -> list[str]:
        """The mutating calls that an undisturbed run makes."""
        outcome = self.run(folder, "", 0, "")
        assert outcome.status == 0, outcome.error
        return sorted(set(re.findall(r"^(?:\[pid +\d+\] )?(\w+)\(", self.trace, re.MULTILINE)))


def every_point(
    scenario: str, old: Path, root: Path, effect: str = KILL, calls: Sequence[str] = MUTATING
) -> Iterator[tuple[Outcome, Path]]:
    """Run `scenario` on a fresh copy of folder `old` for every call and occurrence, until the run is no longer hit."""
    number = 0

    def fresh() -> Path:
        nonlocal number
        number += 1
        return Path(shutil.copytree(old, root / f"run{number}" / old.name, symlinks=True))

    with Server(scenario) as server:
        for call in server.calls(fresh()):
            occurrence = 1
            while call in calls:
                folder = fresh()
                outcome = server.run(folder, call, occurrence, effect)
                if not outcome.hit:
                    break
                yield outcome, folder
                shutil.rmtree(folder.parent)
                occurrence += 1


def _serve(scenario: str) -> None:
    module, name = scenario.split(":")
    job: Callable[[Path], None] = getattr(importlib.import_module(module), name)
    with tempfile.TemporaryDirectory() as scratch:
        job(Path(scratch) / "warm")  # late imports happen here and not in the children
    board = mmap.mmap(-1, 4096)  # shared memory: a report that is no system call
    print("warm", flush=True)
    for line in iter(sys.stdin.readline, ""):
        board[:] = bytes(4096)
        child = os.fork()
        if child == 0:
            os._exit(_child(job, Path(line.strip()), board))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps([status, board[:].rstrip(b"\0").decode(errors="replace")]), flush=True)


def _child(job: Callable[[Path], None], folder: Path, board: mmap.mmap) -> int:
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER_ANY: let a sibling attach
    os.write(1, f"{os.getpid()}\n".encode())
    os.read(0, 3)
    from matomari.errors import MatomariError

    try:
        job(folder)
    except BaseException as error:
        text = f"{type(error).__name__}: {error}".encode()[:4000]
        board[: len(text)] = text
        return NAMED if isinstance(error, MatomariError) else OTHER
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
