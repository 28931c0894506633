"""Writes docs/command-line.md: what the program itself says about every verb.

``python docs/command_line.py`` prints the page, ``python docs/command_line.py --write`` replaces it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from typer.testing import CliRunner

from matomari.cli.app import app

PAGE = Path(__file__).with_name("command-line.md")
COLUMNS = 80
HEAD = """# The command line

<!-- Written by docs/command_line.py from the program itself: change the program, then run `python docs/command_line.py --write`. -->

`matomari VERB --help` shows the options that are used most. `matomari VERB --help-all` shows every option, as this page does.
`--config FILE` takes options from a YAML file, or from the `run.json` of an earlier run, which repeats that run.
Data goes to stdout and messages go to stderr.

| exit code | meaning |
|---|---|
| 0 | success |
| 2 | the input or an option is wrong; the message says what helps |
| 3 | the machine failed: disk, memory or permissions |
| 130, 143 | stopped by Ctrl-C, or by a request to terminate; run the same command again to go on |
"""


def said(*words: str) -> str:
    """What `matomari WORDS` prints in a terminal of 80 columns."""
    result = CliRunner(env={"COLUMNS": str(COLUMNS)}).invoke(app, list(words), prog_name="matomari")
    if result.exit_code:
        raise RuntimeError(f"matomari {' '.join(words)} ended with {result.exit_code}: {result.output}")
    return result.output


def verbs(group: Any = None, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every verb that does something, as the words that call it, and its command; those of `learn` at its place."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, (*way, name))
        else:
            yield (*way, name), command


def defaults(command: Any) -> str:
    """The defaults of a verb that `--help` leaves out: those that are a value, not only yes or no."""
    known = [(p.opts[0], p.default) for p in command.params if p.opts[0].startswith("--")]
    shown = [f"`{option} {value:g}`" if isinstance(value, float) else f"`{option} {value}`" for option, value in known if _is_value(value)]
    return f"Defaults: {', '.join(shown)}.\n" if shown else ""


def _is_value(default: object) -> bool:
    return default is not None and not isinstance(default, bool) and isinstance(default, str | int | float)


def page() -> str:
    """The page, in Markdown."""
    parts = [HEAD, f"## matomari\n\n```text\n{said('--help')}```\n\n```text\n{said('learn', '--help')}```\n"]
    for words, command in verbs():
        spoken, summary = " ".join(words), (command.help or "").strip()
        parts.append(
            f"## {spoken}\n\n{summary}\n\n```text\n{said(*words, '--help-all')}```\n" + ("\n" + d if (d := defaults(command)) else "")
        )
    return "\n".join(parts)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
