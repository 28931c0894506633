"""How the constants of cluster-stratified training are chosen: on validation queries alone, with a seed that the benchmark does not use.

First the learning rate, temperature and length that are best for random batches; every arm takes them. Then, one after the other, what is
clustered with the size of the pieces and of their clusters (pieces of 8, other sizes and clusters of anchors were tried too), the filter's
margin, the margin of mined negatives, and how many batches whole clusters hold. Clusters came from twenty passes of k-means from k-means++
when the pieces were settled; three passes from rows drawn at random gave the same on MedQuAD (.744 and .748), a tree of k-means did not. One setting for all three sources, by the mean of NDCG@10; out of domain (other judgements than the benchmark's) is written down beside
it. The mixing rate is not chosen: none would be best in domain, and a quarter is measured to see what it saves elsewhere.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop, results
from harness.data import pairs
from harness.machine import Clock
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.trainer import train
from pairs.students import searched, static
from pairs.training import ARMS, BEFORE, Arm, Source, learn, one_run, recipe_of

SEED, FILE = 100, "stratified_settled"
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


def beside(key: str) -> loop.Table:
    """A table of the file, whose other contents stay as they are."""

    def figures(part: dict[str, Any]) -> dict[str, Any]:
        whole = {name: value for name, value in (results.read(FILE) or {}).items() if name not in ("versions", "machine")}
        return whole | {key: part}

    return loop.Table(FILE, key, figures)


def tried(source: Source, name: str, settled: dict[str, Any]) -> dict[str, float]:
    """What a setting scores, measured or remembered."""
    key = f"{name}: " + ", ".join(f"{option} {settled.get(option, 0.0)}" for option in (*OF_ALL, *READS[name]))
    table, place = beside("tried"), (source.name, key)
    if place not in table:
        arm = ARMS[name]._replace(mixing="mixing" in READS[name])
        table.add({place: one_run(source, arm, SEED, {"mixing": 0.0} | settled)})
    return table.runs[source.name][key]


def check(source: Source, settled: dict[str, Any]) -> None:
    """One epoch by the trainer and by the loop here, from the same weights."""
    arm = ARMS["pieces of small clusters + filter + mixing"]
    partition = source.clusters(arm, settled, 0)[0]
    recipe = recipe_of(source, arm, 0, settled | {"epochs": 1})
    ours, theirs = static(0), static(0)
    run = learn(ours, source, recipe, arm, partition, settled)
    seconds = by_trainer(theirs, source, arm, recipe, settled)
    apart = max(float((a - b).detach().abs().max()) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))
    report = {"source": source.name, **run, "trainer_cpu_seconds": seconds, "largest_difference_of_weights": apart}
    report |= {"ndcg": searched(ours, source.search), "trainer_ndcg": searched(theirs, source.search)}
    beside("check against the trainer").add({(name,): value for name, value in report.items()})


def costs(source: Source, settled: dict[str, Any]) -> None:
    """CPU milliseconds of a step by the trainer, which tokenises each batch; the arms in turn, the start taken off."""
    few, many, figures = 20, 120, {}
    for key in COSTLY:
        arm = ARMS[key]
        recipe = recipe_of(source, arm, 0, settled)
        spent = [by_trainer(static(0), source, arm, replace(recipe, steps=steps), settled) for steps in (few, many, few, many)]
        figures[key] = {"ms_a_step": round(500 * (spent[1] + spent[3] - spent[0] - spent[2]) / (many - few), 2), "steps": recipe.steps}
    beside("cost by the trainer").add({(source.name,): figures})


def by_trainer(model: SentenceTransformer, source: Source, arm: Arm, recipe: Recipe, settled: dict[str, Any]) -> float:
    """CPU seconds of what users run."""
    columns = {"anchor": source.texts.anchors, "positive": source.texts.positives}
    if arm.mined:
        columns["negative"] = [source.texts.positives[row] for row in source.mined(settled["mined_margin"])]
    partition = source.clusters(arm, settled, 0)[0] if arm.clusters else None
    with Clock() as clock:
        train(model, Lesson(columns, partition, source.guide if arm.filter else None), recipe)
    return round(clock.cpu_seconds, 2)


def main() -> None:
    """Choose on the sources that are asked for; what is chosen on all of them is written down."""
    warnings.simplefilter("ignore")
    sources = [Source(name, "validation") for name in sys.argv[1:] or pairs.READERS]
    chosen: dict[str, Any] = BEFORE | {"mixing": 0.0}
    for name, options in STAGES:
        settings = [chosen | dict(zip(options, values, strict=True)) for values in itertools.product(*options.values())]
        scores = np.array([[tried(source, name, setting)["in domain"] for source in sources] for setting in settings])
        chosen = settings[int(scores.mean(axis=1).argmax())]
        print(name, dict(zip(map(str, settings), scores.round(4).tolist(), strict=True)), "->", {k: chosen[k] for k in options}, flush=True)
    if len(sources) == len(pairs.READERS):
        chosen |= {"mixing": BEFORE["mixing"]}
        beside("chosen").add({(name,): value for name, value in chosen.items()})
        check(sources[-1], chosen)
        for source in sources:
            costs(source, chosen)


if __name__ == "__main__":
    main()
