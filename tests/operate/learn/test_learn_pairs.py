"""learn: pairs in, a stock model out that is better or the very start; nothing is quoted."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matomari
from builders.cli import call
from builders.learning import RECIPE, files, interrupted, learn, opened, pair_rows, write
from matomari.encode.transformer import fingerprint
from matomari.errors import InputError
from matomari.learn.pairs.recipe import Recipe
from matomari.operate.learn import pairs as verb
from matomari.operate.learn.encoder_folder import TrainedEncoder
from matomari.operate.learn.resume import folder_beside
from matomari.store.artefact import load

CANARY = "canary-3f9a7c"


def test_it_gets_better_and_the_folder_is_a_stock_model(tuned: TrainedEncoder, start: Path) -> None:
    probe = tuned.run["probe"]
    assert tuned.improved
    assert probe["queries"] == 50
    assert probe["after"] > probe["before"] + 0.3
    assert probe["low"] > 0
    assert "rose from" in tuned.outcome
    assert any("guide was weak" in note for note in tuned.notes)
    texts = ["w3 w17", "w103 w117"]
    stock = opened(tuned.path).encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(matomari.load_encoder(str(tuned.path), fast="off").encode(texts), stock, atol=1e-6)
    assert fingerprint(opened(tuned.path)) != fingerprint(opened(start))
    assert load(tuned.path, kind="encoder").meta == {"kept": True}
    assert not folder_beside(tuned.path).exists()
    assert not [name for name in files(tuned.path) if Path(name).suffix in (".bin", ".pt", ".pth", ".pkl")]


@pytest.mark.parametrize("margin", [None, 0.0])
def test_the_filter_is_off_unless_it_is_asked_for(margin: float | None, start: Path, pairs: Path, tmp_path: Path) -> None:
    found = matomari.learn_pairs(pairs, out=tmp_path / "o", encoder=start, batch_size=16, epochs=6, learning_rate=0.05, margin=margin)
    share = found.run["difficulty"][-1]["suspected"]
    said = "they stay negatives, --margin 0 (margin=0) leaves them out" if margin is None else "they are left out"
    assert share > 0.1  # so there is something to leave out
    assert any(f"{share:.1%} in random batches; {said}" in note for note in found.notes)
    assert any("guide was weak" in note for note in found.notes) == (margin is not None)
    assert found.run["settings"]["margin"] == margin


def test_what_is_told_is_what_was_done(tuned: TrainedEncoder) -> None:
    run = json.loads((tuned.path / "run.json").read_text(encoding="utf-8"))
    assert run == dict(tuned.run)
    assert run["pairs"] == 300
    assert run["training_pairs"] == 250
    assert run["steps"] == 90
    assert run["source"] == "pairs.jsonl"
    assert len(run["difficulty"]) == run["clusters"] + 1
    assert sum(row["rows"] for row in run["difficulty"][:-1]) == 250
    steps, losses = np.array(run["loss"]).T
    assert set(range(2, 91, 2)) <= set(steps.tolist())
    assert steps.max() == 90
    assert losses[-1] < losses[0]
    card = (tuned.path / "README.md").read_text(encoding="utf-8")
    assert f"| NDCG@10 before | {run['probe']['before']:.4f} |" in card
    assert run["fingerprint"] in card
    assert "| seed | 0 |" in card
    assert card.startswith("---\nlibrary_name: sentence-transformers\n")
    assert "| learning_rate | 0.05 |" in card


def test_the_same_command_gives_the_same_bytes(tuned: TrainedEncoder, start: Path, pairs: Path, tmp_path: Path) -> None:
    again = learn(pairs, out=tmp_path / "tuned", encoder=start, recipe=RECIPE)
    assert files(again.path) == files(tuned.path)


def test_groups_are_made_with_it(tuned: TrainedEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "t.jsonl", [{"text": row["anchor"]} for row in pair_rows(60)])
    words = [
        "group",
        str(tmp_path / "t.jsonl"),
        "--kind",
        "themes",
        "--groups",
        "3",
        "--encoder",
        f"{tuned.path}/",
        "-o",
        str(tmp_path / "g"),
    ]
    assert call(*words, "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    write(tmp_path / "new.jsonl", [{"text": "w1 w2 w3"}])
    assert call("assign", str(tmp_path / "g"), str(tmp_path / "new.jsonl"), "-q", "--no-cache", monkeypatch=monkeypatch) == 0


def test_a_harmful_run_leaves_the_start_bit_for_bit(
    tuned: TrainedEncoder, pairs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "matomari"):
        found = learn(
            pairs, out=tmp_path / "o", encoder=tuned.path, recipe=replace(RECIPE, learning_rate=1000 * RECIPE.learning_rate, steps=4)
        )
    assert not found.improved
    assert found.run["probe"]["after"] < found.run["probe"]["before"]
    assert (found.path / "model.safetensors").read_bytes() == (tuned.path / "model.safetensors").read_bytes()
    assert fingerprint(opened(found.path)) == fingerprint(opened(tuned.path))
    told = found.outcome
    assert "did not help" in told
    assert "start encoder was saved, unchanged" in told
    assert told in caplog.text
    assert told in (found.path / "README.md").read_text(encoding="utf-8")
    page = (found.path / "report.html").read_text(encoding="utf-8")
    assert told in page
    assert "<b>rejected</b>" in page
    assert "<b>kept</b>" not in page


def test_a_model_of_nan_is_never_kept(start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(model: Any, *_: Any, **__: Any) -> None:
        model[0].embedding.weight.data.fill_(float("nan"))

    monkeypatch.setattr(verb, "train", spoil)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert not found.improved
    assert "gives no finite numbers" in found.outcome
    assert (found.path / "model.safetensors").read_bytes() == (start / "model.safetensors").read_bytes()


def test_no_text_is_quoted_in_any_file(start: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = pair_rows()
    for i in range(0, 300, 3):
        rows[i] = {side: f"{text} {CANARY} {side}" for side, text in rows[i].items()}
    rows[7] = {"anchor": CANARY, "positive": ""}  # a bad pair is named, not quoted
    source = write(tmp_path / "pairs.jsonl", rows)
    with caplog.at_level(logging.DEBUG, "matomari"):
        interrupted(tmp_path / "o", source, start)
        left = files(tmp_path / ".o.training")
        learn(source, out=tmp_path / "o", encoder=start, recipe=RECIPE, cache=tmp_path / "cache")
    assert any(name.startswith("checkpoint-10/") for name in left)
    found = {**left, **files(tmp_path / "o"), **files(tmp_path / "cache")}
    assert len(found) > 20
    assert not [name for name, held in found.items() if CANARY.encode() in held]
    assert CANARY not in caplog.text


def test_negatives_and_sources_are_passed_on(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**row, "neg": [f"w{i % 100} x", f"w{i % 99}"][: 1 + i % 2], "source": f"s{i % 2}"} for i, row in enumerate(pair_rows())]
    seen: list[Any] = []
    train = verb.train
    monkeypatch.setattr(verb, "train", lambda model, lesson, *more, **by: (seen.append(lesson), train(model, lesson, *more, **by)))
    renamed = [{"query": r["anchor"], "pos": [r["positive"]], "neg": r["neg"], "source": r["source"]} for r in rows]
    found = learn(write(tmp_path / "p.jsonl", renamed), out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, steps=2))
    (lesson,) = seen
    assert list(lesson.columns) == ["anchor", "positive", "negative_1"]
    assert found.run["negatives"] == 1
    of = {row["anchor"]: row for row in rows}
    assert all(n in of[a]["neg"] for a, n in zip(lesson.columns["anchor"], lesson.columns["negative_1"], strict=True))
    source = np.array([of[a]["source"] for a in lesson.columns["anchor"]])
    assert all(len(set(source[lesson.partition.labels == c])) == 1 for c in range(lesson.partition.k))
    assert len(lesson.guide[0]) == len(lesson) == found.run["training_pairs"]


@pytest.mark.parametrize(
    ("encoder", "recipe", "said"),
    [
        ("multilingual", RECIPE, "'multilingual' cannot be trained"),
        (np.zeros(3), RECIPE, "must be a name or a folder, got ndarray"),
        ("minilmm", RECIPE, "no encoder called 'minilmm'"),
        (None, replace(RECIPE, batch_size=251), "250 of the 300 pairs are left to learn from"),
        (None, replace(RECIPE, refresh=1), "'refresh' is about batches from clusters"),
        (None, replace(RECIPE, mixing=(0.5, 0.0)), "'mixing' is about batches from clusters"),
    ],
)
def test_what_cannot_be_trained_is_named(encoder: Any, recipe: Recipe, said: str, start: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as told:
        learn(pairs, out=tmp_path / "o", encoder=start if encoder is None else encoder, recipe=recipe)
    assert told.value.hint
    assert sorted(tmp_path.iterdir()) == []
