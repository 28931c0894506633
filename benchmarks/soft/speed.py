"""Claim: a whole fit of soft k-means costs at most twice scikit-learn's KMeans with one start, and 1 M mapped rows 1 GB above the map.

Times are ratios in one run, the two in turn. Fashion-MNIST (Debian package dataset-fashion-mnist, or the folder that FASHION names), questions
of Quora as MiniLM vectors. With the word "pixels" the first of the fits is measured alone.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.files import DATA, encoder
from harness.data.images import FASHION, idx_set
from harness.machine import GB, Clock, report
from harness.mapped import fit_mapped, million_mapped
from harness.statistics import spread

PAIRS = 3
STEP_ROWS = 50_000


def fashion() -> np.ndarray:
    """All 70,000 pictures, 784 numbers each."""
    return np.concatenate([idx_set(FASHION, part)[0].reshape(-1, 784) for part in ("train", "t10k")])


def questions(n: int) -> np.ndarray:
    """Vectors of the first n questions of Quora."""
    lines = (DATA / "quora-paraphrase" / "train.tsv").read_text(encoding="utf-8").splitlines()
    return encoder("on").encode([text for line in lines for text in line.split("\t")][:n])


def whole_fits(X: np.ndarray, k: int, metric: str, pairs: int = PAIRS) -> dict[str, object]:
    """Seconds of fits in turn, and the inertia that one hard step from our prototypes reaches, over that of k-means."""
    from sklearn.cluster import KMeans

    from matomari import SoftKMeans

    seconds, inertia = [], []
    for seed in range(pairs):
        models = {"hard": KMeans(k, n_init=1, random_state=seed), "soft": SoftKMeans(k, metric=metric, random_state=seed)}
        took = {}
        for name in sorted(models, reverse=bool(seed % 2)):
            with Clock() as clock:
                models[name].fit(X)
            took[name] = clock.seconds
        seconds.append(took)
        nearest = KMeans(k, n_init=1, max_iter=1, init=models["soft"].cluster_centers_).fit(X)
        inertia.append(nearest.inertia_ / models["hard"].inertia_)
        print(X.shape, k, took, {name: model.n_iter_ for name, model in models.items()}, inertia[-1], flush=True)
    ratio = spread(pair["soft"] / pair["hard"] for pair in seconds)
    return {"rows": len(X), "columns": X.shape[1], "k": k, "seconds": seconds, "ratio": ratio, "inertia_ratio": spread(inertia)}


def steps(X: np.ndarray, k: int) -> dict[str, object]:
    """One soft pass against one of our hard steps: assignment by faiss and sums."""
    import torch

    from matomari.cluster import kmeans
    from matomari.cluster.soft.passes import Sample, one_pass

    centers, ones = X[:k].copy(), np.ones(len(X), np.float32)
    hard, soft = kmeans.Rows(X), Sample(X, ones, np.zeros(X.shape[1], np.float32), True, torch.device("cpu"))
    one_pass(soft, centers, 0.05)
    ratios = []
    for _ in range(5):
        with Clock() as hard_step:
            kmeans._sums(hard, kmeans.assign(hard, centers)[0], ones, k)
        with Clock() as soft_step:
            one_pass(soft, centers, 0.05)
        ratios.append(soft_step.seconds / hard_step.seconds)
    print("step", len(X), k, np.round(ratios, 2), flush=True)
    return {"rows": len(X), "k": k, "ratio": spread(ratios)}


def mapped(path: str) -> None:
    """Run in a child: one fit on 1 M mapped rows; the map is counted as far as it is in memory."""
    from matomari import SoftKMeans

    memory, size = fit_mapped(SoftKMeans(256, random_state=0, max_iter=5), path)
    report(memory | {"map_gb": size / GB})


def pixels(at: int = 0) -> dict[str, object]:
    """The first of the fits alone; the others stay as they were measured."""
    figures = results.read("soft_speed") or {"fits": [{}]}
    figures = {name: figures[name] for name in ("steps", "fits", "million_mapped") if name in figures}
    figures["fits"][at] = whole_fits(fashion(), 10, "euclidean", 5)
    return figures


def everything() -> dict[str, object]:
    """Single passes, whole fits, and a million mapped rows."""
    X = questions(200_000)
    figures: dict[str, object] = {"steps": [steps(X[:STEP_ROWS], k) for k in (10, 150, 1000)]}
    figures["fits"] = [whole_fits(fashion(), 10, "euclidean"), whole_fits(X[:100_000], 150, "cosine"), whole_fits(X, 1000, "cosine", 1)]
    figures["million_mapped"] = million_mapped(__file__)
    print(figures["million_mapped"])
    return figures


def main() -> None:
    """Measure all, or pixels alone."""
    warnings.simplefilter("ignore")
    results.write("soft_speed", pixels() if sys.argv[1:] == ["pixels"] else everything())


if __name__ == "__main__":
    mapped(sys.argv[1]) if sys.argv[1:] not in ([], ["pixels"]) else main()
