"""Latent cluster correction in transformers' Trainer: stopped runs and two processes too."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch

from builders import BUILDERS, environment
from builders.corrector import Rows, data, trainer
from builders.processes import command
from matomari import LatentClusterCorrection


def test_in_the_trainer_all_samples_are_seen_by_their_numbers(tmp_path: Path) -> None:
    lcc = LatentClusterCorrection("body", way="center")
    run = trainer(str(tmp_path), lcc, learning_rate=0.0, num_train_epochs=1)
    run.train()
    x, y = data()
    plain = LatentClusterCorrection("body", way="center").attach(run.model)
    assert lcc.matching is not None
    assert lcc.index.tolist() == list(range(90))
    assert lcc.matching.labels.tolist() == y.tolist()
    assert plain.refresh([(x, y, torch.arange(90))]).communities.tolist() == lcc.matching.communities.tolist()


def test_the_trainer_adds_the_loss_and_evaluates_without_it(tmp_path: Path) -> None:
    lcc = LatentClusterCorrection("body", way="center", weight=1e-9)
    run = trainer(str(tmp_path / "a"), lcc)
    run.train()
    without = trainer(str(tmp_path / "b"), None)
    without.train()
    long = trainer(str(tmp_path / "d"), None, num_train_epochs=20)
    long.train()
    for mine, theirs in zip(run.model.parameters(), without.model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=0)  # the order of batches is the same
    strong = trainer(str(tmp_path / "c"), LatentClusterCorrection("body", way="center", weight=10.0), num_train_epochs=20)
    strong.train()
    x, y = data()

    def width(model: torch.nn.Module) -> float:
        with torch.no_grad():
            Z = model.body(x)
        within = sum(float(Z[y == c].var(dim=0).sum()) for c in range(5))
        return within / float(Z.var(dim=0).sum())

    assert width(strong.model) < 0.7 * width(long.model)
    assert run.evaluate(Rows(20))["eval_loss"] > 0


def test_accumulated_batches_weigh_as_their_mean(tmp_path: Path) -> None:
    found = []
    for size, steps in ((30, 1), (15, 2)):
        lcc = LatentClusterCorrection("body", way="center", weight=1.0, warmup=1, interval=100)
        run = trainer(
            str(tmp_path / str(steps)), lcc, per_device_train_batch_size=size, gradient_accumulation_steps=steps, max_grad_norm=0.0,
            optim="sgd", lr_scheduler_type="constant", num_train_epochs=3,
        )  # fmt: skip
        run.train()
        found.append(torch.cat([value.flatten() for value in run.model.parameters()]))
    torch.testing.assert_close(found[0], found[1], atol=1e-4, rtol=0)


def corrected(folder: Path, *said: str, processes: int = 1) -> dict[str, Any]:
    done = subprocess.run(
        command(BUILDERS / "corrector.py", "--folder", str(folder), *said, processes=processes),
        capture_output=True, text=True, env=environment(OMP_NUM_THREADS="1"), timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stdout.splitlines() if "found {" in line)
    return dict(json.loads(line[line.index("{") :]))


@pytest.mark.long
def test_a_stopped_run_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    saving = {"save_strategy": "steps", "save_steps": 4}  # six steps an epoch: checkpoints lie inside epochs
    whole = corrected(tmp_path / "a", "--arguments", json.dumps(saving))
    corrected(tmp_path / "b", "--arguments", json.dumps(saving))
    for number in (12, 16, 20, 24):
        shutil.rmtree(tmp_path / "b" / f"checkpoint-{number}", ignore_errors=True)
    again = corrected(tmp_path / "b", "--arguments", json.dumps(saving), "--resume")
    assert again["weights"] == whole["weights"]
    assert again["curve"] == whole["curve"]


@pytest.mark.long
def test_two_processes_find_what_one_does(tmp_path: Path) -> None:
    still = {"learning_rate": 0.0, "num_train_epochs": 1}
    one = corrected(tmp_path / "a", "--arguments", json.dumps(still | {"per_device_train_batch_size": 28}))
    two = corrected(tmp_path / "b", "--arguments", json.dumps(still | {"per_device_train_batch_size": 14}), processes=2)
    assert two["index"] == one["index"] == list(range(90))  # four batches of 28 for 90 samples: padded, and counted once
    assert two["communities"] == one["communities"]
    moving = corrected(tmp_path / "c", processes=2)
    assert len(moving["curve"]) == 4
    assert moving["curve"][-1]["weight"] > 0
