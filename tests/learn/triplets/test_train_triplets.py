"""Training on triplets: what it does to the space, and runs that stop and go on."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import TrainerCallback

from builders.learner import student
from builders.runs import Stop
from builders.triplets import dropping, triplets
from matomari.encode.transformer import fingerprint
from matomari.errors import InputError
from matomari.learn.triplets import TripletSettings, preset, train_triplets
from matomari.learn.triplets.judge import judge_of

COLUMNS, KINDS = triplets()
LONG = {"epochs": 10, "learning_rate": 0.05}
QUICK: dict[str, Any] = {"batch_size": 16, "epochs": 2, "learning_rate": 0.02, "every": 5}  # ten steps an epoch
RUNS = {
    "balanced": preset("balanced", **QUICK),
    "sharp": preset("sharp", **QUICK),
    "gaussian by steps": TripletSettings("gaussian-2024", 0.0, follow="step", rate=0.5, **QUICK),
    "gaussian by epochs": TripletSettings("gaussian-2025", follow="epoch", rate=0.5, **QUICK),
    "gist": TripletSettings("gist", 0.0, **QUICK),
    "margins": TripletSettings("margin", 0.0, margins={"odd": 0.6}, **QUICK),
    "weight": TripletSettings("weight", 0.0, pull=0.5, **QUICK),
    "with a judge's stage": TripletSettings("gaussian-2024", judge_steps=12, **QUICK),
}


@cache
def undisturbed(name: str) -> tuple[str, str]:
    """The weights and the gate of a run that nothing stopped."""
    done = train_triplets(dropping(), COLUMNS, KINDS, RUNS[name])
    return fingerprint(done.model), json.dumps(done.gate)


def leads(model: Any) -> tuple[float, float]:
    """Mean cosine of anchors to their positives, and to their negatives."""
    sides = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in judge_of(model, COLUMNS)]
    return float((sides[0] * sides[1]).sum(1).mean()), float((sides[0] * sides[2]).sum(1).mean())


def strangers(model: Any) -> Any:
    """Cosines of all anchors with one another."""
    anchors = judge_of(model, COLUMNS)[0]
    anchors /= np.linalg.norm(anchors, axis=1, keepdims=True)
    return anchors @ anchors.T


def test_every_decay_has_weights_of_its_own() -> None:
    assert len({undisturbed(name)[0] for name in RUNS}) == len(RUNS)


@pytest.mark.parametrize("name", ["balanced", "sharp", "gist", "margins"])
def test_positives_come_nearer_than_negatives(name: str) -> None:
    start = leads(dropping())
    assert start[0] < start[1]
    near, far = leads(train_triplets(dropping(), COLUMNS, KINDS, replace(RUNS[name], **LONG)).model)
    assert near > far


def test_distillation_keeps_the_rest_of_the_space() -> None:
    before = strangers(dropping())
    moved = {
        name: np.abs(strangers(train_triplets(dropping(), COLUMNS, settings=replace(RUNS[name], **LONG)).model) - before).mean()
        for name in ("balanced", "sharp")
    }
    assert moved["balanced"] < 0.75 * moved["sharp"]


def test_the_pull_keeps_the_weights_near_their_start() -> None:
    start = student()[0].embedding.weight.detach()
    far = [
        float((train_triplets(dropping(), COLUMNS, settings=settings).model[0].embedding.weight.detach() - start).norm())
        for settings in (RUNS["sharp"], replace(RUNS["weight"], pull=0.01), RUNS["weight"])
    ]
    assert far[0] > far[1] > far[2] > 0


def test_each_kind_gets_its_margin() -> None:
    settings = replace(RUNS["margins"], **LONG, margins={"odd": 1.0}, margin=0.0)
    model = train_triplets(dropping(0.0), COLUMNS, KINDS, settings).model
    sides = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in judge_of(model, COLUMNS)]
    lead = (sides[0] * sides[1]).sum(1) - (sides[0] * sides[2]).sum(1)
    odd = np.array(KINDS) == "odd"
    assert lead[odd].mean() > lead[~odd].mean() + 0.1


# Runs that stop


@pytest.mark.parametrize("step", [3, 8, 13, 17])  # before any checkpoint, within an epoch, after one whose checkpoint is its end
@pytest.mark.parametrize("name", ["gaussian by steps", "gaussian by epochs"])
def test_a_run_that_stopped_goes_on_to_the_same_weights_and_gate(name: str, step: int, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train_triplets(dropping(), COLUMNS, KINDS, RUNS[name], tmp_path, [Stop(step)])
    done = train_triplets(dropping(), COLUMNS, KINDS, RUNS[name], tmp_path)
    assert (fingerprint(done.model), json.dumps(done.gate)) == undisturbed(name)
    assert [line["epoch"] for line in done.gate] == [1, 2]


@pytest.mark.parametrize("name", ["balanced", "gist", "margins", "weight"])
def test_so_does_every_other_decay(name: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train_triplets(dropping(), COLUMNS, KINDS, RUNS[name], tmp_path, [Stop(13)])
    assert fingerprint(train_triplets(dropping(), COLUMNS, KINDS, RUNS[name], tmp_path).model) == undisturbed(name)[0]


class StopIn(Stop):
    """Stops in one stage of two, which is told by its length."""

    def __init__(self, step: int, stage: int) -> None:
        super().__init__(step)
        self.stage = stage

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.max_steps == self.stage:
            super().on_step_end(args, state, control, **more)


@pytest.mark.parametrize(("step", "stage"), [(7, 12), (12, 12), (3, 20), (17, 20)])
def test_both_stages_go_on_after_a_stop(step: int, stage: int, tmp_path: Path) -> None:
    settings = RUNS["with a judge's stage"]
    with pytest.raises(KeyboardInterrupt):
        train_triplets(dropping(), COLUMNS, KINDS, settings, tmp_path, [StopIn(step, stage)])
    done = train_triplets(dropping(), COLUMNS, KINDS, settings, tmp_path)
    assert (fingerprint(done.model), json.dumps(done.gate)) == undisturbed("with a judge's stage")


class Ask(TrainerCallback):
    """Asks for a checkpoint and the end, as a signal does."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == 7:
            control.should_save = control.should_training_stop = True


def test_a_judge_that_is_not_ready_judges_nothing(tmp_path: Path) -> None:
    settings = RUNS["with a judge's stage"]
    done = train_triplets(dropping(), COLUMNS, KINDS, settings, tmp_path, [Ask()])
    assert (done.gate, done.noise) == ([], None)
    assert not list(tmp_path.glob("checkpoint-*"))
    assert fingerprint(train_triplets(dropping(), COLUMNS, KINDS, settings, tmp_path).model) == undisturbed("with a judge's stage")[0]


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    for callbacks in ([], [Stop(21)]):
        done = train_triplets(dropping(), COLUMNS, KINDS, RUNS["gaussian by steps"], tmp_path, callbacks)
        assert (fingerprint(done.model), json.dumps(done.gate)) == undisturbed("gaussian by steps")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"settings": replace(RUNS["margins"], margins={"odd": 0.5})}, "settings"),
        ({"columns": triplets(seed=1)[0]}, "data"),
        ({"kinds": KINDS[::-1]}, "data"),
        ({"model": dropping(0.1)}, "model"),
    ],
)
def test_checkpoints_of_another_run_are_refused_by_name(changed: dict[str, Any], named: str, tmp_path: Path) -> None:
    told = {"columns": COLUMNS, "kinds": KINDS, "settings": RUNS["margins"], "folder": tmp_path}
    with pytest.raises(KeyboardInterrupt):
        train_triplets(dropping(), callbacks=[Stop(6)], **told)
    with pytest.raises(InputError, match=f"with other {named}."):
        train_triplets(changed.pop("model", None) or dropping(), **told | changed)


# What surrounds a run


def test_the_gate_follows_and_is_saved(tmp_path: Path) -> None:
    settings = TripletSettings("gaussian-2024", 100.0, follow="step", target=0.3, rate=1.0, **QUICK | {"epochs": 6})
    done = train_triplets(dropping(), COLUMNS, KINDS, settings)
    assert done.noise is not None
    assert done.noise.mean < 0 < done.noise.sd
    assert [line["epoch"] for line in done.gate] == [1, 2, 3, 4, 5, 6]
    assert done.gate[-1]["mean"] == pytest.approx(0.3, abs=0.1)
    assert done.gate[-1]["half_width"] == pytest.approx(done.gate[-1]["sigma"] * done.noise.sd * 1.1774, rel=1e-4)
    done.save(tmp_path / "run.json")
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["gate"] == done.gate


def test_without_dropout_a_unit_must_be_given() -> None:
    settings = TripletSettings("gaussian-2024", **QUICK)
    with pytest.raises(InputError, match="Dropout does nothing in this model"):
        train_triplets(student(), COLUMNS, settings=settings)
    done = train_triplets(student(), COLUMNS, settings=replace(settings, noise=0.5))
    assert done.noise is None
    assert done.gate[0]["half_width"] == pytest.approx(0.5 * 1.1774, rel=1e-4)


def test_the_callers_random_numbers_are_left_alone() -> None:
    random.seed(1), np.random.seed(2), torch.manual_seed(3)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())
    train_triplets(dropping(), COLUMNS, KINDS, replace(RUNS["with a judge's stage"], steps=2))
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())


def test_no_text_of_the_data_is_in_a_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = {side: list(texts) for side, texts in COLUMNS.items()}
    columns["anchor"][5] = columns["positive"][6] = columns["negative"][7] = "w17 w42 canary-3f9a7c"
    train_triplets(dropping(), columns, KINDS, RUNS["with a judge's stage"], tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert sum(file.name == "gate.json" for file in files) == 2
    assert not [file for file in files if b"canary" in file.read_bytes()]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"columns": {"anchor": ["a"], "positive": ["b"]}},
            "'columns' must hold 'anchor', 'positive', 'negative'. Got 'anchor', 'positive'",
        ),
        ({"columns": COLUMNS | {"negative": ["w1"]}}, "'columns' has 160 anchors, 160 positives and 1 negatives"),
        ({"kinds": ["odd"]}, "'kinds' has 1 entries for 160 triplets"),
        ({"settings": TripletSettings(margins={"evne": 0.1})}, "'margins' names the kind 'evne', which no triplet has"),
        ({"settings": TripletSettings(margins={"odd": 0.1}), "kinds": None}, "'margins' names the kind 'odd', which no triplet has"),
        ({"settings": TripletSettings(batch_size=161)}, "160 triplets do not fill one batch of 161"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        train_triplets(dropping(), **{"columns": COLUMNS, "kinds": KINDS} | given)
