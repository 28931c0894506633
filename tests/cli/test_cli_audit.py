"""audit on the command line, on texts and on a folder of images."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from builders.cli import call
from builders.report_reader import Tags

CARDS = ["lost card", "my card is lost", "I lost my bank card", "the card was stolen", "someone stole my card", "card has gone missing"]


CARDS += ["my card got stolen yesterday", "cannot find my card", "I have lost my card abroad"]


MONEY = [
    "top up failed",
    "my top-up did not work",
    "topping up fails",
    "the top up was declined",
    "cannot top up my account",
    "top up is pending",
]


MONEY += ["why is my top up not there", "my account was not topped up", "top-up reverted"]


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    rows = [["cards", text, "web"] for text in CARDS] + [["money", text, "phone"] for text in MONEY]
    rows[3][0] = "money"
    with (tmp_path / "tickets.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["team", "body", "channel"], *rows])
    return tmp_path / "tickets.csv"


def test_the_command_line_writes_a_folder(
    tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["audit", str(tickets), "--text", "body", "--label", "team", "--by", "channel", "-o", str(tmp_path / "o"), "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 of 18 labels is suspect; 2 of 2 classes own a community" in said.err
    assert f"open {tmp_path / 'o' / 'report.html'} in a browser; label_issues.csv is beside it" in said.err
    (task,) = json.loads((tmp_path / "o" / "label_studio.json").read_text())
    assert task["data"]["row_id"] == "3"
    assert task["data"]["text"] == "the card was stolen"
    (tmp_path / "gold.csv").write_text("id,label\n3,cards\n")
    assert call(*words, "--gold", str(tmp_path / "gold.csv"), "--json", monkeypatch=monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["issues"], told["gold"], told["misclustered"], told["out"]) == (18, 0, 1, 0, str(tmp_path / "o"))


def test_without_a_folder_the_rows_are_the_output(
    tickets: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert call("audit", str(tickets), "--text", "body", "--label", "team", "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    said = capfdbinary.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out.decode())))
    assert [row["id"] for row in rows if row["is_label_issue"] == "true"] == ["3"]
    assert said.err == b""


def test_faults_end_with_two_and_a_hint(tickets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("audit", str(tickets), "--text", "body", "--no-cache", monkeypatch=monkeypatch) == 2
    assert "error: no column of labels was given." in capsys.readouterr().err


def test_a_folder_of_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Image = pytest.importorskip("PIL.Image", reason="the extra 'images' is not installed")
    rng = np.random.default_rng(2)
    for name, half in (("down", slice(4, 8)), ("up", slice(0, 4))):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(10):
            pixels = rng.integers(0, 60, (8, 8), dtype=np.uint8)
            pixels[half] += 150
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{i}.png")
    (tmp_path / "photos" / "up" / "9.png").rename(tmp_path / "photos" / "down" / "<b>.png")
    words = ["audit", str(tmp_path / "photos"), "--image", "--by", "width", "-o", str(tmp_path / "o"), "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0, capsys.readouterr().err
    (task,) = json.loads((tmp_path / "o" / "label_studio.json").read_text())
    assert task["data"]["image"] == "down/<b>.png"
    assert task["data"]["given_label"] == "down"
    assert task["predictions"][0]["result"][0] == {
        "from_name": "label",
        "to_name": "image",
        "type": "choices",
        "value": {"choices": ["up"]},
    }
    assert task["data"]["nearest_correct"].startswith("up/")
    page = Tags((tmp_path / "o" / "report.html").read_text())
    shown = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert len(shown) == 2
    assert all(str(one).startswith("data:image/png;base64,") for one in shown)
    assert "down/<b>.png" in page.words
    assert call(*words, "--label", "width", monkeypatch=monkeypatch) == 2
    assert "an image's label is its top folder" in capsys.readouterr().err
    assert call("audit", str(tmp_path), "--image", "-o", str(tmp_path / "p"), "--no-cache", monkeypatch=monkeypatch) == 2
    assert "holds only one class, 'photos'" in capsys.readouterr().err
