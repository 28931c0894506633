"""Claim: finding communities costs little: Louvain of 50,000 samples with 15 neighbours in at most 2 s, a refresh a small share of training.

Seconds of one process on one core, three runs: neighbours, graph, Louvain at resolution 1, and a whole refresh with the search of the resolution, on random mixtures of 150 classes in
64 and 384 columns.
"""

from __future__ import annotations

import sys
import time

import numpy as np

import results
from matomari.cluster.communities.detect import communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.learn.correction.matching import latent_communities
from matomari.learn.correction.targets import targets
from matomari.vectors import neighbors, normalise

CLASSES, NEIGHBORS = 150, 15


def one(n: int, d: int, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(CLASSES, size=n)
    Z = normalise((rng.standard_normal((CLASSES, d))[labels] + rng.standard_normal((n, d))).astype(np.float32))
    found: dict[str, float] = {}

    def took(name: str, began: float) -> float:
        now = time.perf_counter()
        found[name] = now - began
        return now

    began = time.perf_counter()
    near = neighbors(Z, NEIGHBORS, seed=0)
    began = took("neighbours", began)
    graph = neighbor_graph(*near)
    began = took("graph", began)
    communities(graph, 1.0, 0)
    began = took("Louvain", began)
    matching = latent_communities(Z, labels, seed=seed)
    began = took("search", began)
    targets("modes", Z, matching)
    took("targets", began)
    return found


def main() -> None:
    sizes = [(int(n), int(d)) for n, d in (pair.split("x") for pair in sys.argv[1:])] or [(10_000, 256), (50_000, 64), (50_000, 384)]
    table = results.kept("correction_cost")
    for n, d in sizes:
        runs = [one(n, d, seed) for seed in range(3)]
        table[f"{n:,} × {d}"] = {name: results.spread([run[name] for run in runs]) for name in runs[0]}
        print(n, d, {name: round(value["mean"], 2) for name, value in table[f"{n:,} × {d}"].items()}, flush=True)
        results.write("correction_cost", {"table": table})


if __name__ == "__main__":
    main()
