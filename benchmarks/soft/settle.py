"""How the confidences of soft k-means are calibrated: four ways to disturb a fit, on development data alone.

Two fits that were disturbed are compared, the share of rows they agree on becomes the mean confidence, and the calibration error against the
labels is what decides. Texts, raw pixels, small pixels, and texts on their main axes, where every column says something else.
MNIST's training part joins when MNIST names its folder.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts
from harness.data.files import vectors
from harness.data.images import FASHION, MNIST, idx_set
from matomari import SoftKMeans
from matomari.cluster.soft.confidence import _heat, cooling, matched
from matomari.cluster.soft.passes import Sample
from matomari.cluster.soft.start import quick_labels
from matomari.metrics import calibration_error, clustering_accuracy
from matomari.metrics import matched as right_groups
from matomari.vectors import Floats, Ints, normalise

ROWS, PAIRS, AXES = 6_000, 3, 64
Views = Callable[[Sample, np.random.RandomState], list[tuple[Sample, Sample]]]  # what each of two fits sees, and what it labels
Set = tuple[Floats, Ints, str]  # vectors, classes, metric
TEXTS = {
    "CLINC150 val": lambda: texts.clinc("val"),
    "Banking77 train": lambda: texts.banking("train"),
    "SearchSnippets": texts.THEMES["SearchSnippets"],
}


def rows_halved(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
    """Each fit sees half of the rows, and labels all."""
    return [(few.some(np.sort(part)), few) for part in np.array_split(rng.permutation(len(few.X)), 2)]


def seen_along(axes: Callable[[int, np.random.RandomState], list[Floats]]) -> Views:
    """Each fit sees all rows, along axes of its own."""

    def views(few: Sample, rng: np.random.RandomState) -> list[tuple[Sample, Sample]]:
        return [(view, view) for view in map(few.seen_from, axes(few.X.shape[1], rng))]

    return views


def _columns(d: int) -> Floats:
    return np.eye(d, dtype=np.float32)


WAYS: dict[str, Views] = {
    "halves of the rows": rows_halved,
    "halves of the columns": seen_along(lambda d, rng: np.array_split(_columns(d)[:, rng.permutation(d)], 2, axis=1)),
    "70 % of the columns": seen_along(lambda d, rng: [_columns(d)[:, rng.permutation(d)[: int(0.7 * d)]] for _ in range(2)]),
    "halves of the space": seen_along(
        lambda d, rng: np.array_split(np.linalg.qr(rng.standard_normal((d, d)))[0].astype(np.float32), 2, axis=1)
    ),
}


def error(way: Views, X: Floats, truth: Ints, metric: str) -> dict[str, float]:
    """Agreement and calibration error."""
    k, rng = len(np.unique(truth)), np.random.RandomState(1)
    model = SoftKMeans(k, metric=metric, random_state=0).fit(X)
    few, shares = model._sample(X), []
    for _ in range(PAIRS):
        first, second = (quick_labels(view, of, k, _heat(of, model.temperature_, few), rng) for view, of in way(few, rng))
        shares.append(float((matched(first, second, k, few.weight) == second).mean()))
    heat = model.temperature_ * cooling(few, model._prototypes, model.temperature_, None, float(np.mean(shares)))
    logit = -model.transform(X) / heat
    p = np.exp(logit - logit.max(axis=1, keepdims=True))
    sure = p.max(axis=1) / p.sum(axis=1)
    return {"agreement": float(np.mean(shares)), "ece": calibration_error(sure, right_groups(truth, model.labels_))}


def pixels(images: np.ndarray, truth: np.ndarray) -> dict[str, tuple[Floats, Ints]]:
    """The images as they are, and eight by eight."""
    small = images[:, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(len(images), -1)
    return {"": (images.reshape(len(images), -1), truth), " 8 × 8": (small, truth), " 8 × 8, 1,800 rows": (small[:1800], truth[:1800])}


def development() -> Iterator[tuple[str, Set]]:
    """The sets by name."""
    for name, load in TEXTS.items():
        rows, truth = load()
        X = normalise(vectors(rows))
        part = np.random.default_rng(0).permutation(len(X))[:ROWS]
        X, truth = X[part], np.unique(truth[part], return_inverse=True)[1]
        yield name, (X, truth, "cosine")
        main_axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:AXES]
        yield f"{name}, {AXES} main axes", (normalise((X - X.mean(axis=0)) @ main_axes.T), truth, "cosine")
    for name, folder in (("Fashion-MNIST train", FASHION), ("MNIST train", MNIST)):
        if not folder.exists():
            print(f"{name}: left out, {folder} is not there")
            continue
        images, truth = idx_set(folder, "train")
        part = np.random.default_rng(0).permutation(len(images))[:ROWS]
        for kind, (X, y) in pixels(images[part] / 255, truth[part]).items():  # by 255 once more: they were settled on these
            yield f"{name}{kind}", (X, y, "euclidean")


def main() -> None:
    """Measure every way on every set."""
    warnings.simplefilter("ignore")
    table: dict[str, dict] = {}
    for name, (X, truth, metric) in development():
        labels = SoftKMeans(len(np.unique(truth)), metric=metric, random_state=0).fit(X).labels_
        table[name] = {"rows": len(X), "acc": clustering_accuracy(truth, labels)}
        table[name] |= {way: error(views, X, truth, metric) for way, views in WAYS.items()}
        print(name, table[name], flush=True)
    means = {way: float(np.mean([row[way]["ece"] for row in table.values()])) for way in WAYS}
    print(means)
    results.write("settle_calibration", {"sets": table, "mean error": means})


if __name__ == "__main__":
    main()
