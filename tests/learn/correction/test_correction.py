"""Latent cluster correction in training: the loss, its weight, and what a refresh sees."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from builders.corrector import Net, data
from matomari import LatentClusterCorrection
from matomari.learn.correction.matching import match
from matomari.learn.correction.pull import Pull
from matomari.learn.correction.targets import WAYS, targets
from matomari.seeds import Seed

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
