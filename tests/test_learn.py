"""matomari learn: pairs in, a stock model out that is better or the very start; it survives kills, refuses by name, and quotes nothing."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matomari
from learner import student
from matomari.cli import app as cli
from matomari.encode.transformer import fingerprint
from matomari.errors import InputError, Stopped
from matomari.learn.pairs.recipe import Recipe
from matomari.operate.learn import pairs as verb
from matomari.operate.learn.encoder_folder import Learned
from matomari.operate.learn.pairs import learn
from matomari.operate.learn.resume import Watch, claimed, folder_beside
from matomari.store.artefact import load, writing
from matomari.store.locks import Lease

RECIPE = Recipe(batch_size=16, epochs=6, learning_rate=0.05, every=5)
CANARY = "canary-3f9a7c"


def pair_rows(n: int = 300) -> list[dict[str, str]]:
    """Pairs in two languages: word i of the first is word i + 100 of the second."""
    rng = np.random.default_rng(0)
    words = [rng.choice(100, 3, replace=False) for _ in range(n)]
    return [{"anchor": " ".join(f"w{w}" for w in row), "positive": " ".join(f"w{w + 100}" for w in row)} for row in words]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "start"
    student().save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", pair_rows())


@pytest.fixture(scope="module")
def tuned(start: Path, pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    return learn(pairs, out=tmp_path_factory.mktemp("tuned") / "tuned", encoder=start, recipe=RECIPE)


def opened(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name != ".lock"}


def test_it_gets_better_and_the_folder_is_a_stock_model(tuned: Learned, start: Path) -> None:
    probe = tuned.run["probe"]
    assert tuned.kept and probe["queries"] == 50 and probe["after"] > probe["before"] + 0.3 and probe["low"] > 0
    assert "rose from" in tuned.outcome and any("guide was weak" in note for note in tuned.notes)
    texts = ["w3 w17", "w103 w117"]
    stock = opened(tuned.path).encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(matomari.load_encoder(str(tuned.path), fast="off").encode(texts), stock, atol=1e-6)
    assert fingerprint(opened(tuned.path)) != fingerprint(opened(start))
    assert load(tuned.path, kind="encoder").meta == {"kept": True}
    assert not folder_beside(tuned.path).exists()
    assert not [name for name in files(tuned.path) if Path(name).suffix in (".bin", ".pt", ".pth", ".pkl")]


def test_what_is_told_is_what_was_done(tuned: Learned) -> None:
    run = json.loads((tuned.path / "run.json").read_text(encoding="utf-8"))
    assert run == dict(tuned.run)
    assert run["pairs"] == 300 and run["training_pairs"] == 250 and run["steps"] == 90 and run["source"] == "pairs.jsonl"
    assert len(run["difficulty"]) == run["clusters"] + 1 and sum(row["rows"] for row in run["difficulty"][:-1]) == 250
    steps, losses = np.array(run["loss"]).T
    assert set(range(2, 91, 2)) <= set(steps.tolist()) and steps.max() == 90 and losses[-1] < losses[0]
    card = (tuned.path / "README.md").read_text(encoding="utf-8")
    assert f"| NDCG@10 before | {run['probe']['before']:.4f} |" in card and run["fingerprint"] in card and "| seed | 0 |" in card
    assert card.startswith("---\nlibrary_name: sentence-transformers\n") and "| learning_rate | 0.05 |" in card


def test_the_same_command_gives_the_same_bytes(tuned: Learned, start: Path, pairs: Path, tmp_path: Path) -> None:
    again = learn(pairs, out=tmp_path / "tuned", encoder=start, recipe=RECIPE)
    assert files(again.path) == files(tuned.path)


def test_groups_are_made_with_it(tuned: Learned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_harmful_run_leaves_the_start_bit_for_bit(tuned: Learned, pairs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "matomari"):
        found = learn(
            pairs, out=tmp_path / "o", encoder=tuned.path, recipe=replace(RECIPE, learning_rate=1000 * RECIPE.learning_rate, steps=4)
        )
    assert not found.kept and found.run["probe"]["after"] < found.run["probe"]["before"]
    assert (found.path / "model.safetensors").read_bytes() == (tuned.path / "model.safetensors").read_bytes()
    assert fingerprint(opened(found.path)) == fingerprint(opened(tuned.path))
    told = found.outcome
    assert "did not help" in told and "start encoder was saved, unchanged" in told and told in caplog.text
    assert told in (found.path / "README.md").read_text(encoding="utf-8")
    page = (found.path / "report.html").read_text(encoding="utf-8")
    assert told in page and "<b>rejected</b>" in page and "<b>kept</b>" not in page


def test_a_model_of_nan_is_never_kept(start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(model: Any, *_: Any, **__: Any) -> None:
        model[0].embedding.weight.data.fill_(float("nan"))

    monkeypatch.setattr(verb, "train", spoil)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert not found.kept and "gives no finite numbers" in found.outcome
    assert (found.path / "model.safetensors").read_bytes() == (start / "model.safetensors").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_a_checkpoint_and_it_goes_on_to_the_same_weights(
    number: signal.Signals, tuned: Learned, start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, step = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}, Watch.on_step_end

    def kill(self: Watch, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.global_step == 38:
            os.kill(os.getpid(), number)
        step(self, args, state, control, **more)

    monkeypatch.setattr(Watch, "on_step_end", kill)
    with pytest.raises(Stopped) as told:
        learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert told.value.exit_code == 128 + number and isinstance(told.value, KeyboardInterrupt)
    assert {n: signal.getsignal(n) for n in before} == before
    assert not (tmp_path / "o").exists() and (tmp_path / ".o.training" / "checkpoint-38" / "manifest.json").exists()
    monkeypatch.setattr(Watch, "on_step_end", step)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert (found.path / "model.safetensors").read_bytes() == (tuned.path / "model.safetensors").read_bytes()
    assert found.notes == tuned.notes and found.run["difficulty"] == tuned.run["difficulty"]
    assert found.run["loss"][:3] == tuned.run["loss"][:3] and not (tmp_path / ".o.training").exists()


def interrupted(out: Path, source: Path, start: Path, recipe: Recipe = RECIPE, step: int = 12) -> None:
    """Leave a run as a kill at this step leaves it."""

    class Killed(BaseException):
        pass

    def die(self: Watch, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == step:
            raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Watch, "on_step_end", die)
        learn(source, out=out, encoder=start, recipe=recipe)


def test_a_left_over_run_with_other_settings_or_data_is_refused_by_name(start: Path, pairs: Path, tmp_path: Path) -> None:
    interrupted(tmp_path / "o", pairs, start)
    with pytest.raises(InputError, match=r"\.o\.training holds an unfinished run with other learning_rate, mixing\."):
        learn(pairs, out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, learning_rate=0.1, mixing=0.5))
    other = write(tmp_path / "other.jsonl", pair_rows(299))
    with pytest.raises(InputError, match="with other pairs"):
        learn(other, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    student(width=16).save_pretrained(str(tmp_path / "narrow"), create_model_card=False)
    with pytest.raises(InputError, match="with other encoder"):
        learn(pairs, out=tmp_path / "o", encoder=tmp_path / "narrow", recipe=RECIPE)
    assert not (tmp_path / "o").exists()


def test_without_a_checkpoint_nothing_is_lost_by_other_settings(start: Path, pairs: Path, tmp_path: Path) -> None:
    interrupted(tmp_path / "o", pairs, start, step=2)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, epochs=1, seed=1))
    assert found.run["settings"]["seed"] == 1


def test_two_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        claimed(tmp_path / ".o.training", {"a": 1}),
        pytest.raises(InputError, match="another run is at work"),
        claimed(tmp_path / ".o.training", {"a": 1}),
    ):
        pass
    assert not (tmp_path / ".o.training").exists()
    (tmp_path / "x").mkdir()
    held = Lease(tmp_path / "x", shared=False)
    with pytest.raises(InputError, match="another run"), claimed(tmp_path / "x", {}):
        pass
    held.release()


def test_a_folder_that_is_not_ours_is_refused_before_anything_is_read(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "read_pairs", lambda *_, **__: pytest.fail("it read"))
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "README.md").write_text("mine", encoding="utf-8")
    with writing(tmp_path / "grouping", kind="grouping") as stage:
        (stage / "items.csv").write_text("mine", encoding="utf-8")
    for name, said in (("file", "is a file"), ("notes", "README.md is already there"), ("grouping", "holds a grouping")):
        with pytest.raises(InputError, match=said):
            learn(pairs, out=tmp_path / name, encoder=start)
    with pytest.raises(InputError, match="already there"):
        learn(pairs, out=start, encoder=start)
    assert (tmp_path / "notes" / "README.md").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "grouping" / "items.csv").read_text(encoding="utf-8") == "mine" and not (tmp_path / "notes" / "CURRENT").exists()


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
    assert len(found) > 20 and not [name for name, held in found.items() if CANARY.encode() in held]
    assert CANARY not in caplog.text


def test_negatives_and_sources_are_passed_on(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**row, "neg": [f"w{i % 100} x", f"w{i % 99}"][: 1 + i % 2], "source": f"s{i % 2}"} for i, row in enumerate(pair_rows())]
    seen: list[Any] = []
    train = verb.train
    monkeypatch.setattr(verb, "train", lambda model, lesson, *more, **by: (seen.append(lesson), train(model, lesson, *more, **by)))
    renamed = [{"query": r["anchor"], "pos": [r["positive"]], "neg": r["neg"], "source": r["source"]} for r in rows]
    found = learn(write(tmp_path / "p.jsonl", renamed), out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, steps=2))
    (lesson,) = seen
    assert list(lesson.columns) == ["anchor", "positive", "negative_1"] and found.run["negatives"] == 1
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
    ],
)
def test_what_cannot_be_trained_is_named(encoder: Any, recipe: Recipe, said: str, start: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as told:
        learn(pairs, out=tmp_path / "o", encoder=start if encoder is None else encoder, recipe=recipe)
    assert told.value.hint and sorted(tmp_path.iterdir()) == []


def call(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["matomari", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_the_verb_prints_json_and_talks_on_stderr(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["learn", str(pairs), "-o", str(tmp_path / "o"), "--encoder", str(start), "--columns", "positive", "anchor", "--no-cache"]
    more = ["--batch-size", "16", "--learning-rate", "0.05", "--steps", "9", "--seed", "3", "--mixing", "0.5", "--json"]
    assert call(*words, *more, monkeypatch=monkeypatch) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    run = json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))
    assert told["steps"] == 9 and told["probe"] == run["probe"] and told["out"] == str(tmp_path / "o")
    assert (run["settings"]["mixing"], run["settings"]["seed"], run["settings"]["steps"]) == (0.5, 3, 9)
    assert "step 9 of 9, loss" in err and told["outcome"] in err and "'train_runtime'" not in err + out
    assert call(*words, *more[:-1], "--quiet", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr() == ("", "")


def test_a_curriculum_and_new_clusters_are_told_of(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["learn", str(pairs), "-o", str(tmp_path / "o"), "--encoder", str(start), "--no-cache", "--batch-size", "16", "--epochs", "3"]
    assert call(*words, "--learning-rate", "0.05", "--mixing", "0.5,0.2,0", "--refresh", "1", monkeypatch=monkeypatch) == 0
    run = json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))
    assert (run["settings"]["mixing"], run["settings"]["refresh"]) == ([0.5, 0.2, 0.0], 1)
    assert [one["epoch"] for one in run["refreshes"]] == [1, 2]
    assert all(0 <= one["moved"] < 1 for one in run["refreshes"])  # clusters of two or three rows hold on to them
    assert "the clusters were made again from the model's own vectors 2 times" in " ".join(run["notes"])
    assert "epoch 1: clusters refreshed in" in capsys.readouterr().err
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "0.5, then 0.2, then 0" in page


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ([{"anchor": "a", "positive": ""}] * 3, [], "row 1 (column 'positive' is empty)"),
        ([{"colour": "red", "size": "9", "shape": "round"}], [], "colour"),
        (pair_rows(), ["--columns", "anchor", "positve"], "positve"),
        (pair_rows(), ["--encoder", "multilingual"], "'multilingual' cannot be trained"),
        (pair_rows(20), [], "do not fill one batch of 64"),
        (pair_rows(), ["--report-to", "nowhere"], "nowhere"),
        (pair_rows(), ["--mixing", "half"], "--mixing takes shares between 0 and 1, got 'half'"),
        (pair_rows(), ["--mixing", "0.5,1.2"], "'mixing' parameter of Recipe must be a float in the range [0, 1]"),
        (pair_rows(), ["--refresh", "-1"], "'refresh' parameter of Recipe"),
    ],
)
def test_faults_have_a_sentence_a_hint_and_a_code(
    rows: list[Any], more: list[str], said: str, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    source = write(tmp_path / "p.jsonl", rows)
    words = ["learn", str(source), "-o", str(tmp_path / "o"), "--encoder", str(start), "--no-cache", *more]
    assert call(*words, monkeypatch=monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and "\nhint: " in err and "Traceback" not in err and not (tmp_path / "o").exists()


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nouns = ["bolt", "nut", "screw", "washer", "hose", "valve", "pump", "gear", "belt", "spring", "fuse", "switch"]
    colours = ["red", "blue", "black", "long", "small"]
    rows = [{"anchor": f"a {c} {n}", "positive": f"the {n}, which is {c}, is kept in store {i}"} for i, (n, c) in
            enumerate((n, c) for n in nouns for c in colours)]  # fmt: skip
    return write(tmp_path_factory.mktemp("sixty") / "pairs.jsonl", rows)


def command(source: Path, out: Path, cache: Path) -> list[str]:
    fast = ["--batch-size", "8", "--epochs", "3", "--every", "3", "--learning-rate", "5e-5"]
    return [sys.executable, "-m", "matomari", "learn", str(source), "-o", str(out), *fast, "--cache", str(cache)]


@pytest.mark.long
def test_killed_and_run_again_minilm_ends_with_the_same_weights(sixty: Path, tmp_path: Path) -> None:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command(sixty, tmp_path / "whole", tmp_path / "c1"), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout == "" and "it/s" not in done.stderr, done.stderr
    words, left = command(sixty, tmp_path / "again", tmp_path / "c2"), tmp_path / ".again.training"
    for number, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 143)):
        child = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True)
        known = set(left.glob("checkpoint-*/manifest.json"))
        while child.poll() is None and not set(left.glob("checkpoint-*/manifest.json")) - known:
            time.sleep(0.02)
        child.send_signal(number)
        assert "Traceback" not in child.communicate()[1] and child.returncode == code and not (tmp_path / "again").exists()
    subprocess.run(words, env=env, check=True, capture_output=True)
    found, wanted = files(tmp_path / "again" / "CURRENT"), files(tmp_path / "whole" / "CURRENT")
    assert found["model.safetensors"] == wanted["model.safetensors"] and not left.exists()
    _is_a_stock_model(tmp_path / "again")


def _is_a_stock_model(folder: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    stock = opened(folder)
    assert [type(module).__name__ for module in stock] == ["Transformer", "Pooling", "Normalize"]
    wanted = stock.encode(["a red bolt"])
    tokens = AutoTokenizer.from_pretrained(folder)(["a red bolt"], return_tensors="pt")
    with torch.no_grad():
        bare = AutoModel.from_pretrained(folder)(**tokens).last_hidden_state.mean(dim=1)
    np.testing.assert_allclose(torch.nn.functional.normalize(bare).numpy(), wanted, atol=1e-5)
    np.testing.assert_allclose(matomari.load_encoder(str(folder)).encode(["a red bolt"]), wanted, atol=1e-5)
