"""Settings files: every option, unknown keys refused, an earlier run repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.cli import call

CARDS = ["lost card", "my card is lost", "I lost my bank card", "top up failed", "my top-up did not work", "topping up fails"]


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    path = tmp_path / "cards.csv"
    path.write_text("body,nr\n" + "".join(f"{text},{i}\n" for i, text in enumerate(CARDS)), encoding="utf-8")
    return path


def run_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "run.json").read_text(encoding="utf-8")))


def test_options_of_a_file_stand_below_those_of_the_command_line(cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "run.yaml"
    config.write_text("kind: themes\ngroups: 3\nassign-all: true\nseed: 5\ntext: body\nno_cache: true\n", encoding="utf-8")
    assert (
        call("group", str(cards), "-o", str(tmp_path / "o"), "--config", str(config), "--groups", "2", "-q", monkeypatch=monkeypatch) == 0
    )
    run = run_of(tmp_path / "o")
    assert (run["kind"], run["groups_asked"], run["assign_all"], run["seed"]) == ("themes", 2, True, 5)
    assert run["text_columns"] == ["body"]


def test_the_run_of_an_earlier_folder_is_repeated(cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["group", str(cards), "--text", "body", "--id", "nr", "--kind", "themes", "--groups", "2", "--seed", "4", "--no-cache", "-q"]
    assert call(*words, "-o", str(tmp_path / "a"), monkeypatch=monkeypatch) == 0
    again = ["group", "--config", str(tmp_path / "a" / "run.json"), "-o", str(tmp_path / "b"), "--no-cache", "-q"]
    assert call(*again, monkeypatch=monkeypatch) == 0
    assert run_of(tmp_path / "a") == run_of(tmp_path / "b")
    assert (tmp_path / "a" / "items.csv").read_bytes() == (tmp_path / "b" / "items.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("run.yaml", "kinds: themes\n", "has an unknown key 'kinds'.\nhint: did you mean 'kind'?"),
        ("run.yaml", "label: team\n", "has an unknown key 'label'"),
        ("run.yaml", "- themes\n", "holds no options"),
        ("run.yaml", "kind: [themes\n", "is not YAML"),
        ("run.json", "{", "is not JSON"),
        ("run.json", '{"matomari": "0.1.0", "source": "a.csv"}', "is of version 0.1"),
        (
            "run.json",
            '{"matomari": "1", "source": "a", "options": {"encoder": {"object": "Mine"}}}',
            "whose 'encoder' was an object in Python",
        ),
        ("none.yaml", None, "cannot be read"),
        ("run.yaml", "kind: topics\n", "topics"),
        ("run.yaml", "groups: many\n", "'--groups'"),
    ],
)
def test_a_wrong_file_is_one_sentence(
    name: str,
    content: str | None,
    message: str,
    cards: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert call("group", str(cards), "--config", str(tmp_path / name), "-o", str(tmp_path / "o"), monkeypatch=monkeypatch) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "\nhint: " in err
    assert not (tmp_path / "o").exists()


def test_other_verbs_take_one_too(cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pairs.yaml").write_text("mixing: [0.5, 1.2]\ncolumns: [body, nr]\n", encoding="utf-8")
    words = ["learn", "pairs", str(cards), "-o", str(tmp_path / "o"), "--config", str(tmp_path / "pairs.yaml")]
    assert call(*words, monkeypatch=monkeypatch) == 2
    assert "'mixing' parameter of Recipe must be a float in the range [0, 1]" in capsys.readouterr().err
