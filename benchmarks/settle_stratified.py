"""How the constants of cluster-stratified training are chosen: on validation queries alone, with a seed that the benchmark does not use.

First the learning rate, temperature and length that are best for random batches; every arm takes them. Then, one after the other, what is
clustered with the size of the pieces and of their clusters (pieces of 8, other sizes and clusters of anchors were tried too), the filter's
margin, the margin of mined negatives, and how many batches whole clusters hold. Clusters were made by twenty passes of k-means from k-means++
when the pieces were settled; three passes from rows drawn at random gave the same on MedQuAD (.744 and .748), a tree of k-means did not. One setting for all three sources, by the mean of NDCG@10; out of domain (other judgements than the benchmark's) is written down beside
it. The mixing rate is not chosen: none would be best in domain, and a quarter is measured to see what it saves elsewhere.
"""

from __future__ import annotations

import itertools
import sys
import time
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

import pair_sets
import results
import tables_parts
from bench_stratified import ARMS, BEFORE, Arm, Source, learn, one_run, recipe_of
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.trainer import train
from students import searched, static

SEED = 100
STAGES: list[tuple[str, dict[str, list[Any]]]] = [
    ("random", {"learning_rate": [0.003, 0.01, 0.03], "temperature": [0.05, 0.1, 0.2]}),
    ("random", {"epochs": [2, 4]}),  # 8 gave one part in a thousand more on two sources, at twice the cost
    ("pieces of small clusters + filter", {"side": ["positive", "joint"], "piece": [2, 4], "batches_a_small_cluster": [0.15, 0.3]}),
    ("pieces of small clusters + filter", {"margin": [-0.05, 0.0, 0.05]}),
    ("mined", {"mined_margin": [0.0, 0.05, 0.1]}),
    ("clusters + filter", {"batches_a_cluster": [5, 10, 20]}),
]
OF_ALL = ("learning_rate", "temperature", "epochs")
READS = {  # what of a setting an arm depends on, beside what all do
    "random": (),
    "clusters + filter": ("batches_a_cluster", "margin", "mixing"),
    "pieces of small clusters": ("side", "piece", "batches_a_small_cluster"),
    "pieces of small clusters + filter": ("side", "margin", "piece", "batches_a_small_cluster", "mixing"),
    "random + filter": ("margin",),
    "mined": ("mined_margin",),
}
COSTLY = ["random", "random, double batch, equal pairs", "clusters + filter", "mined"]


def known() -> dict[str, Any]:
    found = tables_parts.read("stratified_settled") or {}
    return {key: value for key, value in found.items() if key not in ("versions", "machine")}


def note(part: str, found: Any) -> None:
    results.write("stratified_settled", known() | {part: found})


def tried(source: Source, name: str, settled: dict[str, Any]) -> dict[str, float]:
    """What a setting scores, measured or remembered."""
    table = known().get("tried", {})
    key = f"{name}: " + ", ".join(f"{option} {settled.get(option, 0.0)}" for option in (*OF_ALL, *READS[name]))
    if key not in table.get(source.name, {}):
        arm = ARMS[name]
        run = one_run(source, arm._replace(mixing="mixing" in READS[name]), SEED, {"mixing": 0.0} | settled)
        print(source.name, key, run, flush=True)
        table = known().get("tried", {})
        table.setdefault(source.name, {})[key] = run
        note("tried", table)
    return table[source.name][key]


def check(source: Source, settled: dict[str, Any]) -> None:
    """One epoch by the trainer and by the loop here, from the same weights."""
    arm = ARMS["pieces of small clusters + filter + mixing"]
    partition = source.clusters(arm, settled, 0)[0]
    recipe = recipe_of(source, arm, 0, settled | {"epochs": 1})
    ours, theirs = static(0), static(0)
    told = learn(ours, source, recipe, arm, partition, settled)
    seconds = by_trainer(theirs, source, arm, recipe, settled)
    apart = max(float((a - b).detach().abs().max()) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))
    report = {"source": source.name, **told, "trainer_cpu_seconds": seconds, "largest_difference_of_weights": apart}
    report |= {"ndcg": searched(ours, source.search), "trainer_ndcg": searched(theirs, source.search)}
    print(report, flush=True)
    note("check against the trainer", report)


def costs(source: Source, settled: dict[str, Any]) -> None:
    """CPU milliseconds of a step by the trainer, which tokenises each batch; the arms in turn, the start taken off."""
    few, many, found = 20, 120, {}
    for key in COSTLY:
        arm = ARMS[key]
        recipe = recipe_of(source, arm, 0, settled)
        spent = [by_trainer(static(0), source, arm, replace(recipe, steps=steps), settled) for steps in (few, many, few, many)]
        found[key] = {"ms_a_step": round(500 * (spent[1] + spent[3] - spent[0] - spent[2]) / (many - few), 2), "steps": recipe.steps}
        print(source.name, key, found[key], flush=True)
    note("cost by the trainer", (known().get("cost by the trainer") or {}) | {source.name: found})


def by_trainer(model: SentenceTransformer, source: Source, arm: Arm, recipe: Recipe, settled: dict[str, Any]) -> float:
    """CPU seconds of what users run."""
    columns = {"anchor": source.texts.anchors, "positive": source.texts.positives}
    if arm.mined:
        columns["negative"] = [source.texts.positives[row] for row in source.mined(settled["mined_margin"])]
    partition = source.clusters(arm, settled, 0)[0] if arm.clusters else None
    before = time.process_time()
    train(model, Lesson(columns, partition, source.guide if arm.filter else None), recipe)
    return round(time.process_time() - before, 2)


def main() -> None:
    warnings.simplefilter("ignore")
    sources = [Source(name, "validation") for name in sys.argv[1:] or pair_sets.READERS]
    chosen: dict[str, Any] = BEFORE | {"mixing": 0.0}
    for name, options in STAGES:
        settings = [chosen | dict(zip(options, values, strict=True)) for values in itertools.product(*options.values())]
        found = np.array([[tried(source, name, one)["in domain"] for source in sources] for one in settings])
        best = int(found.mean(axis=1).argmax())
        chosen = settings[best]
        print(name, dict(zip(map(str, settings), found.round(4).tolist(), strict=True)), "->", {k: chosen[k] for k in options}, flush=True)
    if len(sources) == len(pair_sets.READERS):
        chosen |= {"mixing": BEFORE["mixing"]}
        note("chosen", chosen)
        check(sources[-1], chosen)
        for source in sources:
            costs(source, chosen)


if __name__ == "__main__":
    main()
