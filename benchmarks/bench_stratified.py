"""Claim: batches from inside one cluster, without false negatives, find more in domain than random ones at equal steps and equal data.

A static student (one vector a token, from scratch, so that nothing was seen before) learns from three sources of pairs (pair_sets.py); NDCG@10
on test queries against all positives of the source. Clusters and the filter read MiniLM vectors of the first 400 characters. Out of domain:
NFCorpus and SciFact (BEIR's test judgements) and the STS benchmark. Every arm of one seed begins at the same weights; the settings come from
settle_stratified.py, which sees validation queries alone. CPU seconds are those of the steps: texts are tokenised before, and what the
guide's vectors, the clusters and the mining cost is told beside them. The loop here is that of `matomari.learn.trainer.train` without its
bookkeeping; settle_stratified.py shows that both reach the same weights.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from transformers import get_linear_schedule_with_warmup

import matomari
import pair_sets
import results
import tables_parts
from matomari import Partition
from matomari.encode.locate import locate
from matomari.learn.contrastive import FilteredContrastiveLoss
from matomari.learn.lesson import Lesson, Recipe
from matomari.learn.stratified import ClusterBatchSampler, cluster_pairs
from matomari.retrieval import ndcg
from matomari.rows.beir import read_corpus, read_qrels, read_queries
from matomari.rows.sts import read_pairs
from matomari.vectors import normalise
from sets import DATA

CACHE = Path(__file__).parents[1] / ".cache"
GUIDE_READS = 400  # characters
DIMENSION, SPREAD = 128, 0.1  # of the student, and of its first weights
BATCH = 64
BLOCK = 512
SCORES = ("in domain", "NFCorpus", "SciFact", "STS-B")
FILES = {"validation": ("dev.tsv", "train.tsv", "sts-dev.csv"), "test": ("test.tsv", "test.tsv", "sts-test.csv")}
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
}
SETTLED: dict[str, Any] = BEFORE | (tables_parts.read("stratified_settled") or {}).get("chosen", {})


class Arm(NamedTuple):
    """How batches are made; `batch` and `steps` are multiples of those of the random arm.

    With `pieces` a batch is put together from pieces of several small clusters, drawn at random, instead of one large one.
    """

    clusters: bool = False
    filter: bool = False
    mined: bool = False
    pieces: bool = False
    mixing: float = 0.0
    batch: int = 1
    steps: float = 1.0


MINED_STEPS = 0.75  # so many steps with a third column cost about what all cost without it
MIXING = Recipe().mixing
ARMS = {
    "random": Arm(),
    "random, double batch, equal pairs": Arm(batch=2, steps=0.5),
    "random, double batch, equal steps": Arm(batch=2),
    "random + filter": Arm(filter=True),
    "clusters": Arm(clusters=True),
    "clusters + filter": Arm(clusters=True, filter=True),
    "clusters + filter + mixing": Arm(clusters=True, filter=True, mixing=MIXING),
    "pieces of small clusters": Arm(clusters=True, pieces=True),
    "pieces of small clusters + filter": Arm(clusters=True, pieces=True, filter=True),
    "mined": Arm(mined=True, steps=MINED_STEPS),
    "mined, equal steps": Arm(mined=True),
    "mined + clusters + filter": Arm(clusters=True, filter=True, mined=True, steps=MINED_STEPS),
}


@cache
def tokenizer() -> Tokenizer:
    """MiniLM's, which cuts at 128 tokens."""
    found = Tokenizer.from_file(str(locate("minilm") / "tokenizer.json"))
    found.no_padding()
    return found


class Tokens:
    """Texts as the numbers of their tokens, made once for all runs."""

    def __init__(self, texts: list[str]) -> None:
        blocks = (texts[i : i + BLOCK] for i in range(0, len(texts), BLOCK))
        ids = [np.array(one.ids, np.int64) for block in blocks for one in tokenizer().encode_batch(block, add_special_tokens=False)]
        self.flat, self.ends = np.concatenate(ids), np.cumsum([0, *map(len, ids)])

    def __len__(self) -> int:
        return len(self.ends) - 1

    def features(self, rows: Any) -> dict[str, torch.Tensor]:
        """What the student takes, for these rows."""
        parts = [self.flat[self.ends[row] : self.ends[row + 1]] for row in rows]
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
        return {"input_ids": torch.from_numpy(np.concatenate(parts)), "offsets": torch.from_numpy(starts)}


class Search(NamedTuple):
    """Queries, documents, and the grades of the relevant documents of each query by their row."""

    queries: Tokens
    corpus: Tokens
    relevant: list[dict[int, int]]


class Source:
    """The pairs of one source as all runs use them, and what the guide says of them."""

    def __init__(self, name: str, part: str) -> None:
        self.part = part
        splits = pair_sets.load(name)
        self.name, self.texts = name, splits["train"]
        task = pair_sets.retrieval(splits, part)
        self.search = Search(Tokens(task.queries), Tokens(task.corpus), [{int(row): 1} for row in task.relevant])
        self.tokens = Tokens(self.texts.anchors), Tokens(self.texts.positives)
        self.guide = guide(self.texts.anchors), guide(self.texts.positives)
        self.same = Lesson({"anchor": self.texts.anchors, "positive": self.texts.positives}).same()
        self._clusters: dict[tuple[Any, ...], tuple[Partition, float]] = {}

    def __len__(self) -> int:
        return len(self.texts.anchors)

    def clusters(self, arm: Arm, settled: dict[str, Any], seed: int) -> tuple[Partition, float]:
        """Clusters of the pairs, and the CPU seconds they took."""
        side, batches = settled["side"], settled["batches_a_small_cluster" if arm.pieces else "batches_a_cluster"]
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


def student(seed: int) -> SentenceTransformer:
    size = (tokenizer().get_vocab_size(), DIMENSION)
    weights = SPREAD * torch.randn(size, generator=torch.Generator().manual_seed(seed))
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_weights=weights)], device="cpu")


def one_run(source: Source, arm: Arm, seed: int, settled: dict[str, Any]) -> dict[str, float]:
    """Train and score; steps, CPU seconds, and the scores."""
    partition, seconds = source.clusters(arm, settled, seed) if arm.clusters else (None, 0.0)
    mined = source.mined(settled["mined_margin"]) if arm.mined else None
    model = student(seed)
    told = learn(model, source, recipe_of(source, arm, seed, settled), arm, partition, mined, settled["piece"] if arm.pieces else 1)
    return told | scores(model, source) | ({"clustering_cpu_seconds": seconds} if arm.clusters else {})


def recipe_of(source: Source, arm: Arm, seed: int, settled: dict[str, Any]) -> Recipe:
    steps = round(settled["epochs"] * (len(source) // BATCH) * arm.steps)
    told = {"learning_rate": settled["learning_rate"], "temperature": settled["temperature"], "margin": settled["margin"]}
    return Recipe(batch_size=BATCH * arm.batch, steps=steps, mixing=arm.mixing, seed=seed, **told)


def batches(source: Source, recipe: Recipe, partition: Partition | None, piece: int) -> Callable[[int], Iterator[list[int]]]:
    """The batches of an epoch: of one cluster each, or, where pieces are smaller than a batch, of as many clusters as it takes."""
    whole = Partition(np.arange(len(source)).astype(str), np.zeros(len(source), np.int64))
    size = recipe.batch_size if piece == 1 else piece
    sampler = ClusterBatchSampler(source, size, partition=partition or whole, mixing=recipe.mixing, seed=recipe.seed, piece=size)

    def of(epoch: int) -> Iterator[list[int]]:
        sampler.set_epoch(epoch)
        pieces = list(sampler)
        together = recipe.batch_size // size
        for start in range(0, len(pieces) - together + 1, together):
            yield [row for rows in pieces[start : start + together] for row in rows]

    return of


def learn(
    model: SentenceTransformer,
    source: Source,
    recipe: Recipe,
    arm: Arm,
    partition: Partition | None,
    mined: np.ndarray | None = None,
    piece: int = 1,
) -> dict[str, float]:
    """Train in place; steps and CPU seconds."""
    sampler = batches(source, recipe, partition, piece)
    guide = source.guide if arm.filter else None
    loss = FilteredContrastiveLoss(model, guide=guide, same=source.same, temperature=recipe.temperature, margin=recipe.margin)
    optimizer = torch.optim.AdamW(model.parameters(), recipe.learning_rate, weight_decay=0.0, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(recipe.warmup * recipe.steps), recipe.steps)
    before, step, epoch = time.process_time(), 0, 0
    while step < recipe.steps:
        for rows in sampler(epoch):
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
    return {"steps": step, "cpu_seconds": round(time.process_time() - before, 2)}


def embedded(model: SentenceTransformer, tokens: Tokens) -> np.ndarray:
    with torch.no_grad():
        blocks = (range(i, min(i + BLOCK, len(tokens))) for i in range(0, len(tokens), BLOCK))
        found = [model(tokens.features(block))["sentence_embedding"].numpy() for block in blocks]
    return normalise(np.concatenate(found))


def searched(model: SentenceTransformer, search: Search) -> float:
    """Mean NDCG@10."""
    queries, corpus = embedded(model, search.queries), embedded(model, search.corpus)
    found = []
    for start in range(0, len(queries), BLOCK):
        cosines = queries[start : start + BLOCK] @ corpus.T
        first = np.argpartition(-cosines, 10, axis=1)[:, :10]
        first = np.take_along_axis(first, np.argsort(-np.take_along_axis(cosines, first, 1), axis=1, kind="stable"), 1)
        for rows, relevant in zip(first.tolist(), search.relevant[start:], strict=False):
            found.append(ndcg([relevant.get(row, 0) for row in rows], list(relevant.values()), 10))
    return float(np.mean(found))


@cache
def elsewhere(part: str) -> tuple[dict[str, Search], tuple[Tokens, Tokens, list[float]]]:
    """What no source has to do with: NFCorpus and SciFact, and the STS benchmark; "validation" reads judgements that "test" does not."""
    nf_file, sci_file, sts_file = FILES[part]
    nf, sci = DATA / "nfcorpus", DATA / "scifact"
    with (sci / "corpus_train.csv").open(encoding="utf-8", newline="") as file:
        documents = {row["doc_id"]: f"{row['title']} {plain(row['abstract'])}" for row in csv.DictReader(file)}
    claims = {}
    for part in ("train", "validation"):
        with (sci / f"claims_{part}.csv").open(encoding="utf-8", newline="") as file:
            claims |= {row["id"]: row["claim"] for row in csv.DictReader(file)}
    found = {
        "NFCorpus": judged(read_corpus(nf / "corpus.jsonl"), read_queries(nf / "queries.jsonl"), nf / "qrels" / nf_file),
        "SciFact": judged(documents, claims, sci / "qrels" / sci_file),
    }
    pairs = read_pairs(DATA / "stsbenchmark" / sts_file)
    return found, (Tokens(pairs.first), Tokens(pairs.second), pairs.gold)


def plain(sentences: str) -> str:
    """The sentences of a printed list as one text."""
    return " ".join(re.sub(r"""['"]\s*\n\s*['"]""", " ", sentences.strip("[]'\" \n")).split())


def judged(documents: dict[str, str], queries: dict[str, str], file: Path) -> Search:
    place = {name: row for row, name in enumerate(documents)}
    kept = {name: found for name, found in read_qrels(file).items() if name in queries and max(found.values()) > 0}
    relevant = [{place[name]: grade for name, grade in found.items() if name in place} for found in kept.values()]
    return Search(Tokens([queries[name] for name in kept]), Tokens(list(documents.values())), relevant)


def scores(model: SentenceTransformer, source: Source) -> dict[str, float]:
    tasks, (first, second, gold) = elsewhere(source.part)
    found = {"in domain": searched(model, source.search)} | {name: searched(model, task) for name, task in tasks.items()}
    alike = (embedded(model, first) * embedded(model, second)).sum(axis=1)
    return {name: round(value, 5) for name, value in (found | {"STS-B": float(spearmanr(alike, gold).statistic)}).items()}


def save(run: dict[str, float], source: str, arm: str, seed: int) -> None:
    """Add to what is there by now: several may measure at once, each its own source."""
    table = (tables_parts.read("stratified") or {}).get("sources", {})
    table.setdefault(source, {}).setdefault(arm, {})[str(seed)] = run
    results.write("stratified", {"settled": SETTLED, "summary": summary(table), "sources": table}, ["tokenizers", "transformers"])


def summary(table: dict[str, Any]) -> dict[str, Any]:
    """Mean and spread of every score, and gains relative to other arms, paired by seed; over all sources under "mean"."""
    found: dict[str, Any] = {}
    for name, arms in table.items():
        for arm, runs in arms.items():
            scored = {score: results.spread([run[score] for run in runs.values()]) for score in (*SCORES, "cpu_seconds")}
            others = {score: ["random"] for score in SCORES} | {"in domain": [other for other in arms if other != arm]}
            gains = {score: {other: gained(arms, arm, other, score) for other in others[score] if other != arm} for score in SCORES}
            found.setdefault(name, {})[arm] = scored | {"gain": {score: over for score, over in gains.items() if over}}
    shared = set.intersection(*(set(arms) for arms in table.values())) if table else set()
    found["mean"] = {}
    for arm in (one for one in ARMS if one in shared):
        over = {}
        for score in SCORES:
            pairs = [relative(arms, arm, "random", score) for arms in table.values()]
            seeds = set.intersection(*(set(one) for one in pairs))
            if seeds and arm != "random":
                over[score] = told_of([float(np.mean([one[seed] for one in pairs])) for seed in sorted(seeds)])
        found["mean"][arm] = over
    return found


def relative(arms: dict[str, Any], arm: str, other: str, score: str) -> dict[str, float]:
    """Gain of each seed that both arms have."""
    mine, theirs = arms.get(arm, {}), arms.get(other, {})
    return {seed: mine[seed][score] / theirs[seed][score] - 1 for seed in mine if seed in theirs}


def gained(arms: dict[str, Any], arm: str, other: str, score: str) -> dict[str, Any]:
    return told_of(list(relative(arms, arm, other, score).values()))


def told_of(gains: list[float]) -> dict[str, Any]:
    return {"mean": float(np.mean(gains)), "interval": results.interval(gains), "seeds": len(gains)} if gains else {}


def measured(name: str, arm: str, seed: int) -> bool:
    return str(seed) in (tables_parts.read("stratified") or {}).get("sources", {}).get(name, {}).get(arm, {})


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
                if not measured(name, key, seed):
                    run = one_run(source, ARMS[key], seed, SETTLED)
                    print(name, seed, f"{key:36s}", run, flush=True)
                    save(run, name, key, seed)


if __name__ == "__main__":
    main()
