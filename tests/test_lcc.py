"""Latent cluster correction in training: the loss, its weight, what a refresh sees, and every place where it plugs in."""

from __future__ import annotations

import copy
import json
import math
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from corrector import Net, Rows, data, digest, trainer
from matomari import LatentClusterCorrection
from matomari.errors import InputError
from matomari.learn.correction.layer import Latent, pooled
from matomari.learn.correction.matching import match
from matomari.learn.correction.pull import Pull
from matomari.learn.correction.targets import WAYS, targets
from matomari.seeds import Seed

CORRECTOR = Path(__file__).with_name("corrector.py")
LOSS = functional.cross_entropy


def epoch(model: torch.nn.Module, lcc: LatentClusterCorrection, seed: int = 0, rate: float = 0.1, indexed: bool = True) -> None:
    x, y = data()
    for rows in torch.randperm(len(x), generator=torch.Generator().manual_seed(seed)).split(15):
        loss = LOSS(model(x[rows])["logits"], y[rows]) + lcc(rows if indexed else None, y[rows])
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for value in model.parameters():
                value -= rate * value.grad
    lcc.epoch_ended()


@pytest.mark.parametrize("way", WAYS)
def test_the_loss_is_the_pull_of_the_layer_in_units_of_its_spread(way: str) -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body", way=way, weight=0.7).attach(model)
    epoch(model, lcc, rate=0)
    with torch.no_grad():
        Z = model.body(x).numpy()
    spread = np.sqrt(((Z - Z.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert lcc.matching is not None
    found = Pull(targets(way, Z / spread, lcc.matching, seed=Seed(0).number("correction/targets")))
    rows = torch.tensor([5, 80, 3, 41])
    model(x[rows])
    told = lcc(rows, y[rows])
    assert told.item() == pytest.approx(0.7 * float(found(torch.tensor(Z[rows] / spread), y[rows], rows)), rel=1e-5)
    assert told.item() > 0


@pytest.mark.parametrize("factor", [1.0, 1024.0])
@pytest.mark.parametrize("share", [1.0, 0.25])
def test_its_weight_makes_both_gradients_equally_long(share: float, factor: float) -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body", way="center", share=share).attach(model)
    slopes = []
    for rows in torch.arange(90).split(15):
        z = model.body(x[rows])
        slopes.append(float(torch.autograd.grad(LOSS(model.out(z), y[rows]), z)[0].norm()))
    for rows in torch.arange(90).split(15):  # as in mixed precision, where all is multiplied on the way back
        (factor * (LOSS(model(x[rows])["logits"], y[rows]) + lcc(rows, y[rows]))).backward()
    lcc.refresh()
    rows = torch.arange(15)
    model(x[rows])
    assert lcc._latent is not None
    z = lcc._latent.last
    pull = torch.autograd.grad(lcc(rows, y[rows]), z)[0].norm()
    assert float(pull) == pytest.approx(share * np.mean(slopes), rel=1e-4)


def test_the_slope_is_the_classifiers_own_also_beside_ours() -> None:
    model = Net()
    lcc = LatentClusterCorrection("body", way="center", share=1.0).attach(model)
    epoch(model, lcc, rate=0)
    first = lcc.weight_
    for _ in range(2):  # now the pull is part of what comes back
        epoch(model, lcc, rate=0)
        assert lcc.weight_ == pytest.approx(first, rel=1e-4)


def test_latents_gathered_on_the_way_are_those_of_a_pass_where_nothing_moves() -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body").attach(model)
    epoch(model, lcc, rate=0)
    gathered = lcc.matching
    batches = [(x[rows], y[rows], rows) for rows in torch.arange(90).flip(0).split(7)]
    assert gathered is not None
    exact = lcc.refresh(batches)
    assert model.training
    assert exact.communities.tolist() == gathered.communities.tolist()
    assert exact.owner.tolist() == gathered.owner.tolist()


def test_an_epoch_gathers_the_latest_of_each_sample_and_what_comes_twice_counts_once() -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body", warmup=9).attach(model)
    rows = torch.cat([torch.arange(90), torch.tensor([4, 4, 0])])
    for part in rows.split(31):
        lcc_loss = (model(x[part]), lcc(part, y[part]))[1]
        assert lcc_loss.item() == 0
    found = lcc.refresh()
    alone = LatentClusterCorrection("body").attach(model)
    assert alone.refresh([(x, y, torch.arange(90))]).communities.tolist() == found.communities.tolist()
    assert lcc.index.tolist() == list(range(90))


def test_the_order_in_which_samples_are_stored_or_drawn_changes_nothing() -> None:
    model, (x, y) = Net(), data()
    order = torch.randperm(90, generator=torch.Generator().manual_seed(5))
    lcc, other = LatentClusterCorrection("body").attach(model), LatentClusterCorrection("body")
    found = lcc.refresh([(x, y, torch.arange(90))])
    lcc.detach()
    other.attach(model)
    moved = other.refresh([(x[order], y[order], torch.arange(90))])
    assert moved.misclustered.tolist() == found.misclustered[order.numpy()].tolist()
    assert moved.misclustered.any()


def test_targets_are_kept_between_refreshes_and_nothing_is_pulled_before_the_first() -> None:
    model = Net()
    lcc = LatentClusterCorrection("body", warmup=2, interval=3).attach(model)
    seen = []
    for number in range(9):
        epoch(model, lcc, seed=number)
        seen.append((len(lcc.curve), id(lcc._pull)))
    assert [count for count, _ in seen] == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert seen[1] == seen[2] == seen[3]
    assert [one["epoch"] for one in lcc.curve] == [2, 5, 8]


@pytest.mark.parametrize("way", ["misclustered", "modes"])
def test_without_an_index(way: str) -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body", way=way, weight=1.0).attach(model)
    epoch(model, lcc, rate=0, indexed=False)
    assert lcc.matching is not None
    assert len(lcc.index) == 90
    rows = torch.arange(90)
    model(x)
    loss = lcc(None, y).item()
    assert loss > 0
    if way == "modes":  # everyone is pulled, so the index has nothing to say
        told = LatentClusterCorrection("body", way=way, weight=1.0).attach(model)
        told.refresh([(x, y, rows)])
        model(x)
        assert told(rows, y).item() == pytest.approx(loss, rel=1e-5)


def test_what_the_neighbours_vote_is_mostly_what_the_index_says() -> None:
    model, (x, y) = Net(), data()
    lcc = LatentClusterCorrection("body", way="misclustered", weight=1.0).attach(model)
    epoch(model, lcc, rate=0, indexed=False)
    model(x)
    assert lcc._latent is not None
    assert lcc._voted is not None
    with torch.no_grad():
        voted = lcc._voted(lcc._latent.last, y).numpy()
    told = LatentClusterCorrection("body", way="misclustered").attach(model)
    assert (voted == told.refresh([(x, y, torch.arange(90))]).misclustered).mean() > 0.9


def test_doubted_samples_are_left_out_and_are_part_of_no_target() -> None:
    Z = np.array([[1.0, 0.0]] * 20 + [[0.0, 1.0]] * 20) + np.random.default_rng(0).normal(0, 0.03, (40, 2))
    labels = np.repeat([0, 1], 20)
    labels[0] = 1
    model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False))
    torch.nn.init.eye_(model[0].weight)
    x, y = torch.tensor(Z, dtype=torch.float32), torch.tensor(labels)
    lcc = LatentClusterCorrection("0", way="center", weight=1.0, trust=0.5).attach(model)
    lcc.refresh([(x, y, torch.arange(40))])
    assert lcc._targets is not None
    assert np.flatnonzero(~lcc._targets.active).tolist() == [0]
    np.testing.assert_allclose(lcc._targets.points[1] * lcc._scale, Z[20:].mean(axis=0), atol=1e-5)


def test_a_margin_pushes_only_misclustered_samples_and_only_until_they_are_far_enough() -> None:
    Z = np.array([[0.0], [0.0], [4.0], [4.0], [4.0], [0.5]], np.float32)
    matching = match(np.array([0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 0]))
    found = targets("modes", Z, matching)
    y, rows = torch.tensor([0, 1]), torch.tensor([0, 5])
    z = torch.tensor([[1.0], [0.5]])
    assert float(Pull(found)(z, y, rows)) == pytest.approx((1 + 2.625) / 2)  # the mode of the second class lies at 3.125
    assert float(Pull(found, 1.0)(z, y, rows)) == pytest.approx((1 + 2.625 + (1.0 + 2.625 - 0.5)) / 2)
    assert float(Pull(found, 1.0)(torch.tensor([[1.0], [3.9]]), y, rows)) == pytest.approx((1 + 0.775) / 2, abs=1e-5)


def test_a_second_model_has_none_of_the_firsts_state() -> None:
    one, two = LatentClusterCorrection("body"), LatentClusterCorrection("body")
    model = Net()
    one.attach(model)
    epoch(model, one)
    assert one.matching is not None
    assert two.matching is None
    assert math.isnan(two.weight_)
    assert two.curve == []


# ---- layers


def test_tokens_are_averaged_where_the_mask_says_so_and_pictures_over_their_area() -> None:
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    model = BertModel(BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)).eval()
    latent = Latent(model, "encoder.layer.1")
    words, mask = torch.tensor([[1, 2, 3, 4], [5, 6, 0, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    tokens = model(input_ids=words, attention_mask=mask).last_hidden_state
    torch.testing.assert_close(latent.last, torch.stack([tokens[0].mean(dim=0), tokens[1, :2].mean(dim=0)]))
    picture = torch.randn(2, 3, 5, 5)
    torch.testing.assert_close(pooled(picture), picture.flatten(2).mean(dim=2))
    latent.close()
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_the_embedding_of_a_sentence_encoder() -> None:
    from learner import student

    model = student()
    texts = [f"w{i % 4} w{i % 4 + 10} w{20 + i}" for i in range(40)]
    y = torch.arange(40) % 4
    lcc = LatentClusterCorrection("", weight=1.0).attach(model)
    features = model.tokenize(texts)
    model(features)
    assert lcc(torch.arange(40), y).item() == 0
    lcc.epoch_ended()
    out = model(model.tokenize(texts[:6]))["sentence_embedding"]
    loss = lcc(torch.arange(6), y[:6])
    gradient = torch.autograd.grad(loss, out, allow_unused=True)[0]
    assert gradient is not None
    assert float(gradient.norm()) > 0


# ---- transformers' Trainer


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torchrun = [] if processes == 1 else ["-m", "torch.distributed.run", "--nproc_per_node", str(processes), "--master_port", str(port)]
    done = subprocess.run(
        [sys.executable, *torchrun, str(CORRECTOR), "--folder", str(folder), *said],
        capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}, timeout=300, check=False,
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


# ---- what is wrong, or strange


def strange(labels: list[int], Z: torch.Tensor, **settings: Any) -> LatentClusterCorrection:
    model = torch.nn.Sequential(torch.nn.Linear(Z.shape[1], Z.shape[1], bias=False))
    torch.nn.init.eye_(model[0].weight)
    y, rows = torch.tensor(labels), torch.arange(len(labels))
    lcc = LatentClusterCorrection("0", **settings).attach(model)
    (model(Z).sum() + lcc(rows, y)).backward()
    lcc.epoch_ended()
    loss = (model(Z), lcc(rows, y))[1]
    loss.backward()
    assert math.isfinite(loss.item())
    assert all(bool(value.grad.isfinite().all()) for value in model.parameters())
    return lcc


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("labels", "constant"),
    [
        ([0] * 12, False),  # one class
        (list(range(12)), False),  # one sample a class
        ([0, 1] * 3 + [-1] * 6, False),  # half without a label
        ([0, 500, 1000] * 4, False),  # numbers with holes
        ([0, 1, 2] * 4, True),  # nothing to tell samples by
    ],
)
def test_strange_classes_have_a_defined_result(way: str, labels: list[int], constant: bool) -> None:
    Z = torch.ones(12, 3) if constant else torch.randn(12, 3, generator=torch.Generator().manual_seed(1))
    lcc = strange(labels, Z, way=way)
    assert lcc.matching is not None
    assert lcc._targets is not None
    assert not lcc._targets.active[np.array(labels) < 0].any()


def test_clear_sentences() -> None:
    model, (x, y) = Net(), data()
    rows = torch.arange(90)
    with pytest.raises(InputError, match="no layer 'bodi'"):
        LatentClusterCorrection("bodi").attach(model)
    with pytest.raises(InputError, match="listens to no model"):
        LatentClusterCorrection("body")(rows, y)
    lcc = LatentClusterCorrection("body").attach(model)
    with pytest.raises(InputError, match="no latent vectors"):
        lcc(rows, y)
    with pytest.raises(InputError, match="no latent vectors were gathered"):
        lcc.epoch_ended()
    model(x)
    with pytest.raises(InputError, match="90 latent vectors, labels of shape"):
        lcc(rows, y[:5])
    with pytest.raises(InputError, match="no sample has a label"):
        lcc.refresh([(x, torch.full((90,), -100), rows)])
    bad = x.clone()
    bad[41] = torch.nan
    with pytest.raises(InputError, match="latent vector of sample 41 is not finite"):
        lcc.refresh([(bad, y, rows)])
    for settings in (
        {"way": "all of them"},
        {"weight": -1},
        {"weight": "some"},
        {"warmup": 0},
        {"interval": 0.5},
        {"trust": 2},
        {"resolution": 0},
    ):
        with pytest.raises(InputError, match=next(iter(settings))):
            LatentClusterCorrection("body", **settings)  # type: ignore[arg-type]


def test_the_model_is_left_as_it_was() -> None:
    model = Net()
    before = copy.deepcopy(model)
    lcc = LatentClusterCorrection("body").attach(model)
    lcc.detach()
    assert digest(model) == digest(before)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
