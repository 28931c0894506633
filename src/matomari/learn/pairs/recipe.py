"""The training data, which are pairs with their clusters and a guide, and the settings of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...parameters import from_zero, real, share, whole
from ...partition import Partition
from .clusters import BATCHES_A_CLUSTER
from .contrastive import Sides


@dataclass(frozen=True)
class Recipe:
    """How to train on pairs.

    Attributes
    ----------
    batch_size : int
        Pairs in a batch of one process.
    epochs : float
    steps : int
        Optimiser steps in all; 0 leaves it to `epochs`.
    learning_rate, warmup : float
        The highest rate, and the share of the steps until it is reached; from there it falls to 0 in a line.
    temperature, distillation : float
        Of `FilteredContrastiveLoss`.
    margin : float, optional
        Of `FilteredContrastiveLoss`; without it equal texts alone are left out. A filter by the start encoder lost in most comparisons (docs/learn.md).
    mixing : float, or several
        Share of random batches, of every epoch or of one after the other; see `ClusterBatchSampler`.
    piece : int
        Rows of one cluster in a batch; with 1 a batch is drawn at random.
    batches_a_cluster : float
        Of `cluster_pairs`. Clusters of about ten rows were chosen on validation queries, with pieces of 2 (`benchmarks/pairs/settle.py`).
    refresh : int
        Epochs after which the clusters are made again from the model's own vectors; 0 never.
    every : int
        Steps from checkpoint to checkpoint.
    seed : int
    """

    batch_size: int = 64
    epochs: float = 1.0
    steps: int = 0
    learning_rate: float = 2e-5
    warmup: float = 0.1
    temperature: float = 0.05
    margin: float | None = None
    distillation: float = 0.0
    mixing: float | tuple[float, ...] = 0.0
    piece: int = 1
    batches_a_cluster: float = BATCHES_A_CLUSTER
    refresh: int = 0
    every: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("batch_size", 2), ("steps", 0), ("every", 1), ("seed", 0), ("piece", 1), ("refresh", 0)):
            whole(self, name, getattr(self, name), least)
        for name in ("epochs", "learning_rate", "temperature", "batches_a_cluster"):
            real(self, name, getattr(self, name), 0)
        from_zero(self, "distillation", self.distillation)
        if self.margin is not None and not -2 <= self.margin <= 2:
            raise InputError(
                f"The 'margin' parameter of Recipe must lie in [-2, 2], as a difference of cosines. Got {self.margin!r} instead."
            )
        share(self, "warmup", self.warmup)
        for value in self.mixing if isinstance(self.mixing, tuple) and self.mixing else (self.mixing,):
            share(self, "mixing", value)


@dataclass(frozen=True, eq=False)
class Lesson:
    """The training data.

    Attributes
    ----------
    columns : dict of str to list of str, each of length n
        "anchor", "positive", then any negatives.
    partition : Partition or several, optional
        Clusters that batches are drawn from; without it they are drawn at random.
    guide : pair of arrays, shapes (n, d), optional
        Vectors that say which negatives are false.
    sources : array, shape (n,), optional
        The source of each pair. No cluster and no piece of a batch mixes two sources.
    """

    columns: dict[str, list[str]]
    partition: Partition | Sequence[Partition] | None = None
    guide: Sides | None = field(default=None, repr=False)
    sources: NDArray[Any] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.columns["anchor"])

    def same(self) -> list[NDArray[np.int64]]:
        """A number for each distinct text: of the anchors, and, counted together, of the positives and each column of negatives."""
        anchors = np.unique(np.asarray(self.columns["anchor"], object), return_inverse=True)[1]
        others = [texts for name, texts in self.columns.items() if name != "anchor"]
        numbers = np.unique(np.asarray([text for texts in others for text in texts], object), return_inverse=True)[1]
        return [anchors, *numbers.reshape(len(others), -1)]

    def digest(self) -> str:
        """sha256 of everything that decides the batches."""
        digest = hashlib.sha256()
        for name, texts in self.columns.items():
            digest.update(f"{name} {len(texts)}\n".encode())
            for text in texts:
                digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        for part in [] if self.partition is None else [self.partition] if isinstance(self.partition, Partition) else self.partition:
            digest.update(part.labels.tobytes())
        if self.sources is not None:
            digest.update("\n".join(map(str, self.sources)).encode("utf-8", "surrogatepass"))
        for side in self.guide or ():
            digest.update(np.ascontiguousarray(side[:: max(len(side) // 1000, 1)]).tobytes())
        return digest.hexdigest()
