"""A classifier on stored vectors, trained on and continued from one checkpoint in one order of batches by every arm: what correction is measured with."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from matomari.learn.correction.correction import LatentClusterCorrection

BATCH, RATE, DECAY = 64, 1e-3, 1e-2
HIDDEN, BASE, MORE = 256, 60, 60


DEFAULT: dict[str, Any] = {"way": "modes"}  # what the class does unless told; the name is for the tables


class Head(torch.nn.Module):
    """One hidden layer; its output is the latent space."""

    def __init__(self, width: int, classes: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.latent = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.Tanh())
        self.out = torch.nn.Linear(hidden, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.latent(x))


@dataclass(frozen=True)
class Arm:
    """What a continuation adds to cross-entropy."""

    correction: dict[str, Any] | None = None
    smoothing: float = 0.0
    supcon: float = 0.0
    believed: bool = False  # only the rows whose label is believed


def draw(y: np.ndarray, shots: int, seed: int, noise: float = 0.0, classes: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Rows of so many samples a class (fewer where there are fewer), and their labels, a share of them replaced by another class."""
    rng = np.random.default_rng(seed)
    rows = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:shots] for c in range(y.max() + 1)])
    labels = y[rows].copy()
    if noise:
        wrong = rng.random(len(labels)) < noise
        k = classes or int(y.max()) + 1
        labels[wrong] = (labels[wrong] + rng.integers(1, k, size=int(wrong.sum()))) % k
    return rows, labels


def drawn_skewed(y: np.ndarray, modes: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Rows of so many samples a class, in which the modes of a class are as frequent as 1, 1/2, 1/3 …, in an order of their own for each seed."""
    rng = np.random.default_rng(seed)
    found = []
    for label in range(int(y.max()) + 1):
        own = np.flatnonzero(y == label)
        names = rng.permutation(np.unique(modes[own]))
        rank = {name: place + 1 for place, name in enumerate(names)}
        weight = np.array([1 / (rank[mode] * (modes[own] == mode).sum()) for mode in modes[own]])
        found.append(rng.choice(own, min(shots, len(own)), replace=False, p=weight / weight.sum()))
    return np.concatenate(found)


def train(
    model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, epochs: int, arm: Arm, seed: int, layer: str = "latent", falling: bool = False
) -> list[dict[str, float]]:
    """In place; the order of batches is a function of the seed alone; the rate stays, or falls in a line. The curve of the correction's refreshes."""
    order = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0 if falling else 1.0, epochs * math.ceil(len(x) / BATCH))
    lcc = None if arm.correction is None else LatentClusterCorrection(layer, random_state=seed, **arm.correction).attach(model)
    kept: dict[str, torch.Tensor] = {}
    hook = model.get_submodule(layer).register_forward_hook(lambda m, i, o: kept.update(z=o)) if arm.supcon else None
    model.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=order).split(BATCH):
            loss = functional.cross_entropy(model(x[rows]), y[rows], label_smoothing=arm.smoothing)
            if lcc is not None:
                loss = loss + lcc(rows, y[rows])
            if arm.supcon:
                loss = loss + arm.supcon * supcon(kept["z"].flatten(1), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
        if lcc is not None:
            lcc.epoch_ended()
    if hook is not None:
        hook.remove()
    if lcc is None:
        return []
    lcc.detach()
    return lcc.curve


def supcon(z: torch.Tensor, y: torch.Tensor, temperature: float = 0.1) -> torch.Tensor:
    """Supervised contrastive loss (Khosla 2020, equation 2) of one view."""
    z = functional.normalize(z, dim=1)
    logits = z @ z.T / temperature
    own = torch.eye(len(z), dtype=torch.bool)
    same = (y[:, None] == y) & ~own
    log = logits - torch.logsumexp(logits.masked_fill(own, -torch.inf), dim=1, keepdim=True)
    has = same.any(dim=1)
    if not bool(has.any()):
        return z.sum() * 0
    return -((log * same).sum(dim=1)[has] / same.sum(dim=1)[has]).mean()


def accuracy(model: torch.nn.Module, x: torch.Tensor, truth: np.ndarray) -> float:
    """In per cent."""
    return 100 * float((predicted(model, x) == truth).mean())


def predicted(model: torch.nn.Module, x: torch.Tensor) -> np.ndarray:
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part).argmax(dim=1) for part in x.split(2048)]).numpy()


def continued(
    base: torch.nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    arm: Arm,
    seed: int,
    epochs: int = MORE,
    layer: str = "latent",
    falling: bool = False,
) -> tuple[torch.nn.Module, list[dict[str, float]]]:
    """A copy of the base, trained on as this arm does."""
    model = copy.deepcopy(base)
    return model, train(model, x, y, epochs, arm, seed, layer, falling)
