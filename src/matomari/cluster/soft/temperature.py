"""Choose the temperature, between the one where all prototypes merge and the one where all are distinct."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from ...vectors import Floats
from .passes import Doubles, Sample, one_pass

LOWEST = 1 / 64  # share of the critical temperature; below it, soft k-means equals k-means
RATE = 2**0.5
INNER = 8  # passes at each temperature, starting from the prototypes of the one before
MERGED = 0.5  # prototypes nearer than this share of the usual gap, as it is at the lowest temperature, share a place
MARGIN = 0.5  # of the highest temperature at which nothing has merged; .25 to 1 differ little on six development sets


@dataclass(frozen=True, eq=False)
class Path:
    """The number of distinct prototypes while they are heated.

    Attributes
    ----------
    temperatures : array, shape (t,), rising
    distinct : array of int64, shape (t,)
        Number of distinct prototypes.
    critical : float
        Above it, all prototypes are equal.
    chosen : float
    """

    temperatures: Doubles
    distinct: Doubles
    critical: float
    chosen: float


def critical_temperature(sample: Sample) -> float:
    """Below it, prototypes that are all equal can split: 2 λ_max of the weighted covariance (Rose, Gurewitz and Fox 1990).

    Directions split only across their mean direction, and are scaled to unit length at each pass: 2 λ_max / ‖mean‖, of the
    covariance across it.
    """
    d = sample.X.shape[1]
    first, second, mass = np.zeros(d), np.zeros((d, d)), float(sample.weight.sum(dtype=np.float64))
    for part, rows in sample.blocks(1024):
        block, weight = rows.double().cpu().numpy(), sample.weight[part].astype(np.float64)
        first += weight @ block
        second += (block * weight[:, None]).T @ block
    mean = first / mass
    spread, length = second / mass - np.outer(mean, mean), 1.0
    if sample.cosine:
        length = max(float(np.linalg.norm(mean)), 1e-3)
        across = np.eye(d) - np.outer(mean, mean) / length**2
        spread = across @ spread @ across
    return float(2 * np.linalg.eigvalsh(spread)[-1] / length)


def likely_temperature(sample: Sample, prototypes: Floats) -> float:
    """Twice the variance per dimension around the nearest prototype: the most likely width of equal round groups."""
    squares = sum(float(rows.double().square().sum(dim=1).cpu().numpy() @ sample.weight[part]) for part, rows in sample.blocks(1024))
    nearest = -one_pass(sample, prototypes, 0.0).energy  # mean of 2 x·θ - ‖θ‖²; for the cosine of 2 x·θ, where ‖θ‖² is 1
    spread = squares / float(sample.weight.sum(dtype=np.float64)) - nearest + sample.cosine
    return float(2 * max(spread, 0.0) / sample.X.shape[1])


def heated(sample: Sample, prototypes: Floats, lowest: float, down_to: float = 0.75) -> Path:
    """Heat prototypes from `lowest` until they merge; choose half of the highest temperature at which none had merged.

    Heating goes on until no more than the share `down_to` of the prototypes is left, or past the critical temperature.
    """
    critical = critical_temperature(sample)
    low = max(lowest, LOWEST * critical, 1e-12)
    temperatures: list[float] = []
    distinct: list[int] = []
    heat, near, at_first = low, 0.0, 0
    while heat <= 2 * critical or not temperatures:
        for _ in range(INNER):
            stats = one_pass(sample, prototypes, heat)
            prototypes = sample.prototypes(stats.sums, stats.mass, prototypes)
        near = near or MERGED * float(np.median(_gaps(prototypes)))
        left = places(prototypes, near)
        at_first = at_first or left
        temperatures.append(heat)
        distinct.append(left)
        if left <= down_to * len(prototypes):
            break
        heat *= RATE
    unmerged = [t for t, left in zip(temperatures, distinct, strict=True) if left >= at_first]
    return Path(np.asarray(temperatures), np.asarray(distinct), critical, max(MARGIN * max(unmerged), low))


def apart(prototypes: Floats, temperature: float) -> int:
    """Number of distinct prototypes; those closer than a hundredth of the square root of the temperature count once."""
    return places(prototypes, 0.01 * temperature**0.5)


def places(prototypes: Floats, near: float) -> int:
    """Number of groups of prototypes when those closer to each other than `near` are joined."""
    return int(connected_components(sp.csr_matrix(_distances(prototypes) < near), directed=False)[0])


def _distances(prototypes: Floats) -> Doubles:
    rows = prototypes.astype(np.float64)
    square = (rows**2).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(square[:, None] + square - 2 * rows @ rows.T, 0)))


def _gaps(prototypes: Floats) -> Doubles:
    """Distance of each prototype to the nearest other."""
    if len(prototypes) < 2:
        return np.ones(len(prototypes))
    distance = _distances(prototypes)
    np.fill_diagonal(distance, np.inf)
    return np.asarray(distance.min(axis=1))
