"""Clusters that follow the model: every few epochs they are made again from its own vectors."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers import TrainerCallback

from ...logs import log
from ...partition import Partition
from ...store.formats import load_arrays, save_arrays
from ..processes import processes, rank
from .clusters import cluster_pairs
from .recipe import Lesson
from .sampler import ClusterBatchSampler

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FILE = "clusters.safetensors"
NOTED = "pairs that moved"  # in the trainer's log history


class Refresh(TrainerCallback):
    """Embed the pairs with the current model, continue k-means from the current clusters, and draw the next epochs' batches from the result.

    The clusters keep their numbers, so the share of pairs that changed theirs, the churn, says how much there was to refresh. After a kill
    the clusters come from the checkpoint, or are made again where it stood between two epochs: both ways to the very same batches.

    Parameters
    ----------
    lesson : Lesson
        With a partition.
    every : int
        Epochs from one refresh to the next; 0 never.
    seed : int

    Attributes
    ----------
    partitions : list of Partition
        The current ones.
    """

    def __init__(self, lesson: Lesson, every: int, seed: int = 0) -> None:
        partition = lesson.partition
        assert partition is not None
        self.lesson, self.every, self.seed = lesson, every, seed
        self.partitions = [partition] if isinstance(partition, Partition) else list(partition)
        self._sampler: ClusterBatchSampler | None = None

    def sampler(self, *given: Any, **trainer: Any) -> ClusterBatchSampler:
        """The sampler that will receive new clusters, made when the trainer asks for it."""
        self._sampler = ClusterBatchSampler(*given, partition=self.partitions, **trainer)
        return self._sampler

    def on_epoch_begin(self, args: Any, state: Any, control: Any, model: SentenceTransformer | None = None, **_: Any) -> None:
        """Refresh when it is due, unless the epoch had begun before a kill."""
        assert self._sampler is not None and model is not None
        epoch, begun = divmod(state.global_step, len(self._sampler) // self._sampler.together)
        if begun or not epoch or not self.every or epoch % self.every:
            return
        before = time.monotonic()
        fresh = _agreed(lambda: [regrouped(model, self.lesson, part, self.seed) for part in self.partitions])
        churn = float(np.mean([moved(old, new) for old, new in zip(self.partitions, fresh, strict=True)]))
        self.partitions = fresh
        self._sampler.regroup(fresh)
        log.info("epoch %d: clusters refreshed in %.1f s, %.1f %% of the pairs moved", epoch, time.monotonic() - before, 100 * churn)
        state.log_history.append({"step": state.global_step, "epoch": epoch, NOTED: churn})

    def save(self, folder: Path) -> None:
        """Save the current clusters beside the current weights, if they can differ from those of the lesson."""
        if not self.every:
            return
        arrays: dict[str, Any] = {}
        for number, part in enumerate(self.partitions):
            arrays |= {f"{number}/labels": part.labels} | ({} if part.centers is None else {f"{number}/centers": part.centers})
        save_arrays(folder / FILE, arrays)

    def load(self, folder: Path) -> None:
        """Take the clusters that were kept."""
        if not self.every:
            return
        arrays = load_arrays(folder / FILE)
        self.partitions = [
            Partition(part.ids, arrays[f"{number}/labels"], centers=arrays.get(f"{number}/centers"), origin=part.origin)
            for number, part in enumerate(self.partitions)
        ]


def regrouped(model: SentenceTransformer, lesson: Lesson, partition: Partition, seed: int = 0) -> Partition:
    """The clusters of a lesson's pairs by the vectors of `model`, beginning with `partition` and of the side that it was made of."""
    side = str(partition.origin.get("side", "joint"))
    read = ("anchor", "positive") if side == "joint" else (side, side)  # only the side that is clustered is encoded
    vectors = {name: model.encode(lesson.columns[name], convert_to_numpy=True, show_progress_bar=False) for name in dict.fromkeys(read)}
    return cluster_pairs(vectors[read[0]], vectors[read[1]], 1, side=side, sources=lesson.sources, start=partition, seed=seed)


def moved(old: Partition, new: Partition) -> float:
    """Share of the items whose cluster has another number."""
    return float(np.mean(old.labels != new.labels))


def _agreed(make: Any) -> list[Partition]:
    """The result of the first process, in every process."""
    if processes() == 1:
        return list(make())
    shared: list[Sequence[Partition] | None] = [make() if rank() == 0 else None]
    torch.distributed.broadcast_object_list(shared, src=0)
    return list(shared[0] or ())
