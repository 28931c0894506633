"""Runs of several arms over several sources: means, spreads, and gains relative to another arm, paired by seed."""

from __future__ import annotations

from typing import Any

import numpy as np

import results
from students import SCORES


def summary(table: dict[str, Any], order: list[str]) -> dict[str, Any]:
    """Mean and spread of every score, and gains relative to other arms, paired by seed; over all sources under "mean"."""
    found: dict[str, Any] = {}
    for name, arms in table.items():
        for arm, runs in arms.items():
            scored = {score: results.spread([run[score] for run in runs.values()]) for score in (*SCORES, "cpu_seconds")}
            others = {score: ["random"] for score in SCORES} | {"in domain": [other for other in arms if other != arm]}
            gains = {score: {other: gained(arms, arm, other, score) for other in others[score] if other != arm} for score in SCORES}
            found.setdefault(name, {})[arm] = scored | {"gain": {score: over for score, over in gains.items() if over}}
    shared = set.intersection(*(set(arms) for arms in table.values())) if table else set()
    found["mean"] = {}
    for arm in (one for one in order if one in shared):
        over = {}
        for score in SCORES:
            pairs = [relative(arms, arm, "random", score) for arms in table.values()]
            seeds = set.intersection(*(set(one) for one in pairs))
            if seeds and arm != "random":
                over[score] = told_of([float(np.mean([one[seed] for one in pairs])) for seed in sorted(seeds)])
        found["mean"][arm] = over
    return found


def relative(arms: dict[str, Any], arm: str, other: str, score: str) -> dict[str, float]:
    """Gain of each seed that both arms have."""
    mine, theirs = arms.get(arm, {}), arms.get(other, {})
    return {seed: mine[seed][score] / theirs[seed][score] - 1 for seed in mine if seed in theirs}


def gained(arms: dict[str, Any], arm: str, other: str, score: str) -> dict[str, Any]:
    return told_of(list(relative(arms, arm, other, score).values()))


def told_of(gains: list[float]) -> dict[str, Any]:
    return {"mean": float(np.mean(gains)), "interval": results.interval(gains), "seeds": len(gains)} if gains else {}
