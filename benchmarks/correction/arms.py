"""What every measurement of correction does: a model is trained, and from that checkpoint every arm goes on in the same order of batches."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from harness.machine import Clock
from matomari.learn.correction.correction import LatentClusterCorrection
from matomari.metrics.calibration import calibration_error
from matomari.vectors import NeighborIndex, normalise

BATCH, RATE, DECAY = 64, 1e-3, 1e-2
HIDDEN, EPOCHS = 256, 60  # the same number of epochs for the checkpoint and after it
REFRESH = 10  # epochs from one refresh to the next
DEFAULT: dict[str, Any] = {"way": "modes"}  # what the class does by default; the name is for the tables
FACTS = ("resolution", "communities", "coverage", "misclustered")  # of the last refresh


class Head(torch.nn.Module):
    """One hidden layer; its output is the latent space."""

    def __init__(self, width: int, classes: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.latent = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.Tanh())
        self.out = torch.nn.Linear(hidden, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits."""
        return self.out(self.latent(x))


@dataclass(frozen=True)
class Arm:
    """What a continuation adds to cross-entropy."""

    correction: dict[str, Any] | None = None
    smoothing: float = 0.0
    supcon: float = 0.0
    believed: bool = False  # only the rows whose label is believed


def correcting(**settings: Any) -> Arm:
    """Correction with these settings."""
    return Arm(correction={"interval": REFRESH, **settings})


ARMS = {
    "cross-entropy": Arm(),
    "label smoothing": Arm(smoothing=0.1),
    "SupCon": Arm(supcon=0.1),
    "misclustered, resolution 1": correcting(way="misclustered", resolution=1.0, grain=None),
    "misclustered": correcting(way="misclustered", grain=None),
    "all": correcting(way="all", grain=None),
    "center": correcting(way="center"),
    "modes": correcting(**DEFAULT),
    "cross-entropy, believed": Arm(believed=True),
    "center, believed": replace(correcting(way="center"), believed=True),
    "modes, believed": replace(correcting(**DEFAULT), believed=True),
}


@dataclass(frozen=True)
class Course:
    """How a model is trained: its latent layer, whether the rate stays or falls in a line, and what is learnt at which rate."""

    epochs: int = EPOCHS
    layer: str = "latent"
    falling: bool = False
    batch: int = BATCH
    parameters: Callable[[Any], Iterable[Any]] = torch.nn.Module.parameters


@dataclass(frozen=True)
class Trained:
    """CPU seconds in all, and of them in refreshes; the facts of the last refresh."""

    cpu_seconds: float
    refresh_seconds: float
    facts: dict[str, float]


def draw(y: np.ndarray, shots: int, seed: int, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of so many samples a class (fewer where there are fewer), and their labels, a share of them replaced by another class."""
    rng = np.random.default_rng(seed)
    rows = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:shots] for c in range(y.max() + 1)])
    labels = y[rows].copy()
    if noise:
        wrong, k = rng.random(len(labels)) < noise, int(y.max()) + 1
        labels[wrong] = (labels[wrong] + rng.integers(1, k, size=int(wrong.sum()))) % k
    return rows, labels


def draw_skewed(y: np.ndarray, modes: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Rows of so many samples a class, in which the modes of a class are as frequent as 1, 1/2, 1/3 …, in an order of their own for each seed."""
    rng = np.random.default_rng(seed)
    rows = []
    for label in range(int(y.max()) + 1):
        own = np.flatnonzero(y == label)
        rank = {mode: place + 1 for place, mode in enumerate(rng.permutation(np.unique(modes[own])))}
        weight = np.array([1 / (rank[mode] * (modes[own] == mode).sum()) for mode in modes[own]])
        rows.append(rng.choice(own, min(shots, len(own)), replace=False, p=weight / weight.sum()))
    return np.concatenate(rows)


def train(model: torch.nn.Module, x: Any, y: torch.Tensor, seed: int, arm: Arm | None = None, course: Course | None = None) -> Trained:
    """In place; the order of batches is a function of the seed alone. `x` gives the inputs of a tensor of rows."""
    arm, course = arm or Arm(), course or Course()
    order = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(course.parameters(model), RATE, weight_decay=DECAY)
    end = 0.0 if course.falling else 1.0
    rate = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, end, course.epochs * math.ceil(len(y) / course.batch))
    lcc = None if arm.correction is None else LatentClusterCorrection(course.layer, random_state=seed, **arm.correction).attach(model)
    latent: dict[str, torch.Tensor] = {}
    hook = model.get_submodule(course.layer).register_forward_hook(lambda m, i, o: latent.update(z=o)) if arm.supcon else None
    model.train()
    refresh_seconds = 0.0
    with Clock() as training:
        for _ in range(course.epochs):
            for rows in torch.randperm(len(y), generator=order).split(course.batch):
                loss = functional.cross_entropy(model(x[rows]), y[rows], label_smoothing=arm.smoothing)
                if lcc is not None:
                    loss = loss + lcc(rows, y[rows])
                if arm.supcon:
                    loss = loss + arm.supcon * supcon(latent["z"].flatten(1), y[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                rate.step()
            if lcc is not None:
                with Clock() as refresh:
                    lcc.epoch_ended()
                refresh_seconds += refresh.cpu_seconds
        if lcc is not None:
            lcc.detach()
    if hook is not None:
        hook.remove()
    facts = {key: lcc.curve[-1][key] for key in FACTS} if lcc is not None and lcc.curve else {}
    return Trained(training.cpu_seconds, refresh_seconds, facts)


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


def checkpoint(split: Any, rows: np.ndarray, labels: np.ndarray, seed: int) -> tuple[Head, torch.Tensor, torch.Tensor]:
    """A head trained on these rows, their vectors and their labels."""
    x, y = torch.tensor(split.X[rows]), torch.tensor(labels)
    torch.manual_seed(seed)
    base = Head(x.shape[1], int(split.y.max()) + 1)
    train(base, x, y, seed)
    return base, x, y


def go_on(base: Any, x: Any, y: torch.Tensor, seed: int, arm: Arm, course: Course | None = None) -> tuple[Any, Trained]:
    """A copy of the checkpoint, trained on as this arm does."""
    model = copy.deepcopy(base)
    torch.manual_seed(seed + 1000)  # dropout, and which images are mirrored
    return model, train(model, x, y, seed + 1000, arm, course)


def probabilities(model: torch.nn.Module, x: torch.Tensor) -> np.ndarray:
    """Of every class, shape (n, classes)."""
    model.eval()
    with torch.no_grad():
        return torch.cat([torch.softmax(model(part), dim=1) for part in x.split(2048)]).numpy()


def accuracy(model: torch.nn.Module, x: torch.Tensor, truth: np.ndarray) -> float:
    """In per cent."""
    return 100 * float((probabilities(model, x).argmax(axis=1) == truth).mean())


def score(model: Any, x: torch.Tensor, y: torch.Tensor, test: torch.Tensor, truth: np.ndarray, rare: np.ndarray | None) -> dict[str, float]:
    """Accuracy over all, in the worst classes, by neighbours and in rare modes, and the calibration error, all in per cent."""
    chance = probabilities(model, test)
    right = chance.argmax(axis=1) == truth
    classes = np.bincount(truth, right) / np.maximum(np.bincount(truth), 1)
    with torch.no_grad():
        known, asked = (normalise(model.latent(part).numpy()) for part in (x, test))
    near = y.numpy()[NeighborIndex(known, exact=True).search(asked, 5)[1]]
    votes = np.stack([np.bincount(row, minlength=int(y.max()) + 1) for row in near])
    figures = {
        "accuracy": right.mean(),
        "worst tenth of classes": np.sort(classes[np.bincount(truth) > 0])[: max(1, len(classes) // 10)].mean(),
        "five nearest": (votes.argmax(axis=1) == truth).mean(),
        "calibration error": calibration_error(chance.max(axis=1), right),
    }
    if rare is not None:
        figures["minority modes"] = right[rare].mean()
    return {key: 100 * float(value) for key, value in figures.items()}
