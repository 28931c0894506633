"""How a student learns from the pairs of a source: the arms, the settings, the batches and the loop.

The loop is that of `matomari.learn.pairs.trainer.train` without its bookkeeping; pairs/settle.py shows that both reach the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import get_linear_schedule_with_warmup

from harness.data import pairs
from harness.data.files import CACHE, encoder
from harness.machine import Clock
from matomari import Partition
from matomari.learn.pairs.clusters import cluster_pairs
from matomari.learn.pairs.contrastive import FilteredContrastiveLoss
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.sampler import ClusterBatchSampler
from matomari.vectors import normalise
from pairs.students import Reader, Search, Tokens, blocks, embedded, scores, static

GUIDE_READS = 400  # characters
BATCH = 64
WHOLE_SIDE = "positive"  # of whole clusters: those of queries, or of both, did worse on the validation queries where they were tried
BEFORE: dict[str, Any] = {  # what pairs/settle.py starts from
    "learning_rate": 0.01,
    "temperature": 0.1,
    "epochs": 4,
    "side": "positive",
    "batches_a_cluster": 10,
    "margin": 0.0,
    "mined_margin": 0.05,
    "piece": 4,
    "batches_a_small_cluster": 0.3,
    "mixing": 0.25,
}


class Arm(NamedTuple):
    """How batches are formed; `batch` and `steps` are multiples of those of the random arm.

    With `pieces` a batch is put together from pieces of several small clusters, drawn at random, instead of one large one. With `mixing`, a share
    of the rows is drawn at random; with `refresh`, the clusters are formed anew after every epoch from what the student is by then. `distilled`
    holds the student near the guide.
    """

    clusters: bool = False
    filter: bool = False
    mined: bool = False
    pieces: bool = False
    mixing: bool = False
    refresh: bool = False
    distilled: bool = False
    batch: int = 1
    steps: float = 1.0


MINED_STEPS = 0.75  # so many steps with a third column, or of twice the pairs, cost about what all cost without
PIECES = Arm(clusters=True, pieces=True, filter=True)
ARMS = {
    "random": Arm(),
    "random, double batch, equal pairs": Arm(batch=2, steps=0.5),
    "random, double batch, equal cost": Arm(batch=2, steps=MINED_STEPS),
    "random + filter": Arm(filter=True),
    "clusters + filter": Arm(clusters=True, filter=True),
    "clusters + filter + mixing": Arm(clusters=True, filter=True, mixing=True),
    "pieces of small clusters": PIECES._replace(filter=False),
    "pieces of small clusters + filter": PIECES,
    "pieces of small clusters + filter + mixing": PIECES._replace(mixing=True),
    "pieces of small clusters + filter + refresh": PIECES._replace(refresh=True),
    "mined": Arm(mined=True, steps=MINED_STEPS),
    "mined + pieces + filter": PIECES._replace(mined=True, steps=MINED_STEPS),
}


class Source:
    """The pairs of one source as all runs use them, and what the guide gives for them; `most` pairs and documents, drawn at random."""

    def __init__(self, name: str, part: str, reader: Reader = Tokens, most: tuple[int, int] | None = None) -> None:
        self.name, self.part, self.reader = name, part, reader
        splits = pairs.load(name)
        task = pairs.retrieval(splits, part)
        self.texts = splits["train"]
        if most:
            task = pairs.fewer_documents(task, most[1])
            self.texts = pairs.fewer_pairs(self.texts, most[0])
        self.search = Search(reader(task.queries), reader(task.corpus), [{int(row): 1} for row in task.relevant])
        self.tokens = reader(self.texts.anchors), reader(self.texts.positives)
        self.same = Lesson({"anchor": self.texts.anchors, "positive": self.texts.positives}).same()
        self._clusters: dict[tuple[Any, ...], tuple[Partition, float]] = {}

    @cached_property
    def guide(self) -> tuple[np.ndarray, np.ndarray]:
        """What says which negatives are false, and what clusters are made of."""
        return guide(self.texts.anchors), guide(self.texts.positives)

    def __len__(self) -> int:
        return len(self.texts.anchors)

    def clusters(self, arm: Arm, settled: dict[str, Any], seed: int) -> tuple[Partition, float]:
        """Clusters of the pairs, and the CPU seconds they took."""
        side = settled["side"] if arm.pieces else WHOLE_SIDE
        batches = settled["batches_a_small_cluster" if arm.pieces else "batches_a_cluster"]
        if (side, batches, seed) not in self._clusters:
            with Clock() as clock:
                partition = cluster_pairs(*self.guide, BATCH, side=side, batches_a_cluster=batches, seed=seed)
            self._clusters[side, batches, seed] = partition, round(clock.cpu_seconds, 2)
        return self._clusters[side, batches, seed]

    def mined(self, margin: float) -> np.ndarray:
        """For each pair the row whose positive the guide ranks first, of those below its own positive by more than the margin."""
        file = CACHE / "stratified" / f"{self.name}-{len(self)}-{margin}.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)
        anchors, positives = (normalise(side) for side in self.guide)
        rows_of_negatives = np.empty(len(self), np.int64)
        for rows in map(np.array, blocks(len(self))):
            cosines = anchors[rows] @ positives.T
            cosines[cosines >= cosines[np.arange(len(rows)), rows][:, None] - margin] = -2
            for side in self.same:
                cosines[side[rows][:, None] == side] = -2
            rows_of_negatives[rows] = cosines.argmax(axis=1)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, rows_of_negatives)
        return rows_of_negatives


def guide(texts: list[str]) -> np.ndarray:
    """MiniLM vectors of the beginnings of texts."""
    return encoder("on").encode([text[:GUIDE_READS] for text in texts])


def recipe_of(source: Source, arm: Arm, seed: int, settled: dict[str, Any]) -> Recipe:
    """The settings of an arm as the trainer takes them."""
    batch = BATCH * arm.batch
    return Recipe(
        batch_size=batch,
        steps=round((settled.get("steps") or settled["epochs"] * (len(source) // BATCH)) * arm.steps),
        mixing=settled["mixing"] if arm.mixing else 0.0,
        seed=seed,
        piece=settled["piece"] if arm.pieces else batch,
        learning_rate=settled["learning_rate"],
        temperature=settled["temperature"],
        margin=settled["margin"],
    )


def one_run(
    source: Source, arm: Arm, seed: int, settled: dict[str, Any], student: Callable[[int], SentenceTransformer] = static
) -> dict[str, Any]:
    """Train and score; steps, CPU seconds, and the scores."""
    partition, seconds = source.clusters(arm, settled, seed) if arm.clusters else (None, 0.0)
    model = student(seed)
    run = learn(model, source, recipe_of(source, arm, seed, settled), arm, partition, settled)
    run |= scores(model, source.search, source.part, source.reader)
    return run | ({"clustering_cpu_seconds": seconds} if arm.clusters else {})


class Batches:
    """The batches of one epoch after the other, and clusters that follow the student where the arm has it so."""

    def __init__(self, source: Source, arm: Arm, recipe: Recipe, partition: Partition | None, side: str) -> None:
        self.source, self.arm, self.recipe, self.side = source, arm, recipe, side
        self.partition = partition or Partition(np.arange(len(source)).astype(str), np.zeros(len(source), np.int64))
        self.sampler = ClusterBatchSampler(
            source, recipe.batch_size, partition=self.partition, mixing=recipe.mixing, seed=recipe.seed, piece=recipe.piece
        )
        self.spent, self.regrouping, self.churn = 0.0, 0.0, list[float]()

    def of(self, epoch: int, model: SentenceTransformer) -> Iterator[list[int]]:
        """Those of an epoch."""
        if epoch and self.arm.refresh:
            self._refresh(model)
        self.sampler.set_epoch(epoch)
        return iter(self.sampler)

    def _refresh(self, model: SentenceTransformer) -> None:
        with Clock() as whole:
            vectors = [embedded(model, tokens) for tokens in self.source.tokens]
            with Clock() as regrouping:
                fresh = cluster_pairs(*vectors, BATCH, side=self.side, start=self.partition, seed=self.recipe.seed)
            self.churn.append(float((fresh.labels != self.partition.labels).mean()))
            self.partition = fresh
            self.sampler.regroup(fresh)
        self.spent += whole.cpu_seconds
        self.regrouping += regrouping.cpu_seconds

    def costs(self) -> dict[str, Any]:
        """What following the student cost, and how many pairs moved."""
        regrouping = round(self.regrouping / max(len(self.churn), 1), 3)
        churn = [round(share, 4) for share in self.churn]
        return {"refresh_cpu_seconds": round(self.spent, 2), "regrouping_cpu_seconds": regrouping, "churn": churn}


def learn(
    model: SentenceTransformer, source: Source, recipe: Recipe, arm: Arm, partition: Partition | None, settled: dict[str, Any]
) -> dict[str, Any]:
    """Train in place; steps and CPU seconds."""
    mined = source.mined(settled["mined_margin"]) if arm.mined else None
    drawn = Batches(source, arm, recipe, partition, settled["side"])
    same = [*source.same, *([] if mined is None else [source.same[1][mined]])]
    guide = source.guide if arm.filter or arm.distilled else None
    margin = recipe.margin if arm.filter else -math.inf  # nobody is a suspect
    pull = settled["distillation"] if arm.distilled else 0.0
    loss = FilteredContrastiveLoss(model, guide=guide, same=same, temperature=recipe.temperature, margin=margin, distillation=pull)
    optimizer = torch.optim.AdamW(model.parameters(), recipe.learning_rate, weight_decay=0.0, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(recipe.warmup * recipe.steps), recipe.steps)
    step, epoch = 0, 0
    with Clock() as clock:
        while step < recipe.steps:
            for rows in drawn.of(epoch, model):
                columns = [tokens.features(rows) for tokens in source.tokens]
                if mined is not None:
                    columns.append(source.tokens[1].features(mined[rows]))
                loss(columns, torch.tensor(rows)).backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                optimizer.zero_grad()
                step += 1
                if step == recipe.steps:
                    break
            epoch += 1
    return {"steps": step, "cpu_seconds": round(clock.cpu_seconds, 2)} | (drawn.costs() if arm.refresh else {})
