"""The losses of deep soft k-means against plain loops, and who judges, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from matomari.learn.deep.objective import auxiliary, clustering_loss, free_energy, judged, posterior, refit
from matomari.vectors import normalise

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


def unit(n: int, d: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(normalise(np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32))).double()


@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
def test_the_loss_is_that_of_a_plain_loop(objective: str) -> None:
    code, prototypes, heat = unit(7, 4), unit(3, 4, 1), 0.3
    assigned = torch.softmax(torch.randn(7, 3, generator=torch.Generator().manual_seed(2)), dim=1).double()
    total = 0.0
    for z, q in zip(code.numpy(), assigned.numpy(), strict=True):
        distance = [float(((z - p) ** 2).sum()) for p in prototypes.numpy()]
        partition = math.log(sum(math.exp(-d / heat) for d in distance)) if objective == "mi_adm" else 0.0
        total += sum(share * d / heat for share, d in zip(q, distance, strict=True)) + partition
    found = clustering_loss(code, prototypes, assigned, heat, objective)
    assert float(found) == pytest.approx(total / 7, rel=1e-5)


@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
@pytest.mark.parametrize("seed", range(5))
def test_gradients_are_those_of_finite_differences(objective: str, seed: int) -> None:
    raw = torch.randn(5, 3, generator=torch.Generator().manual_seed(seed)).double().requires_grad_()
    prototypes = unit(4, 3, seed).requires_grad_()
    assigned = torch.softmax(unit(5, 4, seed + 9), dim=1)

    def loss(raw: torch.Tensor, prototypes: torch.Tensor) -> torch.Tensor:
        return clustering_loss(torch.nn.functional.normalize(raw, dim=1), prototypes, assigned, 0.5, objective)

    assert torch.autograd.gradcheck(loss, (raw, prototypes))


def test_the_auxiliary_assignments_by_hand() -> None:
    p = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.6, 0.1, 0.3]])
    q = np.empty_like(p)
    for i in range(3):
        row = [p[i, k] ** 2 / math.sqrt(sum(p[j, k] ** 2 for j in range(3))) for k in range(3)]
        q[i] = np.array(row) / sum(row)
    np.testing.assert_allclose(auxiliary(torch.from_numpy(p), "mi_adm").numpy(), q, rtol=1e-12)
    np.testing.assert_array_equal(auxiliary(torch.from_numpy(p), "soft").numpy(), p)


def test_prototypes_are_unit_means_and_a_lost_one_is_born_again() -> None:
    code = torch.tensor([[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0]])
    before = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    made = refit(code, torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), before)
    torch.testing.assert_close(made, torch.tensor([[3 / math.sqrt(10), 1 / math.sqrt(10)], [-1.0, 0.0]]))
    reborn = refit(code, torch.tensor([[1.0, 0.0]] * 3), before)
    torch.testing.assert_close(reborn[1], code[2])


def test_the_judge_by_hand_and_why_the_free_energy_is_none() -> None:
    share = torch.tensor([[0.9, 0.1], [0.2, 0.8]]).double()
    rows, rebuilt = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 1.0], [3.0, 2.0]])
    found = judged(rows, rebuilt, share)

    def entropy(p: list[float]) -> float:
        return -sum(v * math.log(v) for v in p)

    information = entropy([0.55, 0.45]) - (entropy([0.9, 0.1]) + entropy([0.2, 0.8])) / 2
    assert found.reconstruction == pytest.approx((1 + 4) / 4)
    assert found.information == pytest.approx(information)
    assert found.cost(0.5) == pytest.approx(1.25 + 0.5 * (math.log(2) - information))

    apart, heat = torch.eye(3).repeat(5, 1), 0.1
    one = torch.eye(3)[:1]
    collapsed, together = one.repeat(15, 1), one.repeat(3, 1)
    assert free_energy(collapsed, together, heat) < free_energy(apart, torch.eye(3), heat)
    worth = [judged(code, code, posterior(code, places, heat)).cost(1.0) for code, places in ((collapsed, together), (apart, torch.eye(3)))]
    assert worth[0] > worth[1] + 1
