"""Where a personal value stands in a text, what kind it is, and how overlapping ones are settled."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Of two values of one length, the kind that says more comes first. No name ends in another: a surrogate is read in one way only
RANK = ("LITERAL", "SECRET", "URL", "EMAIL", "IBAN", "CARD", "ID", "TAX", "PASSPORT", "BIRTHDATE", "MAC", "IP", "PHONE", "TERM", "PERSON")


class Span(NamedTuple):
    """A value from `start` to `end` of a text; two spans of one kind and `value` name the same thing, however it is written."""

    start: int
    end: int
    kind: str
    value: str


class Folded(NamedTuple):
    """A text in plain characters, and for each of them where it stood before; `places` is None when nothing was left out."""

    text: str
    places: list[int] | None

    def back(self, span: Span) -> Span:
        """The span at its places in the text before folding."""
        if self.places is None:
            return span
        return span._replace(start=self.places[span.start], end=self.places[span.end - 1] + 1)


def _plain_characters() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys([0xA0, 0x2007, 0x2009, 0x202F, 0x3000], " ")
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    digits = (code for code in range(0x80, sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd")
    return table | {code: str(unicodedata.digit(chr(code))) for code in digits}


BEHIND = 16  # characters between a value and the word for it behind it
_LATIN = "[A-Za-zÀ-ɏ]"
_EDGE = f"(?:(?<!{_LATIN})(?={_LATIN})|(?<={_LATIN})(?!{_LATIN}))"
_table: dict[int, str] = {}
_LONG_VOWEL = re.compile("(?<=[0-9])ー(?=[0-9])")  # 090ー1234ー5678
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")


def fold(text: str) -> Folded:
    """The text with full-width characters, digits of any script, dashes and spaces as ASCII, and invisible characters left out.

    Examples
    --------
    >>> fold("０９０－１２３４").text, fold("4\\u200b2").places
    ('090-1234', [0, 2])
    """
    if text.isascii():
        return Folded(text, None)
    if not _table:
        _table.update(_plain_characters())
    plain = _LONG_VOWEL.sub("-", text.translate(_table))
    if not _UNSEEN.search(plain):
        return Folded(plain, None)
    places = [i for i, c in enumerate(plain) if not _UNSEEN.match(c)]
    return Folded("".join(plain[i] for i in places), places)


def settle(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans that do not overlap, in order: what overlaps becomes one span with the kind of its longest part, so that no rest leaks.

    Examples
    --------
    >>> settle([Span(0, 4, "PHONE", "1"), Span(2, 9, "CARD", "2"), Span(9, 11, "IP", "3")], "abcdefghijk")
    [Span(start=0, end=9, kind='CARD', value='abcdefghi'), Span(start=9, end=11, kind='IP', value='3')]
    """
    settled: list[Span] = []
    for cluster in _clusters(sorted(spans)):
        start, end = cluster[0].start, max(s.end for s in cluster)
        best = max(cluster, key=lambda s: (s.end - s.start, -RANK.index(s.kind)))
        whole = (best.start, best.end) == (start, end)
        settled.append(best if whole else Span(start, end, best.kind, text[start:end]))
    return settled


def _clusters(spans: list[Span]) -> Iterator[list[Span]]:
    cluster: list[Span] = []
    reach = 0
    for span in spans:
        if cluster and span.start >= reach:
            yield cluster
            cluster = []
        cluster.append(span)
        reach = max(reach, span.end) if len(cluster) > 1 else span.end
    if cluster:
        yield cluster


def near(text: str, keywords: re.Pattern[str], values: re.Pattern[str], reach: int) -> Iterator[re.Match[str]]:
    """The first value that begins within `reach` characters after each keyword, and one that ends just before it.

    Examples
    --------
    >>> [m.group() for m in near("fax 12, size 34, 56 (fax)", re.compile("fax"), re.compile("[0-9]+"), 5)]
    ['12', '56']
    """
    for keyword in keywords.finditer(text):
        match = values.search(text, keyword.end(), keyword.end() + reach + 64)
        if match and match.start() <= keyword.end() + reach:
            yield match
        *_, last = [None, *values.finditer(text, max(0, keyword.start() - 64), keyword.start())]
        if last and last.end() >= keyword.start() - BEHIND:
            yield last


def words(pattern: str) -> re.Pattern[str]:
    r"""A pattern of words in any case, in which ``\b`` is the edge of a run of Latin letters, so that kana or digits beside one are an edge.

    Examples
    --------
    >>> bool(words(r"\bSSN\b").search("のssn123")), bool(words(r"\bSSN\b").search("ssnx"))
    (True, False)
    """
    return re.compile(pattern.replace(r"\b", _EDGE), re.IGNORECASE)


def digits(text: str) -> str:
    """The ASCII digits of a text alone.

    Examples
    --------
    >>> digits("+44 (0)20-1")
    '440201'
    """
    return "".join(c for c in text if "0" <= c <= "9")
