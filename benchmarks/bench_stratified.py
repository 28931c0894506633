"""Claim: batches of pieces of small clusters, without false negatives, find more in domain than random ones at equal steps and equal data.

A static student (one vector a token, from scratch, so that nothing was seen before) learns from three sources of pairs (pair_sets.py); NDCG@10
on test queries against all positives of the source. Clusters and the filter read MiniLM vectors of the first 400 characters. Out of domain:
NFCorpus and SciFact (BEIR's test judgements) and the STS benchmark. Every arm of one seed begins at the same weights; the settings come from
settle_stratified.py, which sees validation queries alone. Whole batches from one cluster, which is what the paper proposes, stand beside
them. CPU seconds are those of the steps: texts are tokenised before, and what the clusters cost is told apart. The loop here is that of
`matomari.learn.pairs.trainer.train` without its bookkeeping; settle_stratified.py shows that both reach the same weights.
"""

from __future__ import annotations

import argparse
import math
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import get_linear_schedule_with_warmup

import matomari
import pair_sets
import results
import tables_parts
from gains import summary
from matomari import Partition
from matomari.learn.pairs.clusters import cluster_pairs
from matomari.learn.pairs.contrastive import FilteredContrastiveLoss
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.sampler import ClusterBatchSampler
from matomari.vectors import normalise
from students import BLOCK, Reader, Search, Tokens, embedded, scores, static

CACHE = Path(__file__).parents[1] / ".cache"
GUIDE_READS = 400  # characters
BATCH = 64
WHOLE_SIDE = "positive"  # of whole clusters: those of queries, or of both, did worse on the validation queries where they were tried
BEFORE = {  # what settle_stratified.py starts from
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
SETTLED: dict[str, Any] = BEFORE | (tables_parts.read("stratified_settled") or {}).get("chosen", {})


class Arm(NamedTuple):
    """How batches are made; `batch` and `steps` are multiples of those of the random arm.

    With `pieces` a batch is put together from pieces of several small clusters, drawn at random, instead of one large one. With `mixing`, a share
    of the rows is drawn at random; with `refresh`, the clusters are made again after every epoch from what the student is by then.
    """

    clusters: bool = False
    filter: bool = False
    mined: bool = False
    pieces: bool = False
    mixing: bool = False
    refresh: bool = False
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
    """The pairs of one source as all runs use them, and what the guide says of them; `most` pairs and documents, drawn at random."""

    def __init__(self, name: str, part: str, reader: Reader = Tokens, most: tuple[int, int] | None = None) -> None:
        self.name, self.part, self.reader = name, part, reader
        splits = pair_sets.load(name)
        task = pair_sets.retrieval(splits, part)
        self.texts = splits["train"]
        if most:
            task = pair_sets.fewer_documents(task, most[1])
            self.texts = pair_sets.fewer_pairs(self.texts, most[0])
        self.search = Search(reader(task.queries), reader(task.corpus), [{int(row): 1} for row in task.relevant])
        self.tokens = reader(self.texts.anchors), reader(self.texts.positives)
        self.guide = guide(self.texts.anchors), guide(self.texts.positives)
        self.same = Lesson({"anchor": self.texts.anchors, "positive": self.texts.positives}).same()
        self._clusters: dict[tuple[Any, ...], tuple[Partition, float]] = {}

    def __len__(self) -> int:
        return len(self.texts.anchors)

    def clusters(self, arm: Arm, settled: dict[str, Any], seed: int) -> tuple[Partition, float]:
        """Clusters of the pairs, and the CPU seconds they took."""
        side = settled["side"] if arm.pieces else WHOLE_SIDE
        batches = settled["batches_a_small_cluster" if arm.pieces else "batches_a_cluster"]
        if (side, batches, seed) not in self._clusters:
            before = time.process_time()
            found = cluster_pairs(*self.guide, BATCH, side=side, batches_a_cluster=batches, seed=seed)
            self._clusters |= {(side, batches, seed): (found, round(time.process_time() - before, 2))}
        return self._clusters[side, batches, seed]

    def mined(self, margin: float) -> np.ndarray:
        """For each pair the row whose positive the guide ranks first, of those below its own positive by more than the margin."""
        file = CACHE / "stratified" / f"{self.name}-{len(self)}-{margin}.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)
        anchors, positives = (normalise(side) for side in self.guide)
        found = np.empty(len(self), np.int64)
        for start in range(0, len(self), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(self)))
            cosines = anchors[rows] @ positives.T
            cosines[cosines >= cosines[np.arange(len(rows)), rows][:, None] - margin] = -2
            for side in self.same:
                cosines[side[rows][:, None] == side] = -2
            found[rows] = cosines.argmax(axis=1)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, found)
        return found


def guide(texts: list[str]) -> np.ndarray:
    encoder = matomari.load_encoder("minilm", fast="on", cache=CACHE / "vectors")
    return encoder.encode([text[:GUIDE_READS] for text in texts])


def one_run(
    source: Source, arm: Arm, seed: int, settled: dict[str, Any], student: Callable[[int], SentenceTransformer] = static
) -> dict[str, float]:
    """Train and score; steps, CPU seconds, and the scores."""
    partition, seconds = source.clusters(arm, settled, seed) if arm.clusters else (None, 0.0)
    model = student(seed)
    told = learn(model, source, recipe_of(source, arm, seed, settled), arm, partition, settled)
    return told | scores(model, source.search, source.part, source.reader) | ({"clustering_cpu_seconds": seconds} if arm.clusters else {})


def recipe_of(source: Source, arm: Arm, seed: int, settled: dict[str, Any]) -> Recipe:
    steps = round((settled.get("steps") or settled["epochs"] * (len(source) // BATCH)) * arm.steps)
    told = {"learning_rate": settled["learning_rate"], "temperature": settled["temperature"], "margin": settled["margin"]}
    mixing = settled["mixing"] if arm.mixing else 0.0
    return Recipe(
        batch_size=BATCH * arm.batch,
        steps=steps,
        mixing=mixing,
        seed=seed,
        piece=settled["piece"] if arm.pieces else BATCH * arm.batch,
        **told,
    )


class Batches:
    """The batches of one epoch after the other, and clusters that follow the student where the arm says so."""

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
            before = time.process_time()
            vectors = [embedded(model, tokens) for tokens in self.source.tokens]
            begun = time.process_time()
            fresh = cluster_pairs(*vectors, BATCH, side=self.side, start=self.partition, seed=self.recipe.seed)
            self.regrouping += time.process_time() - begun
            self.churn.append(float((fresh.labels != self.partition.labels).mean()))
            self.partition = fresh
            self.sampler.regroup(fresh)
            self.spent += time.process_time() - before
        self.sampler.set_epoch(epoch)
        return iter(self.sampler)


def learn(
    model: SentenceTransformer, source: Source, recipe: Recipe, arm: Arm, partition: Partition | None, settled: dict[str, Any]
) -> dict[str, float]:
    """Train in place; steps and CPU seconds."""
    mined = source.mined(settled["mined_margin"]) if arm.mined else None
    drawn = Batches(source, arm, recipe, partition, settled["side"])
    guide = source.guide if arm.filter else None
    same = [*source.same, *([] if mined is None else [source.same[1][mined]])]
    loss = FilteredContrastiveLoss(model, guide=guide, same=same, temperature=recipe.temperature, margin=recipe.margin)
    optimizer = torch.optim.AdamW(model.parameters(), recipe.learning_rate, weight_decay=0.0, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(recipe.warmup * recipe.steps), recipe.steps)
    before, step, epoch = time.process_time(), 0, 0
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
    told = {"steps": step, "cpu_seconds": round(time.process_time() - before, 2)}
    if arm.refresh:
        times = max(len(drawn.churn), 1)
        told |= {"refresh_cpu_seconds": round(drawn.spent, 2), "regrouping_cpu_seconds": round(drawn.regrouping / times, 3)}
        told |= {"churn": [round(one, 4) for one in drawn.churn]}
    return told


def save(file: str, settled: dict[str, Any], run: dict[str, float], source: str, arm: str, seed: int) -> None:
    """Add to what is there by now: several may measure at once, each its own source."""
    table = (tables_parts.read(file) or {}).get("sources", {})
    table.setdefault(source, {}).setdefault(arm, {})[str(seed)] = run
    results.write(file, {"settled": settled, "summary": summary(table, list(ARMS)), "sources": table}, ["tokenizers", "transformers"])


def measured(file: str, name: str, arm: str, seed: int) -> bool:
    return str(seed) in (tables_parts.read(file) or {}).get("sources", {}).get(name, {}).get(arm, {})


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("sources", nargs="*", default=list(pair_sets.READERS), help="of " + ", ".join(pair_sets.READERS))
    said.add_argument("--seeds", type=int, default=5)
    said.add_argument("--arms", nargs="*", default=list(ARMS), help="of " + ", ".join(ARMS))
    told = said.parse_args()
    warnings.simplefilter("ignore")
    for name in told.sources:
        source = Source(name, "test")
        for seed in range(told.seeds):
            for key in told.arms:
                if not measured("stratified", name, key, seed):
                    run = one_run(source, ARMS[key], seed, SETTLED)
                    print(name, seed, f"{key:36s}", run, flush=True)
                    save("stratified", SETTLED, run, name, key, seed)


if __name__ == "__main__":
    main()
