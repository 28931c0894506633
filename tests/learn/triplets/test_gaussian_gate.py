"""The gate by hand, a width that follows, and what is noted of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from matomari.errors import InputError
from matomari.learn.triplets.schedule import Gate, GateLog


def test_the_gate_by_hand() -> None:
    gate = Gate(2.0, 0.5)
    assert gate.width == 1
    assert gate.half_width == pytest.approx(1.17741, abs=1e-5)
    shifts = torch.tensor([0.0, 1.0, -1.0, 3.0, -gate.half_width], requires_grad=True)
    for one_sided, expected in (
        (False, [1, math.exp(-0.5), math.exp(-0.5), math.exp(-4.5), 0.5]),
        (True, [1, 0, math.exp(-0.5), 0, 0.5]),
    ):
        found = gate(shifts, one_sided=one_sided)
        assert not found.requires_grad
        assert found.tolist() == pytest.approx(expected, rel=1e-6)


def test_the_narrowest_gate_is_open_at_nothing_alone() -> None:
    assert Gate(1e-30)(torch.tensor([0.0, 1e-3])).tolist() == [1.0, 0.0]


def test_a_width_that_follows_by_steps() -> None:
    gate = Gate(1.0, follow="step", target=0.7, rate=0.5)
    expected = 1.0
    for shifts in ([0.0, 9.0], [3.0, 3.0, 3.0]):
        seen = [math.exp(-((d / expected) ** 2) / 2) for d in shifts]
        gate(torch.tensor(shifts, dtype=torch.float64))
        gate.step_ended()
        expected *= math.exp(0.5 * (0.7 - sum(seen) / len(seen)))
        assert gate.sigma == pytest.approx(expected, rel=1e-12)
    gate.step_ended()  # without a batch nothing is known
    assert gate.sigma == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("follow", ["step", "epoch"])
@pytest.mark.parametrize(("target", "noise"), [(0.2, 0.3), (0.6, 2.0)])
def test_the_mean_of_the_gate_gets_where_it_should(follow: str, target: float, noise: float) -> None:
    gate = Gate(1.0, noise, follow=follow, target=target, rate=0.5)
    shifts = torch.randn(400, generator=torch.Generator().manual_seed(0)) - 1.2
    for epoch in range(1, 101):
        gate(shifts)
        gate.step_ended()
        gate.epoch_ended(epoch)
    assert gate.history[-1]["mean"] == pytest.approx(target, abs=0.01)


@pytest.mark.parametrize(("target", "bound"), [(1.0, 3.0), (0.0, 0.5)])
def test_the_width_stays_within_its_bounds(target: float, bound: float) -> None:
    gate = Gate(1.0, follow="step", target=target, rate=1.0, bounds=(0.5, 3.0))
    for _ in range(60):
        gate(torch.tensor([0.0, 2.0]))
        gate.step_ended()
    assert gate.sigma == bound


def test_a_fixed_width_is_fixed_and_noted() -> None:
    gate = Gate(1.5, 2.0)
    for epoch, shifts in ((1, [0.0, 3.0]), (2, [0.0])):
        gate(torch.tensor(shifts))
        with torch.no_grad():
            gate(torch.tensor([50.0]))  # looked at outside of training, which is not noted
        gate.step_ended()
        gate.epoch_ended(epoch)
    gate.epoch_ended(3)  # nothing was seen
    assert [line["epoch"] for line in gate.history] == [1, 2]
    assert [line["mean"] for line in gate.history] == pytest.approx([(1 + math.exp(-0.5)) / 2, 1.0])
    assert {line["sigma"] for line in gate.history} == {1.5}
    assert {line["half_width"] for line in gate.history} == {gate.half_width}
    assert json.loads(json.dumps(gate.history)) == gate.history


@pytest.mark.parametrize("follow", ["step", "epoch"])
def test_what_was_kept_goes_on_where_it_was(follow: str, tmp_path: Path) -> None:
    one, two = (Gate(1.0, 0.7, follow=follow) for _ in range(2))
    shifts = torch.linspace(-2, 1, 7)
    for gate in (one, two):
        gate(shifts)
        gate.step_ended()
        gate.epoch_ended(1)
        gate(shifts * 2)
        gate.step_ended()
    two.save(tmp_path)
    fresh = Gate(1.0, 0.7, follow=follow)
    fresh.load(tmp_path)
    for gate in (one, fresh):
        gate(shifts * 3)
        gate.step_ended()
        gate.epoch_ended(2)
    assert fresh.history == one.history
    assert (fresh.sigma, len(fresh.history)) == (one.sigma, 2)


def test_an_epoch_ends_with_its_last_step_and_a_part_of_one_with_the_training() -> None:
    gate = Gate()
    log, loader = GateLog(gate), [None] * 4
    given: dict[str, Any] = {"args": None, "control": None, "train_dataloader": loader}
    for step in range(1, 11):
        gate(torch.tensor([float(step)]))
        log.on_step_end(state=SimpleNamespace(global_step=step), **given)
    log.on_train_end(state=SimpleNamespace(global_step=10), **given)
    assert [line["epoch"] for line in gate.history] == [1, 2, 2.5]
    assert gate.history[1]["mean"] == pytest.approx(sum(math.exp(-(d**2) / 2) for d in (5, 6, 7, 8)) / 4)


@pytest.mark.parametrize(
    ("named", "value"),
    [
        ("sigma", 0.0),
        ("noise", 0.0),
        ("follow", "loosely"),
        ("target", 1.1),
        ("rate", 0.0),
        ("bounds", (2.0, 1.0)),
        ("bounds", (0.0, 1.0)),
        ("bounds", (1.0,)),
        ("bounds", 3),
    ],
)
def test_a_gate_that_cannot_be_is_refused(named: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"'{named}' parameter of Gate"):
        Gate(**{named: value})
