"""Question: does latent cluster correction make a classifier better than training on with cross-entropy, and which way of it?

A hidden layer and an output on stored MiniLM vectors are trained; then every arm goes on from the same checkpoint in the same order of batches. Few
labels a class, wrong labels, and coarse labels whose classes have many modes. Points of test accuracy against cross-entropy, paired by seed:
bootstrap interval, paired t test, Wilcoxon's, both Holm-corrected over all arms and settings. Which settings the arms have was chosen on the training
files alone (correction/settle.py). "believed" arms go on without the rows whose label is hardly believed.

    python benchmarks/correction/measure.py --part=1 "Banking77, 10 a class"    several at once, each in a file of its own
    python benchmarks/correction/measure.py --merge                             one file of all parts
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import RidgeClassifier

sys.path.insert(0, str(Path(__file__).parents[1]))

from correction.arms import ARMS, accuracy, checkpoint, draw, draw_skewed, go_on, score
from harness import loop
from harness.data import splits
from harness.statistics import correct, spread, tested
from matomari.learn.labels.doubt import believed

MEASURES = ("accuracy", "worst tenth of classes", "five nearest", "minority modes", "calibration error", "transfer", "left out")
BASE = "cross-entropy"


@dataclass(frozen=True)
class Setting:
    """A set, how many labels a class are drawn from it, how many of them are wrong, and on which other set the transfer is judged."""

    load: Callable[[], splits.Split]
    shots: int
    noise: float = 0.0
    coarse: bool = False
    seeds: int = 20
    elsewhere: Callable[[], splits.Split] = splits.clinc

    def drawn(self, split: splits.Split, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the training part, and their labels."""
        if not self.coarse:
            return draw(split.y, self.shots, seed, self.noise)
        rows = draw_skewed(split.y, split.modes, self.shots, seed)
        return rows, split.y[rows]


def _settings() -> Iterator[tuple[str, Setting]]:
    bank, clinc = splits.banking, splits.clinc
    for shots, seeds in ((5, 20), (10, 20), (20, 10)):
        yield f"Banking77, {shots} a class", Setting(bank, shots, seeds=seeds)
    for shots, seeds in ((5, 10), (10, 10), (20, 5)):
        yield f"CLINC150, {shots} a class", Setting(clinc, shots, seeds=seeds, elsewhere=bank)
    for percent in (10, 20):
        yield f"Banking77, 20 a class, {percent} % wrong", Setting(bank, 20, noise=percent / 100, seeds=10)
    yield "CLINC150, 20 a class, 20 % wrong", Setting(clinc, 20, noise=0.2, seeds=5, elsewhere=bank)
    for shots in (10, 20, 50):
        yield f"CLINC150 domains, {shots} a class", Setting(splits.clinc_domains, shots, coarse=True, elsewhere=bank)
    for shots in (10, 50):
        yield f"UNSPSC segments, {shots} a class", Setting(splits.unspsc, shots, coarse=True, seeds=10)
    for shots in (10, 50):
        yield f"GoEmotions grouped, {shots} a class", Setting(splits.goemotions, shots, coarse=True)


SETTINGS = dict(_settings())


def one_seed(title: str, seed: int, arms: list[str]) -> dict[str, dict[str, Any]]:
    """The checkpoint, and what every arm makes of it."""
    setting = SETTINGS[title]
    split = setting.load()
    rows, labels = setting.drawn(split, seed)
    base, x, y = checkpoint(split, rows, labels, seed)
    test, rare = torch.tensor(split.test), split.rare(rows) if setting.coarse else None
    figures = {"base": {"accuracy": accuracy(base, test, split.truth)}}
    every = torch.arange(len(x))
    sure = every[torch.from_numpy(believed(split.X[rows], labels, seed=seed))] if any(ARMS[arm].believed for arm in arms) else every
    for name in arms:
        own = sure if ARMS[name].believed else every
        model, trained = go_on(base, x[own], y[own], seed, ARMS[name])
        figures[name] = score(model, x[own], y[own], test, split.truth, rare)
        figures[name] |= {"cpu_seconds": trained.cpu_seconds, "transfer": transfer(model, setting.elsewhere())}
        if ARMS[name].believed:
            figures[name]["left out"] = 100 * float(1 - len(own) / len(x))
        figures[name] |= trained.facts
    return figures


def transfer(model: Any, split: splits.Split) -> float:
    """Test accuracy, in per cent, of a linear probe on what the hidden layer makes of another data set."""
    with torch.no_grad():
        known, asked = (model.latent(torch.tensor(X)).numpy() for X in (split.X, split.test))
    return 100 * float(RidgeClassifier().fit(known, split.y).score(asked, split.truth))


def summary(table: dict[str, Any]) -> dict[str, Any]:
    """Points of accuracy over cross-entropy for every setting and arm, and for the pairs that a goal names; p values are Holm-corrected over all of them."""
    figures: dict[str, Any] = {}
    hypotheses = []
    for title, runs in table.items():
        present = [arm for arm in ARMS if any(arm in run for run in runs.values())]
        figures[title] = {arm: of_arm([run for run in runs.values() if arm in run], arm) for arm in present}
        hypotheses += [figures[title][arm][f"accuracy over {BASE}"] for arm in present if arm != BASE]
    correct(hypotheses)
    return figures


def of_arm(runs: list[dict[str, Any]], arm: str) -> dict[str, Any]:
    """Every measure of an arm, and over other arms, paired by seed."""

    def over(other: str, measure: str) -> dict[str, Any]:
        return tested([run[arm][measure] - run[other][measure] for run in runs if measure in run[arm]])

    row: dict[str, Any] = {"seeds": len(runs)}
    for measure in MEASURES:
        measured = [run for run in runs if measure in run[arm]]
        if measured:
            row[measure] = spread(run[arm][measure] for run in measured)
        if measured and all(measure in run[BASE] for run in measured):
            row[f"{measure} over {BASE}"] = over(BASE, measure)
    for other in ("center", "center, believed"):
        if all(other in run for run in runs):
            row[f"accuracy over {other}"] = over(other, "accuracy")
    row["cpu_seconds"] = float(np.mean([run[arm]["cpu_seconds"] for run in runs]))
    return row


def merge() -> None:
    """One file of what was measured in parts, and its summary."""
    loop.Table("correction", figures=lambda runs: {"table": runs, "summary": summary(runs)}).merge(SETTINGS)


def main() -> None:
    """Measure the settings that are asked for, in a part if one is named; then the summary."""
    torch.set_num_threads(1)
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    titles = [word for word in sys.argv[1:] if word not in options] or list(SETTINGS)
    if "--merge" in options:
        return merge()
    part = next((option.removeprefix("--part=") for option in options if option.startswith("--part=")), "")
    loop.measure(loop.Table("correction", part=part), {title: range(SETTINGS[title].seeds) for title in titles}, ARMS, one_seed)
    return None if part else merge()


if __name__ == "__main__":
    main()
