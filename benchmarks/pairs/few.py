"""Question: with few pairs, do clusters help an encoder that knows something already, and does it help to hold it near its start (`--distillation`)?

1,000, 3,000 and 10,000 pairs of each source (harness/data/pairs.py), one epoch in batches of 64, as `learn pairs` does it. One student is MiniLM itself:
its last layer learns, those below stay as they are, so that what they give is computed once; it reads 64 tokens. The other (`--words`) is MiniLM's table of
tokens and their mean, which begins much lower. Batches are random, or pieces of small clusters, each with a filter of false negatives and without; the
student itself, before it learns, makes the clusters and says what is false. NDCG@10 of the test queries among at most 4,000 passages, and the STS
benchmark. The rate, and the weight of distillation, were chosen with the middle size on validation queries, with a seed that is not used here (--settle).
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer

from harness import loop, results
from harness.data import pairs
from harness.data.files import DATA
from harness.statistics import paired, spreads
from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from matomari.learn.pairs.clusters import cluster_pairs
from matomari.learn.pairs.recipe import Recipe
from matomari.learn.pairs.sampler import PIECE
from matomari.rows.sts import read_scored
from pairs.students import Lower, Reader, Tokens, embedded, searched, words
from pairs.training import BATCH, Arm, Source, learn, recipe_of

LEARNS = 1  # layers, of MiniLM's six
DOCUMENTS, SIZES, SEEDS = 4_000, (1_000, 3_000, 10_000), 5
SEED, MIDDLE = 100, 3_000
PULLS = (1.0, 10.0, 100.0)
ARMS = {
    "random": Arm(),
    "random, filtered": Arm(filter=True),
    "pieces": Arm(clusters=True, pieces=True, filter=True),
    "pieces, unfiltered": Arm(clusters=True, pieces=True),
}
PULL = " + distillation"
SCORES = ("in domain", "STS-B")
DEFAULT = Recipe()
SETTINGS: dict[str, Any] = {
    "temperature": DEFAULT.temperature,
    "epochs": 1,
    "margin": 0.0,  # of the arms with a filter
    "side": "joint",  # the default of cluster_pairs
    "piece": PIECE,
    "batches_a_small_cluster": DEFAULT.batches_a_cluster,
}


class Below(Lower):
    """What all layers but the last make of the tokens."""

    layers = 6 - LEARNS


class Last(torch.nn.Module):
    """MiniLM's own last layer, and the mean over the tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = open_model(locate("minilm"), "cpu")[0].auto_model.encoder.layer[-LEARNS:]

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The features, and the sentence embedding."""
        states, mask = features["states"].float(), features["mask"]
        unseen = (~mask)[:, None, None].float() * torch.finfo(torch.float32).min
        for layer in self.layer:
            found = layer(states, unseen)
            states = found[0] if isinstance(found, tuple) else found
        weight = mask[:, :, None].float()
        return features | {"sentence_embedding": (states * weight).sum(1) / weight.sum(1)}


class Student(NamedTuple):
    """What learns: how it reads and begins, the file of its results, and the rates that are tried."""

    reader: Reader
    begin: Callable[[], SentenceTransformer]
    file: str
    rates: tuple[float, ...]

    @property
    def grid(self) -> dict[str, tuple[float, ...]]:
        """What is tried on validation queries, one after the other."""
        return {"learning_rate": self.rates, "distillation": PULLS}


LAST = Student(Below, lambda: SentenceTransformer(modules=[Last()], device="cpu"), "few_pairs", (2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3))
WORDS = Student(Tokens, words, "few_pairs_words", (3e-4, 1e-3, 3e-3, 1e-2, 3e-2))


class Few:
    """So many pairs of a source, drawn by a seed, as `learn` takes them."""

    def __init__(self, whole: Source, size: int, seed: int) -> None:
        rows = np.sort(np.random.default_rng(seed).permutation(len(whole))[:size])
        self.tokens = tuple(Rows(tokens, rows) for tokens in whole.tokens)
        self.guide = (whole.guide[0][rows], whole.guide[1][rows])
        self.same = [numbers[rows] for numbers in whole.same]
        self.size = len(rows)

    def __len__(self) -> int:
        return self.size


class Rows:
    """Some rows of texts that were read."""

    def __init__(self, tokens: Any, rows: np.ndarray) -> None:
        self.tokens, self.rows = tokens, rows

    def features(self, rows: Any) -> dict[str, torch.Tensor]:
        """What the student takes, for these of the rows."""
        features: dict[str, torch.Tensor] = self.tokens.features(self.rows[rows])
        return features


class Task:
    """A source as all runs use it, read once: all its pairs, its search, and the STS benchmark; the guide is the student before it learns."""

    def __init__(self, student: Student, name: str, part: str) -> None:
        self.student = student
        self.whole = Source(name, part, student.reader, (max(SIZES) + 2_000, DOCUMENTS))
        start = student.begin()
        self.whole.guide = tuple(embedded(start, tokens) for tokens in self.whole.tokens)
        scored = read_scored(DATA / "stsbenchmark" / {"validation": "sts-dev.csv", "test": "sts-test.csv"}[part])
        self.pairs, self.gold = (student.reader(scored.first), student.reader(scored.second)), scored.gold

    @cached_property
    def start(self) -> dict[str, float]:
        """What there is before any training."""
        return self.scores(self.student.begin()) | {"cpu_seconds": 0.0}

    def scores(self, model: SentenceTransformer) -> dict[str, float]:
        """Of the search and of similarity."""
        first, second = (embedded(model, tokens) for tokens in self.pairs)
        alike = float(spearmanr((first * second).sum(axis=1), self.gold).statistic)
        return {"in domain": round(searched(model, self.whole.search), 5), "STS-B": round(alike, 5)}

    def run(self, name: str, size: int, seed: int, settings: dict[str, Any]) -> dict[str, Any]:
        """An arm, from the same start as all."""
        model, of_training = taught(self.student, Few(self.whole, size, seed), name, seed, settings)
        return self.scores(model) | of_training


def taught(student: Student, pairs: Any, name: str, seed: int, settings: dict[str, Any]) -> tuple[SentenceTransformer, dict[str, Any]]:
    """What a student is after an arm, and what that took."""
    model, arm, partition = student.begin(), ARMS[name.removesuffix(PULL)]._replace(distilled=name.endswith(PULL)), None
    if arm.clusters:
        batches = settings["batches_a_small_cluster"]
        partition = cluster_pairs(*pairs.guide, BATCH, side=settings["side"], batches_a_cluster=batches, seed=seed)
    return model, learn(model, pairs, recipe_of(pairs, arm, seed, settings), arm, partition, settings)


def settled(student: Student) -> dict[str, Any]:
    """What was chosen on validation queries: the rate with random batches, then the weight of distillation with it, each by the mean of the sources."""
    tried = (results.read(f"{student.file}_settled") or {}).get("tried", {})
    chosen = dict(SETTINGS)
    for name, values in student.grid.items():
        grids = [tried.get(source, {}).get(name, {}) for source in pairs.READERS]
        if all(f"{value:g}" in grid for grid in grids for value in values):
            chosen[name] = max(values, key=lambda value: np.mean([grid[f"{value:g}"]["in domain"] for grid in grids]))
    return chosen


def settle(student: Student) -> None:
    """Try what the file lacks."""
    table = loop.Table(f"{student.file}_settled", "tried")
    task = cache(lambda source: Task(student, source, "validation"))
    for (name, values), arm in zip(student.grid.items(), ("random", "random" + PULL), strict=True):
        for source in pairs.READERS:
            for value in values:
                if (source, name, f"{value:g}") not in table:
                    table.add({(source, name, f"{value:g}"): task(source).run(arm, MIDDLE, SEED, settled(student) | {name: value})})


def summary(table: dict[str, Any]) -> dict[str, Any]:
    """By size: mean and spread of every arm of every source, and gains over random batches paired by seed, also in the mean of the sources."""
    figures: dict[str, Any] = {}
    for size in SIZES:
        here = {source: sizes[str(size)] for source, sizes in table.items() if str(size) in sizes}
        figures[str(size)] = {source: {arm: _one(arms, arm) for arm in arms} for source, arms in here.items()}
        shared = set.intersection(*(set(arms) for arms in here.values())) if len(here) > 1 else set()
        figures[str(size)]["mean"] = {arm: _mean(list(here.values()), arm) for arm in names() if arm in shared}
    return figures


def _one(arms: dict[str, Any], arm: str) -> dict[str, Any]:
    gains = {score: _gains(arms, arm, score) for score in SCORES}
    return spreads(list(arms[arm].values()), (*SCORES, "cpu_seconds")) | {
        "gain": {s: paired(list(g.values())) for s, g in gains.items() if g}
    }


def _gains(arms: dict[str, Any], arm: str, score: str) -> dict[str, float]:
    base = arms.get("random", {})
    return {seed: run[score] - base[seed][score] for seed, run in arms[arm].items() if seed in base and arm != "random"}


def _mean(sources: list[dict[str, Any]], arm: str) -> dict[str, Any]:
    found = {}
    for score in SCORES:
        gains = [_gains(arms, arm, score) for arms in sources]
        seeds = sorted(set.intersection(*map(set, gains)))
        if seeds:
            found[score] = paired([float(np.mean([gain[seed] for gain in gains])) for seed in seeds])
    return found


def names() -> list[str]:
    """The arms: the encoder as it is, then batches with distillation and without."""
    return ["start", *(name + pull for name in ARMS for pull in ("", PULL))]


def missing(table: loop.Table, source: str, seeds: int, arms: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """The places of the table that are to be measured."""
    for seed in range(seeds):
        for size in map(str, SIZES):
            for arm in arms:
                if (source, size, arm, str(seed)) not in table:
                    yield source, size, arm, str(seed)


def main() -> None:
    """Choose, or measure what the file lacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", default=list(pairs.READERS), help="of " + ", ".join(pairs.READERS))
    parser.add_argument("--words", action="store_true", help="the student that is a table of tokens")
    parser.add_argument("--settle", action="store_true", help="choose the rate and the weight of distillation")
    parser.add_argument("--arms", nargs="*", default=names())
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    student = WORDS if args.words else LAST
    if args.settle:
        settle(student)
        return
    chosen = settled(student)
    table = loop.Table(student.file, "sources", lambda runs: {"settled": chosen, "summary": summary(runs), "sources": runs})
    for source in args.sources:
        task: Task | None = None
        for place in list(missing(table, source, SEEDS, args.arms)):
            task = task or Task(student, source, "test")
            _, size, arm, seed = place
            table.add({place: task.start if arm == "start" else task.run(arm, int(size), int(seed), chosen)})


if __name__ == "__main__":
    main()
