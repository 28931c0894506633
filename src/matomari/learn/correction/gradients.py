"""How steep the classifier's own loss is at a layer, measured in the ordinary backward pass."""

from __future__ import annotations

import math
from typing import Any

import torch

from ..processes import mean_over_processes


class Slopes:
    """Lengths of the classifier's gradient at the latent vectors, one number per step.

    The latent vectors reach the classifier directly and our loss by a branch: what comes back along the branch is taken off the whole. A zero that is
    part of the loss comes back as the factor by which the loss was multiplied on its way (accumulation, mixed precision).

    Examples
    --------
    >>> slopes, a = Slopes(), torch.tensor([[3.0, 4.0]], requires_grad=True)
    >>> z = a * 1
    >>> own = z.view_as(z)
    >>> unit = slopes.watch(z, own)
    >>> (8 * ((z**2).sum() / 2 + unit + own.sum())).backward()
    >>> slopes.mean()
    5.0
    """

    def __init__(self) -> None:
        self.lengths: list[float] = []
        self._step: dict[str, torch.Tensor] = {}

    def watch(self, z: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Measure z (b, d), of which `own` is the branch to our loss; the zero returned must be added to the loss."""
        self.settle()
        unit = torch.zeros((), device=z.device, requires_grad=True)
        step: dict[str, torch.Tensor] = {}
        for name, tensor in (("whole", z), ("own", own), ("factor", unit)):
            tensor.register_hook(_keeper(step, name))  # type: ignore[no-untyped-call]
        self._step = step
        return unit

    def settle(self) -> None:
        """Take down the last step, if its backward pass has been."""
        step, self._step = self._step, {}
        if "whole" in step and "factor" in step:
            rest = step["whole"].float() - step["own"].float() if "own" in step else step["whole"].float()
            length = float(rest.norm() / step["factor"].float())
            if math.isfinite(length):
                self.lengths.append(length)

    def mean(self) -> float:
        """Over all steps and processes; NaN where there was none."""
        self.settle()
        return mean_over_processes(self.lengths)

    def clear(self) -> None:
        """Forget all steps."""
        self.settle()
        self.lengths = []


def _keeper(step: dict[str, torch.Tensor], name: str) -> Any:
    def keep(gradient: torch.Tensor) -> None:
        step[name] = gradient.detach()

    return keep
