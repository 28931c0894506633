"""Rules for a test: what all families of them share, and one edit of one family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from random import Random

from matomari.teach.graph.vocabulary import Term, Vocabulary
from matomari.teach.rules.knowledge import Knowledge, Reading
from matomari.teach.rules.statistics import Statistics
from matomari.teach.rules.triplet import Edit

from .wordnet import the_wordnet

TERMS = (
    Term("hex bolt", "fastener", ("hexagon bolt",)),
    Term("rivet", "fastener", ("stud",)),
    Term("bolt", "fastener"),
    Term("oak", "wood"),
    Term("六角ナット", "部品", ("六角ねじ",)),
    Term("座金", "部品", ("ワッシャー",)),
)
# Each stands there often enough to be put into a sentence
CORPUS = (
    "a dog a cat a horse a street a road a guitar a violin a mountain a hill the truck the bus a hat a scarf a red a blue a green a white "
    "a black an orange a pink a purple shirt a bucket a pail walk walks walking run runs running sits sitting stands standing eats eating sell sells buy buys raise cut rise fall rises falls"
)


def plain(*corpus: str, balanced: bool = False) -> Knowledge:
    """Without WordNet."""
    return Knowledge(None, Vocabulary(TERMS), Statistics.of(corpus), balanced=balanced)


@cache
def knowing() -> Knowledge:
    """With WordNet, and a corpus in which the words of `CORPUS` are common."""
    return Knowledge(the_wordnet(), Vocabulary(TERMS), Statistics.of([CORPUS] * 25))


def edits(
    family: Callable[[Reading, Knowledge, Random], Iterator[Edit]], know: Knowledge, text: str, seeds: Iterable[int] = range(12)
) -> set[str]:
    """All that a family of negatives makes of a text, over some seeds."""
    return {edit.text for seed in seeds for edit in family(know.read(text), know, Random(seed))}


def said(
    operation: Callable[[Reading, Knowledge, Random], Edit | None], know: Knowledge, text: str, seeds: Iterable[int] = range(12)
) -> set[str]:
    """All that an operation of positives makes of a text, over some seeds."""
    found = (operation(know.read(text), know, Random(seed)) for seed in seeds)
    return {edit.text for edit in found if edit is not None}
