"""Draws docs/stripes.svg: two stripes that soft k-means cuts across and regularised mutual information does not.

That the two are one objective holds only when a term is dropped (Zhang and Boykov 2023); here that term decides.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax

from matomari import SoftKMeans
from matomari.metrics.grouping import clustering_accuracy

ROWS, LENGTH, NOISE = 400, 3.0, 0.1
STRENGTH = 0.01  # λ of the regularised mutual information
STARTS = 10
COLOURS = ("#c2410c", "#1d4ed8")
Array = NDArray[np.float64]


def stripes(seed: int = 0) -> tuple[Array, NDArray[np.int64]]:
    """Two horizontal stripes, six wide and two apart, and which one each point is of."""
    rng, truth = np.random.default_rng(seed), np.arange(ROWS) % 2
    X = np.stack([rng.uniform(-LENGTH, LENGTH, ROWS), np.where(truth, 1, -1) + rng.normal(0, NOISE, ROWS)], axis=1)
    return X - X.mean(axis=0), truth


def loss(weights: Array, X: Array) -> tuple[float, Array]:
    """-I(x; k) + λ ‖W‖² of a linear classifier, and its gradient (Gomes, Krause and Perona 2010)."""
    W, Z = weights.reshape(2, 3), np.column_stack([X, np.ones(len(X))])
    p = softmax(Z @ W.T, axis=1)
    log_p, mean = np.log(p + 1e-12), p.mean(axis=0)
    information = (p * log_p).sum(axis=1).mean() - (mean * np.log(mean + 1e-12)).sum()
    slope = p * (log_p - np.log(mean + 1e-12))
    slope = (slope - p * slope.sum(axis=1, keepdims=True)) / len(X)
    penalty = W * [1, 1, 0]  # the intercept is free
    return float(-information + STRENGTH * (penalty**2).sum()), (2 * STRENGTH * penalty - slope.T @ Z).ravel()


def most_informative(X: Array, start: Array) -> tuple[Array, float, float]:
    """Labels of the best of several starts, its loss, and the loss that the descent from `start` ends with."""
    rng = np.random.default_rng(0)
    found = [minimize(loss, w.ravel(), (X,), jac=True, method="L-BFGS-B") for w in (start, *rng.normal(size=(STARTS, 2, 3)))]
    best = min(found, key=lambda one: float(one.fun))
    return (np.column_stack([X, np.ones(len(X))]) @ best.x.reshape(2, 3).T).argmax(axis=1), float(best.fun), float(found[0].fun)


def spread(X: Array, labels: NDArray[np.int64]) -> float:
    """Mean squared distance to the mean of the own group: what k-means makes small."""
    return float(np.mean([np.square(X[labels == g] - X[labels == g].mean(axis=0)).sum() for g in (0, 1)])) * 2 / len(X)


def measured() -> tuple[Array, dict[str, tuple[NDArray[np.int64], float, float]], float]:
    """The points; for each method its labels, accuracy and k-means objective; and the loss where a descent from soft k-means ends."""
    X, truth = stripes()
    model = SoftKMeans(2, metric="euclidean", random_state=0).fit(X)
    informed, best, stuck = most_informative(X, np.column_stack([model.coef_, model.intercept_]))
    found = {"soft k-means": model.labels_, "regularised mutual information": informed}
    return X, {n: (labels, clustering_accuracy(truth, labels), spread(X, labels)) for n, labels in found.items()}, stuck - best


def drawn() -> str:
    """The picture as SVG."""
    X, found, _ = measured()
    panels = []
    for number, (name, (labels, accuracy, within)) in enumerate(found.items()):
        left = 20 + 340 * number
        dots = "".join(
            f'<circle cx="{left + 160 + 48 * x:.1f}" cy="{110 - 38 * y:.1f}" r="2.4" fill="{COLOURS[g]}"/>'
            for (x, y), g in zip(X, labels ^ labels[0], strict=True)
        )
        said = f"{name}: accuracy {accuracy:.2f}, squared distance {within:.2f}"
        panels.append(
            f'<rect x="{left}" y="40" width="320" height="140" fill="none" stroke="#999"/>{dots}<text x="{left}" y="28">{said}</text>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 200" font-family="sans-serif" font-size="12">'
        f'<rect width="700" height="200" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


if __name__ == "__main__":
    Path(__file__).with_name("stripes.svg").write_text(drawn(), encoding="utf-8")
