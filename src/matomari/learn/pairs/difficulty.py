"""How hard batches from inside a cluster are before training, measured by the guide's cosines of their negatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import from_numpy

from ...errors import InputError
from ...partition import Partition
from ...seeds import Seed
from ...vectors import BLOCK, normalise
from .contrastive import FilteredContrastiveLoss, Sides

SAMPLED = 4  # batches measured in each cluster
AT_RANDOM = 32  # random batches measured
FAR = 3.5  # robust deviations below the median at which a cluster lies outside (Iglewicz and Hoaglin 1993)
LEAST = 0.05  # and by how much of a cosine at least: where all clusters are alike, none lies outside
FEWEST = 5  # clusters among which one can lie outside


@dataclass(frozen=True)
class Stratum:
    """The batches of one cluster, measured by the guide.

    Attributes
    ----------
    cluster : int
        -1 for random batches of all rows.
    rows, batches : int
        Rows of the cluster, and the full batches that they give.
    own : float
        Mean cosine of an anchor to its own positive, over all rows.
    hardest : float or None
        Mean cosine of an anchor to the best positive of others in its batch that is not a suspect.
        None where no anchor has such a negative.
    suspected : float
        Share of the (anchor, positive of another row) pairs of a batch that the filter leaves out.
    cohesion : float
        Mean cosine of a positive to the middle of the cluster.
    outlier : bool
    """

    cluster: int
    rows: int
    batches: int
    own: float
    hardest: float | None
    suspected: float
    cohesion: float
    outlier: bool = False


@dataclass(frozen=True)
class Difficulty:
    """How hard the batches of each cluster are, and random ones for comparison.

    Attributes
    ----------
    clusters : sequence of Stratum, length k
    random : Stratum
    """

    clusters: Sequence[Stratum]
    random: Stratum

    def table(self) -> list[dict[str, Any]]:
        """One row per cluster as JSON values, the hardest first, the random batches last."""
        order = sorted(self.clusters, key=lambda s: (np.inf if s.hardest is None else -s.hardest, s.cluster))
        return [asdict(stratum) for stratum in [*order, self.random]]

    def typical(self) -> Stratum:
        """The mean over the clusters, each as often as it has rows; `cluster` is -1."""
        weights = [s.rows for s in self.clusters]
        hard = [(s.hardest, s.rows) for s in self.clusters if s.hardest is not None]
        own, suspected, cohesion = (
            float(np.average([getattr(s, name) for s in self.clusters], weights=weights)) for name in ("own", "suspected", "cohesion")
        )
        hardest = float(np.average([h for h, _ in hard], weights=[n for _, n in hard])) if hard else None
        return Stratum(
            cluster=-1,
            rows=sum(weights),
            batches=sum(s.batches for s in self.clusters),
            own=own,
            hardest=hardest,
            suspected=suspected,
            cohesion=cohesion,
        )


def difficulty(
    guide: Sides, partition: Partition, batch_size: int, *, margin: float = 0.0, same: Sequence[NDArray[Any]] | None = None, seed: int = 0
) -> Difficulty:
    """Measure a few batches of every cluster, and random ones, before training.

    Parameters
    ----------
    guide : pair of arrays, shapes (n, d)
        Vectors of all anchors and all positives, of any length and float type; read block by block.
    partition : Partition
        Of the n pairs; rows without a cluster count for the random batches alone.
    batch_size : int
        A cluster of fewer rows is measured as one batch.
    margin : float
    same : int arrays, shapes (n,), optional
        Suspects are decided as in `FilteredContrastiveLoss`, by guide, margin and equal texts.
    seed : int

    Returns
    -------
    Difficulty
        A cluster is an outlier where its `hardest`, or its `cohesion`, lies more than 3.5 robust deviations (1.4826 times the median absolute
        deviation) and at least 0.05 below the median of the clusters; of fewer than five clusters none is.

    Raises
    ------
    InputError
        The sides and the partition differ in length, the batch is smaller than 2, or no row has a cluster.

    Examples
    --------
    >>> X = np.repeat(np.eye(2, 8), 40, axis=0) + np.random.default_rng(0).normal(0, 0.05, (80, 8))
    >>> hardness = difficulty((X, X), Partition(np.arange(80).astype(str), np.arange(80) // 40), 8)
    >>> [(s.rows, s.batches) for s in hardness.clusters], hardness.clusters[0].hardest > 0.9 > hardness.clusters[0].suspected
    ([(40, 5), (40, 5)], True)
    """
    n = len(partition.ids)
    if not len(guide[0]) == len(guide[1]) == n:
        raise InputError(f"there are {len(guide[0]):,} anchors and {len(guide[1]):,} positives for {n:,} items of the partition.")
    if batch_size < 2:
        raise InputError(f"The 'batch_size' parameter of difficulty must be an int in the range [2, inf). Got {batch_size!r} instead.")
    labels = partition.labels
    if not (labels >= 0).any():
        raise InputError("no row has a cluster.", hint="cluster_pairs gives every row one.")
    loss = FilteredContrastiveLoss(None, guide=guide, same=same, margin=margin)
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(int(labels.max()) + 2))
    streams = Seed(seed)
    strata = [
        _stratum(c, order[start:stop], size=batch_size, loss=loss, most=SAMPLED, rng=streams.stream(f"difficulty {c}"))
        for c, (start, stop) in enumerate(pairwise(ends.tolist()))
        if stop > start
    ]
    random = _stratum(-1, np.arange(n), size=batch_size, loss=loss, most=AT_RANDOM, rng=streams.stream("difficulty at random"))
    return Difficulty(_with_outliers(strata), random)


def _stratum(
    cluster: int, rows: NDArray[np.int64], size: int, loss: FilteredContrastiveLoss, most: int, rng: np.random.Generator
) -> Stratum:
    drawn = rng.permutation(rows)
    full = len(rows) // size
    batches = [drawn[i * size : (i + 1) * size] for i in range(min(full, most))] or [drawn]
    hardest, suspects, pairs = [], 0, 0
    for batch in batches:
        best, suspected = _looked_at(batch, loss)
        hardest.append(best)
        suspects, pairs = suspects + suspected, pairs + len(batch) * (len(batch) - 1)
    known = np.concatenate(hardest)
    own, middle = _over_all(rows, loss)
    mean_hardest = float(known.mean(dtype=np.float64)) if len(known) else None
    return Stratum(
        cluster=cluster, rows=len(rows), batches=full, own=own, hardest=mean_hardest, suspected=suspects / max(pairs, 1), cohesion=middle
    )


def _looked_at(batch: NDArray[np.int64], loss: FilteredContrastiveLoss) -> tuple[NDArray[np.float32], int]:
    """Cosines of the hardest negatives of those anchors that have one, and the number of suspects."""
    anchors, positives = _sides(batch, loss)
    suspects = loss.suspects(from_numpy(batch), from_numpy(batch)).numpy()
    np.fill_diagonal(suspects, True)
    cosines = np.where(suspects, -np.inf, anchors @ positives.T).max(axis=1)
    return cosines[np.isfinite(cosines)], int(suspects.sum()) - len(batch)


def _over_all(rows: NDArray[np.int64], loss: FilteredContrastiveLoss) -> tuple[float, float]:
    """Mean cosine to the own positive, and of the positives to their middle (which is the length of their mean)."""
    own, total = 0.0, np.float64(0)
    for block in _blocks(rows):
        anchors, positives = _sides(block, loss)
        own += float(np.einsum("ij,ij->i", anchors, positives).sum(dtype=np.float64))
        total = total + positives.sum(axis=0, dtype=np.float64)
    return own / len(rows), float(np.linalg.norm(total / len(rows)))


def _sides(rows: NDArray[np.int64], loss: FilteredContrastiveLoss) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    assert loss.guide is not None
    return normalise(loss.guide[0][rows]), normalise(loss.guide[1][rows])


def _blocks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


def _with_outliers(strata: list[Stratum]) -> list[Stratum]:
    hard = _low([s.hardest for s in strata])
    loose = _low([s.cohesion for s in strata])
    return [replace(s, outlier=bool(h or far)) for s, h, far in zip(strata, hard, loose, strict=True)]


def _low(values: Sequence[float | None]) -> NDArray[np.bool_]:
    """Which values lie far below the rest; None never does."""
    numbers = np.array([np.nan if value is None else value for value in values], float)
    known = numbers[np.isfinite(numbers)]
    if len(known) < FEWEST:
        return np.zeros(len(numbers), bool)
    middle = np.median(known)
    spread = 1.4826 * np.median(np.abs(known - middle))
    return np.asarray(numbers < middle - max(FAR * spread, LEAST))
