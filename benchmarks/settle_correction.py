"""The constants of latent cluster correction, chosen on the training files alone, judged on the rows that a draw left: way, share of the gradient, grain of the modes, and
how little belief leaves a label out.

Seeds of its own (from 100). `LatentClusterCorrection` takes the share that is better where labels are right, .5; where they are wrong the larger one gains two points more. The grain is the one that
loses nothing on coarse labels. Those figures are from before a mode had to hold four samples. The least belief is the largest that loses nothing where all
labels are right.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import torch

import correction_sets
import results
from bench_correction import Setting, correcting
from corrections import BASE, Arm, Head, continued, predicted, train
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import doubts

SEEDS = range(100, 104)
ARMS = {
    "cross-entropy": Arm(),
    **{f"center, share {share}": correcting(way="center", share=share, grain=None) for share in (0.5, 1.0)},
    **{
        f"modes, share {share}, grain {grain}": correcting(way="modes", share=share, grain=grain)
        for share in (0.5, 1.0)
        for grain in (4, None)
    },
    **{f"modes, believed above {least}": replace(correcting(way="modes"), believed=True) for least in (0.1, 0.03, 0.01, 0.001)},
}
SETTINGS = {
    "Banking77, 10 a class": Setting(correction_sets.banking, 10),
    "CLINC150 domains, 50 a class": Setting(correction_sets.clinc_domains, 50, coarse=True),
    "Banking77, 20 a class, 20 % wrong": Setting(correction_sets.banking, 20, noise=0.2),
}


def one_seed(setting: Setting, seed: int, arms: dict[str, Arm]) -> dict[str, float]:
    split = setting.load()
    rows, labels = setting.drawn(split, seed)
    rest = np.setdiff1d(np.arange(len(split.y)), rows)
    x, y, asked = torch.tensor(split.X[rows]), torch.tensor(labels), torch.tensor(split.X[rest])
    torch.manual_seed(seed)
    base = Head(x.shape[1], int(split.y.max()) + 1)
    train(base, x, y, BASE, Arm(), seed)
    told = doubts(split.X[rows], latent_communities(split.X[rows], labels, seed=seed), seed=seed)
    found = {}
    for name, arm in arms.items():
        least = float(name.split()[-1]) if arm.believed else -1.0
        kept = torch.from_numpy(~(told.issue & (told.score <= least)))
        model = continued(base, x[kept], y[kept], arm, seed + 1000)[0]
        found[name] = 100 * float((predicted(model, asked) == split.y[rest]).mean())
    return found


def main() -> None:
    torch.set_num_threads(1)
    table: dict[str, Any] = results.kept("settle_correction")
    for title in sys.argv[1:] or SETTINGS:
        runs = table.setdefault(title, {})
        for seed in SEEDS:
            missing = {name: arm for name, arm in ARMS.items() if name not in runs.get(str(seed), {})}
            if missing:
                runs[str(seed)] = runs.get(str(seed), {}) | one_seed(SETTINGS[title], seed, missing)
                results.write("settle_correction", {"table": table})
        gains = {name: float(np.mean([run[name] - run["cross-entropy"] for run in runs.values()])) for name in ARMS}
        print(title, {name: round(gain, 2) for name, gain in gains.items()}, flush=True)


if __name__ == "__main__":
    main()
