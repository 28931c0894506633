"""The Gaussian gate and its width: fixed, or following a wanted mean of the gate; and what it was in each epoch."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from ...errors import InputError
from ...logs import log
from ...parameters import one_of, real, share
from ...store.formats import load_json, save_json

FILE = "gate.json"
FOLLOW = ("fixed", "step", "epoch")
RANGE = (0.1, 100.0)


class Gate:
    """``g(Δ) = exp(−Δ² / 2σ²)``, which says how much of a hard negative is taken away.

    Parameters
    ----------
    sigma : float
        σ, in units of `noise`.
    noise : float
        Standard deviation of what dropout does to Δ, in units of ``cos / τ``; see `dropout_noise`.
    follow : {"fixed", "step", "epoch"}
        Whether, and when, σ goes after `target`.
    target : float in [0, 1]
        The mean of the gate that is wanted.
    rate : float
        At each update ``σ ← σ · exp(rate · (target − mean))``: a wider gate has a higher mean. In this form an empty gate asks for a step of
        ``rate · target`` and no more, where a ratio of the two means would ask for an infinite one.
    bounds : (float, float)
        σ never leaves them, in units of `noise`.

    Attributes
    ----------
    history : list of dict
        For each epoch the mean of the gate, and at its end σ and the half-width: the Δ at which the gate stands at a half, ``σ √(2 ln 2)``, in
        units of ``cos / τ``. JSON values, to be saved.

    Raises
    ------
    InputError
        A parameter is out of range.

    Notes
    -----
    The gate is that of Lai et al., *Enhancing unsupervised sentence embeddings via knowledge-driven data augmentation and Gaussian-decayed
    contrastive learning* (2024). That σ is counted in units of the noise and can follow the gate is ours: theirs is a number to be searched.

    Examples
    --------
    >>> gate = Gate(sigma=2.0, noise=0.5)
    >>> [round(g, 3) for g in gate(torch.tensor([0.0, -1.0, gate.half_width])).tolist()]
    [1.0, 0.607, 0.5]
    >>> gate.epoch_ended(1)
    >>> [(line["epoch"], round(line["mean"], 3), round(line["half_width"], 3)) for line in gate.history]
    [(1, 0.702, 1.177)]
    """

    def __init__(
        self,
        sigma: float = 1.0,
        noise: float = 1.0,
        *,
        follow: str = "fixed",
        target: float = 0.5,
        rate: float = 0.1,
        bounds: tuple[float, float] = RANGE,
    ) -> None:
        self.sigma, self.noise = real(self, "sigma", sigma, 0), real(self, "noise", noise, 0)
        self.follow, self.target, self.rate = (
            one_of(self, "follow", follow, FOLLOW),
            share(self, "target", target),
            real(self, "rate", rate, 0),
        )
        self.bounds = ordered(self, bounds)
        self.history: list[dict[str, Any]] = []
        self._since_update, self._since_epoch = [0.0, 0.0], [0.0, 0.0]  # sum and count of what the gate was

    @property
    def width(self) -> float:
        """σ in units of ``cos / τ``."""
        return self.sigma * self.noise

    @property
    def half_width(self) -> float:
        """The Δ at which the gate stands at a half, in units of ``cos / τ``."""
        return self.width * math.sqrt(2 * math.log(2))

    def __call__(self, shift: torch.Tensor, one_sided: bool = False) -> torch.Tensor:
        """The gate (b,) of shifts Δ (b,), without gradient; one-sided it is shut where Δ > 0. In training it is noted."""
        gate = torch.exp(-((shift.detach() / self.width) ** 2) / 2)
        if one_sided:
            gate = gate.masked_fill(shift > 0, 0)
        if torch.is_grad_enabled():
            total = float(gate.sum())
            for sums in (self._since_update, self._since_epoch):
                sums[0] += total
                sums[1] += len(gate)
        return gate

    def step_ended(self) -> None:
        """After each step of the optimiser: let σ follow, if it does so by steps."""
        if self.follow == "step":
            self._go_after(self._since_update)
        self._since_update = [0.0, 0.0]

    def epoch_ended(self, epoch: float) -> None:
        """Let σ follow, if it does so by epochs, and note what the gate was; nothing where nothing was seen."""
        total, count = self._since_epoch
        if not count:
            return
        if self.follow == "epoch":
            self._go_after(self._since_epoch)
        line = {"epoch": epoch, "mean": total / count, "sigma": self.sigma, "half_width": self.half_width}
        self.history.append(line)
        self._since_epoch = [0.0, 0.0]
        log.info("epoch %g: the gate was %.3f in the mean; it is half open at %.3f", epoch, line["mean"], line["half_width"])

    def _go_after(self, sums: list[float]) -> None:
        if sums[1]:
            wanted = self.sigma * math.exp(self.rate * (self.target - sums[0] / sums[1]))
            self.sigma = min(max(wanted, self.bounds[0]), self.bounds[1])

    def save(self, folder: Path) -> None:
        """Write σ, the history and what was seen of the epoch so far."""
        save_json(folder / FILE, {"sigma": self.sigma, "history": self.history, "update": self._since_update, "epoch": self._since_epoch})

    def load(self, folder: Path) -> None:
        """Go on from there."""
        kept = load_json(folder / FILE)
        self.sigma, self.history = float(kept["sigma"]), list(kept["history"])
        self._since_update, self._since_epoch = list(kept["update"]), list(kept["epoch"])


class GateLog(TrainerCallback):
    """Tells the gate when steps and epochs end.

    The end of an epoch is noted with its last step, before a checkpoint of that step is written: `on_epoch_end` comes after it, and would not come
    again when a run goes on from there.
    """

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def on_step_end(self, args: Any, state: Any, control: Any, train_dataloader: Any = None, **_: Any) -> None:
        """A step, and with it perhaps an epoch, has ended."""
        self.gate.step_ended()
        if state.global_step % len(train_dataloader) == 0:
            self.gate.epoch_ended(state.global_step // len(train_dataloader))

    def on_train_end(self, args: Any, state: Any, control: Any, train_dataloader: Any = None, **_: Any) -> None:
        """Note the last epoch where it is not a whole one."""
        self.gate.epoch_ended(state.global_step / len(train_dataloader))


def ordered(owner: object, bounds: Any) -> tuple[float, float]:
    """Two bounds above 0, the lower one first, or InputError."""
    try:
        low, high = (real(owner, "bounds", bound, 0) for bound in bounds)
        if low <= high:
            return low, high
    except (TypeError, ValueError):  # an InputError is one
        pass
    raise InputError(
        f"The 'bounds' parameter of {type(owner).__name__} must be two floats above 0, the lower one first. Got {bounds!r} instead.",
        hint=f"bounds={RANGE!r} is the default.",
    )
