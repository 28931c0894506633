"""Claim: themes with no number given agree with the truth better than k-means told the true number, and than every peer.

AMI on five sets, MiniLM vectors, five seeds; an unassigned item counts as a group of its own. Nothing is tuned per set.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts
from harness.data.files import vectors
from harness.machine import Clock
from harness.statistics import interval, spread
from matomari.cluster.communities.detect import communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.themes import themes
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import distinct, neighbors

SEEDS = range(5)
TRUE_K = "k-means, told the true k"
Method = Callable[[np.ndarray, int, int], np.ndarray]  # vectors, true number of groups, seed -> labels


def umap_hdbscan(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """BERTopic's defaults."""
    from hdbscan import HDBSCAN
    from umap import UMAP

    low = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed).fit_transform(X)
    return HDBSCAN(min_cluster_size=10, metric="euclidean", cluster_selection_method="eom").fit_predict(low)


def hdbscan(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """HDBSCAN on the vectors themselves."""
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=10).fit_predict(X)


def evoc(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """EVoC at its defaults."""
    from evoc import EVoC

    return np.asarray(EVoC(random_state=seed).fit_predict(X))


def louvain_1(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Unweighted nearest-neighbour graph, resolution 1."""
    rows, inverse = distinct(X)
    near = neighbors(rows, 15)[1]
    graph = neighbor_graph(np.ones(near.shape, np.float32), near)
    graph.data[:] = 1
    return communities(graph, 1.0, seed)[inverse]


METHODS: dict[str, Method] = {
    "matomari": lambda X, k, seed: themes(X, seed=seed).labels,
    TRUE_K: lambda X, k, seed: KMeans(k, n_init=1, random_state=seed).fit_predict(X),
    "UMAP + HDBSCAN": umap_hdbscan,
    "EVoC": evoc,
    "HDBSCAN": hdbscan,
    "Louvain, resolution 1": louvain_1,
}
WITHOUT_SEED = ("HDBSCAN",)  # a single run


def measured(method: Method, X: np.ndarray, truth: np.ndarray, seeds: range) -> dict[str, object]:
    """AMI, number of groups, share of unassigned items and seconds over the seeds."""
    ami, groups, unassigned, seconds = [], [], [], []
    for seed in seeds:
        with Clock() as clock:
            labels = method(X, len(np.unique(truth)), seed)
        seconds.append(clock.seconds)
        ami.append(adjusted_mutual_info(truth, labels))
        groups.append(len(np.unique(labels[labels >= 0])))
        unassigned.append(float((labels < 0).mean()))
    return {"ami": spread(ami), "groups": groups, "unassigned": spread(unassigned), "seconds": spread(seconds)}


def main() -> None:
    """Measure every method on every set."""
    warnings.simplefilter("ignore")
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""  # one method again, beside what is known of the others
    known = (results.read("themes") or {}).get("sets", {}) if only else {}
    table: dict[str, dict] = {}
    for name, (rows, truth) in texts.themes().items():
        X = vectors(rows)
        table[name] = {"rows": len(rows), "true_groups": len(np.unique(truth))} | known.get(name, {})
        for method, run in METHODS.items():
            if only and method != only:
                continue
            table[name][method] = measured(run, X, truth, range(1) if method in WITHOUT_SEED else SEEDS)
            print(f"{name:16s} {method:26s}", table[name][method], flush=True)
    mean = {method: float(np.mean([row[method]["ami"]["mean"] for row in table.values()])) for method in METHODS}
    ours, theirs = (np.mean([row[method]["ami"]["values"] for row in table.values()], axis=0) for method in ("matomari", TRUE_K))
    gains = (ours - theirs).tolist()
    print({method: round(ami, 3) for method, ami in mean.items()})
    figures = {"sets": table, "mean_ami": mean, "gain_over_told_k": {"values": gains, "interval": interval(gains)}}
    results.write("themes", figures, ("umap-learn", "hdbscan", "evoc"))


if __name__ == "__main__":
    main()
