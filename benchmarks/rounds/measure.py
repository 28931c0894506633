"""Question: what label-free rounds give on texts, starting from MiniLM: are its groups nearer to the true ones, and what does it cost elsewhere?

AMI before and after, five seeds, paired: k-means and communities told the true number, `group` with its own number and, after, with the number that
it found before, nothing left out. STS-B test is the cost outside; labels are only scored. A deliberately harmful round (pull and ridge a hundredfold off) must be rejected every time.
The constants were chosen on development sets (harness/data/development.py); the rows of UNSPSC here are none of those.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.data import development, texts
from harness.data.files import TextSet, vectors, where
from harness.loop import Table
from harness.machine import Clock
from harness.statistics import paired
from matomari import LouvainCommunities, SphericalKMeans
from matomari.cluster.communities.themes import themes
from matomari.learn.texts.head import PULL, RIDGE, through
from matomari.learn.texts.rounds import learn_rounds
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import normalise
from rounds.table import MEASURES

SEEDS = range(5)
ROUNDS = (1, 3)
UNSPSC_ROWS = 6000
SAME_NUMBER = "group, number of before"


def unspsc() -> TextSet:
    """Commodity titles that no constant was chosen on, by segment."""
    settled = development.MANY | development.MIDDLE
    known = {text for name, load in settled.items() if name.startswith("UNSPSC") for text in load(0)[0]}
    whole = development.unspsc(2)
    fresh = [i for i, text in enumerate(whole[0]) if text not in known]
    return where(whole, np.random.default_rng(0).permutation(fresh)[:UNSPSC_ROWS])


SETS = {name: texts.THEMES[name] for name in ("Banking77 test", "CLINC150 test", "AgNews")} | {"UNSPSC": unspsc}


def scored(X: np.ndarray, truth: np.ndarray, seed: int, groups: int | None = None) -> dict[str, float]:
    """AMI of four ways of grouping; the last takes this number of groups, or else is `group` with its own."""
    k = len(np.unique(truth))
    own = themes(X, seed=seed, assign_all=True).labels
    ways = {
        "k-means, told k": SphericalKMeans(k, n_init=1, random_state=seed).fit(X).labels_,
        "communities, told k": LouvainCommunities(n_clusters=k, random_state=seed).fit(X).labels_,
        "group": own,
        SAME_NUMBER: own if groups is None else themes(X, groups=groups, seed=seed, assign_all=True).labels,
    }
    return {name: adjusted_mutual_info(truth, labels) for name, labels in ways.items()} | {"groups found": int(own.max()) + 1}


def one_seed(X: np.ndarray, truth: np.ndarray, sides: list[np.ndarray], gold: list[float], seed: int) -> dict[str, dict]:
    """Before, after one and after three rounds, and whether a harmful round was rejected."""

    def similarity(first: np.ndarray, second: np.ndarray) -> float:
        return float(spearmanr((first * second).sum(axis=1), gold).statistic)

    run: dict = {"start": scored(X, truth, seed) | {"STS-B": similarity(*sides)}}
    for rounds in ROUNDS:
        with Clock() as clock:
            outcome = learn_rounds(X, rounds, seed=seed)
        assert outcome.head is not None, "every round was rejected"
        run[f"{rounds} rounds"] = scored(through(X, outcome.head), truth, seed, run["start"]["groups found"]) | {
            "STS-B": similarity(*(through(side, outcome.head) for side in sides)),
            "CPU seconds": clock.cpu_seconds,
            "kept": sum(step.kept for step in outcome.rounds) - 1,
        }
    run["harmful round rejected"] = learn_rounds(X, 1, pull=100 * PULL, ridge=RIDGE / 100, seed=seed).head is None
    return run


def one_set(name: str) -> dict[str, object]:
    """The runs of every seed, and the gains paired by seed."""
    rows, truth = SETS[name]()
    X = normalise(vectors(rows))
    *pairs, gold = texts.similar()
    sides = [normalise(vectors(side)) for side in pairs]
    runs = []
    for seed in SEEDS:
        runs.append(one_seed(X, truth, sides, gold, seed))
        print(name, seed, runs[-1], flush=True)
    gains: dict[str, dict] = {}
    for kind in (f"{rounds} rounds" for rounds in ROUNDS):
        for measure in MEASURES:
            values = [run[kind][measure] - run["start"][measure] for run in runs]
            gains.setdefault(kind, {})[measure] = paired(values) | {"values": values}
    return {"rows": len(X), "k": len(np.unique(truth)), "runs": runs, "gains": gains}


def main() -> None:
    """Measure the sets that are asked for; the others stay as they were measured."""
    table = Table("rounds", "sets")
    for name in sys.argv[1:] or SETS:
        table.add({(name,): one_set(name)})


if __name__ == "__main__":
    main()
