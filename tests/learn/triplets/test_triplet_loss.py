"""The loss of triplets: values and gradients against plain loops, its limits, and what a judge may take away."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from matomari.errors import InputError
from matomari.learn.pairs.distillation import moved
from matomari.learn.triplets.loss import DECAYS, TripletLoss, compared, nearer_than_own
from matomari.learn.triplets.schedule import Gate
from matomari.learn.triplets.weight_pull import WeightPull

ROWS = [4, 1, 7, 2, 0]
TAU, SIGMA, NOISE = 0.4, 1.5, 0.6


def cosine(left: Any, right: Any) -> float:
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


def taken_away(sides: list[Any], judge: list[Any], decay: str) -> list[float]:
    """What a gate takes off each own negative."""
    if not decay.startswith("gaussian"):
        return [0.0] * len(ROWS)
    taken = []
    for i, row in enumerate(ROWS):
        now = cosine(sides[0][i], sides[2][i]) / TAU
        shift = now - cosine(judge[0][row], judge[2][row]) / TAU
        gate = math.exp(-(shift**2) / (2 * (SIGMA * NOISE) ** 2))
        taken.append(0.0 if decay == "gaussian-2025" and shift > 0 else now * gate)
    return taken


def far_off(sides: list[Any], judge: list[Any]) -> float:
    """The mean squared difference of cosines, of four matrices without their diagonals."""
    total = []
    for left, right in ((0, 0), (0, 1), (2, 2), (0, 2)):
        differences = [
            cosine(sides[left][i], sides[right][j]) - cosine(judge[left][ROWS[i]], judge[right][ROWS[j]])
            for i in range(len(ROWS))
            for j in range(len(ROWS))
            if i != j
        ]
        total.append(np.mean(np.square(differences)))
    return float(np.mean(total))


def by_loop(sides: list[Any], judge: list[Any], *, decay: str, distillation: float, margin: Any, taken: list[float]) -> float:
    """The loss, with what is taken off the own negatives as a constant: the function whose slopes the gradient must be."""
    losses = []
    for i, row in enumerate(ROWS):
        own = cosine(judge[0][row], judge[1][row])
        stand = []
        for j, other in enumerate(ROWS):
            if j == i or decay != "gist" or cosine(judge[0][row], judge[1][other]) <= own:
                stand.append(cosine(sides[0][i], sides[1][j]) / TAU)
            if decay != "margin" and (decay != "gist" or cosine(judge[0][row], judge[2][other]) <= own):
                stand.append(cosine(sides[0][i], sides[2][j]) / TAU - (taken[i] if i == j else 0.0))
        loss = math.log(sum(math.exp(s) for s in stand)) - cosine(sides[0][i], sides[1][i]) / TAU
        if decay == "margin":
            lead = cosine(sides[0][i], sides[1][i]) - cosine(sides[0][i], sides[2][i])
            loss += max(0.0, (margin[row] if np.ndim(margin) else margin) - lead) / TAU
        losses.append(loss)
    return float(np.mean(losses)) + distillation * (far_off(sides, judge) if distillation else 0.0)


def drawn(seed: int) -> tuple[list[Any], list[Any]]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((len(ROWS), 4)) for _ in range(3)], [rng.standard_normal((9, 3)) for _ in range(3)]


def made(judge: list[Any], decay: str, sigma: float = SIGMA, **more: Any) -> TripletLoss:
    told = tuple(judge)
    return TripletLoss(None, judge=told, decay=decay, temperature=TAU, gate=Gate(sigma, NOISE), **more)  # type: ignore[arg-type]


def computed(loss: TripletLoss, sides: list[Any]) -> tuple[float, list[Any]]:
    """Value and gradients."""
    leaves = [torch.tensor(side, requires_grad=True) for side in sides]
    value = loss.compute(leaves, torch.tensor(ROWS))
    value.backward()
    return float(value.detach()), [leaf.grad.numpy() for leaf in leaves]  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("distillation", [0.0, 7.0])
@pytest.mark.parametrize("decay", [decay for decay in DECAYS if decay != "weight"])
def test_value_and_gradient_are_those_of_a_plain_loop(decay: str, distillation: float, seed: int) -> None:
    sides, judge = drawn(seed)
    margin: Any = np.linspace(0.0, 1.8, 9) if seed else 0.7
    taken = taken_away(sides, judge, decay)
    value, gradients = computed(made(judge, decay, distillation=distillation, margin=margin), sides)

    def loop(moved: list[Any]) -> float:
        return by_loop(moved, judge, decay=decay, distillation=distillation, margin=margin, taken=taken)

    assert value == pytest.approx(loop(sides), rel=1e-12)
    for side in range(3):
        slopes = np.zeros_like(sides[side])
        for place in np.ndindex(slopes.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = [s.copy() for s in sides]
                moved[side][place] += step
                ends.append(loop(moved))
            slopes[place] = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(gradients[side], slopes, atol=2e-8)


def test_what_was_drawn_meets_every_branch() -> None:
    sides, judge = drawn(0)
    assert 0 in taken_away(sides, judge, "gaussian-2025")
    assert any(taken_away(sides, judge, "gaussian-2025"))
    values = {decay: computed(made(judge, decay), sides)[0] for decay in DECAYS if decay != "weight"}
    assert len({round(value, 9) for value in values.values()}) == len(values)


def test_the_weight_decay_adds_what_a_loop_adds() -> None:
    model, (sides, judge) = torch.nn.Linear(3, 2).double(), drawn(0)
    model.bias.requires_grad = False
    pull = WeightPull(model, 0.3)
    start = model.weight.detach().clone()
    with torch.no_grad():
        model.weight += torch.arange(6.0).reshape(2, 3)
        model.bias += 9  # which is not trained, so nothing pulls at it
    value, gradients = computed(TripletLoss(None, decay="weight", temperature=TAU, pull=pull), sides)
    plain, same = computed(made(judge, "none"), sides)
    assert value == pytest.approx(plain + 0.15 * sum(k**2 for k in range(6)), rel=1e-12)
    np.testing.assert_allclose(gradients, same, rtol=1e-12)
    torch.testing.assert_close(model.weight.grad, 0.3 * (model.weight.detach() - start))


# Limits of the gate


@pytest.mark.parametrize("decay", ["gaussian-2024", "gaussian-2025"])
def test_a_gate_without_width_is_no_decay(decay: str) -> None:
    sides, judge = drawn(1)
    plain, found = computed(made(judge, "none"), sides), computed(made(judge, decay, sigma=1e-9), sides)
    assert found[0] == plain[0]
    np.testing.assert_array_equal(found[1], plain[1])


def test_a_gate_that_is_wide_open_leaves_a_one_in_the_denominator_and_a_gradient_of_one_over_it() -> None:
    cosines = torch.tensor(
        [0.9, 0.8, -0.3], dtype=torch.float64
    )  # of one anchor: to its positive, its negative, and the negative by the judge
    angles = torch.arccos(cosines).requires_grad_()
    anchor = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    positive, negative, judged = (torch.stack([angle.cos(), angle.sin()])[None] for angle in angles)
    told = (anchor.numpy(), positive.detach().numpy(), judged.detach().numpy())
    gradients = {}
    for sigma in (1e-9, 1e9):
        loss = TripletLoss(None, judge=told, decay="gaussian-2024", gate=Gate(sigma))
        value = loss.compute([anchor, positive, negative], torch.tensor([0]))
        whole = math.exp(0.9 / 0.05) + (math.exp(0.8 / 0.05) if sigma < 1 else 1.0)
        assert float(value.detach()) == pytest.approx(math.log(whole) - 0.9 / 0.05, abs=1e-9)
        (slopes,) = torch.autograd.grad(value, angles, retain_graph=True)
        gradients[sigma] = float(slopes[1])
        # by hand: dL/ds⁻ = exp(ŝ⁻) / Z, whatever was taken off; ds⁻/dangle = -sin / τ
        assert gradients[sigma] == pytest.approx((whole - math.exp(0.9 / 0.05)) / whole * -math.sin(math.acos(0.8)) / 0.05, rel=1e-6)
    assert 0 < gradients[1e9] / gradients[1e-9] < 2e-7


def test_an_open_gate_makes_a_negative_on_the_other_side_larger() -> None:
    anchor, positive, negative = (torch.tensor([row]) for row in ([1.0, 0.0], [0.8, 0.6], [-0.8, 0.6]))
    told = (anchor.numpy(), positive.numpy(), negative.numpy())
    values = [
        float(loss.compute([anchor, positive, negative], torch.tensor([0])))
        for loss in (TripletLoss(None, temperature=1.0), TripletLoss(None, judge=told, decay="gaussian-2024", gate=Gate(), temperature=1.0))
    ]
    np.testing.assert_allclose(values, [math.log1p(math.exp(-1.6)), math.log1p(math.exp(-0.8))], rtol=1e-6)


def test_the_two_gates_are_one_where_no_negative_has_come_nearer() -> None:
    sides, judge = drawn(2)
    fallen, risen = judge[0].copy(), -judge[0]  # the judge saw negatives on the anchors, or opposite to them
    both = [computed(made([judge[0], judge[1], fallen], f"gaussian-{year}"), sides) for year in (2024, 2025)]
    assert both[0][0] == both[1][0]
    np.testing.assert_array_equal(both[0][1], both[1][1])
    old, new, plain = (computed(made([judge[0], judge[1], risen], d), sides)[0] for d in ("gaussian-2024", "gaussian-2025", "none"))
    assert new == plain
    assert abs(old - plain) > 1e-3


# The judge's mask and distillation


def on_a_circle(*degrees: float) -> torch.Tensor:
    angles = torch.tensor(degrees, dtype=torch.float64).deg2rad()
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def test_the_mask_worked_by_hand() -> None:
    # own positives lie 30, 20 and 100 degrees from their anchors
    judge = (on_a_circle(0, 120, 240), on_a_circle(30, 100, 340), on_a_circle(20, 150, 250))
    positives, negatives = nearer_than_own(judge)
    assert positives.tolist() == [[False, False, True], [False] * 3, [False] * 3]  # 340 is 20 from 0
    assert negatives.tolist() == [[True, False, False], [False] * 3, [False, True, True]]  # 20 from 0; 150 is 90 from 240, 250 is 10
    sides = [on_a_circle(0, 60, 180), on_a_circle(10, 90, 200), on_a_circle(300, 50, 100)]
    loss = TripletLoss(None, judge=tuple(side.numpy() for side in judge), decay="gist", temperature=1.0)  # type: ignore[arg-type]
    kept = [[10, 90, 50, 100], [50, 30, 140, 120, 10, 40], [170, 90, 20, 120]]  # degrees from the anchor, of what is left
    own = [10, 30, 20]

    def near(degrees: float) -> float:
        return math.cos(math.radians(degrees))

    expected = np.mean([math.log(sum(math.exp(near(d)) for d in row)) - near(mine) for row, mine in zip(kept, own, strict=True)])
    assert float(loss.compute(sides, torch.arange(3))) == pytest.approx(expected, rel=1e-12)


def test_an_equal_judge_distils_nothing() -> None:
    sides = [np.random.default_rng(seed).standard_normal((9, 4)) for seed in range(3)]
    told = [side * scale for side, scale in zip(sides, (1, 2, 4), strict=True)]  # lengths do not matter
    mine = [side[ROWS] for side in sides]
    with_it, without = (computed(made(told, "none", distillation=d), mine) for d in (100.0, 0.0))
    assert with_it[0] == without[0]
    np.testing.assert_array_equal(with_it[1], without[1])


def test_a_pairs_own_positive_and_negative_are_free_to_move() -> None:
    anchors = torch.eye(4, dtype=torch.float64)[:2]
    placed = on_a_circle(50, 70)
    free = torch.zeros(2, 4, dtype=torch.float64)
    free[0, 0], free[0, 2], free[1, 1], free[1, 3] = placed[0, 0], placed[0, 1], placed[1, 0], placed[1, 1]
    before = compared((anchors, anchors, anchors))
    assert float(moved(compared((anchors, free, free)), before)) == 0
    assert float(moved(compared((anchors, free.flip(0), anchors)), before)) > 0


@pytest.mark.parametrize("decay", DECAYS)
def test_a_batch_of_one_row_is_finite(decay: str) -> None:
    judge = [np.ones((3, 2))] * 3
    loss = made(judge, decay, distillation=100.0, pull=WeightPull(torch.nn.Linear(1, 1), 1.0))
    sides = [torch.randn(1, 4, requires_grad=True) for _ in range(3)]
    value = loss.compute(sides, torch.tensor([2]))
    value.backward()
    assert torch.isfinite(value)
    assert all(torch.isfinite(side.grad).all() for side in sides)  # type: ignore[union-attr]


@pytest.mark.parametrize("decay", ["none", "gaussian-2024", "gist", "margin"])
@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_the_loss_is_the_same_in_every_precision(kind: torch.dtype, decay: str) -> None:
    sides, judge = drawn(3)
    rough = [torch.tensor(side).to(kind) for side in sides]
    exact = made(judge, decay, distillation=1.0).compute([side.double() for side in rough], torch.tensor(ROWS))
    with torch.autocast("cpu", dtype=torch.bfloat16):  # as around a model that is trained in half precision
        found = made([side.astype(np.float32) for side in judge], decay, distillation=1.0).compute(rough, torch.tensor(ROWS))
    torch.testing.assert_close(found.double(), exact, rtol=1e-5, atol=1e-6)


NEEDED = [("decay", {"decay": "gauss"}), ("temperature", {"temperature": 0}), ("distillation", {"distillation": -1.0})]
NEEDED += [("judge", {"decay": "gist"}), ("judge", {"distillation": 1.0}), ("pull", {"decay": "weight"}), ("margin", {"margin": 2.5})]
NEEDED += [("gate", {"decay": "gaussian-2024", "judge": (np.ones((2, 2)),) * 3}), ("margin", {"margin": float("nan")})]


@pytest.mark.parametrize(("named", "given"), NEEDED)
def test_a_loss_that_cannot_be_is_refused_by_name(named: str, given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"'{named}' parameter of TripletLoss"):
        TripletLoss(None, **given)


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="'judge' has 3 anchors, 3 positives and 2 negatives"):
        TripletLoss(None, judge=(np.ones((3, 2)), np.ones((3, 2)), np.ones((2, 2))))
    with pytest.raises(InputError, match="'margin' has 2 rows, 'judge' 3"):
        TripletLoss(None, judge=(np.ones((3, 2)),) * 3, margin=np.ones(2))
    with pytest.raises(InputError, match="Got 2 columns"):
        TripletLoss(None).compute([torch.ones(2, 2)] * 2, torch.arange(2))
