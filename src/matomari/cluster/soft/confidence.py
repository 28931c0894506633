"""Calibrate confidences: on average at most the agreement of two fits to different halves of the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from ...vectors import Floats, Ints
from .passes import Doubles, Sample, logits
from .start import quick_labels

SPLITS = 2  # pairs of fits (benchmarks/soft/settle.py)
WIDE = 32  # number of columns from which half of the space still separates the groups
ROWS = 4_096  # over which the confidences are averaged
HALVINGS = 30
EVEN = 0.8  # groups are unequal if the effective number of groups (exp of the entropy), divided by k, is below this …
STABLE = 0.7  # … and if the median correlation of the log sizes of two fits is above this, so that it is not chance


@dataclass(frozen=True, eq=False)
class Agreement:
    """The agreement of two fits to halves of the data of each row, with groups matched to the fit to all data.

    Attributes
    ----------
    share : float
        Share of the rows, by weight, that both put in the same group; the mean over the pairs.
    weights : array, shape (2 · SPLITS, k)
        Share of the rows in each group, one row per fit.
    """

    share: float
    weights: Doubles

    def skewed(self) -> bool:
        """Whether the groups are of unequal size in the same way in every fit."""
        shares = self.weights.mean(axis=0)
        effective = np.exp(-(shares * np.log(np.maximum(shares, 1e-12))).sum())
        if effective > EVEN * len(shares):
            return False
        logs = np.log(np.maximum(self.weights, 1e-4))
        return bool(np.median(np.corrcoef(logs)[np.triu_indices(len(logs), 1)]) > STABLE)


def split_agreement(few: Sample, k: int, labels: Ints, temperature: float, rng: Any) -> Agreement:
    """Fit `k` prototypes to each of two random half-spaces, twice, and measure how often the halves agree.

    If two views of a row agree without sharing any numbers, the agreement is a property of the row and not of the fit. This is
    the argument of co-training (Blum and Mitchell 1998), used as a measure. Resampled rows agree too well, because each draw
    repeats the same chance features of the geometry.

    Parameters
    ----------
    few : Sample, m rows
    k : int
    labels : array of int64, shape (m,)
        Their groups in the whole fit.
    temperature : float
    rng : numpy.random.RandomState
    """
    shares, weights = [], []
    if k < 2 or len(few.X) < 2 * k:
        return Agreement(1.0, np.ones((2, k)) / k)
    for _ in range(SPLITS):
        views = [matched(half_labels, labels, k, few.weight) for half_labels in _two_views(few, k, temperature, rng)]
        total = few.weight.sum(dtype=np.float64)
        # match the views directly, because the errors of the whole fit would count as disagreement
        pair = matched(views[0], views[1], k, few.weight)
        shares.append(few.weight[pair == views[1]].sum(dtype=np.float64) / total)
        weights += [np.bincount(view, few.weight, minlength=k) / total for view in views]
    return Agreement(float(np.mean(shares)), np.stack(weights))


def matched(labels: Ints, other: Ints, k: int, weight: Floats) -> Ints:
    """`labels`, renamed so that they agree with `other` on as much weight as they can."""
    shared = np.zeros((k, k))
    np.add.at(shared, (labels, other), weight)
    return np.asarray(linear_sum_assignment(shared, maximize=True)[1][labels], np.int64)


def cooling(few: Sample, prototypes: Floats, temperature: float, log_prior: Doubles | None, target: float) -> float:
    """The factor, at least 1, by which the temperature must rise so that the mean highest probability is `target`."""
    part = few if len(few.X) <= ROWS else few.some(np.linspace(0, len(few.X) - 1, ROWS).astype(np.int64))
    blocks = [
        logits(rows, prototypes, temperature=temperature, cosine=part.cosine, log_prior=log_prior)
        for _, rows in part.blocks(len(prototypes))
    ]
    all_logits, weight = torch.cat(blocks), torch.from_numpy(part.weight).to(blocks[0])

    def confidence(factor: float) -> float:
        return float((torch.softmax(all_logits / factor, dim=1).amax(dim=1) * weight).sum() / weight.sum())

    low, high = 1.0, 1.0
    while confidence(high) > target and high < 1e6:
        low, high = high, 2 * high
    for _ in range(HALVINGS if high > 1 else 0):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if confidence(middle) > target else (low, middle)
    return high


def _two_views(few: Sample, k: int, temperature: float, rng: Any) -> list[Ints]:
    """Groups of all rows by fits to two orthogonal halves of the space, or to two halves of the rows if there are few columns.

    The halves are random, not the columns as they are, because the order of columns is arbitrary.
    """
    d = few.X.shape[1]
    if d < WIDE:
        # equal rows go to the same half, because a repeated row must count as one row with a weight
        line = (few.X * rng.standard_normal(d).astype(np.float32)).sum(axis=1)
        place = np.unique(line, return_inverse=True)[1]
        side = rng.permutation(place.max() + 1)[place] % 2
        return [quick_labels(few.some(np.flatnonzero(side == half)), few, k=k, temperature=temperature, rng=rng) for half in (0, 1)]
    turned = np.linalg.qr(rng.standard_normal((d, d)))[0].astype(np.float32)
    views = [few.seen_from(part) for part in np.array_split(turned, 2, axis=1)]
    return [quick_labels(view, view, k=k, temperature=_heat(view, temperature, few), rng=rng) for view in views]


def _heat(view: Sample, temperature: float, whole: Sample) -> float:
    """The temperature of a view: points have a smaller spread in it, directions keep unit length."""
    return temperature if view.cosine else max(temperature * _spread(view) / max(_spread(whole), 1e-30), 1e-12)


def _spread(sample: Sample) -> float:
    return sum(float(rows.double().square().sum()) for _, rows in sample.blocks(1024))
