"""Question: what soft k-means at its automatic temperature gives over k-means, both told the true k; labels are only scored.

ACC and AMI, ten seeds, paired by seed. Digits and USPS are raw pixels (Euclidean for everybody); the texts are MiniLM vectors.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import h5py
import numpy as np

import results
import sets
from matomari import SoftKMeans
from matomari.metrics import adjusted_mutual_info, clustering_accuracy

SEEDS = range(10)
Vectors = tuple[np.ndarray, np.ndarray, str]


def images() -> dict[str, Vectors]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    with h5py.File(sets.DATA / "usps" / "usps.h5") as file:
        usps = [(file[part]["data"][:], file[part]["target"][:]) for part in ("train", "test")]
    return {
        "digits": (digits.data.astype(np.float32), digits.target, "euclidean"),
        "USPS": (np.concatenate([x for x, _ in usps]).astype(np.float32), np.concatenate([y for _, y in usps]), "euclidean"),
    }


def texts() -> dict[str, Vectors]:
    named = {name: one for name, one in sets.themes().items() if name != "SearchSnippets"} | {
        "CLINC150 imbalanced": sets.clinc_imbalanced()
    }
    return {name: (sets.vectors(name, text), truth, "cosine") for name, (text, truth) in named.items()}


def ours(X: np.ndarray, k: int, seed: int, metric: str) -> np.ndarray:
    return SoftKMeans(k, metric=metric, random_state=seed).fit(X).labels_


def kmeans(starts: int) -> Callable[[np.ndarray, int, int, str], np.ndarray]:
    from sklearn.cluster import KMeans

    return lambda X, k, seed, metric: KMeans(k, n_init=starts, random_state=seed).fit_predict(X)


def mixture(X: np.ndarray, k: int, seed: int, metric: str) -> np.ndarray:
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(k, covariance_type="spherical", random_state=seed).fit_predict(X)


METHODS = {"SoftKMeans": ours, "k-means": kmeans(1), "k-means, 10 starts": kmeans(10), "GaussianMixture, spherical": mixture}


def main() -> None:
    warnings.simplefilter("ignore")
    table: dict[str, dict[str, object]] = {}
    for name, (X, truth, metric) in (images() | texts()).items():
        k = len(np.unique(truth))
        row: dict[str, object] = {"rows": len(X), "k": k}
        for method, run in METHODS.items():
            found = [run(X, k, seed, metric) for seed in SEEDS]
            acc, ami = ([score(truth, labels) for labels in found] for score in (clustering_accuracy, adjusted_mutual_info))
            row[method] = {"acc": results.spread(acc), "ami": results.spread(ami)}
            print(
                f"{name:20s} {method:28s} ACC {np.mean(acc):.4f} ± {np.std(acc, ddof=1):.4f}  AMI {np.mean(ami):.4f} ± {np.std(ami, ddof=1):.4f}",
                flush=True,
            )
        gain = np.subtract(row["SoftKMeans"]["acc"]["values"], row["k-means"]["acc"]["values"])  # type: ignore[index]
        row["gain"] = {"mean": float(gain.mean()), "interval": results.interval(gain)}
        table[name] = row
    results.write("soft", {"sets": table, "mean gain": float(np.mean([row["gain"]["mean"] for row in table.values()]))})  # type: ignore[index]


if __name__ == "__main__":
    main()
