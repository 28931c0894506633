"""Question: how many runs of Louvain's method, of which the most modular partition is kept?

At the fineness that the rule takes on each development set, 24 runs are made once; of 200 random choices of so many among them, the AMI of
the one with the highest modularity is averaged. The sets of the benchmark are only reported.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sknetwork.clustering import get_modularity

sys.path.insert(0, str(Path(__file__).parents[1]))

from settle import PARTS, ROW_DRAWS, known

from harness import results
from harness.data.development import Draws
from harness.data.files import vectors
from matomari.cluster.communities.detect import N_INIT, communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.stability import RULE
from matomari.cluster.communities.themes import NEIGHBORS, _no_crumbs
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import distinct, neighbors

RUNS, TRIED, CHOICES = 24, (1, 2, 3, 5, 8, 12), 200


def measured(load: Draws, draw: int) -> list[float]:
    """Mean AMI of the most modular of so many runs, for every number tried."""
    texts, truth = load(draw)
    own = known(load, draw)
    rows, inverse = distinct(vectors(texts))
    graph, resolution = neighbor_graph(*neighbors(rows, NEIGHBORS)), float(own.curve.resolution[own.at(RULE)])
    runs = [communities(graph, resolution, 100 + run) for run in range(RUNS)]
    modularity = np.array([get_modularity(graph, labels, resolution=resolution) for labels in runs])
    ami = np.array([adjusted_mutual_info(truth, _no_crumbs(graph, labels)[inverse]) for labels in runs])
    rng = np.random.default_rng(draw)
    chosen = [[rng.choice(RUNS, n, replace=False) for _ in range(CHOICES)] for n in TRIED]
    return [float(np.mean([ami[these[modularity[these].argmax()]] for these in choices])) for choices in chosen]


def main() -> None:
    """Measure every set."""
    sets = {part: {name: [measured(load, draw) for draw in ROW_DRAWS] for name, load in loads.items()} for part, loads in PARTS.items()}
    mean = {part: np.mean([np.mean(draws, axis=0) for draws in own.values()], axis=0).tolist() for part, own in sets.items()}
    print(mean)
    results.write("themes_runs", {"shipped": N_INIT, "draws": len(ROW_DRAWS), "runs": TRIED, "mean": mean, "sets": sets})


if __name__ == "__main__":
    main()
