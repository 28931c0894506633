"""Japanese sentences said otherwise: politely or plainly, with digits of the other width."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from ..knowledge import Knowledge, Reading
from ..lexicon import rows
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
