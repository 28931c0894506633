"""One options class per job: the same names and defaults in Python and at the command line, one check, two wordings."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import Any

import pytest

import matomari
from matomari.cli.app import app
from matomari.errors import InputError, setting
from matomari.operate.options import (
    ApplyOptions,
    AuditOptions,
    GroupOptions,
    LearnLabelsOptions,
    LearnPairsOptions,
    LearnTextsOptions,
    Options,
    TeachOptions,
    TeachPairsOptions,
)

JOBS: dict[str, type[Options]] = {
    "group": GroupOptions,
    "audit": AuditOptions,
    "learn_pairs": LearnPairsOptions,
    "learn_texts": LearnTextsOptions,
    "learn_labels": LearnLabelsOptions,
    "apply": ApplyOptions,
    "ask_teacher": TeachOptions,
    "teach_pairs": TeachPairsOptions,
}


def commands() -> dict[str, Any]:
    import typer.main

    root = typer.main.get_command(app)
    verbs = dict(root.commands)  # type: ignore[attr-defined]
    learning = verbs.pop("learn").commands
    teaching = verbs.pop("teach").commands
    verbs |= {"ask_teacher": teaching["groups"], "teach_pairs": teaching["pairs"]}
    return verbs | {f"learn_{name}": command for name, command in learning.items()}


@pytest.mark.parametrize("job", JOBS)
def test_the_signature_in_python_is_that_of_the_options(job: str) -> None:
    given = inspect.signature(getattr(matomari, job)).parameters
    options = {name: p.default for name, p in given.items() if name not in ("source", "out", "grouping", "edits")}
    assert options == {f.name: f.default for f in fields(JOBS[job])}


@pytest.mark.parametrize("job", JOBS)
def test_every_option_is_one_of_the_command_line(job: str) -> None:
    parameters = {p.name: p for p in commands()[job].params}
    for f in fields(JOBS[job]):
        if f.metadata["python_only"]:
            assert f.name not in parameters
            continue
        assert parameters[f.name].opts == [f"--{f.name.replace('_', '-')}"]
        assert f.metadata["help"] == parameters[f.name].help


@pytest.mark.parametrize("job", JOBS)
def test_every_option_is_described_in_the_docstring(job: str) -> None:
    text = inspect.getdoc(getattr(matomari, job)) or ""
    for name in JOBS[job].names():
        assert name in text, name


@pytest.mark.parametrize(
    ("options", "given", "message", "hint", "at_command_line"),
    [
        (GroupOptions, {"groups": 0}, "'groups' parameter of group must be an int in the range [1, inf)", "leave it out", "leave it out"),
        (GroupOptions, {"groups": True}, "Got True instead", "leave it out", "leave it out"),
        (GroupOptions, {"kind": "topics"}, "must be one of 'auto', 'themes', 'variants'", "kind='themes'", "--kind themes"),
        (GroupOptions, {"deep": True}, "only soft k-means has them", "method='soft'", "--method soft"),
        (GroupOptions, {"seed": -1}, "'seed' parameter of group", "seed=0", "--seed 0"),
        (AuditOptions, {"seed": 1.5}, "'seed' parameter of audit", "seed=0", "--seed 0"),
        (LearnPairsOptions, {"piece": 0}, "in the range [1, inf)", "piece=1", "--piece 1"),
        (ApplyOptions, {"only": "rename,moves"}, "must be made of rename, merge", "only='rename,move'", "--only rename,move"),
        (LearnTextsOptions, {"columns": ("a", "b")}, "there are none", "pairs=…", "--pairs"),
    ],
)
def test_a_wrong_value_is_one_sentence_in_two_wordings(
    options: type[Options], given: dict[str, Any], message: str, hint: str, at_command_line: str
) -> None:
    with pytest.raises(InputError) as refused:
        options(**given)
    assert message in str(refused.value)
    assert hint in refused.value.hint
    assert at_command_line in refused.value.at_command_line()
    assert "--" not in refused.value.hint


def test_a_setting_is_worded_by_the_surface() -> None:
    error = InputError("no.", hint=f"try {setting('assign_all', True)}, {setting('kind', 'themes')} or {setting('label')}.")
    assert error.hint == "try assign_all=True, kind='themes' or label=…."
    assert error.at_command_line() == "no.\nhint: try --assign-all, --kind themes or --label."
    assert str(error) == f"no.\nhint: {error.hint}"


def test_what_is_recorded_can_be_written_as_json() -> None:
    record = GroupOptions(text=["a", "b"], encoder=object(), cache="somewhere").record()
    assert record["text"] == ["a", "b"]
    assert record["encoder"] == {"object": "object"}
    assert "cache" not in record
