"""Question: what latent cluster correction gives a small convolutional network on images.

Paired continuation as in correction/measure.py, with the same arms: twenty epochs, then ten more from that checkpoint by every arm, the rate falling to
nothing in both. Images are mirrored at random, the same ones for every arm. FASHION names the folder of Fashion-MNIST's four IDX files; CIFAR-10 is a copy
whose images were encoded again as JPEG, so figures are not comparable with those of the original.

    python benchmarks/correction/images.py "Fashion-MNIST, 200 a class" 0 1 2
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1]))

from correction.arms import ARMS, Course, accuracy, draw, go_on, score, train
from correction.measure import summary
from harness import loop
from harness.data import images

BASE, MORE, INTERVAL, LATENT = 20, 10, 2, 128
Parts = tuple[
    torch.Tensor, np.ndarray, torch.Tensor, np.ndarray
]  # pixels (n, channels, height, width) and classes, for training and for testing


class Net(nn.Module):
    """Three convolutions and a hidden layer, whose output is the latent space."""

    def __init__(self, shape: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        blocks: list[nn.Module] = []
        for before, after in ((channels, 32), (32, 64), (64, 64)):
            blocks += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
        self.seen = nn.Sequential(*blocks, nn.Flatten())
        self.hidden = nn.Sequential(nn.Linear(64 * (height // 8) * (width // 8), LATENT), nn.ReLU())
        self.out = nn.Linear(LATENT, classes)

    def latent(self, x: torch.Tensor) -> torch.Tensor:
        """What the hidden layer makes of images."""
        return self.hidden(self.seen(x))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits; half of the images are mirrored while it learns."""
        if self.training:
            x = torch.where((torch.rand(len(x)) < 0.5)[:, None, None, None], x.flip(3), x)
        return self.out(self.latent(x))


@cache
def fashion() -> Parts:
    """Fashion-MNIST."""
    (X, y), (test, truth) = (images.idx_set(images.FASHION, part) for part in ("train", "t10k"))
    return torch.tensor(X)[:, None], y, torch.tensor(test)[:, None], truth


@cache
def cifar() -> Parts:
    """CIFAR-10."""
    (X, y), (test, truth) = (images.cifar(part) for part in ("train", "test"))
    return torch.tensor(X).permute(0, 3, 1, 2), y, torch.tensor(test).permute(0, 3, 1, 2), truth


SETTINGS: dict[str, tuple[Callable[[], Parts], int, int]] = {  # images, shots, seeds
    "Fashion-MNIST, 200 a class": (fashion, 200, 10),
    "CIFAR-10 (JPEG copy), 200 a class": (cifar, 200, 5),
    "CIFAR-10 (JPEG copy), 1,000 a class": (cifar, 1000, 5),
}


def one_seed(title: str, seed: int, arms: list[str]) -> dict[str, dict[str, float]]:
    """The checkpoint, and what every arm makes of it."""
    load, shots, _ = SETTINGS[title]
    X, classes, test, truth = load()
    rows, labels = draw(classes, shots, seed)
    x, y = X[rows], torch.tensor(labels)
    torch.manual_seed(seed)
    base: Any = Net(tuple(x.shape[1:]), int(classes.max()) + 1)
    course = Course(BASE, "hidden", falling=True)
    train(base, x, y, seed, course=course)
    figures = {"base": {"accuracy": accuracy(base, test, truth)}}
    for name in arms:
        arm = ARMS[name]
        arm = replace(arm, correction=arm.correction | {"interval": INTERVAL}) if arm.correction else arm
        model, trained = go_on(base, x, y, seed, arm, replace(course, epochs=MORE))
        figures[name] = score(model, x, y, test, truth, None) | {"cpu_seconds": trained.cpu_seconds} | trained.facts
    return figures


def main() -> None:
    """Measure the settings and seeds that are asked for."""
    torch.set_num_threads(1)
    titles, seeds = loop.asked(sys.argv[1:])
    table = loop.Table("correction_images", figures=lambda runs: {"table": runs, "summary": summary(runs)})
    plan = {title: seeds or range(SETTINGS[title][2]) for title in titles or SETTINGS}
    arms = [name for name, arm in ARMS.items() if not arm.believed]
    loop.measure(table, plan, arms, one_seed)


if __name__ == "__main__":
    main()
