"""Batches from inside one cluster, for the trainer people already use: the topic that queries share makes each other's passages hard."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sentence_transformers.base.sampler import DefaultBatchSampler

from ..cluster.sklearn_edge import one_of, share, whole
from ..errors import InputError
from ..partition import Partition
from ..seeds import Seed
from ..vectors import check, normalise
from .batches import View, epoch
from .fine import carry, split

Strata = Partition | Sequence[Partition] | Mapping[str, Partition]
SIDES = ("positive", "anchor", "joint")
PIECE = 2
BATCHES_A_CLUSTER = 0.15  # so clusters of about ten rows for batches of 64 (benchmarks/settle_stratified.py)


class ClusterBatchSampler(DefaultBatchSampler):
    """Fill each contrastive batch from one cluster of a Partition.

    A drop-in for sentence-transformers: ``batch_sampler=partial(ClusterBatchSampler, partition=p)``. The order of an epoch is a pure function of
    seed, epoch and labels, so every process makes the same one.

    Parameters
    ----------
    dataset : Dataset
        Its rows are the items of the partition, in their order.
    batch_size : int
    drop_last : bool
        Leave out the last rows when they do not fill a batch. Every other batch is full.
    seed : int
    partition : Partition, several of them, or a mapping of them
        Of several, each row follows one, drawn anew in each epoch: clusters of queries and of passages in turn, say. A mapping gives
        the partition of each data set of a `DatasetDict`; they are told apart by their number of rows.
    mixing : float in [0, 1], or one for each epoch
        Share of the rows whose batches are drawn at random; the last one given stays. A falling one is a curriculum.
    piece : int
        A batch is made of pieces of so many rows, each from one cluster, drawn at random. From `batch_size` on a whole batch, and with several
        processes the batch of all of them, is from one cluster, as in the paper; small pieces of small clusters did better in our runs.
    sources : array, shape (n,), optional
        Source of each row: no batch mixes two, but the last ones of an epoch.
    **trainer
        What the trainer hands to every sampler, `valid_label_columns` and `generator`: the order depends on neither.

    Raises
    ------
    InputError
        The partition has not as many items as the data set has rows, or a parameter is out of range.

    Notes
    -----
    Merrick 2024, *Embedding and clustering your data can improve contrastive pretraining*, section 3. Beyond the paper: what does not fill a
    batch is not lost but pooled with what neighbouring clusters have left over (after Morris and Rush 2024), and a share of random
    batches keeps what lies outside the domain.

    Examples
    --------
    >>> p = Partition([str(i) for i in range(8)], [0, 1, 0, 1, 0, 1, 0, 1])
    >>> sampler = ClusterBatchSampler(range(8), 4, piece=4, partition=p)
    >>> sorted(sorted(batch) for batch in sampler)
    [[0, 2, 4, 6], [1, 3, 5, 7]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int,
        drop_last: bool = True,
        *,
        seed: int = 0,
        partition: Strata,
        mixing: float | Sequence[float] = 0.0,
        piece: int = PIECE,
        sources: ArrayLike | None = None,
        **trainer: Any,
    ) -> None:
        if unknown := trainer.keys() - {"valid_label_columns", "generator"}:
            raise TypeError(f"ClusterBatchSampler has no parameter {min(unknown)!r}")
        super().__init__(dataset, batch_size, drop_last, seed=seed, **trainer)
        self.sampler: Any = self  # accelerate's shard of a batch sampler passes `set_epoch` on to its `sampler`, and to nothing else
        self.mixing = [share(self, "mixing", m) for m in (mixing if isinstance(mixing, Sequence) and len(mixing) else [mixing])]
        self.together, self.piece = int(os.environ.get("WORLD_SIZE", "1")), whole(self, "piece", piece, 1)
        self.rows, self.sources = len(dataset), sources
        self.regroup(_of(partition, self.rows))
        if not len(self):
            raise InputError(
                f"{self.together} x {batch_size} rows a step are more than the {self.rows:,} rows there are.", hint="take a smaller batch."
            )

    def regroup(self, partition: Partition | Sequence[Partition]) -> None:
        """Draw from these clusters, beginning with the next epoch."""
        parts = [partition] if isinstance(partition, Partition) else list(partition)
        for part in parts:
            if len(part.ids) != self.rows:
                raise InputError(
                    f"the partition has {len(part.ids):,} items, the data set {self.rows:,} rows.",
                    hint="one item a row, in the same order.",
                )
        if self.sources is not None and len(np.asarray(self.sources)) != self.rows:
            raise InputError(f"'sources' has {len(np.asarray(self.sources)):,} entries, the data set {self.rows:,} rows.")
        self._views = [View.of(part.labels, part.centers, self.sources) for part in parts]

    def __len__(self) -> int:
        full = self.rows // (self.batch_size * self.together) * self.together
        return full + bool(self._short())

    def __iter__(self) -> Iterator[list[int]]:
        size, step = self.batch_size, self.batch_size * self.together
        unit = self.piece if self.piece < size else step
        rng = Seed(self.seed).stream(f"cluster batches {self.epoch}")
        rows = epoch(self._views, unit, self.mixing[min(self.epoch, len(self.mixing) - 1)], rng)
        full = len(rows) // unit * unit
        rows[:full] = rows[:full].reshape(-1, unit)[rng.permutation(full // unit)].ravel()
        for start in range(0, len(rows) // step * step, size):
            yield rows[start : start + size].tolist()
        if self._short():
            yield rows[-self._short() :].tolist()

    def _short(self) -> int:
        """Rows of the last batch, when it is not full; several processes would wait for each other for ever."""
        return 0 if self.drop_last or self.together > 1 else self.rows % self.batch_size


def cluster_pairs(
    anchors: ArrayLike,
    positives: ArrayLike,
    batch_size: int,
    *,
    side: str = "joint",
    batches_a_cluster: float = BATCHES_A_CLUSTER,
    sources: ArrayLike | None = None,
    start: Partition | None = None,
    seed: int = 0,
) -> Partition:
    """Clusters of pairs for `ClusterBatchSampler`: spherical k-means inside each source.

    Parameters
    ----------
    anchors, positives : arrays, shape (n, d)
        Vectors of both sides, by an embedder that is there already. Only the side that is clustered is read.
    batch_size : int
    side : {"positive", "anchor", "joint"}
        What is clustered: passages, queries, or both as one vector (Morris and Rush 2024), which did best in our runs.
    batches_a_cluster : float
        k of a source is its rows over `batch_size` times this.
    sources : array, shape (n,), optional
    start : Partition, optional
        An earlier result for the same pairs, by these vectors or any others: k-means goes on from its clusters, which keep their numbers. How many
        there are is then its word.
    seed : int

    Returns
    -------
    Partition
        Ids are row numbers. No cluster has rows of two sources.

    Raises
    ------
    InputError
        A parameter is out of range, the sides differ in length, or a vector is not finite.

    Examples
    --------
    >>> X = np.repeat(np.eye(2, 8), 40, axis=0) + np.random.default_rng(0).normal(0, 0.01, (80, 8))
    >>> cluster_pairs(X, X, 4, batches_a_cluster=10).sizes.tolist()
    [40, 40]
    """
    one_of(cluster_pairs, "side", side, SIDES)
    if batch_size < 1 or not batches_a_cluster > 0:
        raise InputError(f"batch_size and batches_a_cluster must be above 0. Got {batch_size} and {batches_a_cluster}.")
    X = _side(anchors, positives, side)
    source = np.zeros(len(X), np.int64) if sources is None else np.unique(np.asarray(sources), return_inverse=True)[1]
    if len(source) != len(X):
        raise InputError(f"'sources' has {len(source):,} entries, there are {len(X):,} pairs.")
    if start is not None and len(start.ids) != len(X):
        raise InputError(
            f"'start' has {len(start.ids):,} items, there are {len(X):,} pairs.", hint="give an earlier result for the same pairs."
        )
    labels, strength = np.empty(len(X), np.int64), np.empty(len(X), np.float32)
    centers: list[NDArray[np.float32]] = []
    for number in range(int(source.max(initial=-1)) + 1):
        rows = np.flatnonzero(source == number)
        inside, found = _clustered(
            X[rows], round(len(rows) / (batch_size * batches_a_cluster)), None if start is None else start.labels[rows], seed
        )
        labels[rows] = inside + sum(len(one) for one in centers)
        strength[rows] = np.clip(np.einsum("ij,ij->i", normalise(X[rows]), found[inside]), 0, 1)
        centers.append(found)
    origin = {"clusterer": "SphericalKMeans", "side": side, "batch_size": batch_size, "batches_a_cluster": batches_a_cluster, "seed": seed}
    return Partition(np.arange(len(X)).astype(str), labels, strength, np.concatenate(centers), origin)


def _of(partition: Strata, rows: int) -> Partition | Sequence[Partition]:
    """The partition of a data set; in a mapping, that with as many items."""
    if not isinstance(partition, Mapping):
        return partition
    fitting = [name for name, one in partition.items() if len(one.ids) == rows]
    if len(fitting) != 1:
        said = f"{len(fitting)} partitions have" if fitting else "no partition has"
        raise InputError(
            f"{said} {rows:,} items, as many as the data set has rows.",
            hint="the trainer does not say which data set it samples: put them in one, and name the 'sources' of its rows.",
        )
    return partition[fitting[0]]


def _side(anchors: ArrayLike, positives: ArrayLike, side: str) -> NDArray[np.float32]:
    if len(np.asarray(anchors)) != len(np.asarray(positives)):
        raise InputError(f"there are {len(np.asarray(anchors)):,} anchors and {len(np.asarray(positives)):,} positives.")
    if side == "joint":
        return np.hstack([normalise(check(anchors, "anchors")), normalise(check(positives, "positives"))])
    return check(anchors, "anchors") if side == "anchor" else check(positives, "positives")


def _clustered(
    X: NDArray[np.float32], k: int, before: NDArray[np.int64] | None, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels and centres, from the clusters of before where there were any."""
    if before is None or not (before >= 0).any():
        return split(X, k, seed)
    used = np.unique(before[before >= 0])
    return carry(X, np.where(before < 0, -1, np.searchsorted(used, before)))
