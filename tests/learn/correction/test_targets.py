"""Targets and loss of latent cluster correction against plain loops, and what may not matter: order, batches, copies."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from matomari.errors import InputError
from matomari.learn.correction.matching import Matching, latent_communities, match
from matomari.learn.correction.pull import Pull
from matomari.learn.correction.targets import WAYS, Targets, targets
from matomari.vectors import Floats


def scene(seed: int = 0, n: int = 90, classes: int = 5) -> tuple[Floats, Matching]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, classes, size=n)
    found = np.where(rng.random(n) < 0.6, np.maximum(labels, 0), rng.integers(classes + 2, size=n))
    return rng.standard_normal((n, 6)).astype(np.float32), match(labels, found)


def by_loop(way: str, Z: Floats, matching: Matching, size: int, rows: list[int]) -> float:
    """The mean distance of the method page, one sample and one target at a time."""
    correct = [i for i in range(len(Z)) if matching.labels[i] >= 0 and matching.owner[matching.communities[i]] == matching.labels[i]]
    total = []
    for i in rows:
        y = matching.labels[i]
        if y < 0 or (way.startswith("misclustered") and i in correct):
            continue
        own = [c for c in range(len(matching.owner)) if matching.owner[c] == y]
        inside = {c: [j for j in correct if matching.communities[j] == c] for c in own}
        everyone = [j for j in range(len(Z)) if matching.labels[j] == y]
        mean = Z[everyone].mean(axis=0)
        if way == "center":
            points = [mean]
        elif way == "modes":
            largest = max(own, key=lambda c: len(inside[c]), default=None)
            starts = [np.mean([Z[j] for j in inside[c]], axis=0) for c in own if len(inside[c]) >= 4 or c == largest] or [
                min((Z[j] for j in everyone), key=lambda z: float(((z - mean) ** 2).sum()))
            ]
            near = [min(range(len(starts)), key=lambda s: float(((Z[j] - starts[s]) ** 2).sum())) for j in everyone]
            points = [np.mean([Z[j] for j, n in zip(everyone, near, strict=True) if n == s], axis=0) for s in set(near)]
        elif not own:
            points = [min((Z[j] for j in everyone), key=lambda z: float(((z - mean) ** 2).sum()))]
        elif way == "misclustered":
            points = [np.mean(sorted((Z[j] for j in inside[c]), key=lambda z: float(((z - Z[i]) ** 2).sum()))[:size], axis=0) for c in own]
        else:
            points = [Z[j] for c in own for j in inside[c]]  # as many as there are
        total.append(min(float(np.linalg.norm(Z[i] - p)) for p in points) / np.sqrt(Z.shape[1]))
    return float(np.mean(total)) if total else 0.0


def loss_of(found: Targets, Z: Floats, matching: Matching, rows: list[int]) -> torch.Tensor:
    return Pull(found)(torch.tensor(Z[rows]), torch.tensor(matching.labels[rows]), torch.tensor(rows))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(6))
def test_the_loss_is_that_of_a_plain_loop(way: str, seed: int) -> None:
    Z, matching = scene(seed)
    size = 3 if way == "misclustered" else 1000
    rows = np.random.default_rng(seed).permutation(len(Z))[:40].tolist()
    assert float(loss_of(targets(way, Z, matching, size=size), Z, matching, rows)) == pytest.approx(
        by_loop(way, Z, matching, size, rows), abs=1e-5
    )


def test_a_class_without_a_community_is_pulled_to_its_medoid() -> None:
    Z = np.array([[0.0, 0], [0, 1], [0, 2], [5, 0], [9, 0], [6, 0]], np.float32)
    matching = match(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 1, 1]))
    lost = match(np.array([0, 0, 0, 1, 0, 0]), matching.communities)
    assert matching.owner.tolist() == [0, 1]
    assert lost.owner.tolist() == [0, 0]
    found = targets("misclustered", Z, lost)
    assert found.points[found.owner == 1].tolist() == [[5, 0]]
    assert found.active.tolist() == [False, False, False, True, False, False]


def test_representatives_are_drawn_without_replacement_and_by_the_seed() -> None:
    Z, matching = scene(n=400)
    found = targets("all", Z, matching, size=4, seed=1)
    for community in range(len(matching.owner)):
        members = np.flatnonzero(matching.correct & (matching.communities == community))
        inside = [tuple(p) for p in found.points if tuple(p) in {tuple(z) for z in Z[members]}]
        assert len(inside) == len(set(inside)) == min(4, len(members))
    again, other = (targets("all", Z, matching, size=4, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(again.points, found.points)
    assert not np.array_equal(other.points, found.points)


def test_neighbours_that_are_not_there_are_not_made_up() -> None:
    """Communities of one or two correct points, asked for ten: the mean is over those that there are."""
    Z = np.array([[0.0, 0], [1, 0], [9, 9], [8, 8]], np.float32)
    found = targets("misclustered", Z, match(np.array([0, 0, 1, 0]), np.array([0, 0, 1, 1])), size=10)
    assert found.points[found.sample == 3].tolist() == [[0.5, 0]]


@pytest.mark.parametrize("way", WAYS)
def test_separable_classes_have_nothing_to_correct(way: str) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(6), 30)
    Z = (np.eye(6, 12)[labels] + 0.02 * rng.standard_normal((180, 12))).astype(np.float32)
    found = targets(way, Z, latent_communities(Z, labels))
    assert found.active.any() == (not way.startswith("misclustered"))
    assert set(found.owner.tolist()) <= set(range(6))


@pytest.mark.parametrize("way", WAYS)
def test_batches_their_order_and_copies_change_nothing(way: str) -> None:
    Z, matching = scene(3)
    found = targets(way, Z, matching, size=3)
    everyone = list(range(len(Z)))
    whole = loss_of(found, Z, matching, everyone)
    turned = np.random.default_rng(0).permutation(everyone).tolist()
    torch.testing.assert_close(loss_of(found, Z, matching, turned), whole)
    torch.testing.assert_close(loss_of(found, Z, matching, everyone + everyone), whole)  # a last batch that is filled up
    pulled = [float(loss_of(found, Z, matching, [i])) for i in everyone if found.active[i]]
    assert float(whole) == pytest.approx(np.mean(pulled), abs=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_the_gradient_is_right_and_finite_on_a_target(way: str) -> None:
    Z, matching = scene(2, n=30, classes=3)
    found = targets(way, Z, matching, size=3)
    loss = Pull(found)
    rows = torch.arange(30)
    labels = torch.tensor(matching.labels)
    z = torch.tensor(Z + 0.01, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda one: loss(one, labels, rows), (z,), atol=1e-4)
    for exactly in (torch.tensor(found.points[:1]).repeat(30, 1), torch.zeros(30, 6)):
        on = exactly.clone().requires_grad_()
        loss(on, labels, rows).backward()
        assert torch.isfinite(on.grad).all()


def test_where_nobody_is_pulled_the_loss_is_zero_and_has_a_gradient() -> None:
    Z, matching = scene()
    found = targets("misclustered", Z, matching)
    right = np.flatnonzero(matching.correct)[:5].tolist()
    z = torch.tensor(Z[right], requires_grad=True)
    value = Pull(found)(z, torch.tensor(matching.labels[right]), torch.tensor(right))
    value.backward()
    assert float(value.detach()) == 0
    assert (z.grad == 0).all()


def test_what_cannot_be_is_named() -> None:
    Z, matching = scene()
    with pytest.raises(InputError, match="'way' must be one of misclustered"):
        targets("home", Z, matching)
    with pytest.raises(InputError, match="5 latent vectors and 90 samples"):
        targets("all", Z[:5], matching)
    with pytest.raises(InputError, match="latent vectors have 4 numbers, the targets 6"):
        Pull(targets("all", Z, matching))(torch.zeros(2, 4), torch.zeros(2, dtype=torch.int64), torch.arange(2))
