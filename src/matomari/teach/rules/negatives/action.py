"""Another thing that is done: an opposite, something of our table of actions, or a co-hyponym of the verb."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from ...graph.inflection import verb_form
from ..knowledge import Knowledge, Reading
from ..lexicon import actions, alike, another_word, opposites, rows
from ..tagging import form_in_place
from ..triplet import Edit

_EMPTY = frozenset(
    {"be", "have", "do", "get", "make", "take", "go", "use", "come", "give", "put", "see", "say", "set", "keep", "let", "try"}
)
_LIVING = frozenset({"animal", "person", "group", "body"})  # a crowd runs; so does who is named before their shirt or their hands
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_PARTICLES = frozenset({"up", "down", "off", "out", "over", "away", "on", "back", "in", "around", "through", "along"})
_OBJECT = frozenset({"DET", "POSS", "NUM", "ADJ", "NOUN", "NAME"})


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one verb changed; forms stay what they are.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> next(edits(know.read("FORD TO RAISE PRICES"), know, Random(0)))
    Edit(text='FORD TO CUT PRICES', made='raise>cut (opposites)')
    """
    places = [i for i, tag in enumerate(reading.tags) if tag == "VERB"]
    draw.shuffle(places)
    for i in places:
        known = know.tagger.word(reading.sentence.words[i]).verb
        if known is None or known[0] in _EMPTY or reading.sentence.hyphenated(i) or _particle(reading, know, i, known[0]):
            continue
        lemma = known[0]
        if known[1] == "" and i and reading.sentence.words[i - 1] in _BE:
            continue  # the window is open
        if reading.sentence.text.isupper() and i + 1 == len(reading.sentence):
            continue  # merger talks: a noun, in headlines
        form = form_in_place(reading.sentence.words, i, known)
        for other, why in _others(reading, know, i, lemma=lemma, draw=draw):
            yield Edit(reading.sentence.with_words({i: verb_form(other, form)}), f"{lemma}>{other} ({why})")


def _others(reading: Reading, know: Knowledge, i: int, *, lemma: str, draw: Random) -> Iterator[tuple[str, str]]:
    opposite = [other for other in opposites("verb").get(lemma, ()) if know.frequent(other, 1) or know.counts["v"][other]]
    takes_object = i + 1 < len(reading.tags) and reading.tags[i + 1] in _OBJECT
    table = [other for other in actions().get(lemma, ()) if know.counts["v"][other] or know.wordnet is None]
    other_way = [other for other in know.rivals(lemma) if other not in alike("verb").get(lemma, ()) and other not in _EMPTY]
    draw.shuffle(table)
    draw.shuffle(other_way)
    yield from ((other, "opposites") for other in opposite)
    if not _done_by_living(reading, know, i):
        return  # belts run, and never sleep
    yield from ((other, "another action") for other in _of_use(table, lemma, takes_object=takes_object)[:2])
    yield from ((other, "co-hyponyms") for other in other_way[:2])


def _done_by_living(reading: Reading, know: Knowledge, i: int) -> bool:
    """Whether who does it may be a person or an animal, as far as the last noun before the verb tells."""
    before = next((j for j in range(i - 1, -1, -1) if reading.tags[j] in ("NOUN", "NAME", "PRON")), None)
    if know.wordnet is None or before is None or reading.tags[before] != "NOUN":
        return True
    noun = know.tagger.word(reading.sentence.words[before]).noun
    return noun is None or know.wordnet.topic(noun[0]) in _LIVING


@cache
def _uses(use: str) -> dict[str, frozenset[str]]:
    """For each verb, those that share a set of that use with it."""
    sets: dict[str, set[str]] = {}
    for row in rows("actions"):
        if row["use"] == use:
            sets.setdefault(row["set"], set()).add(row["verb"])
    verbs = frozenset().union(*sets.values())
    return {verb: frozenset().union(*(members for members in sets.values() if verb in members)) for verb in verbs}


def _of_use(others: list[str], lemma: str, *, takes_object: bool) -> list[str]:
    fit = _uses("transitive" if takes_object else "intransitive").get(lemma, frozenset())
    return [other for other in others if other in fit]


def _particle(reading: Reading, know: Knowledge, i: int, lemma: str) -> bool:
    """Whether the verb is part of a word of two, as in take off, start over and jump starting."""
    after = reading.sentence.words[i + 1] if i + 1 < len(reading.sentence) else ""
    if ("before", after) in another_word(lemma) or (i and reading.sentence.words[i - 1] in ("jump", "kick")):
        return True
    return after in _PARTICLES and know.wordnet is not None and know.wordnet.has(f"{lemma} {after}", "v")
