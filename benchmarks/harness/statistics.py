"""Means, spreads, and gains paired by seed: with a bootstrap interval and, for a hypothesis, with tests corrected by Holm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from matomari.metrics.intervals import holm

DRAWS = 10_000
TESTS = ("t", "wilcoxon")


def spread(values: Iterable[float]) -> dict[str, Any]:
    """Mean, standard deviation (of a sample; 0 of a single value) and the values."""
    values = list(values)
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
        "values": [round(float(v), 5) for v in values],
    }


def spreads(runs: Sequence[dict[str, Any]], names: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """The spread of every measure, or of those named, over runs."""
    return {name: spread(run[name] for run in runs) for name in names or runs[0]}


def interval(differences: Sequence[float] | np.ndarray, seed: int = 0) -> list[float]:
    """The 95 % bootstrap interval of the mean of paired differences."""
    d = np.asarray(differences, float)
    drawn = np.random.default_rng(seed).choice(d, (DRAWS, len(d))).mean(axis=1)
    return [float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))]


def paired(differences: Sequence[float] | np.ndarray) -> dict[str, Any]:
    """Mean and interval of paired differences."""
    return {"mean": float(np.mean(differences)), "interval": interval(differences)}


def tested(differences: Sequence[float]) -> dict[str, Any]:
    """Mean and interval of paired differences, and the p values of a paired t test and of Wilcoxon's; 1 where nothing differs."""
    from scipy.stats import ttest_1samp, wilcoxon

    d = np.array(differences)
    differs = len(d) > 1 and bool(d.std() > 0)
    tests = (lambda: ttest_1samp(d, 0), lambda: wilcoxon(d))
    return paired(d) | {name: float(test().pvalue) if differs else 1.0 for name, test in zip(TESTS, tests, strict=True)}


def correct(hypotheses: Sequence[dict[str, Any]]) -> None:
    """Add to each tested hypothesis its p values after Holm's correction over all of them, for each test by itself."""
    for name in TESTS:
        for figures, p in zip(hypotheses, holm([figures[name] for figures in hypotheses]), strict=True):
            figures[f"{name} Holm"] = p
