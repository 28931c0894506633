"""Batches from one cluster, for sentence-transformers' trainer. Queries on one topic make each other's passages hard negatives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sentence_transformers.base.sampler import DefaultBatchSampler

from ...errors import InputError
from ...parameters import share, whole
from ...partition import Partition
from ...seeds import Seed
from .epoch import View, epoch

Strata = Partition | Sequence[Partition] | Mapping[str, Partition]
PIECE = 2


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
        A batch is made of pieces of this many rows, each from one cluster, drawn at random. From `batch_size` on a whole batch, and with several
        processes the batch of all of them, is from one cluster, as in the paper; small pieces of small clusters did better in our runs.
    sources : array, shape (n,), optional
        Source of each row. No batch mixes two sources, except the last batches of an epoch.
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
        """Rows of the last batch, when it is not full. It is 0 for several processes, because they would wait for each other forever."""
        return 0 if self.drop_last or self.together > 1 else self.rows % self.batch_size


def _of(partition: Strata, rows: int) -> Partition | Sequence[Partition]:
    """The partition of a data set; in a mapping, that with as many items."""
    if not isinstance(partition, Mapping):
        return partition
    fitting = [name for name, part in partition.items() if len(part.ids) == rows]
    if len(fitting) != 1:
        subject = f"{len(fitting)} partitions have" if fitting else "no partition has"
        raise InputError(
            f"{subject} {rows:,} items, as many as the data set has rows.",
            hint="the trainer does not say which data set it samples: put them in one, and name the 'sources' of its rows.",
        )
    return partition[fitting[0]]
