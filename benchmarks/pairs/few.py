"""Question: with few pairs, do clusters help an encoder that is good already, and does it help to hold it near its start (`--distillation`)?

1,000, 3,000 and 10,000 pairs of each source (harness/data/pairs.py), one epoch in batches of 64, as `learn pairs` does it. The student is MiniLM itself:
its last layer learns, those below stay as they are, so that what they give is computed once; it reads 64 tokens. Batches are random, or what is the
default: pieces of small clusters, filtered. NDCG@10 of the test queries among at most 4,000 passages, and the STS benchmark. The rate, and the weight of
distillation, were chosen with the middle size on validation queries, with a seed that is not used here (--settle).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

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
from matomari.rows.sts import read_scored
from pairs.students import Lower, embedded, searched
from pairs.training import BATCH, Arm, Source, learn, recipe_of

LEARNS = 1  # layers, of MiniLM's six
DOCUMENTS, SIZES, SEEDS = 4_000, (1_000, 3_000, 10_000), 5
SEED, MIDDLE = 100, 3_000
GRID = {"learning_rate": (2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3), "distillation": (1.0, 10.0, 100.0)}
PIECES = Arm(clusters=True, pieces=True, filter=True)
ARMS = {"random": Arm(), "pieces": PIECES}
PULL = " + distillation"
SCORES = ("in domain", "STS-B")
DEFAULT = Recipe()
SETTINGS: dict[str, Any] = {
    "temperature": DEFAULT.temperature,
    "epochs": 1,
    "margin": DEFAULT.margin,
    "side": "joint",  # the default of cluster_pairs
    "piece": DEFAULT.piece,
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


def student(seed: int) -> SentenceTransformer:
    """MiniLM; the seed changes nothing."""
    return SentenceTransformer(modules=[Last()], device="cpu")


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

    def __init__(self, name: str, part: str) -> None:
        self.whole = Source(name, part, Below, (max(SIZES) + 2_000, DOCUMENTS))
        start = student(0)
        self.whole.guide = tuple(embedded(start, tokens) for tokens in self.whole.tokens)
        scored = read_scored(DATA / "stsbenchmark" / {"validation": "sts-dev.csv", "test": "sts-test.csv"}[part])
        self.pairs, self.gold = (Below(scored.first), Below(scored.second)), scored.gold

    @cached_property
    def start(self) -> dict[str, float]:
        """What there is before any training."""
        return self.scores(student(0)) | {"cpu_seconds": 0.0}

    def scores(self, model: SentenceTransformer) -> dict[str, float]:
        """Of the search and of similarity."""
        first, second = (embedded(model, tokens) for tokens in self.pairs)
        alike = float(spearmanr((first * second).sum(axis=1), self.gold).statistic)
        return {"in domain": round(searched(model, self.whole.search), 5), "STS-B": round(alike, 5)}

    def run(self, name: str, size: int, seed: int, settings: dict[str, Any]) -> dict[str, Any]:
        """An arm, from the same start as all."""
        few, model = Few(self.whole, size, seed), student(seed)
        arm = ARMS[name.removesuffix(PULL)]._replace(distilled=name.endswith(PULL))
        partition = None
        if arm.clusters:
            batches = settings["batches_a_small_cluster"]
            partition = cluster_pairs(*few.guide, BATCH, side=settings["side"], batches_a_cluster=batches, seed=seed)
        of_training = learn(model, few, recipe_of(few, arm, seed, settings), arm, partition, settings)
        return self.scores(model) | of_training


def settled() -> dict[str, Any]:
    """What was chosen on validation queries: the rate with random batches, then the weight of distillation with it, each by the mean of the sources."""
    tried = (results.read("few_pairs_settled") or {}).get("tried", {})
    chosen = dict(SETTINGS)
    for name, values in GRID.items():
        grids = [tried.get(source, {}).get(name, {}) for source in pairs.READERS]
        if all(f"{value:g}" in grid for grid in grids for value in values):
            chosen[name] = max(values, key=lambda value: np.mean([grid[f"{value:g}"]["in domain"] for grid in grids]))
    return chosen


def settle() -> None:
    """Try what the file lacks."""
    table = loop.Table("few_pairs_settled", "tried")
    task = cache(lambda source: Task(source, "validation"))
    for (name, values), arm in zip(GRID.items(), ("random", "random" + PULL), strict=True):
        for source in pairs.READERS:
            for value in values:
                if (source, name, f"{value:g}") not in table:
                    table.add({(source, name, f"{value:g}"): task(source).run(arm, MIDDLE, SEED, settled() | {name: value})})


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


def missing(table: loop.Table, source: str, seeds: int) -> Iterator[tuple[str, str, str, str]]:
    """The places of the table that are to be measured."""
    for seed in range(seeds):
        for size in map(str, SIZES):
            for arm in names():
                if (source, size, arm, str(seed)) not in table:
                    yield source, size, arm, str(seed)


def main() -> None:
    """Choose, or measure what the file lacks."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    warnings.simplefilter("ignore")
    sources = words or list(pairs.READERS)
    if "--settle" in sys.argv:
        settle()
        return
    chosen = settled()
    table = loop.Table("few_pairs", "sources", lambda runs: {"settled": chosen, "summary": summary(runs), "sources": runs})
    for source in sources:
        task: Task | None = None
        for place in list(missing(table, source, SEEDS)):
            task = task or Task(source, "test")
            _, size, arm, seed = place
            table.add({place: task.start if arm == "start" else task.run(arm, int(size), int(seed), chosen)})


if __name__ == "__main__":
    main()
