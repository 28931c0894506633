"""Where soft k-means starts: the best of a few k-means++ draws on a sample; and a small fit made of such a start, to compare groupings."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.extmath import randomized_svd

from ...vectors import Floats, Ints
from ..kmeans import plus_plus
from .passes import Sample, logits, one_pass

HARD_STEPS = 10
PASSES = 5  # soft passes of a quick fit
MAIN_AXES = 64  # or AXES_A_GROUP per prototype if that is more: k / ε axes keep every k-means cost within 1 + ε
AXES_A_GROUP = 4


def first_prototypes(few: Sample, k: int, starts: int, rng: Any) -> Floats:
    """Prototypes (k, d) of the start whose rows are nearest to them.

    If rows have many more columns than there are groups, the starts are made and compared only along the main axes. These
    keep the structure that k-means can find (Cohen et al. 2015, *Dimensionality reduction for k-means clustering and low rank
    approximation*).
    """
    axes = max(MAIN_AXES, AXES_A_GROUP * k)
    if 2 * axes > few.X.shape[1] or axes >= len(few.X):
        return _best_start(few, k, starts, rng)
    along = main_axes(few, axes, rng)
    lifted = _best_start(few.seen_from(along), k, starts, rng) @ along.T
    stats = one_pass(few, lifted, 0.0)
    return few.prototypes(stats.sums, stats.mass, lifted)


def main_axes(sample: Sample, count: int, rng: Any) -> Floats:
    """The axes (d, count) along which the rows are longest, by weight (Halko, Martinsson and Tropp 2011)."""
    rows = np.concatenate([block.cpu().numpy() * np.sqrt(sample.weight[part])[:, None] for part, block in sample.blocks(1024)])
    # do not transpose: the random start would depend on the number of rows, and a repeated row would differ from a weighted row
    axes = randomized_svd(rows, count, n_iter=1, power_iteration_normalizer="none", transpose=False, random_state=rng)[2]
    return np.ascontiguousarray(axes.T, np.float32)


def _best_start(few: Sample, k: int, starts: int, rng: Any) -> Floats:
    rows = np.concatenate([block.float().cpu().numpy() for _, block in few.blocks(k)])
    # along a random line equal rows are neighbours, so neither the order of X nor a repeated row changes the draw
    order = np.argsort(rows @ rng.standard_normal(rows.shape[1]).astype(np.float32), kind="stable")
    best: tuple[float, Floats] | None = None
    for _ in range(starts):
        prototypes = plus_plus(rows[order], few.weight[order].astype(np.float64), k=k, rng=rng, trials=2 + int(np.log(k)))
        for _ in range(HARD_STEPS):
            stats = one_pass(few, prototypes, 0.0)
            prototypes = few.prototypes(stats.sums, stats.mass, prototypes)
        energy = one_pass(few, prototypes, 0.0).energy
        if best is None or energy < best[0]:
            best = energy, prototypes
    assert best is not None
    return best[1]


def quick_labels(sample: Sample, of: Sample, k: int, temperature: float, rng: Any) -> Ints:
    """Groups of the rows `of` by a small fit to `sample`: few starts, few passes; for comparing fits, not as a final fit."""
    prototypes = first_prototypes(sample, k, max(1, min(4, 100 // k)), rng)
    for _ in range(PASSES):
        stats = one_pass(sample, prototypes, temperature)
        prototypes = sample.prototypes(stats.sums, stats.mass, prototypes)
    blocks = [logits(rows, prototypes, temperature, of.cosine).argmax(dim=1) for _, rows in of.blocks(k)]
    return np.concatenate([block.cpu().numpy() for block in blocks])
