"""Claim: themes with no number given agree with the truth better than k-means told the true number, and than every peer.

AMI on five sets, MiniLM vectors, five seeds; an unassigned item counts as a group of its own. Nothing is tuned per set.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np

import results
import sets
from matomari.cluster.communities.detect import communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.themes import themes
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import distinct, neighbors

SEEDS = range(5)


def ours(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    return themes(X, seed=seed).labels


def kmeans_true_k(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=1, random_state=seed).fit_predict(X)


def umap_hdbscan(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """BERTopic's defaults."""
    from hdbscan import HDBSCAN
    from umap import UMAP

    low = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed).fit_transform(X)
    return HDBSCAN(min_cluster_size=10, metric="euclidean", cluster_selection_method="eom").fit_predict(low)


def evoc(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    from evoc import EVoC

    return np.asarray(EVoC(random_state=seed).fit_predict(X))


def hdbscan(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=10).fit_predict(X)


def louvain_1(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Unweighted nearest-neighbour graph, resolution 1."""
    rows, inverse = distinct(X)
    near = neighbors(rows, 15)[1]
    graph = neighbor_graph(np.ones(near.shape, np.float32), near)
    graph.data[:] = 1
    return communities(graph, 1.0, seed)[inverse]


METHODS: dict[str, tuple[Callable[[np.ndarray, int, int], np.ndarray], bool]] = {
    "matomari": (ours, True),
    "k-means, told the true k": (kmeans_true_k, True),
    "UMAP + HDBSCAN": (umap_hdbscan, True),
    "EVoC": (evoc, True),
    "HDBSCAN": (hdbscan, False),  # takes no seed: one run
    "Louvain, resolution 1": (louvain_1, True),
}


def main() -> None:
    warnings.simplefilter("ignore")
    table: dict[str, dict[str, object]] = {}
    for name, (texts, truth) in sets.themes().items():
        X = sets.vectors(name, texts)
        k = len(np.unique(truth))
        row: dict[str, object] = {"rows": len(texts), "true_groups": k}
        for method, (run, seeded) in METHODS.items():
            score, found, dropped, seconds = [], [], [], []
            for seed in SEEDS if seeded else range(1):
                start = time.perf_counter()
                labels = run(X, k, seed)
                seconds.append(time.perf_counter() - start)
                score.append(adjusted_mutual_info(truth, labels))
                found.append(len(np.unique(labels[labels >= 0])))
                dropped.append(float((labels < 0).mean()))
            row[method] = {
                "ami": results.spread(score),
                "groups": found,
                "unassigned": results.spread(dropped),
                "seconds": results.spread(seconds),
            }
            print(
                f"{name:16s} {method:26s} AMI {np.mean(score):.3f} ± {np.std(score):.3f}  groups {found}  unassigned {np.mean(dropped):.1%}",
                flush=True,
            )
        table[name] = row
    mean = {m: float(np.mean([table[s][m]["ami"]["mean"] for s in table])) for m in METHODS}  # type: ignore[index]
    paired = [
        np.mean([table[s]["matomari"]["ami"]["values"][i] - table[s]["k-means, told the true k"]["ami"]["values"][i] for s in table])
        for i in SEEDS
    ]  # type: ignore[index]
    print({m: round(v, 3) for m, v in mean.items()})
    results.write(
        "themes",
        {"sets": table, "mean_ami": mean, "gain_over_told_k": {"values": paired, "interval": results.interval(paired)}},
        ("umap-learn", "hdbscan", "evoc"),
    )


if __name__ == "__main__":
    main()
