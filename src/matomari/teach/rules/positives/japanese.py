"""Japanese sentences said otherwise: politely or plainly, with digits of the other width, a colour or a material by another word."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from ...graph.vocabulary import folded
from ..knowledge import Knowledge, Reading
from ..lexicon import qualities, rows
from ..triplet import Edit

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


@cache
def _endings() -> tuple[re.Pattern[str], dict[str, str]]:
    """How a sentence ends, longer endings first, and how it ends in the other manner."""
    other = {row["polite"]: row["plain"] for row in rows("polite")}
    other |= {plain: polite for polite, plain in other.items()}
    longest = sorted(other, key=len, reverse=True)
    return re.compile(rf"({'|'.join(longest)})(?=[。！]?$)"), other


def manner(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A Japanese sentence in the polite manner for the plain one, or the other way.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [manner(know.read(text), know, Random(0)).text for text in ("犬が走っています。", "箱がない")]
    ['犬が走っている。', '箱がありません']
    """
    if not reading.sentence.japanese:
        return None
    pattern, other = _endings()
    match = pattern.search(reading.sentence.text)
    if match is None:
        return None
    text = reading.sentence.text[: match.start()] + other[match[1]] + reading.sentence.text[match.end() :]
    return Edit(text, f"manner {match[1]}>{other[match[1]]}")


def width(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A Japanese text with all its digits of the other width.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> width(know.read("２０ミリのボルト"), know, Random(0)).text
    '20ミリのボルト'
    """
    text = reading.sentence.text
    if not reading.sentence.japanese:
        return None
    other = text.translate(_WIDE) if any(c in "0123456789" for c in text) else text.translate(_NARROW)
    return Edit(other, "digits of the other width") if other != text else None


def quality(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A Japanese text with another word for a colour, a material or the like.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> quality(know.read("ドア 新品 真鍮"), know, Random(0)).text
    'ドア 新品 黄銅'
    """
    if not reading.sentence.japanese:
        return None
    found = [
        (i, word, other)
        for i, token in enumerate(reading.sentence.words)
        for word in [folded(token)]
        for other in qualities().get(word, ("", ()))[1]
        if other != word
    ]
    if not found:
        return None
    i, word, other = draw.choice(found)
    return Edit(reading.sentence.with_words({i: other}), f"quality {word}>{other}")
