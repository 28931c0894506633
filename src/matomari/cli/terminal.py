"""The only module that prints: messages at the terminal, and how a command fails."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import InputError, MatomariError, Stopped

if TYPE_CHECKING:
    import pyarrow as pa


def fail(error: MatomariError) -> NoReturn:
    """Print the error and a hint, and end with the exit code of its kind."""
    print(f"error: {error.at_command_line()}", file=sys.stderr)
    sys.exit(error.exit_code)


def stopped(message: str, code: int) -> NoReturn:
    """End after Ctrl-C (130) or a request to terminate (143), which are not errors."""
    print(message, file=sys.stderr)
    sys.exit(code)


@contextmanager
def terminable() -> Iterator[None]:
    """Meanwhile a request to terminate ends the verb as Ctrl-C does, with 143; in the main thread, where alone handlers can be set."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def misused(error: Any) -> NoReturn:
    """End as click means it to: help and a version are not errors, a wrong word is the user's error."""
    if type(error).__name__ in ("Exit", "NoArgsIsHelpError"):
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
        sys.exit(getattr(error, "exit_code", 0))
    if type(error).__name__ == "Abort":
        stopped("stopped", 130)
    context = getattr(error, "ctx", None)
    verb = f"{context.command_path} --help" if context else "matomari --help"
    sentence = error.format_message()
    sentence = sentence if sentence.endswith(("?", ".", ")")) else f"{sentence}."
    fail(InputError(sentence, hint=f"{verb} lists what can be given."))


def listen(quiet: bool) -> None:
    """Progress and warnings on stderr; the libraries below keep silent."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("matomari")
    logger.handlers[:] = [handler]  # also where one process runs several commands
    logger.setLevel(logging.ERROR if quiet else logging.INFO)


def say(text: str) -> None:
    """One line for the person at the terminal, on stderr."""
    print(text, file=sys.stderr)


def say_notes(notes: list[str]) -> None:
    """Every note on a line of its own."""
    for note in notes:
        say(f"note: {note}")


def print_line(text: str) -> None:
    """One line of data on stdout."""
    print(text)


def print_csv(table: pa.Table) -> None:
    """A table on stdout."""
    from ..operate.tables import write_csv

    sys.stdout.flush()
    write_csv(table, sys.stdout.buffer)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on stdout, in one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def print_run(run: Mapping[str, Any], keys: tuple[str, ...], out: Path | None) -> None:
    """Some keys of a run, and where the result is, as one JSON object on stdout."""
    print_json({key: run[key] for key in keys} | {"out": None if out is None else str(out)})
