"""Training on pairs: runs that are killed and go on, two processes against one."""

from __future__ import annotations

import json
import random
import re
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import TrainerCallback

from builders.learner import lesson, student
from builders.runs import Stop, learn
from matomari.encode.transformer import fingerprint
from matomari.errors import InputError
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.trainer import train

RECIPE = Recipe(batch_size=16, epochs=2, learning_rate=0.05, every=5, mixing=0.25, piece=8)


def test_texts_are_numbered_so_that_a_negative_knows_whose_positive_it_is() -> None:
    told = Lesson({"anchor": ["a", "b", "a"], "positive": ["x", "y", "z"], "negative": ["y", "w", "x"]})
    anchors, positives, negatives = told.same()
    assert anchors.tolist() == [0, 1, 0]
    assert [positives[1], positives[0]] == [negatives[0], negatives[2]]
    assert len({*positives.tolist(), *negatives.tolist()}) == 4


@pytest.fixture(scope="module")
def undisturbed() -> str:
    return fingerprint(train(student(), lesson(), RECIPE))


def test_training_makes_pairs_nearer_than_strangers() -> None:
    told = lesson()
    model = train(student(), told, replace(RECIPE, epochs=5))

    def found_first(model: Any) -> float:
        sides = [model.encode(told.columns[side], normalize_embeddings=True) for side in ("anchor", "positive")]
        cosines = sides[0] @ sides[1].T
        return float(np.mean(np.diag(cosines) >= cosines.max(axis=1)))

    assert found_first(model) > found_first(student()) + 0.1


@pytest.mark.parametrize("step", [3, 17, 31, 42])
def test_a_run_that_stopped_goes_on_to_the_very_same_weights(step: int, tmp_path: Path, undisturbed: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[Stop(step)])
    assert fingerprint(train(student(), lesson(), RECIPE, folder=tmp_path)) == undisturbed


def test_a_finished_run_is_not_run_again(tmp_path: Path, undisturbed: str) -> None:
    train(student(), lesson(), RECIPE, folder=tmp_path)
    assert fingerprint(train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[Stop(60)])) == undisturbed


@pytest.mark.parametrize("harm", ["no manifest", "half a file", "a missing file", "half a manifest"])
def test_a_torn_checkpoint_gives_way_to_the_one_before(harm: str, tmp_path: Path, undisturbed: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[Stop(33)])
    torn = tmp_path / "checkpoint-30"
    assert (tmp_path / "checkpoint-25").is_dir()
    if harm in ("no manifest", "a missing file"):
        (torn / ("manifest.json" if harm == "no manifest" else "optimizer.pt")).unlink()
    else:
        file = torn / ("manifest.json" if harm == "half a manifest" else "model.safetensors")
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    seen: list[int] = []

    class First(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            seen.append(state.global_step)

    assert fingerprint(train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[First()])) == undisturbed
    assert seen[0] == 26


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"recipe": replace(RECIPE, margin=0.1)}, "recipe"), ({"lesson": lesson(seed=1)}, "data"), ({"model": student(width=16)}, "model")],
)
def test_checkpoints_of_another_run_are_refused_by_name(changed: dict[str, Any], named: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[Stop(12)])
    with pytest.raises(InputError, match=f"with other {named}."):
        train(changed.get("model") or student(), changed.get("lesson") or lesson(), changed.get("recipe") or RECIPE, folder=tmp_path)


def test_no_text_of_the_data_is_in_a_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    told = lesson()
    canary = "w17 w42 canary-3f9a7c"
    told.columns["anchor"][5] = told.columns["positive"][6] = canary
    train(student(), told, RECIPE, folder=tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "model.safetensors" for file in files)
    assert not [file for file in files if b"canary" in file.read_bytes()]
    assert not [file for file in files if file.name == "README.md"]
    assert "canary" not in caplog.text
    assert capsys.readouterr().out == ""


def test_the_callers_random_numbers_are_left_alone() -> None:
    random.seed(1), np.random.seed(2), torch.manual_seed(3)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())
    train(student(), lesson(), replace(RECIPE, steps=2))
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"batch_size": 1}, "'batch_size' parameter of Recipe"),
        ({"margin": 2.1}, "'margin' parameter of Recipe"),
        ({"margin": float("nan")}, "'margin' parameter of Recipe"),
        ({"learning_rate": 0.0}, r"'learning_rate' parameter of Recipe must be a float in the range \(0, inf\)"),
        ({"mixing": 1.2}, r"'mixing' parameter of Recipe must be a float in the range \[0, 1\]"),
        ({"every": 0}, "'every' parameter of Recipe"),
        ({"piece": 0}, "'piece' parameter of Recipe"),
        ({"batches_a_cluster": 0}, "'batches_a_cluster' parameter of Recipe"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Recipe(**given)


def test_fewer_pairs_than_a_batch_are_refused() -> None:
    with pytest.raises(InputError, match="480 pairs do not fill one batch of 512"):
        train(student(), lesson(), replace(RECIPE, batch_size=512))


@pytest.mark.long
def test_killed_at_any_time_it_ends_with_the_same_weights(tmp_path: Path) -> None:
    long = json.dumps({"epochs": 40, "every": 20})
    whole = learn("--recipe", long).communicate()[0].split()[-1]
    rng, killed = random.Random(4), 0
    for _ in range(5):
        running = learn("--folder", str(tmp_path), "--recipe", long)
        while running.poll() is None and not list(tmp_path.glob("checkpoint-*")):
            time.sleep(0.05)
        time.sleep(rng.uniform(0, 3))
        if running.poll() is not None:
            break
        running.send_signal(signal.SIGKILL)
        running.communicate()
        killed += 1
    assert killed
    assert learn("--folder", str(tmp_path), "--recipe", long).communicate()[0].split()[-1] == whole


@pytest.mark.long
def test_two_processes_that_gather_are_one_with_the_double_batch(tmp_path: Path) -> None:
    two, one = tmp_path / "two.npy", tmp_path / "one.npy"
    said = learn("--out", str(two), "--recipe", '{"batch_size": 8, "piece": 4}', processes=2).communicate()
    digests = re.findall("[0-9a-f]{64}", said[0])  # two processes may write into one line
    assert len(digests) == 2, said[1][-2000:]
    assert digests[0] == digests[1]  # both ranks hold the same model
    learn("--out", str(one), "--recipe", '{"batch_size": 16, "piece": 4}').communicate()
    a, b, start = np.load(two), np.load(one), student()[0].embedding.weight.detach().numpy()
    assert np.abs(b - start).max() > 0.1
    np.testing.assert_allclose(a, b, atol=2e-3)
