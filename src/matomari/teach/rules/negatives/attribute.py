"""Another colour, or the opposite of an adjective."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from ...graph.vocabulary import folded
from ..knowledge import Knowledge, Reading
from ..lexicon import alike, colours, listed, opposites, qualities
from ..triplet import Edit

_EMPTY = frozenset({"other", "same", "such", "own", "certain", "sure", "able", "due", "likely", "more", "most", "many", "few", "much"})
_EMPTY |= {"odd", "even", "well", "ill", "next", "last", "first", "second"}
_USUAL, FEW = ("red", "blue", "green", "yellow", "black", "white"), 500  # colours of any corpus; sentences of which more is known
_LIVING = frozenset({"animal", "person"})


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one colour or quality changed.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> next(edits(know.read("A stainless bolt"), know, Random(0))).made
    'stainless>galvanized'
    >>> next(edits(know.read("アングル 右用 M6"), know, Random(0))).text
    'アングル 左用 M6'
    """
    if reading.sentence.japanese:
        yield from _japanese(reading, draw)
        return
    places = [i for i, tag in enumerate(reading.tags) if tag == "ADJ" and not reading.sentence.hyphenated(i)]
    draw.shuffle(places)
    for i in places:
        word = reading.sentence.words[i]
        if word in _EMPTY or _fixed_phrase(reading, know, i) or _in_name(reading, i):
            continue
        if word in colours():
            others = _colours(reading, know, word, draw)
        else:
            others = _opposites(reading, know, i) if _describes(reading, i) else []
        for other in (other for other in others if other not in reading.sentence.words):
            yield Edit(reading.sentence.with_words({i: other}), f"{word}>{other}")


def _japanese(reading: Reading, draw: Random) -> Iterator[Edit]:
    """With another quality of the same family, where a word of one stands by itself and the text holds no second one of that family."""
    known = {i: (word, *qualities()[word]) for i, token in enumerate(reading.sentence.words) if (word := folded(token)) in qualities()}
    families = Counter(family for _, family, _ in known.values())
    for i in draw.sample(sorted(known), len(known)):
        word, family, same = known[i]
        others = [other for other, (its, _) in qualities().items() if its == family and other not in same]
        if families[family] == 1:
            other = draw.choice(others)
            yield Edit(reading.sentence.with_words({i: other}), f"{word}>{other}")


def _colours(reading: Reading, know: Knowledge, word: str, draw: Random) -> list[str]:
    """Other colours, none that may be taken for the colour or for another one of the sentence."""
    there = set(reading.sentence.words) & colours().keys()
    near = set().union(*(colours()[colour] for colour in there)) | there
    size = know.statistics.sentences
    known = _USUAL if size < FEW else [other for other in colours() if know.frequent(other, max(3, size // 2000))]
    others = [other for other in known if other not in near]
    draw.shuffle(others)
    return others[:2]


def _opposites(reading: Reading, know: Knowledge, i: int) -> list[str]:
    word = reading.sentence.words[i]
    after = reading.sentence.words[i + 1] if i + 1 < len(reading.sentence) else ""
    noun = know.tagger.word(after).noun if after and after.isalpha() else None
    found = [other for other in opposites("adjective").get(word, ()) if know.frequent(other, 1)]
    if know.wordnet is not None:
        living = bool(noun) and know.wordnet.topic(noun[0] if noun else "") in _LIVING
        unfit = {"new", "long", "heavy", "dark"} if living else {"young", "tall"}
        found = [other for other in found if other not in unfit] or found
        counts = know.tagger.word(word).counts
        if not found and counts[2] >= 2 * max(counts[0], counts[1]):
            found = [other for other in know.wordnet.antonyms(word, "a", senses=1) if other.isalpha() and know.frequent(other)]
    return [other for other in found if not know.vetoes.people(other) and other not in alike("adjective").get(word, ())]


def _describes(reading: Reading, i: int) -> bool:
    """Whether the word is an adjective here: before a noun, behind a form of be or the like, or the last of its part; not in how old."""
    before = reading.sentence.words[i - 1] if i else ""
    after = reading.tags[i + 1] if i + 1 < len(reading.tags) else "END"
    if before == "how":
        return False
    return after in ("NOUN", "NAME", "ADJ") or before in listed("links") or after in ("END", "PUNCT")


def _in_name(reading: Reading, i: int) -> bool:
    """Whether the word is part of a name: it has a capital where most words have none."""
    tokens = [token for token in reading.sentence.tokens if token.text[0].isalpha()]
    capitals = sum(token.text[0].isupper() for token in tokens)
    return i > 0 and reading.sentence.tokens[i].text[0].isupper() and 2 * capitals < len(tokens)


def _fixed_phrase(reading: Reading, know: Knowledge, i: int) -> bool:
    """Whether the adjective and its noun are one word of the dictionary: white water, old age."""
    if know.wordnet is None or i + 1 >= len(reading.sentence):
        return False
    after = reading.sentence.words[i + 1]
    return know.wordnet.lemma(f"{reading.sentence.words[i]} {after}", "n") is not None
