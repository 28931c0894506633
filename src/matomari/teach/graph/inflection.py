"""Forms of English nouns and verbs, there and back, and the article before a word; irregular ones are a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

NOUN_FORMS = ("", "s")
VERB_FORMS = ("", "s", "ed", "ing", "en")  # base, third person, past, present participle, past participle
_VOWEL_SOUND = re.compile(r"(?:[aeiou]|hour|honest|hono|heir|x-ray|8|11\b|18\b)", re.IGNORECASE)
_LETTER_SOUND = re.compile(r"(?:uni[^mn]|us[aeiu]|eu|ewe|ukul|ubiq|one\b|once|uti)", re.IGNORECASE)  # a unit, a user
_SYLLABLE = re.compile(r"[aeiouy]+")


@cache
def _irregular() -> dict[tuple[str, str], str]:
    with (Path(__file__).parent / "tables" / "irregular.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["base"]): row["form"] for row in csv.DictReader(file)}


@cache
def _irregular_bases() -> dict[str, tuple[tuple[str, str], ...]]:
    """Of each irregular form, the bases and kinds that it belongs to."""
    found: dict[str, list[tuple[str, str]]] = {}
    for (kind, base), form in _irregular().items():
        found.setdefault(form, []).append((base, kind))
    return {form: tuple(bases) for form, bases in found.items()}


@lru_cache(maxsize=50_000)
def noun_form(lemma: str, form: str) -> str:
    """A noun in a form: as it is, or `s` for its plural.

    Parameters
    ----------
    lemma : str
        In small letters; of several words, the last one is bent.
    form : str
        One of `NOUN_FORMS`.

    Examples
    --------
    >>> [noun_form(noun, "s") for noun in ("dog", "box", "city", "man", "fire hydrant", "piano")]
    ['dogs', 'boxes', 'cities', 'men', 'fire hydrants', 'pianos']
    """
    if not form:
        return lemma
    start, space, last = lemma.rpartition(" ")
    known = _irregular().get(("plural", last))
    if known is None and last.endswith("man") and last not in ("human", "german", "roman", "ottoman", "talisman", "shaman"):
        known = last[:-2] + "en"
    if known is None:
        known = _with_s(last)
    return f"{start}{space}{known}"


def _with_s(word: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", word):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word + "s"


@lru_cache(maxsize=50_000)
def verb_form(lemma: str, form: str) -> str:
    """A verb in a form: the base, `s`, `ed` (past), `ing`, or `en` (past participle).

    Parameters
    ----------
    lemma : str
        In small letters; of several words, the first one is bent.
    form : str
        One of `VERB_FORMS`.

    Examples
    --------
    >>> [verb_form("stop", form) for form in VERB_FORMS]
    ['stop', 'stops', 'stopped', 'stopping', 'stopped']
    >>> [verb_form(verb, "en") for verb in ("write", "carry", "sit", "pick up")]
    ['written', 'carried', 'sat', 'picked up']
    """
    first, space, rest = lemma.partition(" ")
    return f"{_bent(first, form)}{space}{rest}"


def _bent(verb: str, form: str) -> str:
    table = _irregular()
    if not form:
        return verb
    if form == "s":
        return table.get(("third", verb)) or _with_s(verb)
    if form == "ing":
        return table.get(("ing", verb)) or _ing(verb)
    past = table.get(("past", verb)) or _past(verb)
    return past if form == "ed" else table.get(("participle", verb), past)


def _doubles(verb: str) -> bool:
    """Whether the last letter is written twice before an ending."""
    if not re.search(r"[^aeiou][aeiou][^aeiouwxyh]$", verb) and not re.search(r"qu[aeiou][^aeiouwxyh]$", verb):
        return False
    return len(_SYLLABLE.findall(verb)) == 1 or ("doubles", verb) in _irregular()


def _ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + verb[-1] * _doubles(verb) + "ing"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + verb[-1] * _doubles(verb) + "ed"


def noun_bases(word: str) -> Iterator[tuple[str, str]]:
    """Nouns that a word may be a form of, each with the form; a lexicon says which of them there are.

    Examples
    --------
    >>> list(noun_bases("boxes")), list(noun_bases("geese"))
    ([('boxes', ''), ('boxe', 's'), ('box', 's')], [('geese', ''), ('goose', 's')])
    """
    yield word, ""
    for base, kind in _irregular_bases().get(word, ()):
        if kind == "plural":
            yield base, "s"
    if word.endswith("s") and not word.endswith("ss"):
        stems = [word[:-1]] + [word[:-2]] * word.endswith("es") + [word[:-3] + "y"] * word.endswith("ies")
        yield from ((stem, "s") for stem in stems if noun_form(stem, "s") == word or stem == word[:-1])


def verb_bases(word: str) -> Iterator[tuple[str, str]]:
    """Verbs that a word may be a form of, each with the form; a lexicon says which of them there are.

    Examples
    --------
    >>> list(verb_bases("stopped")), list(verb_bases("taken"))
    ([('stopp', 'ed'), ('stoppe', 'ed'), ('stop', 'ed')], [('take', 'en')])
    """
    kinds = {"past": "ed", "participle": "en", "third": "s", "ing": "ing"}
    for base, kind in _irregular_bases().get(word, ()):
        if kind in kinds:
            yield base, kinds[kind]
    for ending, form in (("ing", "ing"), ("ed", "ed"), ("s", "s")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            stems = [stem, stem + "e", stem[:-1]] + [stem[:-1] + "y"] * stem.endswith("i") + [stem[:-2] + "y"] * stem.endswith("ie")
            yield from ((base, form) for base in dict.fromkeys(stems) if len(base) > 1 and verb_form(base, form) == word)


def article(word: str) -> str:
    """The indefinite article before a word, by its sound as far as its letters tell.

    Examples
    --------
    >>> [article(word) for word in ("apple", "hour", "unit", "umbrella", "one-way", "dog", "8")]
    ['an', 'an', 'a', 'an', 'a', 'a', 'an']
    """
    return "an" if _VOWEL_SOUND.match(word) and not _LETTER_SOUND.match(word) else "a"
