"""Claim: batches of pieces of small clusters, without false negatives, find more in domain than random ones at equal steps and equal data.

A static student (one vector a token, from scratch, so that nothing was seen before) learns from three sources of pairs (harness/data/pairs.py); NDCG@10
on test queries against all positives of the source. Clusters and the filter read MiniLM vectors of the first 400 characters. Out of domain:
NFCorpus and SciFact (BEIR's test judgements) and the STS benchmark. Every arm of one seed begins at the same weights; the settings come from
pairs/settle.py, which sees validation queries alone. Whole batches from one cluster, which is what the paper proposes, stand beside
them. CPU seconds are those of the steps: texts are tokenised before, and what the clusters cost is measured apart.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop, results
from harness.data import pairs
from harness.statistics import paired, spreads
from pairs.students import SCORES
from pairs.training import ARMS, BEFORE, Source, one_run, static

PACKAGES = ("tokenizers", "transformers")


def settled() -> dict[str, Any]:
    """What was chosen on validation queries."""
    return BEFORE | (results.read("stratified_settled") or {}).get("chosen", {})


def summary(table: dict[str, Any], order: Iterable[str] = ARMS) -> dict[str, Any]:
    """Mean and spread of every score, and gains relative to other arms, paired by seed; over all sources under "mean"."""
    figures: dict[str, Any] = {}
    for name, arms in table.items():
        figures[name] = {}
        for arm, runs in arms.items():
            gains = {score: {"random": gain(relative(arms, arm, "random", score))} for score in SCORES if arm != "random"}
            gains["in domain"] = {other: gain(relative(arms, arm, other, "in domain")) for other in arms if other != arm}
            gains = {score: gains[score] for score in SCORES if gains.get(score)}
            figures[name][arm] = spreads(list(runs.values()), (*SCORES, "cpu_seconds")) | {"gain": gains}
    shared = set.intersection(*(set(arms) for arms in table.values())) if table else set()
    figures["mean"] = {arm: over_sources(table, arm) for arm in order if arm in shared}
    return figures


def over_sources(table: dict[str, Any], arm: str) -> dict[str, Any]:
    """Gains over random in the mean of all sources, of the seeds that all of them have."""
    over = {}
    for score in SCORES if arm != "random" else ():
        by_source = [relative(arms, arm, "random", score) for arms in table.values()]
        seeds = sorted(set.intersection(*map(set, by_source)))
        if seeds:
            over[score] = gain({seed: float(np.mean([gains[seed] for gains in by_source])) for seed in seeds})
    return over


def relative(arms: dict[str, Any], arm: str, other: str, score: str) -> dict[str, float]:
    """Gain of each seed that both arms have."""
    ours, theirs = arms.get(arm, {}), arms.get(other, {})
    return {seed: ours[seed][score] / theirs[seed][score] - 1 for seed in ours if seed in theirs}


def gain(by_seed: dict[str, float]) -> dict[str, Any]:
    """Mean and interval of gains, and of how many seeds."""
    gains = list(by_seed.values())
    return paired(gains) | {"seeds": len(gains)} if gains else {}


def measure(
    file: str, args: argparse.Namespace, settled: dict[str, Any], source: Callable[[str], Source], student: Callable[[int], Any] = static
) -> None:
    """Every source, seed and arm that the file lacks; several may measure at once, each its own source."""
    warnings.simplefilter("ignore")
    table = loop.Table(file, "sources", lambda runs: {"settled": settled, "summary": summary(runs), "sources": runs}, PACKAGES)
    for name in args.sources:
        loaded = source(name)

        def run(title: str, seed: int, arms: list[str], loaded: Source = loaded) -> dict[str, Any]:
            return {arm: one_run(loaded, ARMS[arm], seed, settled, student) for arm in arms}

        loop.measure(table, {name: range(args.seeds)}, args.arms, run, arms_first=True)


def arguments(doc: str, seeds: int, arms: Iterable[str]) -> argparse.ArgumentParser:
    """Sources, seeds and arms on the command line."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", default=list(pairs.READERS), help="of " + ", ".join(pairs.READERS))
    parser.add_argument("--seeds", type=int, default=seeds)
    parser.add_argument("--arms", nargs="*", default=list(arms), help="of " + ", ".join(ARMS))
    return parser


def main() -> None:
    """Measure the static student."""
    args = arguments(__doc__, 5, ARMS).parse_args()
    measure("stratified", args, settled(), lambda name: Source(name, "test"))


if __name__ == "__main__":
    main()
