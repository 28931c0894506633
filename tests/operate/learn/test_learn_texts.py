"""Learning from texts alone: what is in the folder, what is not, and what happens when a round does harm."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from typer.testing import CliRunner

import matomari
from builders.learner import student
from matomari.cli.app import app
from matomari.errors import InputError
from matomari.learn.texts.rounds import learn_rounds
from matomari.operate.learn import texts as module
from matomari.operate.learn.texts import learn_texts

CANARY = "w3 w19 w77 canary-7f3e"


@pytest.fixture
def start(tmp_path: Path) -> Path:
    student(width=24).save(str(tmp_path / "start"), create_model_card=False)
    return tmp_path / "start"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    topics = rng.integers(200, size=(25, 6))
    rows = [" ".join(f"w{w}" for w in [*rng.permutation(topics[i % 25])[:3], *rng.integers(200, size=2)]) for i in range(600)]
    rows[7] = CANARY
    with (tmp_path / "texts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "body"])
        writer.writerows(enumerate(rows))
    return tmp_path / "texts.csv"


def test_the_folder_holds_a_stock_model_with_a_head(start: Path, texts: Path, tmp_path: Path) -> None:
    found = learn_texts(texts, out=tmp_path / "tuned", text="body", encoder=start, rounds=2)
    assert found.improved, found.outcome
    model = SentenceTransformer(str(tmp_path / "tuned"), device="cpu")
    assert [type(module).__name__ for module in model] == ["StaticEmbedding", "Dense", "Normalize"]
    some = [f"w{i} w{i + 3}" for i in range(40)]
    once = student(width=24).encode(some, normalize_embeddings=True) @ model[1].linear.weight.detach().numpy().T
    np.testing.assert_allclose(model.encode(some), once / np.linalg.norm(once, axis=1, keepdims=True), atol=1e-4)
    np.testing.assert_allclose(
        matomari.load_encoder(tmp_path / "tuned", fast="off", cache=None).encode(some), model.encode(some), atol=1e-5
    )
    told = json.loads((tmp_path / "tuned" / "run.json").read_text())
    assert [one["number"] for one in told["rounds"]] == list(range(len(told["rounds"])))
    assert told["texts"] == 600
    assert found.outcome in (tmp_path / "tuned" / "README.md").read_text()


def test_the_same_texts_and_seed_give_the_same_bytes(start: Path, texts: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        learn_texts(texts, out=tmp_path / name / "tuned", text="body", encoder=start, seed=3)
    a, b = (sorted(p for p in (tmp_path / n / "tuned" / "CURRENT").resolve().rglob("*") if p.is_file()) for n in "ab")
    assert [file.read_bytes() for file in a] == [file.read_bytes() for file in b]


def test_no_text_is_in_the_folder(start: Path, texts: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    learn_texts(texts, out=tmp_path / "tuned", text="body", encoder=start)
    files = [file for file in (tmp_path / "tuned").rglob("*") if file.is_file()]
    assert {"report.html", "README.md", "run.json", "model.safetensors"} <= {file.name for file in files}
    assert not [file for file in files if b"canary" in file.read_bytes()]
    assert not [file for file in files if file.suffix in (".bin", ".pt", ".pkl", ".pth")]
    assert "canary" not in caplog.text


def test_when_no_round_is_kept_the_start_is_saved(start: Path, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "learn_rounds", partial(learn_rounds, pull=50.0, ridge=1e-3))
    found = learn_texts(texts, out=tmp_path / "tuned", text="body", encoder=start, rounds=3)
    assert not found.improved
    assert found.outcome.startswith("No round was kept, so the start encoder was saved, unchanged:")
    assert (tmp_path / "tuned" / "model.safetensors").read_bytes() == (start / "model.safetensors").read_bytes()
    assert "rejected" in (tmp_path / "tuned" / "report.html").read_text()


def test_the_head_that_is_saved_is_the_one_that_was_judged(start: Path, texts: Path, tmp_path: Path) -> None:
    found = learn_texts(texts, out=tmp_path / "tuned", text="body", encoder=start, rounds=1)
    with texts.open(newline="") as file:
        rows = [row["body"] for row in csv.DictReader(file)]
    X = matomari.load_encoder(start, fast="off", cache=None).encode(rows)
    head = learn_rounds(X, 1).head
    assert found.improved
    saved = SentenceTransformer(str(tmp_path / "tuned"), device="cpu")[1].linear.weight.detach().numpy().T
    np.testing.assert_allclose(saved, head, atol=1e-5)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["--columns", "a", "b"], "columns name pairs, and there are none"),
        (["--rounds", "0"], "The 'rounds' parameter of learn_texts must be an int in the range [1, inf)"),
        (["--rounds", "1", "--text", "bodi"], "did you mean 'body'"),
        (["--rounds", "1", "--encoder", "multilingual"], "the encoder 'multilingual' cannot be trained"),
    ],
)
def test_what_contradicts_itself_is_said(said: list[str], message: str, texts: Path, tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["learn", "texts", str(texts), "-o", str(tmp_path / "tuned"), *said])
    assert isinstance(outcome.exception, InputError)
    assert message in str(outcome.exception)
    assert not (tmp_path / "tuned").exists()


def test_the_command_line_prints_one_object(start: Path, texts: Path, tmp_path: Path) -> None:
    said = [
        "learn",
        "texts",
        str(texts),
        "--text",
        "body",
        "--rounds",
        "2",
        "--encoder",
        str(start),
        "-o",
        str(tmp_path / "t"),
        "--json",
        "--no-cache",
    ]
    outcome = CliRunner().invoke(app, said)
    assert outcome.exit_code == 0, outcome.exception
    told = json.loads(outcome.stdout)
    assert told["texts"] == 600
    assert told["rounds"][0]["fidelity"] == pytest.approx(1)
    assert any(f"the start encoder shows {told['groups']} groups: give --groups {told['groups']}" in note for note in told["notes"])
    first = matomari.load_encoder(start, fast="off", cache=None)
    with texts.open(newline="") as file:
        rows = [row["body"] for row in csv.DictReader(file)]
    assert told["groups"] == matomari.group(rows, encoder=first.model, kind="themes", assign_all=True, cache=None).run["groups"]


def test_given_pairs_judge_every_round(start: Path, texts: Path, tmp_path: Path) -> None:
    with texts.open(newline="") as file:
        lines = [row["body"] for row in csv.DictReader(file)]  # every 25th is of the same topic
    judges = tmp_path / "judges.csv"
    judges.write_text("anchor,positive\n" + "".join(f"{a},{b}\n" for a, b in zip(lines[:100], lines[100:200], strict=True)))
    found = learn_texts(texts, out=tmp_path / "t", encoder=start, rounds=1, pairs=judges)
    scores = [one["found"] for one in found.run["rounds"]]
    assert found.run["pairs"] > 50
    assert all(0 < score < 1 for score in scores)
    assert found.improved == (found.run["rounds"][1]["kept"] and scores[1] >= scores[0])
    page = (tmp_path / "t" / "report.html").read_text()
    assert f"{scores[0]:.3f}" in page
    assert "NDCG@10 of the pairs" in page
    assert f"{scores[1]:.3f}" in (tmp_path / "t" / "README.md").read_text()
