"""Question: which fewest groups and which slack of `choose`, when only development data may say, and what do they give on the benchmark?

The curve of `choose_resolution` does not depend on either constant, so it is measured once a set and seed, and so is the AMI of the
communities at each of its resolutions; every pair of constants is then looked up. The pair with the best mean AMI over `dev_sets.themes`
is chosen (of equal ones the nearest to the middle of all within 0.005 of the best). After that, and only to report it, the same is
looked up for the five sets of the benchmark: at the chosen pair, and for each set at the pair chosen on everything but that set.
`--graph` adds what share of a plain link the best resolution of each development set prefers.
What was measured lies in .cache/curves: delete that folder after a change of the code it was measured with.
"""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import dev_sets
import results
import sets
from matomari.cluster.communities import graph
from matomari.cluster.communities import stability as choose
from matomari.cluster.communities.detect import communities, communities_of
from matomari.cluster.communities.stability import KEPT, RESOLUTIONS, SMALLEST, choose_resolution
from matomari.cluster.communities.themes import NEIGHBORS, _no_crumbs
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.seeds import Seed
from matomari.vectors import distinct, neighbors

SEEDS = range(4)
FEWEST = tuple(range(2, 9))
SLACK = tuple(round(0.01 * i, 2) for i in range(16))
PRESENT = (choose.FEWEST, choose.SLACK)
NEAR = 0.005  # AMI: settings this close to the best are as good
SHARES = (0.0, 0.25, 0.5, 1.0)
CACHE = Path(__file__).parents[1] / ".cache" / "curves"

Constants = tuple[int, float]
Grid = dict[Constants, float]


@dataclass(frozen=True)
class Curve:
    """What is known of one set and seed at each resolution: the score, the groups it is read at, AMI and groups of the communities.

    Where the number of groups is carried over from a sample, AMI is known only at the resolutions that some pair of constants takes.
    """

    score: np.ndarray
    groups: np.ndarray
    ami: np.ndarray
    found: np.ndarray
    rows: int
    told_k: float
    chosen: int

    def pick(self, fewest: int, slack: float) -> int:
        """The resolution that `choose_resolution` takes with these constants."""
        return pick(self.score, self.groups, self.rows, fewest, slack)


def pick(score: np.ndarray, groups: np.ndarray, rows: int, fewest: int, slack: float) -> int:
    score = np.where((groups >= fewest) & (groups <= KEPT * rows / SMALLEST), score, -np.inf)
    padded = np.pad(score, 1, constant_values=-np.inf)
    peak = (score >= padded[:-2]) & (score >= padded[2:]) & (score >= score.max() - slack) & np.isfinite(score)
    return int(np.flatnonzero(peak)[0]) if peak.any() else int(np.argmin(np.abs(np.log(RESOLUTIONS))))


def curve(X: np.ndarray, truth: np.ndarray, seed: int) -> Curve:
    """Measured as `themes` would, all items placed; read again from the cache where the same was measured before."""
    from sklearn.cluster import KMeans

    digest = hashlib.sha256(np.ascontiguousarray(X).tobytes() + np.ascontiguousarray(truth, np.int64).tobytes()).hexdigest()[:16]
    path = CACHE / f"{digest}-{seed}.npz"
    if path.exists():
        with np.load(path) as kept:
            return Curve(**{name: kept[name] if kept[name].ndim else kept[name].item() for name in kept.files})
    rows, inverse = distinct(X)
    links = graph.neighbor_graph(*(part[:, :NEIGHBORS] for part in neighbors(rows, int(1.6 * NEIGHBORS / KEPT), seed=seed)))
    choice = choose_resolution(rows, n_neighbors=NEIGHBORS, seed=seed)
    groups, observed, chance = choice.curve[:, 1:4].T
    score = np.where(groups > 1, (observed - chance) / np.maximum(1 - chance, 1e-6), 0)
    score = np.convolve(np.pad(score, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    number = Seed(seed).number("themes/communities")
    whole = choice.rows == len(rows)
    taken = {pick(score, groups, choice.rows, f, s) for f in FEWEST for s in SLACK}
    ami, found = np.full(len(RESOLUTIONS), np.nan), np.zeros(len(RESOLUTIONS), int)
    for step, (resolution, k) in enumerate(zip(RESOLUTIONS, groups, strict=True)):
        if not whole and step not in taken:
            continue
        labels = communities(links, float(resolution), number) if whole else communities_of(links, round(float(k)), number)[1]
        labels = _no_crumbs(links, labels)
        ami[step], found[step] = adjusted_mutual_info(truth, labels[inverse]), int(labels.max()) + 1
    told = KMeans(len(np.unique(truth)), n_init=1, random_state=seed).fit_predict(X)
    chosen = int(np.flatnonzero(choice.resolution == RESOLUTIONS)[0])
    made = Curve(score, groups, ami, found, choice.rows, adjusted_mutual_info(truth, told), chosen)
    assert made.pick(*PRESENT) == chosen, "the rule is not looked up as it is run"
    CACHE.mkdir(parents=True, exist_ok=True)
    np.savez(path, **vars(made))
    return made


def curves(data: dict[str, sets.Set]) -> dict[str, list[Curve]]:
    found = {}
    for name, (texts, truth) in data.items():
        start = time.perf_counter()
        X = sets.vectors(name, texts)
        found[name] = [curve(X, truth, seed) for seed in SEEDS]
        line = " | ".join(
            f"present {c.ami[c.pick(*PRESENT)]:.3f} in {c.found[c.pick(*PRESENT)]}, told k {c.told_k:.3f}, best {np.nanmax(c.ami):.3f}"
            for c in found[name]
        )
        print(
            f"{name:30s} {len(texts):6,} rows {len(np.unique(truth)):4} groups: {line}  ({time.perf_counter() - start:.0f} s)", flush=True
        )
    return found


def at(one: list[Curve], constants: Constants) -> float:
    """Mean AMI of a set over the seeds."""
    return float(np.mean([c.ami[c.pick(*constants)] for c in one]))


def grid(data: dict[str, list[Curve]]) -> Grid:
    """Mean AMI over sets of every pair of constants."""
    return {(f, s): float(np.mean([at(one, (f, s)) for one in data.values()])) for f in FEWEST for s in SLACK}


def near(table: Grid) -> list[Constants]:
    return [c for c, ami in table.items() if ami >= max(table.values()) - NEAR]


def best(table: Grid) -> Constants:
    """The best; of equal ones the nearest to the middle of all that are near the best."""
    middle = np.mean(near(table), axis=0) / (1, 0.1)
    ties = [c for c, ami in table.items() if ami >= max(table.values()) - 1e-9]
    return min(ties, key=lambda c: float(np.hypot(*(np.asarray(c) / (1, 0.1) - middle))))


def described(data: dict[str, list[Curve]], chosen: Constants) -> dict[str, object]:
    return {
        name: {
            "chosen": at(one, chosen),
            "present": at(one, PRESENT),
            "k-means, told the true k": float(np.mean([c.told_k for c in one])),
            "best resolution": float(np.mean([np.nanmax(c.ami) for c in one])),
            "groups chosen": [int(c.found[c.pick(*chosen)]) for c in one],
            "groups present": [int(c.found[c.pick(*PRESENT)]) for c in one],
        }
        for name, one in data.items()
    }


def mean_of(rows: dict[str, object]) -> dict[str, float]:
    keys = ("chosen", "present", "k-means, told the true k", "best resolution")
    return {key: float(np.mean([row[key] for row in rows.values()])) for key in keys}  # type: ignore[index]


def resampled(data: dict[str, list[Curve]], draws: int = 2_000) -> dict[str, object]:
    """How sure the choice is: pairs chosen on sets drawn with replacement, and the gain of the best over the present pair."""
    table = np.asarray([[at(one, (f, s)) for f in FEWEST for s in SLACK] for one in data.values()])
    pairs = [(f, s) for f in FEWEST for s in SLACK]
    rng, won = np.random.default_rng(0), []
    for _ in range(draws):
        mean = table[rng.integers(len(table), size=len(table))].mean(axis=0)
        won.append(pairs[int(mean.argmax())])
    chosen = pairs.index(best(grid(data)))
    return {
        "fewest": {f: sum(w[0] == f for w in won) / draws for f in FEWEST},
        "slack": {s: sum(w[1] == s for w in won) / draws for s in SLACK},
        "gain over the present, interval": results.interval(table[:, chosen] - table[:, pairs.index(PRESENT)]),
    }


def outcome(dev: dict[str, list[Curve]], test: dict[str, list[Curve]], seeds: slice) -> dict[str, object]:
    """What is chosen with these seeds only, and what it gives on the benchmark with the same seeds."""
    dev, test = ({name: one[seeds] for name, one in part.items()} for part in (dev, test))
    chosen = best(grid(dev))
    free = {name: best(grid(dev | {other: c for other, c in test.items() if other != name})) for name in test}
    return {
        "chosen": chosen,
        "benchmark, chosen": float(np.mean([at(one, chosen) for one in test.values()])),
        "benchmark, present": float(np.mean([at(one, PRESENT) for one in test.values()])),
        "leave one set out": float(np.mean([at(one, free[name]) for name, one in test.items()])),
        "constants without each": free,
    }


def plain_share(data: dict[str, sets.Set]) -> dict[float, float]:
    """Mean AMI of the best resolution, for each share of a plain link."""
    found: dict[float, list[float]] = {share: [] for share in SHARES}
    before = graph.PLAIN_SHARE
    for name, (texts, truth) in data.items():
        rows, inverse = distinct(sets.vectors(name, texts))
        table = neighbors(rows, NEIGHBORS)
        for share in SHARES:
            graph.PLAIN_SHARE = share
            links = graph.neighbor_graph(*table)
            found[share].append(
                max(adjusted_mutual_info(truth, _no_crumbs(links, communities(links, float(r), 0))[inverse]) for r in RESOLUTIONS)
            )
    graph.PLAIN_SHARE = before
    return {share: float(np.mean(ami)) for share, ami in found.items()}


def main() -> None:
    texts = dev_sets.themes()
    dev = curves(texts)
    table = grid(dev)
    chosen, flat = best(table), near(table)
    print("fewest \\ slack " + " ".join(f"{s:5.2f}" for s in SLACK))
    for f in FEWEST:
        print(f"{f:14} " + " ".join(f"{table[f, s]:5.3f}" for s in SLACK))
    whole = {name: one for name, one in dev.items() if "," not in name or "domains" in name}
    drawn = {name: one for name, one in dev.items() if name not in whole}
    parts = {"collections": whole, "class draws": drawn}
    dev_rows = described(dev, chosen)
    print(
        f"chosen {chosen}: {table[chosen]:.4f}; present {PRESENT}: {table[PRESENT]:.4f}; {len(flat)} of {len(table)} within {NEAR}: {flat}"
    )
    for name, part in parts.items():
        g = grid(part)
        print(f"{name}: best {best(g)} {max(g.values()):.4f}, chosen {g[chosen]:.4f}, present {g[PRESENT]:.4f}")
    print("development", mean_of(dev_rows), resampled(dev))

    test = curves(sets.themes())  # from here on nothing is chosen for use
    test_rows = described(test, chosen)
    left_out = {}
    for name, one in test.items():
        constants = best(grid(dev | {other: c for other, c in test.items() if other != name}))
        left_out[name] = {"constants": constants, "ami": at(one, constants)}
        print(f"{name:16s} chosen without it {constants}: {at(one, constants):.4f}; {test_rows[name]}")
    left_mean = float(np.mean([row["ami"] for row in left_out.values()]))
    print("benchmark", mean_of(test_rows), "left out", left_mean)
    by_seeds = {f"seeds {a} and {a + 1}": outcome(dev, test, slice(a, a + 2)) for a in range(0, len(SEEDS), 2)}
    print(by_seeds)
    figures = {
        "seeds": len(SEEDS),
        "chosen": chosen,
        "present": PRESENT,
        "development": {"mean": mean_of(dev_rows), "sets": dev_rows},
        "grid": {f"{f}, {s:.2f}": round(ami, 5) for (f, s), ami in table.items()},
        f"within {NEAR} of the best": flat,
        "parts": {
            n: {"best": best(grid(p)), "mean at best": max(grid(p).values()), "mean": mean_of(described(p, chosen))}
            for n, p in parts.items()
        },
        "resampled sets": resampled(dev),
        "benchmark, reported only": {"mean": mean_of(test_rows), "sets": test_rows},
        "leave one set out": {"mean": left_mean, "sets": left_out},
        "the same with two seeds": by_seeds,
    }
    if "--graph" in sys.argv:
        figures["plain share, best resolution, development"] = plain_share(texts)
        print(figures["plain share, best resolution, development"])
    results.write("settle_themes", figures)


if __name__ == "__main__":
    main()
