"""Question: what soft k-means at its automatic temperature gives over k-means, both told the true k; labels are only scored.

ACC, AMI and calibration error, ten seeds, paired by seed. Digits and USPS are raw pixels (Euclidean for everybody); the texts are
MiniLM vectors.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.data import images, texts
from harness.data.files import vectors
from harness.loop import Table
from harness.statistics import paired, spread
from matomari import SoftKMeans
from matomari.metrics import adjusted_mutual_info, calibration_error, clustering_accuracy, matched

SEEDS = range(10)
Outcome = tuple[np.ndarray, np.ndarray | None]  # labels, and the highest probability of each item where the method has one
Method = Callable[[np.ndarray, int, int, str], Outcome]  # vectors, k, seed, metric


def _pixels(load: Callable[[], images.Images]) -> tuple[np.ndarray, np.ndarray, str]:
    pixels, truth = load()
    return pixels.reshape(len(pixels), -1), truth, "euclidean"


def _meaning(load: Callable[[], tuple[list[str], np.ndarray]]) -> tuple[np.ndarray, np.ndarray, str]:
    rows, truth = load()
    return vectors(rows), truth, "cosine"


TEXTS = {name: load for name, load in texts.THEMES.items() if name != "SearchSnippets"} | {"CLINC150 imbalanced": texts.clinc_imbalanced}
SETS = {
    **{name: partial(_pixels, load) for name, load in (("digits", images.digits), ("USPS", images.usps))},
    **{name: partial(_meaning, load) for name, load in TEXTS.items()},
}


def _of(shares: np.ndarray) -> Outcome:
    return shares.argmax(axis=1), shares.max(axis=1)


def ours(X: np.ndarray, k: int, seed: int, metric: str, **options: str) -> Outcome:
    """SoftKMeans."""
    model = SoftKMeans(k, metric=metric, random_state=seed, **options).fit(X)
    return model.labels_, model.predict_proba(X).max(axis=1)


def kmeans(starts: int, X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    """scikit-learn's k-means, which is never unsure."""
    return KMeans(k, n_init=starts, random_state=seed).fit_predict(X), None


def mixture(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    """scikit-learn's spherical Gaussian mixture."""
    return _of(GaussianMixture(k, covariance_type="spherical", random_state=seed).fit(X).predict_proba(X))


def rim(X: np.ndarray, k: int, seed: int, metric: str) -> Outcome:
    """Regularised information maximisation."""
    from gemclus.linear import RIM

    return _of(RIM(k, random_state=seed).fit(X).predict_proba(X))


METHODS: dict[str, Method] = {
    "SoftKMeans": ours,
    "SoftKMeans, mi_adm": partial(ours, objective="mi_adm"),
    "k-means": partial(kmeans, 1),
    "k-means, 10 starts": partial(kmeans, 10),
    "GaussianMixture, spherical": mixture,
    "GemClus RIM": rim,
}


def measured(run: Method, X: np.ndarray, truth: np.ndarray, metric: str) -> dict[str, dict]:
    """Accuracy, AMI and, where a method gives probabilities, calibration error over the seeds."""
    outcomes = [run(X, len(np.unique(truth)), seed, metric) for seed in SEEDS]
    row = {
        "acc": spread(clustering_accuracy(truth, labels) for labels, _ in outcomes),
        "ami": spread(adjusted_mutual_info(truth, labels) for labels, _ in outcomes),
    }
    if outcomes[0][1] is not None:
        row["ece"] = spread(calibration_error(sure, matched(truth, labels)) for labels, sure in outcomes)
    return row


def main() -> None:
    """Measure the sets that are asked for; the others stay as they were measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS), help="of " + ", ".join(SETS))
    parser.add_argument("--without", nargs="*", default=[], help="methods to leave out: RIM takes half an hour on CLINC150")
    args = parser.parse_args()
    warnings.simplefilter("ignore")

    def figures(sets: dict) -> dict:
        return {"sets": sets, "mean gain": float(np.mean([row["gain"]["mean"] for row in sets.values()]))}

    table = Table("soft", "sets", figures, ["gemclus"])
    for name in args.sets:
        X, truth, metric = SETS[name]()
        row: dict = {"rows": len(X), "k": len(np.unique(truth))}
        for method in (m for m in METHODS if m not in args.without):
            row[method] = measured(METHODS[method], X, truth, metric)
            scores = "  ".join(f"{score} {value['mean']:.4f} ± {value['sd']:.4f}" for score, value in row[method].items())
            print(f"{name:20s} {method:28s} {scores}", flush=True)
        row["gain"] = paired(np.subtract(row["SoftKMeans"]["acc"]["values"], row["k-means"]["acc"]["values"]))
        table.add({(name,): row})


if __name__ == "__main__":
    main()
