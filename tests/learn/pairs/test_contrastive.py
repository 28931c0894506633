"""The contrastive loss: against plain loops, in every precision, and where there is nothing to learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from matomari.errors import InputError
from matomari.learn.pairs.contrastive import FilteredContrastiveLoss


def by_loop(embeddings: list[Any], rows: list[int], guide: Any, same: Any, temperature: float, margin: float | None) -> float:
    def unit(v: Any) -> Any:
        return v / np.linalg.norm(v)

    total = 0.0
    for i, own in enumerate(rows):
        kept = []
        for j, other in enumerate(rows):
            false = same is not None and any(side[own] == side[other] for side in same[:2])
            if guide is not None and margin is not None:
                near = unit(guide[0][own]) @ unit(guide[1][other])
                false |= bool(near >= unit(guide[0][own]) @ unit(guide[1][own]) - margin)
            if i == j or not false:
                kept.append(unit(embeddings[0][i]) @ unit(embeddings[1][j]) / temperature)
        for number, column in enumerate(embeddings[2:], 2):
            for j, other in enumerate(rows):
                if same is None or same[1][own] != same[number][other]:
                    kept.append(unit(embeddings[0][i]) @ unit(column[j]) / temperature)
        logit = unit(embeddings[0][i]) @ unit(embeddings[1][i]) / temperature
        total -= logit - np.log(np.sum(np.exp(kept)))
    return total / len(rows)


@pytest.mark.parametrize("guided", ["filters", "filters nothing", ""])
@pytest.mark.parametrize("twins", [True, False])
@pytest.mark.parametrize("negatives", [0, 2])
@pytest.mark.parametrize("seed", range(6))
def test_the_loss_is_that_of_a_plain_loop(guided: str, twins: bool, negatives: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    embeddings = [rng.standard_normal((9, 5)) for _ in range(2 + negatives)]
    rows = rng.permutation(30)[:9]
    guide = (rng.standard_normal((30, 4)), rng.standard_normal((30, 4)).astype(np.float16)) if guided else None
    same = tuple(rng.integers(12, size=30) for _ in range(2 + negatives)) if twins else None
    temperature, margin = float(rng.uniform(0.05, 1)), None if guided == "filters nothing" else float(rng.uniform(-0.2, 0.2))
    loss = FilteredContrastiveLoss(None, guide=guide, same=same, temperature=temperature, margin=margin)
    found = loss.compute([torch.tensor(e) for e in embeddings], torch.tensor(rows))
    wide = None if guide is None else tuple(side.astype(np.float32).astype(np.float64) for side in guide)
    np.testing.assert_allclose(float(found), by_loop(embeddings, rows.tolist(), wide, same, temperature, margin), rtol=1e-6)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_the_loss_is_the_same_in_every_precision(kind: torch.dtype) -> None:
    sides = [torch.randn(8, 6, generator=torch.Generator().manual_seed(s)).to(kind) for s in (0, 1)]
    exact = FilteredContrastiveLoss(None, temperature=0.5).compute([s.double() for s in sides], torch.arange(8))
    found = FilteredContrastiveLoss(None, temperature=0.5).compute(sides, torch.arange(8))
    torch.testing.assert_close(found.double(), exact, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_of_the_loss_is_right(seed: int) -> None:
    rng = np.random.default_rng(seed)
    guide = (rng.standard_normal((6, 3)), rng.standard_normal((6, 3)))
    loss = FilteredContrastiveLoss(None, guide=guide, temperature=0.3)
    sides = [torch.tensor(rng.standard_normal((6, 4)), requires_grad=True) for _ in range(3)]
    assert torch.autograd.gradcheck(lambda *s: loss.compute(list(s), torch.arange(6)), sides)


@pytest.mark.parametrize("case", ["one row", "all the same text", "zero vectors", "all suspect"])
def test_where_there_is_nothing_to_learn_the_loss_is_finite(case: str) -> None:
    n = 1 if case == "one row" else 5
    sides = [torch.zeros(n, 4, requires_grad=True) if case == "zero vectors" else torch.randn(n, 4, requires_grad=True) for _ in range(2)]
    same = (np.zeros(n, int), np.arange(n)) if case == "all the same text" else None
    guide = (np.ones((n, 2)), np.ones((n, 2))) if case == "all suspect" else None
    loss = FilteredContrastiveLoss(None, same=same, guide=guide).compute(sides, torch.arange(n))
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(s.grad).all() for s in sides)
    if case != "zero vectors":
        assert float(loss.detach()) == 0
        assert all((s.grad == 0).all() for s in sides)


def test_a_loss_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="'temperature' parameter"):
        FilteredContrastiveLoss(None, temperature=0)
    with pytest.raises(InputError, match="'guide' has 3 anchors and 2 positives"):
        FilteredContrastiveLoss(None, guide=(np.ones((3, 2)), np.ones((2, 2))))


@pytest.mark.parametrize("seed", range(4))
def test_distillation_is_that_of_a_plain_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    embeddings, guide = rng.standard_normal((2, 5, 4)), rng.standard_normal((2, 20, 3))
    rows = rng.permutation(20)[:5]
    plain, pulled = (
        FilteredContrastiveLoss(None, guide=tuple(guide), distillation=weight).compute(
            [torch.tensor(e) for e in embeddings], torch.tensor(rows)
        )
        for weight in (0.0, 7.0)
    )
    mine, old = ([v / np.linalg.norm(v, axis=1, keepdims=True) for v in sides] for sides in (embeddings, guide[:, rows]))
    squares = [
        (mine[left][i] @ mine[right][j] - old[left][i] @ old[right][j]) ** 2
        for left, right in ((0, 0), (0, 1), (1, 1))
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    np.testing.assert_allclose(float(pulled - plain), 7 * np.mean(squares), rtol=1e-6)


def test_distillation_of_what_has_not_moved_is_nothing() -> None:
    sides = tuple(np.random.default_rng(0).standard_normal((2, 6, 4)))
    losses = [
        float(FilteredContrastiveLoss(None, guide=sides, distillation=weight).compute([torch.tensor(s) for s in sides], torch.arange(6)))
        for weight in (0.0, 100.0)
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-6)


def test_distillation_needs_a_guide() -> None:
    with pytest.raises(InputError, match="needs a guide"):
        FilteredContrastiveLoss(None, distillation=1.0)
    with pytest.raises(InputError, match="'distillation'"):
        FilteredContrastiveLoss(None, distillation=-1.0)
