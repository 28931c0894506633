"""What the arms learn from, and the swaps that they are asked about: triplets by rules, made and sifted once for all runs as `teach pairs` does it."""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from harness.data.files import CACHE
from harness.data.sentences import unlabelled
from matomari.operate.teach.triplets.make import teach_pairs
from matomari.store.atomic import replacing
from matomari.teach.graph.wordnet import WordNet
from matomari.teach.rules.knowledge import Knowledge
from matomari.teach.rules.maker import Rules
from matomari.teach.rules.statistics import Statistics
from matomari.teach.rules.triplet import Triplet

SIDES = ("anchor", "positive", "negative")
HARD = 3  # operations that the positive of a hard swap has been through
DRAWS = 48  # seeds with which hard swaps are looked for
# operations that came after the goals of hard swaps were set, and are easier to see through
LATER = ("clause", "day", "order around", "phrase", "aspect")
A_KIND = 150  # swaps of one kind that are asked about
Columns = dict[str, list[str]]


class Lesson(NamedTuple):
    """Triplets and their kinds."""

    columns: Columns
    kinds: list[str]

    def rows(self, chosen: list[int]) -> Lesson:
        """These rows."""
        return Lesson({side: [texts[i] for i in chosen] for side, texts in self.columns.items()}, [self.kinds[i] for i in chosen])


@cache
def made(split: str) -> pa.Table:
    """All triplets of a split."""
    file = CACHE / "triplets" / f"{split}.parquet"
    if not file.exists():
        triplets = teach_pairs(list(unlabelled(split)), cache=CACHE / "vectors").triplets
        with replacing(file) as draft:
            pq.write_table(triplets, draft)
    return pq.read_table(file)


def lesson(table: pa.Table) -> Lesson:
    """Its columns."""
    return Lesson({side: table[side].to_pylist() for side in SIDES}, table["kind"].to_pylist())


def drawn(seed: int, size: int) -> Lesson:
    """Training triplets of a seed."""
    whole = lesson(made("train"))
    return whole.rows(random.Random(f"drawn {seed}").sample(range(len(whole.kinds)), size))


def with_false(triplets: Lesson, share: float, seed: int) -> Lesson:
    """A share of the negatives changed for false ones, which say what the anchor says: the positive of another triplet of the same anchor, else its own.

    A false negative is made as positives are, so nothing but its meaning tells it from them.
    """
    chance = random.Random(f"false {seed}")
    false = set(chance.sample(range(len(triplets.kinds)), round(share * len(triplets.kinds))))
    again = second_positives()
    columns = dict(triplets.columns)
    columns["negative"] = [
        again.get(anchor, positive) if i in false else negative
        for i, (anchor, positive, negative) in enumerate(zip(*(columns[side] for side in SIDES), strict=True))
    ]
    return Lesson(columns, triplets.kinds)


@cache
def second_positives() -> dict[str, str]:
    """Another positive of the anchors of the training triplets, made with another seed."""
    file = CACHE / "triplets" / "again.parquet"
    if not file.exists():
        triplets = teach_pairs(list(unlabelled("train")), seed=1, cache=CACHE / "vectors").triplets
        with replacing(file) as draft:
            pq.write_table(triplets, draft)
    first, table = lesson(made("train")).columns, lesson(pq.read_table(file)).columns
    own = dict(zip(first["anchor"], first["positive"], strict=True))
    return {anchor: positive for anchor, positive in zip(table["anchor"], table["positive"], strict=True) if own.get(anchor) != positive}


@cache
def swaps(split: str) -> Lesson:
    """Triplets to be asked about, as many of each kind, at most `A_KIND`."""
    return some_of_each(lesson(made(split)), f"swaps {split}")


@cache
def hard_swaps() -> Lesson:
    """Swaps of the test texts whose positive went through three operations or more; these are rare, so the rules are run with several seeds.

    Operations that the rules learnt later do not count, so that what the goals were set for stays as hard as it was.
    """
    file = CACHE / "triplets" / "hard.parquet"
    if not file.exists():
        with replacing(file) as draft:
            pq.write_table(_hard(), draft)
    return some_of_each(lesson(pq.read_table(file)), "hard swaps")


def _hard() -> pa.Table:
    found: dict[tuple[str, str], dict[str, str]] = {}
    texts, wordnet = unlabelled("test"), WordNet.load()
    known = Statistics.of(texts)
    for seed in range(1, DRAWS + 1):
        for entry in Rules.of(known, wordnet=wordnet, seed=seed, per_sentence=2).make(texts):
            if isinstance(entry, Triplet) and _is_hard(entry):
                found.setdefault((entry.anchor, entry.kind), entry._asdict())
    return pa.Table.from_pylist(list(found.values()))


def _is_hard(triplet: Triplet) -> bool:
    steps = triplet.made.rpartition("positive: ")[2].split(", ")
    return len(steps) >= HARD and not any(step.startswith(LATER) for step in steps)


def some_of_each(whole: Lesson, seed: str) -> Lesson:
    """At most `A_KIND` of each kind."""
    rows: dict[str, list[int]] = {}
    for i, kind in enumerate(whole.kinds):
        rows.setdefault(kind, []).append(i)
    chance = random.Random(seed)
    return whole.rows([i for kind in sorted(rows) for i in chance.sample(rows[kind], min(A_KIND, len(rows[kind])))])


def with_random_entities(triplets: Lesson, seed: int) -> Lesson:
    """Negatives without a graph: one noun of the anchor changed for any other noun of the corpus, drawn by how often each is there."""
    know = knowledge()
    nouns, counts = zip(*sorted(know.counts["n"].items()), strict=True)
    chance = random.Random(f"random entities {seed}")
    negatives = []
    for anchor in triplets.columns["anchor"]:
        reading = know.read(anchor)
        places = [i for i, tag in enumerate(reading.tags) if tag == "NOUN"] or [i for i, tag in enumerate(reading.tags) if tag == "NAME"]
        places = places or list(range(len(reading.tags)))
        negatives.append(reading.sentence.with_words({chance.choice(places): chance.choices(nouns, counts)[0]}))
    return Lesson({**triplets.columns, "negative": negatives}, triplets.kinds)


@cache
def knowledge() -> Knowledge:
    """What the rules know of the training sentences."""
    return Rules.of(unlabelled("train"), wordnet=WordNet.load()).know


@cache
def by_hand() -> Lesson:
    """Triplets that a person wrote before anything was measured with them: who did what, direction, units, opposites."""
    with (Path(__file__).parent / "by_hand.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Lesson({side: [row[side] for row in rows] for side in SIDES}, [row["kind"] for row in rows])
