"""Another thing of the same kind: a co-hyponym of a noun, or another term of the user's type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from ...graph.entities import Mention
from ...graph.inflection import noun_bases, noun_form
from ...graph.vocabulary import folded
from ..knowledge import Knowledge, Reading
from ..lexicon import rows
from ..triplet import Edit

# Nouns that name what can be seen or touched: of others, co-hyponyms often mean the same
_CONCRETE = frozenset({"animal", "artifact", "body", "food", "location", "object", "person", "plant", "substance"})
_GENDERED = frozenset({"he", "she", "his", "her", "hers", "him", "himself", "herself"})
_TIED = frozenset({"NOUN", "NAME"})


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one entity changed for another.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random
        Decides which entity and which other one comes first.

    Examples
    --------
    >>> from ...graph.vocabulary import Term, Vocabulary
    >>> from ..statistics import Statistics
    >>> words = Vocabulary([Term("hex bolt", "fastener", ("hexagon bolt",)), Term("rivet", "fastener")])
    >>> know = Knowledge(None, words, Statistics())
    >>> next(edits(know.read("Hexagon bolts, M8"), know, Random(0)))
    Edit(text='Rivets, M8', made='hex bolt>rivet (both fastener)')
    """
    places = know.mentions(reading.sentence.text)
    draw.shuffle(places)
    if know.balanced:
        yield from _by_gender(reading, know, draw)
    for place in places:
        yield from _by_wordnet(reading, place, know, draw) if place.source == "wordnet" else _by_term(reading, place, know, draw)


@cache
def _counterparts() -> dict[str, str]:
    pairs = [(row["one"], row["other"]) for row in rows("balanced")]
    return dict(pairs) | {other: one for one, other in pairs}


def _by_gender(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """One person of the other gender; the commoner word is swapped as much less often, so that both ways come up alike."""
    if _GENDERED & set(reading.sentence.words):
        return  # his and her would have to change as well
    for i, word in enumerate(reading.sentence.words):
        for lemma, form in noun_bases(word):
            other = _counterparts().get(lemma)
            if other is None or reading.tags[i] not in ("NOUN", "NAME"):
                continue
            own, its = (know.statistics.words[noun_form(noun, form)] for noun in (lemma, other))
            if draw.random() * max(own, 1) <= max(its, 1):
                yield Edit(reading.sentence.with_words({i: noun_form(other, form)}), f"{lemma}>{other} (balanced)")


def _by_term(reading: Reading, place: Mention, know: Knowledge, draw: Random) -> Iterator[Edit]:
    own = _parts(place.lemma)
    term = know.vocabulary.named(place.lemma)
    named = {folded(name) for name in (term.name, *term.aliases)} if term else set()
    plural = folded(place.text) not in named and place.text[-1:].lower() == "s"
    others = [other for other in know.vocabulary.of_type(place.type) if other is not term]
    draw.shuffle(others)
    for other in others:
        words = _parts(other.name)
        if words < own or own < words:
            continue  # a bolt and a hex bolt: the one is a kind of the other
        new = noun_form(other.name, "s") if plural else other.name
        yield Edit(reading.sentence.with_spans([(place.start, place.end, new)]), f"{place.lemma}>{other.name} (both {place.type})")


def _parts(name: str) -> set[str]:
    """The words of a name, or its signs in a script that knows no spaces."""
    small = folded(name)
    return set(small.split()) if small.isascii() else set(small) - {" "}


def _by_wordnet(reading: Reading, place: Mention, know: Knowledge, draw: Random) -> Iterator[Edit]:
    if know.wordnet is None or know.wordnet.topic(place.lemma) not in _CONCRETE or not _stands_alone(reading, place):
        return
    others = know.sisters(place.lemma)
    if not others:
        return
    form = "" if place.text.lower() == place.lemma else "s"
    there = set(reading.sentence.words)
    counts = know.counts["n"]
    for other, above in dict.fromkeys(draw.choices(others, [counts[other] ** 0.75 for other, _ in others], k=3)):
        new = noun_form(other, form)
        if new not in there and (form == "" or know.frequent(new.rpartition(" ")[2], 1)):
            yield Edit(reading.sentence.with_spans([(place.start, place.end, new)]), f"{place.lemma}>{other} (both {above})")


def _stands_alone(reading: Reading, place: Mention) -> bool:
    """Whether the noun is the head of its phrase and no part of a longer name."""
    tokens = reading.sentence.tokens
    inside = [i for i, token in enumerate(tokens) if token.start < place.end and place.start < token.end]
    first, last = inside[0], inside[-1]
    if reading.tags[last] != "NOUN" or any(reading.sentence.hyphenated(i) for i in inside):
        return False
    after = reading.tags[last + 1] if last + 1 < len(tokens) else "END"
    before = reading.tags[first - 1] if first else "START"
    partitive = last + 1 < len(tokens) and tokens[last + 1].lower in ("of", "to")
    return after not in _TIED and after != "ADJ" and before not in _TIED and not partitive
