"""Other words for the same: synonyms, aliases, numbers as words, equal amounts, determiners."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from ...graph.inflection import noun_form, verb_form
from ...graph.quantities import Quantity, quantities, times_around
from ...graph.units import units
from ...graph.values import equal_ways, number_text
from ...graph.vocabulary import folded
from ..knowledge import Knowledge, Reading
from ..lexicon import another_word, listed, synonyms
from ..speech import asks, span_at
from ..tagging import form_in_place
from ..triplet import Edit
from .japanese import quality

_MONTHS = frozenset({"jan", "feb", "apr", "aug", "sept", "oct", "nov", "dec"})
_MEASURES = frozenset({"while", "bit", "time", "help", "room", "more", "less", "later", "longer", "by", "too"})
_SPELT, _DESCRIBED = re.compile(r" [a-z]{4,}$"), re.compile(r" [a-z]")  # a hole of 1.2 centimetres, but a 1.2 cm hole
_HOUR = re.compile(r"\s?(?:[ap]\.?m\b|o'clock)", re.IGNORECASE)
_OLD = re.compile(r"[ -]?(?:old|of age|usd|dollars?|dlrs|eur|euros?|gbp|yen)\b", re.IGNORECASE)  # 19 years old, $30 usd
_NOT = ("is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "could", "should", "would")
_SHORT = {f"{one} not": f"{one}n't" for one in _NOT}
_SHORT |= {
    "cannot": "can't",
    "can not": "can't",
    "will not": "won't",
    "i am": "i'm",
    "we are": "we're",
    "you are": "you're",
    "they are": "they're",
}
_LONG = {short: long for long, short in _SHORT.items() if long != "can not"}
_PARTITIVE = frozenset({"lot", "number", "few", "couple", "little", "photo", "picture", "bit", "pair"})


def synonym(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With a word of the table of synonyms, or a noun of one meaning, said by its other name.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> synonym(know.read("PROFITS UP 5 MLN DLRS"), know, Random(0)).text
    'PROFITS UP 5 MLN DOLLARS'
    """
    if reading.sentence.japanese:
        return quality(reading, know, draw)
    found: list[tuple[int, str]] = []
    for i, word in enumerate(reading.sentence.words):
        if know.may_have_synonym(word) and not reading.sentence.hyphenated(i):
            found += [(i, other) for other in _by_table(reading, know, i, word)]
            found += [(i, other) for other in _by_wordnet(reading, know, i, word)]
    if not found:
        return None
    i, other = draw.choice(found)
    return Edit(reading.sentence.with_words({i: other}), f"synonym {reading.sentence.words[i]}>{other}")


def _by_table(reading: Reading, know: Knowledge, i: int, word: str) -> list[str]:
    before, after = reading.tags[i - 1] if i else "START", reading.sentence.words[i + 1] if i + 1 < len(reading.tags) else ""
    found = [other for other in synonyms("any").get(word, ()) if reading.tags[i] != "VERB"]
    if (word in ("little", "small", "extra") and not _before_noun(reading, i)) or (
        word in _MONTHS and "NUM" not in (before, *reading.tags[i + 1 : i + 2])
    ):
        found = []  # a little more, little room: not much of it; an apr rate
    known = know.tagger.word(word)
    if reading.tags[i] == "NOUN" and known.noun and not _in_name(reading, i):
        found += [noun_form(other, known.noun[1]) for other in synonyms("noun").get(known.noun[0], ())]
    if reading.tags[i] == "NAME" and know.wordnet is None:
        found += list(synonyms("noun").get(word, ()))
    if reading.tags[i] == "VERB" and known.verb and not (know.wordnet and know.wordnet.lemma(f"{known.verb[0]} {after}", "n")):
        form = form_in_place(reading.sentence.words, i, known.verb)
        found += [verb_form(other, form) for other in synonyms("verb").get(known.verb[0], ())]
    unfit = another_word(word) | (another_word(known.verb[0]) if known.verb else frozenset())
    around = {("after", reading.sentence.words[i - 1] if i else ""), ("before", after)}
    return [] if around & unfit else found


def _before_noun(reading: Reading, i: int) -> bool:
    """Whether the adjective describes a noun that follows, as in "a little brown dog"."""
    if i and reading.tags[i - 1] not in ("DET", "NUM", "ADJ", "POSS"):
        return False
    rest = [tag for tag in reading.tags[i + 1 :] if tag != "ADJ"]
    return rest[:1] in (["NOUN"], ["NAME"]) and reading.sentence.words[i + 1] not in _MEASURES


def _by_wordnet(reading: Reading, know: Knowledge, i: int, word: str) -> list[str]:
    """Other words of the only sense of a noun, each in its own first sense; the corpus holds them."""
    net, known = know.wordnet, know.tagger.word(word).noun
    if net is None or known is None or reading.tags[i] != "NOUN" or word in units() or _in_name(reading, i) or know.vetoes.people(known[0]):
        return []
    senses = net.senses(known[0], "n")
    short = reading.sentence.tokens[i].text.isupper() and not reading.sentence.text.isupper()  # AD is not an ad
    if short or len(senses) != 1 or known[0] in listed("ambiguous") or not know.is_clear_noun(known[0]):
        return []
    others = [other for other in senses[0].words if other != known[0] and other.isalpha() and know.counts["n"][other] >= 5]
    return [noun_form(other, known[1]) for other in others if net.senses(other, "n")[0] is senses[0] and know.is_clear_noun(other)]


def _in_name(reading: Reading, i: int) -> bool:
    """Whether the noun is part of a longer one."""
    around = reading.tags[max(0, i - 1) : i] + reading.tags[i + 1 : i + 2]
    return any(tag in ("NOUN", "NAME") for tag in around)


def alias(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With a term of the user called by another of its names."""
    text = reading.sentence.text
    found = []
    for place in know.vocabulary.find(text):
        written = text[place.start : place.end]
        names = (place.term.name, *place.term.aliases)
        exact = any(folded(name) == folded(written) for name in names)
        forms = [name if exact else noun_form(name, "s") for name in names]
        found += [(place, form) for form in forms if folded(form) != folded(written)]
    if not found:
        return None
    place, name = draw.choice(found)
    return Edit(reading.sentence.with_spans([(place.start, place.end, name)]), f"alias {text[place.start : place.end]}>{name}")


def in_words(quantity: Quantity) -> str | None:
    """The number as a word, or in digits where it is one; None where neither is usual.

    Examples
    --------
    >>> in_words(quantities("3 dogs")[0]), in_words(quantities("twelve dogs")[0]), in_words(quantities("37 dogs")[0])
    ('three', '12', None)
    """
    if quantity.form == "word":
        return number_text(quantity.value, "digits")
    if quantity.form == "digits" and quantity.value.denominator == 1 and 2 <= quantity.value <= 12 and "." not in quantity.number:
        return number_text(quantity.value, "word")
    return None


def number(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With an English number as a word for one in digits, or the other way."""
    text = reading.sentence.text
    if reading.sentence.japanese:
        return None
    found = []
    for quantity in quantities(text):
        plain = quantity.unit is None or quantity.unit.style in ("plural", "singular")
        new = in_words(quantity) if plain and not quantity.scale else None
        after = text[quantity.at[1] : quantity.at[1] + 1]
        if (
            new
            and after in ("", " ", ",", ".")
            and not any(times_around(quantity, text))
            and not _HOUR.match(text, quantity.end)
            and (quantity.unit is not None or _counts_things(reading, quantity))
        ):
            found.append((quantity, new))
    if not found:
        return None
    quantity, new = draw.choice(found)
    return Edit(reading.sentence.with_spans([(*quantity.at, new)]), f"number {quantity.number}>{new}")


def _counts_things(reading: Reading, quantity: Quantity) -> bool:
    """Whether a noun or what describes it follows: 4 dogs, but not 4 on a list."""
    i = next(i for i, token in enumerate(reading.sentence.tokens) if token.end >= quantity.at[1])
    before = reading.tags[i - 1] if i else "START"
    return i + 1 < len(reading.tags) and reading.tags[i + 1] in ("NOUN", "ADJ") and before not in ("NOUN", "NAME")


def unit(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With an equal amount in another unit, or the unit by another name."""
    text = reading.sentence.text
    free = [q for q in quantities(text) if not times_around(q, text)[1] and not _OLD.match(text, q.end)]
    found = [(q, way) for q in free for way in equal_ways(q, text) if not (_SPELT.search(way) and _DESCRIBED.match(text, q.end))]
    if not found:
        return None
    quantity, way = draw.choice(found)
    shown = way.upper() if text.isupper() and text.isascii() else way
    return Edit(text[: quantity.start] + shown + text[quantity.end :], f"unit {text[quantity.start : quantity.end]}>{way}")


def determiner(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With the or one for the indefinite article that the sentence begins with; what is definite stays so."""
    words, tags = reading.sentence.words, reading.tags
    if len(words) < 3 or words[1] in _PARTITIVE or tags[1] not in ("ADJ", "NOUN") or words[0] not in ("a", "an"):
        return None
    at = 1
    while at < len(tags) and tags[at] in ("ADJ", "NOUN"):
        at += 1
    if tags[at - 1] != "NOUN" or any(map(know.is_many, words[1:at])):
        return None
    new = draw.choice(["the", "one"])
    return Edit(reading.sentence.with_words({0: new}), f"determiner {words[0]}>{new}")


def contraction(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With isn't for is not, I'm for I am, or the other way.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [contraction(know.read(text), know, Random(0)).text for text in ("The lid does not fit", "I can't log in")]
    ["The lid doesn't fit", 'I cannot log in']
    """
    words, sentence = reading.sentence.words, reading.sentence
    if sentence.japanese or sentence.text.isupper():
        return None
    found = [(i, 2, _SHORT[f"{one} {other}"]) for i, (one, other) in enumerate(pairwise(words)) if f"{one} {other}" in _SHORT]
    found += [(i, 1, (_SHORT | _LONG)[plain]) for i, word in enumerate(words) if (plain := word.replace("’", "'")) in _SHORT | _LONG]
    fit = [
        (i, size, new)
        for i, size, new in found
        if words[i + size : i + size + 1]
        and words[i + size][0].isalpha()
        and not asks(sentence, span_at(sentence, i))  # that is who we are
    ]
    if not fit:
        return None
    i, size, new = draw.choice(fit)
    old = " ".join(words[i : i + size])
    return Edit(sentence.with_words({i: new, **dict.fromkeys(range(i + 1, i + size), "")}), f"contraction {old}>{new}")
