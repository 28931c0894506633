"""Question: which fewest groups and which slack of `choose_resolution`, when only development data may say, and what do they give on the benchmark?

The curve of `choose_resolution` does not depend on either constant, so it is measured once a set and seed, and so is the AMI of the
communities at each of its resolutions; every pair of constants is then looked up. The pair with the best mean AMI over the development
sets is chosen (of equal ones the nearest to the middle of all within 0.005 of the best). After that, and only to report it, the same is
looked up for the five sets of the benchmark: at the chosen pair, and for each set at the pair chosen on everything but that set.
`--graph` adds what share of a plain link the best resolution of each development set prefers.
What was measured lies in .cache/curves: delete that folder after a change of the code it was measured with.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import development, texts
from harness.data.files import TextSet, vectors
from harness.machine import Clock
from harness.statistics import interval
from harness.sweep import Sweep, remembered
from matomari.cluster.communities import graph, stability
from matomari.cluster.communities.detect import communities, communities_of
from matomari.cluster.communities.stability import KEPT, RESOLUTIONS, SMALLEST, choose_resolution
from matomari.cluster.communities.themes import NEIGHBORS, _no_crumbs
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.seeds import Seed
from matomari.vectors import distinct, neighbors

SEEDS = range(4)
FEWEST = tuple(range(2, 9))
SLACK = tuple(round(0.01 * i, 2) for i in range(16))
PAIRS = [(fewest, slack) for fewest in FEWEST for slack in SLACK]
PRESENT = (stability.FEWEST, stability.SLACK)
NEAR = 0.005  # AMI: settings this close to the best are as good
SHARES = (0.0, 0.25, 0.5, 1.0)
TRUE_K = "k-means, told the true k"


@dataclass(frozen=True)
class Curve:
    """What is known of one set and seed at each resolution: the score, the groups it is read at, AMI and groups of the communities.

    Where the number of groups is carried over from a sample, AMI is known only at the resolutions that some pair of constants takes.
    """

    score: np.ndarray
    groups: np.ndarray
    ami: np.ndarray
    communities: np.ndarray
    rows: int
    told_k: float
    chosen: int

    def pick(self, pair: tuple[int, float]) -> int:
        """The resolution that `choose_resolution` takes with these constants."""
        return pick(self.score, self.groups, self.rows, *pair)


Curves = dict[str, list[Curve]]


def pick(score: np.ndarray, groups: np.ndarray, rows: int, fewest: int, slack: float) -> int:
    """The coarsest peak that is close enough to the best, as `choose_resolution` has it."""
    score = np.where((groups >= fewest) & (groups <= KEPT * rows / SMALLEST), score, -np.inf)
    padded = np.pad(score, 1, constant_values=-np.inf)
    peak = (score >= padded[:-2]) & (score >= padded[2:]) & (score >= score.max() - slack) & np.isfinite(score)
    return int(np.flatnonzero(peak)[0]) if peak.any() else int(np.argmin(np.abs(np.log(RESOLUTIONS))))


def curve(X: np.ndarray, truth: np.ndarray, seed: int) -> Curve:
    """Measured as `themes` would, all items placed; read again from the cache where the same was measured before."""
    digested = np.ascontiguousarray(X).tobytes() + np.ascontiguousarray(truth, np.int64).tobytes() + bytes([seed])
    return Curve(**remembered("themes", digested, lambda: vars(_measured(X, truth, seed))))


def _measured(X: np.ndarray, truth: np.ndarray, seed: int) -> Curve:
    rows, inverse = distinct(X)
    links = graph.neighbor_graph(*(part[:, :NEIGHBORS] for part in neighbors(rows, int(1.6 * NEIGHBORS / KEPT), seed=seed)))
    choice = choose_resolution(rows, n_neighbors=NEIGHBORS, seed=seed)
    groups, observed, chance = choice.curve[:, 1:4].T
    score = np.where(groups > 1, (observed - chance) / np.maximum(1 - chance, 1e-6), 0)
    score = np.convolve(np.pad(score, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    number = Seed(seed).number("themes/communities")
    whole = choice.rows == len(rows)
    taken = set(range(len(RESOLUTIONS))) if whole else {pick(score, groups, choice.rows, *pair) for pair in PAIRS}
    ami, sizes = np.full(len(RESOLUTIONS), np.nan), np.zeros(len(RESOLUTIONS), int)
    for step in sorted(taken):
        labels = (
            communities(links, float(RESOLUTIONS[step]), number) if whole else communities_of(links, round(float(groups[step])), number)[1]
        )
        labels = _no_crumbs(links, labels)
        ami[step], sizes[step] = adjusted_mutual_info(truth, labels[inverse]), int(labels.max()) + 1
    of_kmeans = adjusted_mutual_info(truth, KMeans(len(np.unique(truth)), n_init=1, random_state=seed).fit_predict(X))
    chosen = int(np.flatnonzero(choice.resolution == RESOLUTIONS)[0])
    measured = Curve(score, groups, ami, sizes, choice.rows, of_kmeans, chosen)
    assert measured.pick(PRESENT) == chosen, "the rule is not looked up as it is run"
    return measured


def curves(data: dict[str, TextSet]) -> Curves:
    """The curves of every set, for every seed."""
    known = {}
    for name, (rows, truth) in data.items():
        with Clock() as clock:
            X = vectors(rows)
            known[name] = [curve(X, truth, seed) for seed in SEEDS]
        ami = " | ".join(f"present {c.ami[c.pick(PRESENT)]:.3f}, told k {c.told_k:.3f}, best {np.nanmax(c.ami):.3f}" for c in known[name])
        print(f"{name:30s} {len(rows):6,} rows {len(np.unique(truth)):4} groups: {ami}  ({clock.seconds:.0f} s)", flush=True)
    return known


def middle(mean: np.ndarray) -> int:
    """The best; of equal ones the nearest to the middle of all that are near the best."""
    scaled = np.array(PAIRS) / (1, 0.1)
    distance = np.hypot(*(scaled - scaled[mean >= mean.max() - NEAR].mean(axis=0)).T)
    return int(np.where(mean >= mean.max() - 1e-9, distance, np.inf).argmin())


def sweep(data: Curves, seeds: slice = slice(None)) -> Sweep:
    """Mean AMI over the seeds of every pair of constants on every set."""
    return Sweep(PAIRS, {n: np.mean([[c.ami[c.pick(p)] for p in PAIRS] for c in own[seeds]], axis=0) for n, own in data.items()}, middle)


def described(data: Curves, chosen: tuple[int, float]) -> dict[str, Any]:
    """Each set at the chosen and at the present pair, beside k-means and the best resolution, and the means."""
    table, sets = sweep(data), {}
    for name, own in data.items():
        sets[name] = {
            "chosen": table.of(name, chosen),
            "present": table.of(name, PRESENT),
            TRUE_K: float(np.mean([c.told_k for c in own])),
            "best resolution": float(np.mean([np.nanmax(c.ami) for c in own])),
            "groups chosen": [int(c.communities[c.pick(chosen)]) for c in own],
            "groups present": [int(c.communities[c.pick(PRESENT)]) for c in own],
        }
    keys = ("chosen", "present", TRUE_K, "best resolution")
    return {"mean": {key: float(np.mean([row[key] for row in sets.values()])) for key in keys}, "sets": sets}


def resampled(table: Sweep, draws: int = 2_000) -> dict[str, object]:
    """How sure the choice is: pairs chosen on sets drawn with replacement, and the gain of the best over the present pair."""
    ami, rng = np.asarray(list(table.scores.values())), np.random.default_rng(0)
    won = [PAIRS[int(ami[rng.integers(len(ami), size=len(ami))].mean(axis=0).argmax())] for _ in range(draws)]
    gain = ami[:, PAIRS.index(table.best())] - ami[:, PAIRS.index(PRESENT)]
    return {
        "fewest": {f: sum(w[0] == f for w in won) / draws for f in FEWEST},
        "slack": {s: sum(w[1] == s for w in won) / draws for s in SLACK},
        "gain over the present, interval": interval(gain),
    }


def left_out(dev: Sweep, test: Sweep) -> dict[str, Any]:
    """Each set of the benchmark at the pair chosen on everything but that set."""
    pairs = {name: (dev | test).without(name).best() for name in test.scores}
    sets = {name: {"constants": pair, "ami": test.of(name, pair)} for name, pair in pairs.items()}
    return {"mean": float(np.mean([row["ami"] for row in sets.values()])), "sets": sets}


def outcome(dev: Sweep, test: Sweep) -> dict[str, object]:
    """What is chosen with some seeds only, and what it gives on the benchmark with the same seeds."""
    free = left_out(dev, test)
    return {
        "chosen": dev.best(),
        "benchmark, chosen": test.at(dev.best()),
        "benchmark, present": test.at(PRESENT),
        "leave one set out": free["mean"],
        "constants without each": {name: row["constants"] for name, row in free["sets"].items()},
    }


def plain_share(data: dict[str, TextSet]) -> dict[float, float]:
    """Mean AMI of the best resolution, for each share of a plain link."""
    ami: dict[float, list[float]] = {share: [] for share in SHARES}
    before = graph.PLAIN_SHARE
    for rows, truth in data.values():
        X, inverse = distinct(vectors(rows))
        table = neighbors(X, NEIGHBORS)
        for share in SHARES:
            graph.PLAIN_SHARE = share
            links = graph.neighbor_graph(*table)
            labels = (_no_crumbs(links, communities(links, float(r), 0))[inverse] for r in RESOLUTIONS)
            ami[share].append(max(adjusted_mutual_info(truth, groups) for groups in labels))
    graph.PLAIN_SHARE = before
    return {share: float(np.mean(values)) for share, values in ami.items()}


def settled(dev: Curves) -> dict[str, object]:
    """What development data alone say."""
    table = sweep(dev)
    chosen, whole = table.best(), [name for name in dev if "," not in name or "domains" in name]
    parts = {"collections": whole, "class draws": [name for name in dev if name not in whole]}
    return {
        "seeds": len(SEEDS),
        "chosen": chosen,
        "present": PRESENT,
        "development": described(dev, chosen),
        "grid": {f"{f}, {s:.2f}": round(table.at((f, s)), 5) for f, s in PAIRS},
        f"within {NEAR} of the best": table.near(NEAR),
        "parts": {
            title: {
                "best": table.only(names).best(),
                "mean at best": float(table.only(names).mean().max()),
                "mean": described({name: dev[name] for name in names}, chosen)["mean"],
            }
            for title, names in parts.items()
            if names
        },
        "resampled sets": resampled(table),
    }


def main() -> None:
    """Choose, then report."""
    data = development.themes()
    dev = curves(data)
    figures = settled(dev)
    print({key: value for key, value in figures.items() if key != "development"}, flush=True)
    test = curves(texts.themes())  # from here on nothing is chosen for use
    figures |= {
        "benchmark, reported only": described(test, figures["chosen"]),
        "leave one set out": left_out(sweep(dev), sweep(test)),
        "the same with two seeds": {
            f"seeds {a} and {a + 1}": outcome(sweep(dev, slice(a, a + 2)), sweep(test, slice(a, a + 2))) for a in range(0, len(SEEDS), 2)
        },
    }
    if "--graph" in sys.argv:
        figures["plain share, best resolution, development"] = plain_share(data)
    print({key: figures[key] for key in list(figures)[8:]})
    results.write("settle_themes", figures)


if __name__ == "__main__":
    main()
