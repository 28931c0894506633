"""Numbers that a word or a place gives a meaning: DN 25, floor 6, version 11, the house number of an address."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from .token import CODE, KANJI, NUMBER, QUANTITY, WORD, Token

FILLED = "|"  # what stands where a quantity was read already: no word, no number
HOUSE = "house number"
STREET, NAME = "street type", "street name"
NAMING = (WORD, NUMBER, CODE, KANJI)
SHARED = ("flat", "floor", "room")  # of a house: may stand before its number
ENDINGS = ("gasse", "allee", "weg", "platz", "damm", "ufer", "steig", "chaussee", "straat", "laan", "plein", "gatan", "vagen", "gata")
IN_ADDRESSES = (*ENDINGS, "ring", "markt", "hof", "vej", "gade")  # of other words, too: bearing, string
MOSTLY = 0.5  # share of the texts that begin as an address does, from which all are read as addresses
FIRST = 6  # tokens in which a street is sought
_NUMBER_FIRST = re.compile(r"\s*\d+[a-z]?\b")
_HOUSE = re.compile(r"\d+[a-z]")
_LETTERS = re.compile(r"[^\W\d_]+")


def named_numbers(dimensions: Mapping[str, str]) -> re.Pattern[str]:
    """A word that names the number after it: groups 1 and 2 of a match. Words of one or two letters stand close to their number.

    Examples
    --------
    >>> found = named_numbers({"dn": "bore", "floor": "floor", "v": "version"})
    >>> [match.groups() for match in found.finditer("dn 25 dn-32 floor 6 2007 v 3 v3.1 floor 55555")]
    [('dn', '25'), ('dn', '32'), ('floor', '6'), ('v', '3.1')]
    """
    longest = sorted(dimensions, key=len, reverse=True)
    by_size = ["|".join(map(re.escape, (w for w in longest if len(w) in sizes))) for sizes in ((1,), (2,), range(3, 99))]
    one, two, long = (words or r"\b\B" for words in by_size)
    name = rf"(?:{one})(?=[.-]?\d)|(?:{two})(?=[.-]? ?\d)|(?:{long})(?=[. -]{{0,2}}\d)"
    return re.compile(rf"(?<![^\W_])(?<!\d[.-])({name})[. -]{{0,2}}(\d{{1,4}}(?:\.\d+)?[a-z]?)(?![^\W_]|[./]\d)")


def are_addresses(texts: Sequence[str], streets: frozenset[str]) -> bool:
    """Whether a list is one of addresses: half of its folded texts begin with a house number or a street.

    Examples
    --------
    >>> are_addresses(["12 high street, york", "haupt street 5 berlin", "calle mayor 3"], frozenset({"street", "calle"}))
    True
    >>> are_addresses(["golden dragon, 12 high street", "red lion 5 high street"], frozenset({"street"}))
    False
    """
    return bool(texts) and sum(_begins(text, streets) for text in texts) > MOSTLY * len(texts)


def _begins(text: str, streets: frozenset[str]) -> bool:
    words = _LETTERS.findall(text)[:FIRST]
    if _NUMBER_FIRST.match(text):
        return any(word in streets for word in words)
    return any(word in streets or word.endswith(ENDINGS) for word in words[:2]) and any(c.isdigit() for c in text)


def with_house(tokens: list[Token]) -> list[Token]:
    """The tokens of an address, its house number and the words and numbers of its street's name marked as what they are.

    It stands first (after a flat at most), or first after the street; with a letter behind it, it is another one.

    Examples
    --------
    >>> from .token import MEMBER
    >>> number, street = Token(NUMBER, "5", value=5.0), Token(MEMBER, "street", STREET)
    >>> found = with_house([street, Token(WORD, "mayor"), number, Token(WORD, "b"), Token(WORD, "lyon")])
    >>> [(token.key, token.group) for token in found]
    [('street', 'street type'), ('mayor', 'street name'), ('5bhouse number', 'house number'), ('lyon', '')]
    """
    numbers = [i for i, token in enumerate(tokens) if _may_be_house(token)]
    if not numbers:
        return tokens
    first = next((i for i, token in enumerate(tokens) if token.group not in SHARED), 0)
    streets = [i for i, token in enumerate(tokens) if token.group == STREET or (token.kind == WORD and token.key.endswith(IN_ADDRESSES))]
    at = first if first in numbers else next((i for i in numbers if streets and i > streets[0]), numbers[0])
    written = (tokens[at].text or tokens[at].key).replace(" ", "")
    letter = tokens[at + 1].key if at != first and tokens[at].kind == NUMBER and at + 1 < len(tokens) else ""
    joined = len(letter) == 1 and tokens[at + 1].kind == WORD
    number = written + letter if joined else written
    named = _named(tokens, at, streets[0] if streets else -1)
    rest = [token._replace(group=NAME) if i in named and token.kind in NAMING else token for i, token in enumerate(tokens)]
    return [*rest[:at], counted(number, HOUSE, number), *rest[at + 1 + joined :]]


def _named(tokens: Sequence[Token], house: int, street: int) -> range:
    """The places of a street's name: between its number and its type, either first, or, as in French, after both to the next number."""
    if street < 0:
        return range(0)
    first, last = sorted((house, street))
    between = range(first + 1, last)
    if any(tokens[i].kind in NAMING for i in between):
        return between
    if house > street:
        return range(0)
    after = range(last + 1, len(tokens))
    one = next((i + 1 for i in after if tokens[i].kind in NAMING), last + 1)
    return range(last + 1, next((i for i in after if tokens[i].kind == NUMBER), one))


def _may_be_house(token: Token) -> bool:
    """A number, perhaps with a letter: 5 a and 5a are no amperes in an address."""
    return (
        token.kind == NUMBER
        or (token.kind == QUANTITY and token.group == "current")
        or bool(token.kind == CODE and _HOUSE.fullmatch(token.key))
    )


def counted(written: str, dimension: str, said: str) -> Token:
    """A number whose meaning is known, as a quantity that is near no other: it has no value, and equals its like, or a bare number.

    Examples
    --------
    >>> counted("25", "bore", "dn 25")[:3], counted("4b", "flat", "apt 4b").key
    (('quantity', '25bore', 'bore'), '4bflat')
    """
    number = math.nan if written[-1].isalpha() else float(written)
    key = f"{written if math.isnan(number) else format(number, '.10g')}{dimension}"
    return Token(QUANTITY, key, group=dimension, value=math.nan, written=number, text=said)


def read_out(text: str, pattern: re.Pattern[str], taken: Callable[[re.Match[str]], bool]) -> str:
    """The text with each match that is taken filled with marks, so that nothing reads it again."""
    return pattern.sub(lambda match: FILLED * len(match.group(0)) if taken(match) else match.group(0), text)
