"""Question: what soft k-means at its automatic temperature gives over k-means, both told the true k; labels are only scored.

ACC, AMI and calibration error, ten seeds, paired by seed. Digits and USPS are raw pixels (Euclidean for everybody); the texts are
MiniLM vectors.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable

import h5py
import numpy as np

import results
import sets
import tables_parts
from matomari import SoftKMeans
from matomari.metrics.grouping import adjusted_mutual_info, calibration_error, clustering_accuracy

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


Outcome = tuple[np.ndarray, np.ndarray | None]  # labels, and the highest probability of each item where the method has one


def ours(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    model = SoftKMeans(k, metric=metric, random_state=seed).fit(X)
    return model.labels_, model.predict_proba(X).max(axis=1)


def mi_adm(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    model = SoftKMeans(k, objective="mi_adm", metric=metric, random_state=seed).fit(X)
    return model.labels_, model.predict_proba(X).max(axis=1)


def kmeans(starts: int) -> Callable[[np.ndarray, int, int, str], Outcome]:
    from sklearn.cluster import KMeans

    return lambda X, k, seed, metric: (KMeans(k, n_init=starts, random_state=seed).fit_predict(X), None)


def mixture(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    from sklearn.mixture import GaussianMixture

    share = GaussianMixture(k, covariance_type="spherical", random_state=seed).fit(X).predict_proba(X)
    return share.argmax(axis=1), share.max(axis=1)


def rim(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    from gemclus.linear import RIM

    share = RIM(k, random_state=seed).fit(X).predict_proba(X)
    return share.argmax(axis=1), share.max(axis=1)


METHODS = {
    "SoftKMeans": ours,
    "SoftKMeans, mi_adm": mi_adm,
    "k-means": kmeans(1),
    "k-means, 10 starts": kmeans(10),
    "GaussianMixture, spherical": mixture,
    "GemClus RIM": rim,
}


def measured(run: Callable[[np.ndarray, int, int, str], Outcome], X: np.ndarray, truth: np.ndarray, metric: str) -> dict[str, object]:
    found = [run(X, len(np.unique(truth)), seed, metric) for seed in SEEDS]
    row: dict[str, object] = {
        "acc": results.spread([clustering_accuracy(truth, labels) for labels, _ in found]),
        "ami": results.spread([adjusted_mutual_info(truth, labels) for labels, _ in found]),
    }
    if found[0][1] is not None:
        row["ece"] = results.spread([calibration_error(truth, labels, sure) for labels, sure in found])
    return row


def main() -> None:
    warnings.simplefilter("ignore")
    known = images() | texts()
    table = dict((tables_parts.read("soft") or {}).get("sets", {}))  # sets that are not asked for stay as they were measured
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("sets", nargs="*", default=list(known), help="of " + ", ".join(known))
    said.add_argument("--without", nargs="*", default=[], help="methods to leave out: RIM takes half an hour on CLINC150")
    told = said.parse_args()
    for name in told.sets:
        X, truth, metric = known[name]
        row: dict[str, object] = {"rows": len(X), "k": len(np.unique(truth))}
        for method, run in METHODS.items():
            if method in told.without:
                continue
            row[method] = measured(run, X, truth, metric)
            said = "  ".join(f"{what} {value['mean']:.4f} ± {value['sd']:.4f}" for what, value in row[method].items())  # type: ignore[attr-defined]
            print(f"{name:20s} {method:28s} {said}", flush=True)
        gain = np.subtract(row["SoftKMeans"]["acc"]["values"], row["k-means"]["acc"]["values"])  # type: ignore[index]
        row["gain"] = {"mean": float(gain.mean()), "interval": results.interval(gain)}
        table[name] = row
        results.write("soft", {"sets": table, "mean gain": float(np.mean([row["gain"]["mean"] for row in table.values()]))}, ["gemclus"])  # type: ignore[index]


if __name__ == "__main__":
    main()
