"""How the confidences of soft k-means are calibrated: four ways to disturb a fit, on development data alone.

Two fits that were disturbed are compared, the share of rows they agree on becomes the mean confidence, and the calibration error against the
labels is what decides. Texts, raw pixels, small pixels, and texts on their main axes, where every column says something else.
MNIST's training part joins when MNIST names its folder.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

import results
import sets
from bench_deep import FASHION, MNIST, idx_set
from matomari import SoftKMeans
from matomari.cluster.soft.confidence import _heat, cooling, matched
from matomari.cluster.soft.passes import Sample
from matomari.cluster.soft.start import quick_labels
from matomari.metrics.grouping import calibration_error, clustering_accuracy
from matomari.vectors import Floats, Ints, normalise

ROWS, PAIRS, AXES = 6_000, 3, 64
Views = Callable[[Sample, np.random.RandomState], list[tuple[Sample, Sample]]]  # what each of two fits sees, and what it labels


def rows_halved(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
    return [(few.some(np.sort(part)), few) for part in np.array_split(rng.permutation(len(few.X)), 2)]


def columns_halved(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
    return seen(few, np.array_split(np.eye(few.X.shape[1], dtype=np.float32)[:, rng.permutation(few.X.shape[1])], 2, axis=1))


def space_halved(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
    d = few.X.shape[1]
    return seen(few, np.array_split(np.linalg.qr(rng.standard_normal((d, d)))[0].astype(np.float32), 2, axis=1))


def columns_shared(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
    d = few.X.shape[1]
    return seen(few, [np.eye(d, dtype=np.float32)[:, rng.permutation(d)[: int(0.7 * d)]] for _ in range(2)])


def seen(few: Sample, axes: list[Floats]) -> list[tuple[Sample, Sample]]:
    views = [few.seen_from(part) for part in axes]
    return [(view, view) for view in views]


WAYS: dict[str, Views] = {
    "halves of the rows": rows_halved,
    "halves of the columns": columns_halved,
    "70 % of the columns": columns_shared,
    "halves of the space": space_halved,
}


def error(way: Views, X: Floats, truth: Ints, metric: str) -> tuple[float, float]:
    """Agreement and calibration error."""
    k, rng = len(np.unique(truth)), np.random.RandomState(1)
    model = SoftKMeans(k, metric=metric, random_state=0).fit(X)
    few, shares = model._sample(X), []
    for _ in range(PAIRS):
        found = []
        for view, of in way(few, rng):
            found.append(quick_labels(view, of, k, _heat(of, model.temperature_, few), rng))
        shares.append(float((matched(found[0], found[1], k, few.weight) == found[1]).mean()))
    heat = model.temperature_ * cooling(few, model._prototypes, model.temperature_, None, float(np.mean(shares)))
    logit = -model.transform(X) / heat
    p = np.exp(logit - logit.max(axis=1, keepdims=True))
    sure = p.max(axis=1) / p.sum(axis=1)
    return float(np.mean(shares)), calibration_error(truth, model.labels_, sure)


def pixels(images: np.ndarray, truth: np.ndarray) -> dict[str, tuple[Floats, Ints]]:
    """The images as they are, and eight by eight."""
    small = images[:, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(len(images), -1)
    return {"": (images.reshape(len(images), -1), truth), " 8 × 8": (small, truth), " 8 × 8, 1,800 rows": (small[:1800], truth[:1800])}


def development() -> dict[str, tuple[Floats, Ints, str]]:
    texts = {"CLINC150 val": sets.clinc("val"), "Banking77 train": sets.banking("train"), "SearchSnippets": sets.themes()["SearchSnippets"]}
    found: dict[str, tuple[Floats, Ints, str]] = {}
    for name, (said, truth) in texts.items():
        X = normalise(sets.vectors(name, said))
        part = np.random.default_rng(0).permutation(len(X))[:ROWS]
        X, truth = X[part], np.unique(truth[part], return_inverse=True)[1]
        found[name] = (X, truth, "cosine")
        main = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:AXES]
        found[f"{name}, {AXES} main axes"] = (normalise((X - X.mean(axis=0)) @ main.T), truth, "cosine")
    for name, folder in (("Fashion-MNIST train", FASHION), ("MNIST train", MNIST)):
        if not folder.exists():
            print(f"{name}: left out, {folder} is not there")
            continue
        images, truth = idx_set(folder, "train")
        part = np.random.default_rng(0).permutation(len(images))[:ROWS]
        shown = pixels(images[part].astype(np.float32) / 255, truth[part].astype(np.int64))
        found |= {f"{name}{kind}": (X, y, "euclidean") for kind, (X, y) in shown.items()}
    return found


def main() -> None:
    warnings.simplefilter("ignore")
    table: dict[str, dict[str, object]] = {}
    for name, (X, truth, metric) in development().items():
        labels = SoftKMeans(len(np.unique(truth)), metric=metric, random_state=0).fit(X).labels_
        row: dict[str, object] = {"rows": len(X), "acc": clustering_accuracy(truth, labels)}
        for way, views in WAYS.items():
            agreement, ece = error(views, X, truth, metric)
            row[way] = {"agreement": agreement, "ece": ece}
        table[name] = row
        print(name, row, flush=True)
    means = {way: float(np.mean([row[way]["ece"] for row in table.values()])) for way in WAYS}  # type: ignore[index]
    print(means)
    results.write("settle_calibration", {"sets": table, "mean error": means})


if __name__ == "__main__":
    main()
