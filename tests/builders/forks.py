"""Commands of matomari as processes of their own that start in a moment: one process has imported everything, and forks a child for each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from builders import environment


class Started:
    """A command that runs."""

    def __init__(self, server: Forks, pid: int) -> None:
        self._server, self.pid = server, pid

    def send(self, number: signal.Signals) -> None:
        """A signal, to this process alone."""
        os.kill(self.pid, number)

    def running(self) -> bool:
        """Whether it has not ended; a process that waits for its parent has."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def wait(self) -> int:
        """The exit code, or the signal's number below zero."""
        return int(self._server.heard()["status"])


class Forks:
    """The process that forks; a context manager. Commands run one after the other.

    Parameters
    ----------
    modules : sequence of str
        Imported before the first fork.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        command = [sys.executable, "-B", str(Path(__file__)), *modules]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment(OMP_NUM_THREADS="1")
        )
        assert self.heard() == {"warm": True}

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def heard(self) -> dict[str, Any]:
        """The next line of the process."""
        assert self._process.stdout is not None
        return dict(json.loads(self._process.stdout.readline()))

    def start(self, *words: str, said: Path, **variables: str) -> Started:
        """Run `matomari WORDS`; what it says on either stream goes into the file."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"words": words, "said": str(said), "variables": variables}) + "\n")
        self._process.stdin.flush()
        return Started(self, int(self.heard()["pid"]))


def _serve(modules: Sequence[str]) -> None:
    import importlib

    for name in modules:
        importlib.import_module(name)
    print(json.dumps({"warm": True}), flush=True)
    for line in iter(sys.stdin.readline, ""):
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _child(**wanted)
        print(json.dumps({"pid": pid}), flush=True)
        print(json.dumps({"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}), flush=True)


def _child(words: Sequence[str], said: str, variables: Mapping[str, str]) -> NoReturn:
    os.environ.update(variables)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["matomari", *words]
    from matomari.cli import main

    main()  # ends by SystemExit, and with the interpreter's own end: what threads do then is a part of what is tested
    raise AssertionError("a command ends the process")


def until(happened: Any, seconds: float = 20.0) -> bool:
    """Whether it happens within so long, looked at every millisecond."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


if __name__ == "__main__":
    _serve(sys.argv[1:])
