"""Question: what training the encoder and the prototypes together gives over clustering pixels, or the auto-encoder's code, told the true k.

ACC, NMI and AMI over five seeds; labels are only scored. "code" is the code of our own pre-training, the same for all methods of one seed, so
differences to it are paired. N2D (McConville et al. 2021) is UMAP and a mixture on that code. What others have published stands beside.

Where the images are: harness/data/images.py. A set whose files are not there is left out and named.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.data.images import FASHION, MNIST, digits, idx_set, usps
from harness.loop import Table
from harness.machine import Clock
from harness.statistics import paired, spreads
from matomari.learn.deep import DeepSoftKMeans
from matomari.metrics.grouping import adjusted_mutual_info, clustering_accuracy, normalized_mutual_info

OURS = "DeepSoftKMeans"
SCORES = {"acc": clustering_accuracy, "nmi": normalized_mutual_info, "ami": adjusted_mutual_info}
PUBLISHED = {
    "MNIST test": {"nmi": 0.873, "acc": 0.863, "by": "Jabi et al. 2019"},
    "MNIST, all 70,000": {"nmi": 0.913, "by": "Jabi et al. 2019"},
    "USPS": {"nmi": 0.936, "by": "Jabi et al. 2019"},
}
SETS = {
    "digits": lambda: (digits()[0] / 16, digits()[1]),
    "USPS": usps,
    "MNIST test": lambda: idx_set(MNIST, "t10k"),
    "Fashion-MNIST test": lambda: idx_set(FASHION, "t10k"),
}


def mixture(X: np.ndarray, k: int, seed: int, form: str) -> np.ndarray:
    """Labels of a mixture, in doubles: single precision finds covariances of almost constant pixels ill defined."""
    return GaussianMixture(k, covariance_type=form, reg_covar=1e-4, random_state=seed).fit_predict(X.astype(np.float64))


def one_seed(X: np.ndarray, k: int, seed: int) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """Labels of every method, and how our fit went."""
    from umap import UMAP

    kmeans = KMeans(k, n_init=10, random_state=seed)
    with Clock() as clock:
        model = DeepSoftKMeans(k, random_state=seed).fit(X)
    fit = {"seconds": round(clock.seconds, 1), "kept": model.kept_, "cost": np.round(model.objective_history_, 4).tolist()}
    pixels, code = X.reshape(len(X), -1), model.start_.embedding_
    return {
        "pixels, k-means": kmeans.fit_predict(pixels),
        "pixels, mixture, spherical": mixture(pixels, k, seed, "spherical"),
        "pixels, mixture, diagonal": mixture(pixels, k, seed, "diag"),
        "code, k-means": kmeans.fit_predict(code),
        "code, mixture, full": mixture(code, k, seed, "full"),
        "code, SoftKMeans (start)": model.start_.labels_,
        "code, UMAP, mixture (N2D)": mixture(
            UMAP(n_neighbors=20, n_components=k, min_dist=0.0, random_state=seed).fit_transform(code), k, seed, "full"
        ),
        OURS: model.labels_,
    }, fit


def one_set(name: str, X: np.ndarray, truth: np.ndarray, seeds: int) -> dict[str, object]:
    """Scores of every method over the seeds, and our gains."""
    scores: dict[str, list[dict[str, float]]] = {}
    fits = []
    for seed in range(seeds):
        labels, fit = one_seed(X, len(np.unique(truth)), seed)
        fits.append(fit)
        for method, groups in labels.items():
            scores.setdefault(method, []).append({score: measure(truth, groups) for score, measure in SCORES.items()})
        print(f"{name}, seed {seed}: {fit['seconds']} s, kept {fit['kept']}", {m: runs[-1] for m, runs in scores.items()}, flush=True)
    nmi = {method: np.array([run["nmi"] for run in runs]) for method, runs in scores.items()}
    return {
        "rows": len(X),
        "k": len(np.unique(truth)),
        "methods": {method: spreads(runs) for method, runs in scores.items()},
        "gain in NMI over": {method: paired(nmi[OURS] - nmi[method]) for method in sorted(nmi.keys() - {OURS})},
        "runs": fits,
    }


def main() -> None:
    """Measure the sets that are asked for; the others stay as they were measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS), help="of " + ", ".join(SETS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, help="so many rows of each set alone, to try the script")
    parser.add_argument("--name", default="deep", help="of the file below results/")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    missing: list[str] = []
    table = Table(args.name, "sets", lambda sets: {"sets": sets, "left out": missing, "published": PUBLISHED}, ["umap-learn"])
    for name in args.sets:
        try:
            X, truth = SETS[name]()
        except FileNotFoundError as error:
            print(f"{name}: left out, {error.filename} is not there", flush=True)
            missing.append(name)
            continue
        table.add({(name,): one_set(name, X[: args.rows], truth[: args.rows], args.seeds)})


if __name__ == "__main__":
    main()
