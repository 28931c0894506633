"""Choose the number of groups that is most reproducible when part of the data is left out, corrected for chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...metrics.grouping import adjusted_rand
from ...seeds import Seed
from ...vectors import Floats, Ints, neighbors, normalise
from .detect import communities
from .graph import neighbor_graph, restrict

RESOLUTIONS = 2.0 ** np.arange(-3.5, 5.51, 0.5)
SAMPLE = 8_000  # rows on which the curve is measured
DRAWS, KEPT = 8, 0.7  # subsamples, and the share of rows in each
FEWEST = 5  # two to four groups are almost always stable, and almost never wanted
SMALLEST = 5  # texts per group on average, because very small groups agree too easily and single texts agree perfectly
SLACK = 0.04  # a coarser peak this close to the best is taken: fewer groups to read (benchmarks/themes/settle.py)


@dataclass(frozen=True)
class Choice:
    """The chosen resolution, and the curve it was chosen from.

    Attributes
    ----------
    resolution : float
    groups : int
        Communities of the sample at that resolution.
    stability : float
        Chance-corrected agreement there, at most 1.
    curve : array, shape (r, 5)
        Resolution, groups, agreement of subsamples, agreement expected of structureless data, and the score made of the two.
    rows : int
        How many rows were used.
    """

    resolution: float
    groups: int
    stability: float
    curve: NDArray[np.float64]
    rows: int

    @property
    def reason(self) -> str:
        """One sentence for a person."""
        return (
            f"at this fineness {DRAWS} subsamples ({KEPT:.0%} of {self.rows:,} rows each, in some {self.groups} groups) agree best: "
            f"{self.stability:.2f} beyond chance (1 is always the same)"
        )


def choose_resolution(X: Floats, *, n_neighbors: int = 15, seed: int = 0) -> Choice:
    """The resolution whose communities are most reproducible under resampling.

    For each resolution the communities of eight subsamples are compared pairwise by the adjusted Rand index on the rows
    they share. The same is done for structureless data: Gaussian, with the mean and covariance of X. The score is
    (observed - structureless) / (1 - structureless), structureless read at the same number of groups, smoothed over
    neighbouring resolutions (1-2-1). The coarsest peak within 0.04 of the highest is taken, of at least five
    groups, and of five texts a group or more.

    Resampling as in Ben-Hur, Elisseeff and Guyon 2002; the reference without structure as in the gap statistic of
    Tibshirani, Walther and Hastie 2001.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Distinct rows at unit length; above 8,000 rows a sample of them is used.
    n_neighbors : int
        Links per row in the graph.
    seed : int

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = normalise((np.repeat(np.eye(6), 40, axis=0) + rng.normal(0, 0.1, (240, 6))).astype(np.float32))
    >>> choose_resolution(X).groups
    6
    """
    streams = Seed(seed)
    if len(X) > SAMPLE:
        X = X[np.sort(streams.stream("choose/rows").choice(len(X), SAMPLE, replace=False))]
    if len(X) < 4 * FEWEST:
        return Choice(resolution=1.0, groups=max(1, len(X) // FEWEST), stability=0.0, curve=np.empty((0, 5)), rows=len(X))
    observed, groups = _agreement(X, n_neighbors, streams=streams, name="data", draws=DRAWS)
    flat, flat_groups = _agreement(_structureless(X, streams), n_neighbors, streams=streams, name="structureless", draws=DRAWS // 2)
    order = np.argsort(flat_groups, kind="stable")
    chance = np.interp(np.log(groups), np.log(flat_groups[order]), flat[order])
    score = np.where(groups > 1, (observed - chance) / np.maximum(1 - chance, 1e-6), 0)
    score = np.convolve(np.pad(score, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    best = _coarsest_peak(np.where((groups >= FEWEST) & (groups <= KEPT * len(X) / SMALLEST), score, -np.inf))
    curve = np.stack([RESOLUTIONS, groups, observed, chance, score], axis=1)
    return Choice(
        resolution=float(RESOLUTIONS[best]),
        groups=round(float(groups[best])),
        stability=float(max(score[best], 0)),
        curve=curve,
        rows=len(X),
    )


def _agreement(X: Floats, k: int, streams: Seed, name: str, draws: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean pairwise adjusted Rand index of subsample communities, and their mean number, at each resolution."""
    table = neighbors(X, int(1.6 * k / KEPT), exact=True)
    rng = streams.stream(f"choose/{name}")
    masks = [rng.random(len(X)) < KEPT for _ in range(draws)]
    graphs = [neighbor_graph(*restrict(*table, keep, k)) for keep in masks]
    agreement, groups = np.empty(len(RESOLUTIONS)), np.empty(len(RESOLUTIONS))
    for step, resolution in enumerate(RESOLUTIONS):
        partitions = []
        for draw, (keep, graph) in enumerate(zip(masks, graphs, strict=True)):
            labels: Ints = np.full(len(X), -1)
            labels[keep] = communities(graph, float(resolution), streams.number(f"choose/{name}/{draw}"))
            partitions.append(labels)
        groups[step] = np.mean([labels.max() + 1 for labels in partitions])
        agreement[step] = np.mean([_shared_rand(a, b) for i, a in enumerate(partitions) for b in partitions[:i]])
    return agreement, groups


def _shared_rand(a: Ints, b: Ints) -> float:
    both = (a >= 0) & (b >= 0)
    return adjusted_rand(a[both], b[both])


def _structureless(X: Floats, streams: Seed) -> Floats:
    mean = X.mean(axis=0)
    _, scales, axes = np.linalg.svd(X - mean, full_matrices=False)
    drawn = streams.stream("choose/gaussian").standard_normal((len(X), len(scales))).astype(np.float32)
    return normalise((drawn * (scales / len(X) ** 0.5)) @ axes + mean)


def _coarsest_peak(score: NDArray[np.float64]) -> int:
    padded = np.pad(score, 1, constant_values=-np.inf)
    peak = (score >= padded[:-2]) & (score >= padded[2:]) & (score >= score.max() - SLACK) & np.isfinite(score)
    return int(np.flatnonzero(peak)[0]) if peak.any() else int(np.argmin(np.abs(np.log(RESOLUTIONS))))
