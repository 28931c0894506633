"""A real teacher on a real list, from nothing: serves a small model on this machine, asks it about the stock list of the examples, is killed on
the way and goes on, and makes new groups of what is recommended. Called by `make teacher-demo`; fetches 1.1 GB the first time."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORT = 8099
ENDPOINT = f"http://127.0.0.1:{PORT}/v1"
MATOMARI = Path(sys.executable).with_name("matomari")
FOLDER, AFTER = ROOT / "parts", ROOT / "parts2"
ASK = [
    "teach",
    str(FOLDER),
    "--about",
    "articles of a stock list",
    "--relation",
    "name the same article",
    "--most",
    "60",
    "--parallel",
    "1",
]
BEFORE_THE_KILL = 20  # answers


def run(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """A command of matomari, as a user would give it."""
    print(f"\n$ matomari {shlex.join(arguments)}", flush=True)
    return subprocess.run([str(MATOMARI), *arguments], check=check, env=os.environ | {"OPENAI_BASE_URL": ENDPOINT})


def served() -> subprocess.Popen[bytes]:
    """The model, ready to answer."""
    server = subprocess.Popen([sys.executable, str(Path(__file__).with_name("serve.py")), str(PORT)])
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{ENDPOINT}/models", timeout=5):
                return server
        except OSError:
            time.sleep(1)
    raise SystemExit("the model could not be served")


def killed_on_the_way() -> None:
    """The same command, killed with -9 after some answers."""
    journal = FOLDER / "teacher.journal"
    print(f"\n$ matomari {shlex.join(ASK)}     # and kill -9 after {BEFORE_THE_KILL} answers", flush=True)
    process = subprocess.Popen([str(MATOMARI), *ASK], env=os.environ | {"OPENAI_BASE_URL": ENDPOINT})
    while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < BEFORE_THE_KILL):
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    records = journal.read_bytes().count(b"\n") if journal.exists() else 0
    print(f"killed; {records} records are in the journal")


def main() -> None:
    """The demonstration."""
    run("teach", str(FOLDER), "--dry-run", *ASK[2:-2])
    server = served()
    try:
        if not (FOLDER / "teacher.journal").exists():
            killed_on_the_way()
        run(*ASK)
    finally:
        server.terminate()
        server.wait()
    run(*ASK, "--replay")
    run("score", str(FOLDER), "--truth", "item")
    run("apply", str(FOLDER), "proposals.csv", "--recommended", "-o", str(AFTER))
    run("score", str(AFTER), "--truth", "item")
    print(f"\nopen {FOLDER / 'teacher' / 'report.html'} in a browser")


if __name__ == "__main__":
    main()
