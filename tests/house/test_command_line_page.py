"""docs/command-line.md is what the program says now, and the help of every verb fits a terminal."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from typing import Any

import pytest

from builders import ROOT

SCRIPT = ROOT / "docs" / "command_line.py"
COLUMNS, LINES = 80, 24
MORE = "More options: --help-all"
VERBS = [
    "group",
    "audit",
    "assign",
    "score",
    "report",
    "teach groups",
    "teach pairs",
    "apply",
    "learn pairs",
    "learn texts",
    "learn labels",
]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def said(script: dict[str, Any]) -> Callable[..., str]:
    return script["said"]


def too_large(shown: str) -> list[str]:
    """What does not fit: lines of more than 80 columns, and more than 24 lines that do not say where the rest is."""
    wide = [line for line in shown.splitlines() if len(line) > COLUMNS]
    return wide + ([f"{len(shown.splitlines())} lines"] if len(shown.splitlines()) > LINES and MORE not in shown else [])


def cut_short(shown: str) -> list[str]:
    """Summaries in a list of verbs that the program cut."""
    return [line for line in shown.partition("Commands:")[2].splitlines() if line.rstrip().endswith("...")]


def test_the_page_is_what_the_program_says(script: dict[str, Any]) -> None:
    committed = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert committed == script["page"](), "run: python docs/command_line.py --write"


def test_the_page_has_every_verb(script: dict[str, Any]) -> None:
    assert sorted(" ".join(words) for words, _ in script["verbs"]()) == sorted(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_a_screen_or_says_where_the_rest_is(verb: str, said: Callable[..., str]) -> None:
    assert too_large(said(*verb.split(), "--help")) == []


@pytest.mark.parametrize("words", [(), ("learn",)], ids=["matomari", "learn"])
def test_no_summary_is_cut(words: tuple[str, ...], said: Callable[..., str]) -> None:
    shown = said(*words, "--help")
    assert "Commands:" in shown
    assert cut_short(shown) == []


@pytest.mark.parametrize("verb", VERBS)
def test_help_all_shows_every_option(verb: str, script: dict[str, Any]) -> None:
    command = {" ".join(words): command for words, command in script["verbs"]()}[verb]
    options = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
    shown = script["said"](*verb.split(), "--help-all")
    assert [option for option in options if f"{option} " not in shown] == []


def test_planted_faults_are_found() -> None:
    assert too_large("x" * 81) == ["x" * 81]
    assert too_large("\n" * 25) == ["25 lines"]
    assert too_large("\n" * 25 + MORE) == []
    assert cut_short("Commands:\n  group  Group a column of...\n  audit  Doubt.") == ["  group  Group a column of..."]
