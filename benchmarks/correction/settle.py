"""The constants of latent cluster correction, chosen on the training files alone, judged on the rows that a draw left: way, share of the gradient, grain of the modes, and
how little belief leaves a label out.

Seeds of its own (from 100). `LatentClusterCorrection` takes the share that is better where labels are right, .5; where they are wrong the larger one gains two points more. The grain is the one that
loses nothing on coarse labels. Those figures are from before a mode had to hold four samples. The least belief is the largest that loses nothing where all
labels are right.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from correction.arms import Arm, accuracy, checkpoint, correcting, go_on
from correction.measure import Setting
from harness import loop
from harness.data import splits
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import doubts

SEEDS = range(100, 104)
SHARES, GRAINS, LEAST = (0.5, 1.0), (4, None), (0.1, 0.03, 0.01, 0.001)
ARMS = {
    "cross-entropy": Arm(),
    **{f"center, share {share}": correcting(way="center", share=share, grain=None) for share in SHARES},
    **{f"modes, share {s}, grain {g}": correcting(way="modes", share=s, grain=g) for s, g in itertools.product(SHARES, GRAINS)},
    **{f"modes, believed above {least}": replace(correcting(way="modes"), believed=True) for least in LEAST},
}
SETTINGS = {
    "Banking77, 10 a class": Setting(splits.banking, 10),
    "CLINC150 domains, 50 a class": Setting(splits.clinc_domains, 50, coarse=True),
    "Banking77, 20 a class, 20 % wrong": Setting(splits.banking, 20, noise=0.2),
}


def one_seed(title: str, seed: int, arms: list[str]) -> dict[str, float]:
    """The accuracy of every arm on the rows that were not drawn."""
    split = SETTINGS[title].load()
    rows, labels = SETTINGS[title].drawn(split, seed)
    rest = np.setdiff1d(np.arange(len(split.y)), rows)
    base, x, y = checkpoint(split, rows, labels, seed)
    doubt = doubts(split.X[rows], latent_communities(split.X[rows], labels, seed=seed), seed=seed)
    figures = {}
    for name in arms:
        least = float(name.split()[-1]) if ARMS[name].believed else -1.0
        own = torch.from_numpy(~(doubt.issue & (doubt.score <= least)))
        model, _ = go_on(base, x[own], y[own], seed, ARMS[name])
        figures[name] = accuracy(model, torch.tensor(split.X[rest]), split.y[rest])
    return figures


def main() -> None:
    """Measure the settings that are asked for."""
    torch.set_num_threads(1)
    loop.measure(loop.Table("settle_correction"), dict.fromkeys(sys.argv[1:] or SETTINGS, SEEDS), ARMS, one_seed)


if __name__ == "__main__":
    main()
