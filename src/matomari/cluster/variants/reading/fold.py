"""Fold a text to the form in which spellings are compared: one width, one case, no accents, one way to write numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_ALIKE = str.maketrans(
    {"µ": "u", "μ": "u", "×": "x", "ø": "o", "⁄": "/", "’": "'", "′": "'", "`": "'", "”": '"', "″": '"', "・": " ", "&": " and ", "#": " "}
    | dict.fromkeys("‐‑–−—", "-")
)
_KANA_MARKS = "\u3099\u309a"
_VULGAR = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅞])")
_DIAMETER = re.compile(r"ø(?=\s?\d)")
_JOINED_STREET = re.compile(r"(?<=[^\W\d_]{3})(?:strasse|str)\b\.?")
_ST_STEEL = re.compile(r"(?<![^\W_])st\.? ?(?=steel)")
_INSIDE_WORD = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_INITIALS = re.compile(r"(?<![^\W_])((?:[^\W\d_]\.){2,}[^\W\d_]?)(?![^\W_])|(?<![\w-])[a-z](?:-[a-z])+(?![\w-])")
_INCH = re.compile(r"(?<=\d)\s?(?:''|\")")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_PERCENT = re.compile(r"(?<=\d)\s?%")
_PLUS = re.compile(r"(?<=[^\W_])\+(?!\w)")
_LABEL = re.compile(r"(?<![^\W_])[a-z]\d?\s?=\s?(?=\d)")
_THREAD = r"(?:g|r|rc|rp|pt|npt)"
_THREAD_NEXT = re.compile(rf"(?<=\d)-(?={_THREAD}\d+/\d)")
_THREAD_APART = re.compile(rf"(?<![^\W_])({_THREAD}) (?=(?:\d+ )?\d+/\d)")
_HALF_M = re.compile(r"(?<=\d/[248])(?=\s?m(?![^\W_]))")
_FRACTION = re.compile(r"(?<![\d/.])(?:(\d+)(?: +|-))?(\d+)/(2|3|4|8|16|32|64)(?![\d/])")
_INFIX = re.compile(r"(?<![\w.])(\d+)([kmrpnu])(\d{1,2})(?!\w)")
_ORDINAL = re.compile(r"(?<![^\W_])(\d+)(?:st|nd|rd|th)(?![^\W_])")
_PACK_OF = re.compile(r"\b(?:pack|packs|box|tray|set|case|carton) of (\d+)")
_TIMES_AMOUNT = re.compile(r"(?<![\w.])(\d+)\s?[x*]\s?(?=\d+(?:\.\d+)?\s?(?:ml|cl|l|g|kg|oz|mg)\b)")
_AMOUNT_TIMES = re.compile(r"(?<=[\d ](?:ml|cl|kg))\s?[x*]\s?(\d+)(?![\w.])|(?<=\d[gl])\s?[x*]\s?(\d+)(?![\w.])")
_PIECES_AFTER = re.compile(r"(?<![\w.])(\d+)(?:\s?(?:pcs|pc)?/(?:pk|pkg|pack|box|bag|case|ve)|(?<!\d{4})'s)\b")
_PIECES_LAST = re.compile(
    r"\((?!(?:19|20)\d\d\))(\d{1,4})\)\s*$|(?:(?:(?<=[^\W\d]|[\"%)°.])|(?<=pn\d\d))\s+|\s*[-,]\s+)[x*]\s?(\d{1,4})\s*$"
)
_ONE_PIECE = re.compile(r"(?<![\w.])1 ?(?:pcs|pc|pieces?|pk|packs?|ct|stk)(?![^\W_])")
_TIMES = re.compile(r"(?<=\d)\s*[x*]\s*(?=\d)")


def fold(text: str, kanji: Mapping[int, str]) -> str:
    """The text in one width, case and spelling of characters; digits and punctuation as they were.

    Examples
    --------
    >>> fold("Ｈäfele ㈱ 髙橋 ½″ 4×µ", {ord("髙"): "高"})
    "hafele (株) 高橋 1/2'' 4xu"
    """
    plain = unicodedata.normalize("NFKC", _VULGAR.sub(" ", text)).translate(kanji).casefold()
    bare = (c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c) or c in _KANA_MARKS)
    folded = _DIAMETER.sub("", unicodedata.normalize("NFC", "".join(bare)))
    return _JOINED_STREET.sub(" street", _ST_STEEL.sub("stainless ", folded.translate(_ALIKE)))


def one_notation(folded: str) -> str:
    """Marks and numbers in one notation: dotted initials joined, decimal points, inches and percent as words.

    Examples
    --------
    >>> one_notation("g.m.b.h. int'l 2,5 1,000"), one_notation("s9+ 10%")
    ('gmbh intl 2.5 1000', 's9 plus  10 pct ')
    """
    joined = _INITIALS.sub(lambda m: m.group(0).replace(".", "").replace("-", ""), _INSIDE_WORD.sub("", folded))
    marked = _PERCENT.sub(" pct ", _INCH.sub(" inch ", joined))
    return _PLUS.sub(" plus ", _DECIMAL_COMMA.sub(".", _THOUSANDS.sub("", marked)))


def one_amount(text: str) -> str:
    """Amounts in one notation: fractions and 4k7 as decimals, "pack of 6", "6 x" and "6/pk" as pieces, sizes apart; one piece is no news.

    The letter of a dimension goes (L=3m); a thread stands by itself and in one piece (8-G 1/4), and 1/2 m is no half metre but a male end.

    Examples
    --------
    >>> one_amount("valve 1 1/2 inch"), one_amount("4k7"), one_amount("6 x 330ml"), one_amount("pack of 6, m8x20, 42nd")
    ('valve 1.5 inch', '4.7k', '6 pcs 330ml', '6 pcs, m8 20, 42')
    >>> one_amount("hose l=3m"), one_amount("elbow 8-g 1/4"), one_amount("coupling 1/2 m"), one_amount("gloves 100's")
    ('hose 3m', 'elbow 8 g0.25', 'coupling 0.5 inch  m', 'gloves 100 pcs')
    """
    text = _THREAD_NEXT.sub(" ", _THREAD_APART.sub(r"\1", _LABEL.sub("", text)))
    text = _FRACTION.sub(_decimal, _HALF_M.sub(" inch ", text))
    text = _ORDINAL.sub(r"\1", _INFIX.sub(r"\1.\3\2", text))
    text = _TIMES_AMOUNT.sub(r"\1 pcs ", _PACK_OF.sub(r"\1 pcs", text))
    text = _AMOUNT_TIMES.sub(lambda m: f" {m.group(1) or m.group(2)} pcs", text)
    text = _PIECES_LAST.sub(lambda m: f" {m.group(1) or m.group(2)} pcs", _PIECES_AFTER.sub(r"\1 pcs", text))
    return _ONE_PIECE.sub(" ", _TIMES.sub(" ", _TIMES.sub(" ", text)))


def _decimal(found: re.Match[str]) -> str:
    whole, above, below = int(found.group(1) or 0), int(found.group(2)), int(found.group(3))
    return f"{whole + above / below:.6g}" if above < below else found.group(0)
