"""Question: what latent cluster correction gives a small convolutional network on images.

Paired continuation as in `bench_correction.py`, with the same arms: twenty epochs, then ten more from that checkpoint by every arm, the rate falling to
nothing in both. Images are mirrored at random, the same ones for every arm. FASHION names the folder of Fashion-MNIST's four IDX files; CIFAR-10 is a copy
whose images were encoded again as JPEG, so figures are not comparable with those of the original.

    python bench_correction_images.py "Fashion-MNIST, 200 a class" 0 1 2
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

import results
import sets
from bench_correction import ARMS, measured, summary
from bench_deep import FASHION, idx_set
from corrections import Arm, accuracy, continued, draw, train

BASE, MORE, INTERVAL, LATENT = 20, 10, 2, 128


@dataclass(frozen=True)
class Images:
    """Pixels in 0 … 1, shape (n, channels, height, width), and classes."""

    X: torch.Tensor
    y: np.ndarray
    test: torch.Tensor
    truth: np.ndarray


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
        found: torch.Tensor = self.hidden(self.seen(x))
        return found

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            x = torch.where((torch.rand(len(x)) < 0.5)[:, None, None, None], x.flip(3), x)
        found: torch.Tensor = self.out(self.latent(x))
        return found


@cache
def fashion() -> Images:
    (X, y), (test, truth) = (idx_set(FASHION, part) for part in ("train", "t10k"))
    return Images(*(torch.tensor(a).reshape(-1, 1, 28, 28) if a.dtype == np.float32 else a for a in (X, y, test, truth)))


@cache
def cifar() -> Images:
    parts: list[Any] = []
    with zipfile.ZipFile(sets.DATA / "cifar10-jpg" / "cifar10-jpg.zip") as file:
        for part in ("train", "test"):
            names = [name for name in file.namelist() if name.startswith(f"{part}/") and name.endswith(".jpg")]
            pixels = np.stack([np.asarray(Image.open(io.BytesIO(file.read(name)))) for name in names])
            parts += [
                torch.tensor(pixels).permute(0, 3, 1, 2).float() / 255,
                np.unique([name.split("/")[1] for name in names], return_inverse=True)[1],
            ]
    return Images(*parts)


SETTINGS: dict[str, tuple[Callable[[], Images], int, int]] = {
    "Fashion-MNIST, 200 a class": (fashion, 200, 10),
    "CIFAR-10 (JPEG copy), 200 a class": (cifar, 200, 5),
    "CIFAR-10 (JPEG copy), 1,000 a class": (cifar, 1000, 5),
}


def one_seed(data: Images, shots: int, seed: int) -> dict[str, dict[str, float]]:
    rows, labels = draw(data.y, shots, seed)
    x, y = data.X[rows], torch.tensor(labels)
    torch.manual_seed(seed)
    base: Any = Net(tuple(x.shape[1:]), int(data.y.max()) + 1)
    train(base, x, y, BASE, Arm(), seed, "hidden", falling=True)
    found = {"base": {"accuracy": accuracy(base, data.test, data.truth)}}
    for name, arm in ARMS.items():
        told = replace(arm, correction=arm.correction | {"interval": INTERVAL}) if arm.correction else arm
        began = time.process_time()
        torch.manual_seed(seed + 1000)  # which images are mirrored
        model, curve = continued(base, x, y, told, seed + 1000, MORE, "hidden", falling=True)
        seconds = time.process_time() - began
        found[name] = measured(model, x, y, data.test, data.truth, None) | {"cpu_seconds": seconds}
        if curve:
            found[name] |= {key: curve[-1][key] for key in ("resolution", "communities", "coverage", "misclustered")}
        print(seed, name, {key: round(value, 2) for key, value in found[name].items()}, flush=True)
    return found


def main() -> None:
    torch.set_num_threads(1)
    titles, asked = results.asked(sys.argv[1:])
    table = results.kept("correction_images")
    for title in titles or SETTINGS:
        load, shots, seeds = SETTINGS[title]
        runs = table.setdefault(title, {})
        for seed in asked or map(str, range(seeds)):
            if seed not in runs:
                runs[seed] = one_seed(load(), shots, int(seed))
                results.write("correction_images", {"table": table, "summary": summary(table)})


if __name__ == "__main__":
    main()
