"""Question: does latent cluster correction make a classifier better than training on with cross-entropy, and which way of it?

A hidden layer and an output on stored MiniLM vectors are trained; then every arm goes on from the same checkpoint in the same order of batches. Few
labels a class, wrong labels, and coarse labels whose classes have many modes. Points of test accuracy against cross-entropy, paired by seed:
bootstrap interval, paired t test, Wilcoxon's, both Holm-corrected over all arms and settings. Which settings the arms have was chosen on the training
files alone (`settle_correction.py`). "believed" arms go on without the rows whose label is hardly believed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from scipy.stats import ttest_1samp, wilcoxon
from sklearn.linear_model import RidgeClassifier

import correction_sets
import results
from corrections import BASE, DEFAULT, Arm, Head, accuracy, continued, draw, drawn_skewed, train
from matomari.learn.labels.doubt import believed
from matomari.metrics.calibration import calibration_error
from matomari.vectors import NeighborIndex, normalise

MEASURES = ("accuracy", "worst tenth of classes", "five nearest", "minority modes", "calibration error", "transfer", "left out")
KEPT = 10  # epochs from one refresh to the next


def correcting(**settings: Any) -> Arm:
    return Arm(correction={"interval": KEPT, **settings})


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
class Setting:
    load: Callable[[], correction_sets.Split]
    shots: int
    noise: float = 0.0
    coarse: bool = False
    seeds: int = 20
    elsewhere: Callable[[], correction_sets.Split] = correction_sets.clinc

    def drawn(self, split: correction_sets.Split, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the training part, and their labels."""
        if not self.coarse:
            return draw(split.y, self.shots, seed, self.noise)
        rows = drawn_skewed(split.y, split.modes, self.shots, seed)
        return rows, split.y[rows]


SETTINGS = {
    **{f"Banking77, {n} a class": Setting(correction_sets.banking, n, seeds=seeds) for n, seeds in ((5, 20), (10, 20), (20, 10))},
    **{
        f"CLINC150, {n} a class": Setting(correction_sets.clinc, n, seeds=seeds, elsewhere=correction_sets.banking)
        for n, seeds in ((5, 10), (10, 10), (20, 5))
    },
    **{f"Banking77, 20 a class, {p} % wrong": Setting(correction_sets.banking, 20, noise=p / 100, seeds=10) for p in (10, 20)},
    "CLINC150, 20 a class, 20 % wrong": Setting(correction_sets.clinc, 20, noise=0.2, seeds=5, elsewhere=correction_sets.banking),
    **{
        f"CLINC150 domains, {n} a class": Setting(correction_sets.clinc_domains, n, coarse=True, elsewhere=correction_sets.banking)
        for n in (10, 20, 50)
    },
    **{f"UNSPSC segments, {n} a class": Setting(correction_sets.unspsc, n, coarse=True, seeds=10) for n in (10, 50)},
    **{f"GoEmotions grouped, {n} a class": Setting(correction_sets.goemotions, n, coarse=True) for n in (10, 50)},
}


def one_seed(setting: Setting, arms: dict[str, Arm], seed: int) -> dict[str, dict[str, Any]]:
    split = setting.load()
    rows, labels = setting.drawn(split, seed)
    x, y, test = torch.tensor(split.X[rows]), torch.tensor(labels), torch.tensor(split.test)
    torch.manual_seed(seed)
    base = Head(x.shape[1], int(split.y.max()) + 1)
    train(base, x, y, BASE, Arm(), seed)
    rare = split.rare(rows) if setting.coarse else None
    found = {"base": {"accuracy": accuracy(base, test, split.truth)}}
    kept = torch.from_numpy(believed(split.X[rows], labels, seed=seed)) if any(arm.believed for arm in arms.values()) else None
    for name, arm in arms.items():
        own, told = (x, y) if kept is None or not arm.believed else (x[kept], y[kept])
        began = time.process_time()
        model, curve = continued(base, own, told, arm, seed + 1000)
        seconds = time.process_time() - began
        found[name] = measured(model, own, told, test, split.truth, rare) | {
            "cpu_seconds": seconds,
            "transfer": transfer(model, setting.elsewhere()),
        }
        if arm.believed:
            found[name]["left out"] = 100 * float(1 - len(own) / len(x))
        if curve:
            found[name] |= {key: curve[-1][key] for key in ("resolution", "communities", "coverage", "misclustered")}
    return found


def measured(
    model: Head, x: torch.Tensor, y: torch.Tensor, test: torch.Tensor, truth: np.ndarray, rare: np.ndarray | None
) -> dict[str, float]:
    model.eval()
    with torch.no_grad():
        probability = torch.cat([torch.softmax(model(part), dim=1) for part in test.split(2048)]).numpy()
    right = probability.argmax(axis=1) == truth
    classes = np.bincount(truth, right) / np.maximum(np.bincount(truth), 1)
    with torch.no_grad():
        known, asked = (normalise(model.latent(part).numpy()) for part in (x, test))
    near = y.numpy()[NeighborIndex(known, exact=True).search(asked, 5)[1]]
    votes = np.stack([np.bincount(row, minlength=int(y.max()) + 1) for row in near])
    found = {
        "accuracy": 100 * right.mean(),
        "worst tenth of classes": 100 * np.sort(classes[np.bincount(truth) > 0])[: max(1, len(classes) // 10)].mean(),
        "five nearest": 100 * (votes.argmax(axis=1) == truth).mean(),
        "calibration error": 100 * calibration_error(probability.max(axis=1), right),
    }
    if rare is not None:
        found["minority modes"] = 100 * right[rare].mean()
    return {key: float(value) for key, value in found.items()}


def transfer(model: Head, split: correction_sets.Split) -> float:
    """Test accuracy, in per cent, of a linear probe on what the hidden layer makes of another data set."""
    with torch.no_grad():
        known, asked = (model.latent(torch.tensor(X)).numpy() for X in (split.X, split.test))
    return 100 * float(RidgeClassifier().fit(known, split.y).score(asked, split.truth))


def summary(table: dict[str, Any]) -> dict[str, Any]:
    """Points of accuracy over cross-entropy for every setting and arm, and for the pairs that a goal names; p values are Holm-corrected over all of them."""
    found: dict[str, Any] = {}
    tests: list[tuple[dict[str, Any], str]] = []
    for title, every in table.items():
        for arm in [arm for arm in ARMS if any(arm in run for run in every.values())]:
            runs = [run for run in every.values() if arm in run]
            told = found.setdefault(title, {}).setdefault(arm, {"seeds": len(runs)})
            for measure in MEASURES:
                own = [run for run in runs if measure in run[arm]]
                if own:
                    told[measure] = results.spread([run[arm][measure] for run in own])
                if own and all(measure in run["cross-entropy"] for run in own):
                    told[f"{measure} over cross-entropy"] = over([run[arm][measure] - run["cross-entropy"][measure] for run in own])
            for other in ("center", "center, believed"):
                if all(other in run for run in runs):
                    told[f"accuracy over {other}"] = over([run[arm]["accuracy"] - run[other]["accuracy"] for run in runs])
            told["cpu_seconds"] = float(np.mean([run[arm]["cpu_seconds"] for run in runs]))
            if arm != "cross-entropy":
                tests += [(told["accuracy over cross-entropy"], kind) for kind in ("t", "wilcoxon")]
    for kind in ("t", "wilcoxon"):
        ours = [one for one, which in tests if which == kind]
        for one, p in zip(ours, holm([one[kind] for one in ours]), strict=True):
            one[f"{kind} Holm"] = p
    return found


def over(gains: list[float]) -> dict[str, Any]:
    d = np.array(gains)
    moved = len(d) > 1 and bool(d.std() > 0)
    return {
        "mean": float(d.mean()),
        "interval": results.interval(d),
        "t": float(ttest_1samp(d, 0).pvalue) if moved else 1.0,
        "wilcoxon": float(wilcoxon(d).pvalue) if moved else 1.0,
    }


def holm(p: list[float]) -> list[float]:
    order = np.argsort(p, kind="stable")
    grown = np.maximum.accumulate(np.minimum(np.array(p)[order] * np.arange(len(p), 0, -1), 1.0))
    found = np.empty(len(p))
    found[order] = grown
    return [float(one) for one in found]


def merge() -> None:
    """One file of what was measured in parts."""
    parts = sorted(results.RESULTS.glob("correction_part*.json"))
    table = results.kept("correction")
    for part in parts:
        for title, runs in results.kept(part.stem).items():
            table.setdefault(title, {}).update(runs)
    table = {title: table[title] for title in SETTINGS if title in table}
    results.write("correction", {"table": table, "summary": summary(table)})
    for part in parts:
        part.unlink()


def main() -> None:
    torch.set_num_threads(1)
    name, wanted = "correction", sys.argv[1:]
    if wanted == ["--merge"]:
        return merge()
    if wanted and wanted[0].startswith("--part="):  # several at once, each in a file of its own
        name, wanted = f"correction_part{wanted[0].removeprefix('--part=')}", wanted[1:]
    table = results.kept(name)
    for title in wanted or SETTINGS:
        setting, runs = SETTINGS[title], table.setdefault(title, {})
        for seed in range(setting.seeds):
            missing = {arm: told for arm, told in ARMS.items() if arm not in runs.get(str(seed), {})}
            if missing:
                runs[str(seed)] = runs.get(str(seed), {}) | one_seed(setting, missing, seed)
                results.write(name, {"table": table})
        gains = {arm: np.mean([run[arm]["accuracy"] - run["cross-entropy"]["accuracy"] for run in runs.values()]) for arm in ARMS}
        print(title, {arm: round(float(gain), 2) for arm, gain in gains.items()}, flush=True)
    if name == "correction":
        merge()
    return None


if __name__ == "__main__":
    main()
