"""learn --label on the command line, from a file or a folder of images to classes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from builders.cli import call
from matomari.cli.app import app
from matomari.errors import InputError
from matomari.operate.learn.classifier import LabelClassifier
from matomari.operate.learn.labels import learn_labels

CARDS = ["lost card", "my card is lost", "I lost my bank card", "the card was stolen", "someone stole my card", "card has gone missing"]


MONEY = ["top up failed", "my top-up did not work", "topping up fails", "the top up was declined", "cannot top up", "top up is stuck"]


def test_from_a_file_to_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{text},{team}\n" for team, texts in (("cards", CARDS), ("money", MONEY)) for text in texts]
    (tmp_path / "t.csv").write_text("body,team\n" + "".join(lines))
    (tmp_path / "new.csv").write_text("body\nwhere is my lost card\nthe top up does not work\n")
    model, placed = str(tmp_path / "model"), tmp_path / "placed.csv"
    words = ["learn", "labels", str(tmp_path / "t.csv"), "--text", "body", "--label", "team", "--correct", "-o", model, "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    told = json.loads((tmp_path / "model" / "run.json").read_text())
    assert said.out == ""
    for line in (told["outcome"], f"open {model}/report.html in a browser; matomari assign {model} new.csv places new texts"):
        assert line in said.err
    assert all(f"note: {note}" in said.err for note in told["notes"])
    assert call("assign", model, str(tmp_path / "new.csv"), "-o", str(placed), "--no-cache", monkeypatch=monkeypatch) == 0
    assert "2 of 2 texts placed in 2 classes; see " in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO(placed.read_text())))
    assert [row["class"] for row in rows] == ["cards", "money"]
    assert rows[0]["nearest_correct"] in CARDS
    assert rows[1]["nearest_correct"] in MONEY
    assert call("assign", model, str(tmp_path / "new.csv"), "--json", "--no-cache", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 2, "assigned": 2, "unassigned": 0, "unfamiliar": 0, "out": None}
    assert call("assign", model, str(tmp_path / "new.csv"), "--assign-all", monkeypatch=monkeypatch) == 2
    assert "gives every text a class" in capsys.readouterr().err
    assert call(*words, "--json", "-q", monkeypatch=monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["labelled"], told["left_out"]) == (12, 0)


def test_a_folder_of_folders_of_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Image = pytest.importorskip("PIL.Image", reason="the extra 'images' is not installed")
    rng = np.random.default_rng(0)
    for kind in ("across", "down"):
        (tmp_path / "photos" / kind).mkdir(parents=True)
        for i in range(24):
            pixels = rng.integers(0, 60, (6, 6)).astype(np.uint8)
            pixels[(slice(None), i % 3) if kind == "down" else (i % 3, slice(None))] = 255
            Image.fromarray(pixels).save(tmp_path / "photos" / kind / f"{i}.png")
    model = str(tmp_path / "m")
    assert (
        call("learn", "labels", str(tmp_path / "photos"), "--image", "--correct", "-o", model, "--no-cache", monkeypatch=monkeypatch) == 0
    )
    assert f"matomari assign {model} folder/ places new images" in capsys.readouterr().err
    one = str(tmp_path / "photos" / "down" / "3.png")
    assert call("assign", model, one, "-o", str(tmp_path / "p.jsonl"), "--no-cache", monkeypatch=monkeypatch) == 0
    (row,) = map(json.loads, (tmp_path / "p.jsonl").read_text().splitlines())
    assert row["class"] == "down"
    assert row["nearest_correct"].startswith("down/")
    known = LabelClassifier.load(model)
    assert known.medium.noun == "image"
    assert known.rows.column_names == ["id", "path", "label", "correctly_clustered", "nearness"]
    with pytest.raises(InputError, match="'label' names a column"):
        learn_labels(tmp_path / "photos", out=tmp_path / "n", image=True, label="folder")


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        ("labels", ["--rounds", "1"]),
        ("labels", ["--columns", "a", "b"]),
        ("labels", ["--pairs", "p.csv"]),
        ("labels", ["--batch-size", "8"]),
        ("labels", ["--epochs", "1"]),
        ("pairs", ["--correct"]),
        ("pairs", ["--text", "body"]),
        ("pairs", ["--label", "team"]),
        ("texts", ["--gold", "g.csv"]),
        ("texts", ["--id", "key"]),
        ("texts", ["--label", "team"]),
    ],
)
def test_an_option_of_another_verb_is_refused(
    verb: str, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("body,team\na,b\n")
    assert call("learn", verb, str(tmp_path / "t.csv"), "-o", str(tmp_path / "m"), *options, monkeypatch=monkeypatch) == 2
    err = capsys.readouterr().err
    assert options[0] in err
    assert f"hint: matomari learn {verb} --help lists what can be given." in err
    assert not (tmp_path / "m").exists()


def test_a_label_that_is_not_there_has_a_near_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("body,team\na,b\n")
    words = ["learn", "labels", str(tmp_path / "t.csv"), "-o", str(tmp_path / "m"), "--label", "teem", "--text", "body"]
    outcome = CliRunner().invoke(app, words)
    assert isinstance(outcome.exception, InputError)
    assert "did you mean 'team'" in str(outcome.exception)
