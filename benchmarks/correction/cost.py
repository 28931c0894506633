"""Claim: finding communities costs little: Louvain of 50,000 samples with 15 neighbours in at most 2 s, a refresh a small share of training.

Seconds of one process on one core, three runs: neighbours, graph, Louvain at resolution 1, and a whole refresh with the search of the resolution, on random mixtures of 150 classes in
64 and 384 columns.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.loop import Table
from harness.machine import Clock
from harness.statistics import spreads
from matomari.cluster.communities.detect import communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.learn.correction.matching import latent_communities
from matomari.learn.correction.targets import targets
from matomari.vectors import neighbors, normalise

CLASSES, NEIGHBORS, RUNS = 150, 15, 3
SIZES = ["10000x256", "50000x64", "50000x384"]


def one_run(n: int, d: int, seed: int) -> dict[str, float]:
    """Seconds of every step."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(CLASSES, size=n)
    Z = normalise((rng.standard_normal((CLASSES, d))[labels] + rng.standard_normal((n, d))).astype(np.float32))
    seconds: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        with Clock() as clock:
            outcome = step()
        seconds[name] = clock.seconds
        return outcome

    near = timed("neighbours", lambda: neighbors(Z, NEIGHBORS, seed=0))
    graph = timed("graph", lambda: neighbor_graph(*near))
    timed("Louvain", lambda: communities(graph, 1.0, 0))
    matching = timed("search", lambda: latent_communities(Z, labels, seed=seed))
    timed("targets", lambda: targets("modes", Z, matching))
    return seconds


def main() -> None:
    """Measure the sizes that are asked for, such as 10000x256."""
    table = Table("correction_cost")
    for n, d in (map(int, size.split("x")) for size in sys.argv[1:] or SIZES):
        table.add({(f"{n:,} × {d}",): spreads([one_run(n, d, seed) for seed in range(RUNS)])})


if __name__ == "__main__":
    main()
