"""Tokens, and the kinds of them that say where, when and which one, but not what: addresses, dates, times, amounts, numbers, codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?"
_CURRENCY = r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|chf|jpy|inr|cad|aud|rs)\b\.?)"
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_KINDS = {
    "address": r"(?:https?://|www\.)[^\s<>\"']+|\b[\w.-]+\.(?:com|org|net|example|io|co|de|fr|uk|jp)(?:/[^\s<>\"']*)?(?![\w@])",
    "mail": r"[\w.+-]+@[\w-]+\.[\w.-]+",
    "identifier": r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}\b",
    "date": rf"\b\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:t(?=\d)|(?!\d))|\b\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})\b|\d{{4}}年\d{{1,2}}月\d{{1,2}}日"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH}\s+\d{{4}}\b|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b",
    "time": r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]\.?m\b\.?|z\b|[+-]\d{2}:?\d{2})?",
    "amount": rf"{_CURRENCY}\s?(?:{_NUMBER})|(?:{_NUMBER})\s?{_CURRENCY}",
    "code": r"#?\b(?=[a-z]*[-_/.]?\d|\d+[-_/.]?[a-z])(?=\w*[a-z])[a-z\d]+(?:[-_/.][a-z\d]+)*\b",
    "number": r"[#№]?\b\d+(?:[.,:/_-]\d+)*\b",
    "word": r"[^\W\d_]+(?:['’\-][^\W\d_]+)*",
    "mark": r"[^\w\s]|_",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.IGNORECASE)

_MIXED = re.compile(r"(?=.{6,}$)(?:[a-z]*\d+[a-z]+\d+[a-z]|[a-z]+\d+[a-z]+\d)[a-z\d]*", re.IGNORECASE)

ALWAYS = frozenset(["address", "mail", "identifier", "date", "time"])  # kinds that are taken off wherever words are left
RARELY = frozenset(["amount", "code", "number"])  # kinds that are taken off where a value stands in one row or two


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text.

    Attributes
    ----------
    kind : str
        "word", "mark", or what slot it fills.
    start, end : int
        Where it stands in the text.
    key : str
        What it is compared by: the word in lower case; of a slot, the kind.
    """

    kind: str
    start: int
    end: int
    key: str


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order.

    Examples
    --------
    >>> [t.key for t in tokens("Ticket #42 of 2024-10-02, 9:00: EUR 5.30 to a@b.org for TR4711")]
    ['ticket', '<number>', 'of', '<date>', ',', '<time>', ':', '<amount>', 'to', '<mail>', 'for', '<code>']
    """
    found = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        key = match[0].casefold() if kind in ("word", "mark") else f"<{kind}>"
        found.append(Token(kind, match.start(), match.end(), key))
    return found


def series_of(value: str) -> str:
    """What a number or code is one of: its letters and marks, with any digits in between; codes that look drawn by lot are one series.

    Examples
    --------
    >>> series_of("tk-4711"), series_of("48213"), series_of("h264"), series_of("x7k9q2")
    ('tk-0', '0', 'h0', '<mixed>')
    """
    return "<mixed>" if _MIXED.fullmatch(value) else re.sub(r"\d+", "0", value)


def has_word(text: str) -> bool:
    """Whether there is a word of two letters or more, or one of a script whose letters are words."""
    return bool(re.search(r"[^\W\d_]{2}|[\u3040-\u30ff\u4e00-\u9fff]", text))
