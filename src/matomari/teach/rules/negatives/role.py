"""The same words, but another does it: subject and object changed places, or the qualities of two things."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from ..knowledge import Knowledge, Reading
from ..lexicon import colours, listed, rows
from ..tagging import noun_phrase
from ..triplet import Edit

_LIVING = frozenset({"animal", "person"})


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with two of its parts in each other's place.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [next(edits(know.read(text), know, Random(0))).text for text in ("FORD SUES HERTZ", "A red nut on a blue bolt")]
    ['HERTZ SUES FORD', 'A blue nut on a red bolt']
    """
    found = [*_doers(reading, know), *_qualities(reading)] if "whether" not in reading.sentence.words else []
    draw.shuffle(found)
    yield from found


@cache
def _goals() -> dict[str, str]:
    """What can do and be done, of each verb that is not the same both ways."""
    return {row["verb"]: row["goal"] for row in rows("asymmetric")}


def _doers(reading: Reading, know: Knowledge) -> Iterator[Edit]:
    """Who did it to whom, of verbs that are not the same both ways and phrases that could both do it."""
    goals = _goals()
    sentence, tags = reading.sentence, reading.tags
    for i, tag in enumerate(tags):
        verb = know.tagger.word(sentence.words[i]).verb if tag == "VERB" else None
        if verb is None or verb[0] not in goals or verb[0] in listed("symmetric") or verb[1] == "en":
            continue
        stop = i - 1 if i and tags[i - 1] in ("AUX", "TO") else i
        begin = _phrase_before(tags, stop)
        end = noun_phrase(tags[: sentence.end], i + 1)
        if begin == stop or end == i + 1 or (begin and tags[begin - 1] not in ("CONJ", "PUNCT")):
            continue
        if end < sentence.end and (tags[end] in ("CONJ", "ADV", "VERB", "AUX") or sentence.words[end] in ("for", "of", "from", "'")):
            continue
        one, other = (begin, stop), (i + 1, end)
        if _can_both(reading, know, one, other, goal=goals[verb[0]]):
            spans = [_span(reading, *one), _span(reading, *other)]
            texts = [sentence.text[start:finish] for start, finish in spans]
            moved = _moved(texts, first=begin == 0, shouted=sentence.text.isupper())
            yield Edit(sentence.with_spans([(*spans[0], moved[0]), (*spans[1], moved[1])]), f"who {verb[0]} whom")


def _phrase_before(tags: tuple[str, ...], stop: int) -> int:
    """Where the noun phrase that ends here begins; `stop` where there is none."""
    at = stop
    while at and tags[at - 1] in ("DET", "POSS", "NUM", "ADJ", "NOUN", "NAME"):
        at -= 1
    return at if at < stop and noun_phrase(tags[:stop], at) == stop else stop


def _span(reading: Reading, first: int, after: int) -> tuple[int, int]:
    return reading.sentence.tokens[first].start, reading.sentence.tokens[after - 1].end


def _moved(texts: list[str], *, first: bool, shouted: bool) -> tuple[str, str]:
    """The two phrases in each other's place, the capital of the first word left where it was."""
    one, other = texts
    if first and not shouted and one[:1].isupper() and (one.split()[0].istitle() or len(one.split()[0]) == 1):
        small = one[:1].lower() + one[1:] if one.split()[0].lower() in ("a", "an", "the", "two", "three", "one", "some") else one
        return other[:1].upper() + other[1:], small
    return other, one


def _can_both(reading: Reading, know: Knowledge, one: tuple[int, int], other: tuple[int, int], *, goal: str) -> bool:
    heads = [reading.sentence.words[phrase[1] - 1] for phrase in (one, other)]
    if heads[0] == heads[1] or any(reading.sentence.hyphenated(i) for phrase in (one, other) for i in range(*phrase)):
        return False
    if any(reading.tags[i] == "POSS" for phrase in (one, other) for i in range(*phrase)):
        return False  # whose it is would change as well
    nouns = [know.tagger.word(head).noun for head in heads]
    if goal == "name":
        return all(reading.tags[phrase[1] - 1] == "NAME" or _is_place(know, noun) for phrase, noun in zip((one, other), nouns, strict=True))
    if know.wordnet is None:
        return all(reading.tags[phrase[0]] == "DET" for phrase in (one, other))
    same_number = len({noun[1] for noun in nouns if noun}) == 1
    return same_number and all(noun and know.wordnet.topic(noun[0]) in _LIVING for noun in nouns)


def _is_place(know: Knowledge, noun: tuple[str, str] | None) -> bool:
    return noun is not None and know.wordnet is not None and know.wordnet.topic(noun[0]) == "location"


def _qualities(reading: Reading) -> Iterator[Edit]:
    """Two colours changed places, each before a noun of its own."""
    sentence, tags = reading.sentence, reading.tags
    places = [i for i, word in enumerate(sentence.words) if word in colours() and not sentence.hyphenated(i)]
    heads = {i: _head(tags, i) for i in places}
    for at, i in enumerate(places):
        for j in places[at + 1 :]:
            one, other = heads[i], heads[j]
            if not one or not other or one >= j or set(sentence.words[i + 1 : one + 1]) & set(sentence.words[j + 1 : other + 1]):
                continue  # a red car and a blue car: the same two cars
            if (
                sentence.words[j] in colours()[sentence.words[i]]
                or sentence.words[i] == sentence.words[j]
                or _several(sentence.words, tags, i, j)
            ):
                continue
            yield Edit(
                sentence.with_words({i: sentence.words[j], j: sentence.words[i]}),
                f"whose is {sentence.words[i]}, whose {sentence.words[j]}",
            )
            return


def _head(tags: tuple[str, ...], i: int) -> int | None:
    """The noun that a colour is of: it stands behind it, with nothing but adjectives and nouns between."""
    at = i + 1
    while at < len(tags) and tags[at] in ("ADJ", "NOUN", "NAME"):
        at += 1
    return at - 1 if at > i + 1 and tags[at - 1] in ("NOUN", "NAME") else None


def _several(words: tuple[str, ...], tags: tuple[str, ...], i: int, j: int) -> bool:
    """Whether one of the two is part of a list of colours, as black in black and white."""
    for at in (i, j):
        around = words[max(0, at - 2) : at] + words[at + 1 : at + 3]
        if any(word in colours() for word in around) or (
            at and tags[at - 1] == "ADJ" and words[at - 1] in ("light", "dark", "bright", "pale")
        ):
            return True
    return False
