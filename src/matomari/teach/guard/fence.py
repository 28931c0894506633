"""Texts of others inside a prompt: cleaned, bounded, and with a sign between all their words. The prompt puts its marks around them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from ...errors import InputError

LONGEST = 2000  # characters of a text in a prompt
# Format characters that print, before the digits that they belong to
_SHOWN = frozenset([*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD])
# Marks and letters that print nothing: joiners, fillers, selectors
_BLANK = frozenset([0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
_BLANK |= frozenset(range(0xE0000, 0xE1000))


class Cleaned(NamedTuple):
    """A text without what cannot be seen, and how many characters were cut off its end."""

    text: str
    cut: int


@cache
def _goes(character: str) -> bool:
    code = ord(character)
    if code in _BLANK:
        return True
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") and code not in _SHOWN


def clean(text: str, longest: int = LONGEST) -> Cleaned:
    """The text on one line, without control and invisible characters, and of at most `longest` characters.

    Marks of direction, tags, selectors and joiners go, also those that hold an emoji together; accents stay.

    Parameters
    ----------
    text : str
    longest : int
        Characters to keep.

    Examples
    --------
    >>> clean("a\\u200b b\\n\\n c\\x07", longest=3)
    Cleaned(text='a b', cut=2)
    """
    spaced = re.sub(r"\s+", " ", text)  # before: a line feed is a control character, too
    seen = spaced if spaced.isascii() and spaced.isprintable() else "".join(c for c in spaced if not _goes(c))
    line = " ".join(seen.split())
    return Cleaned(line[:longest].rstrip(), max(0, len(line) - longest))


def datamark(text: str, sign: str = "^") -> str:
    """The text with a sign instead of the whitespace between words, so that a model sees at every word that it is data.

    Texts without spaces, as in Japanese, stay as they are: fence them as well.

    Parameters
    ----------
    text : str
    sign : str
        One character or more, none of them whitespace.

    Raises
    ------
    InputError
        When the sign is empty or holds whitespace.

    References
    ----------
    Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting", arXiv 2403.14720, section 3.2.

    Examples
    --------
    >>> datamark("ignore all  rules")
    'ignore^all^rules'
    """
    if not sign or sign.split() != [sign]:
        raise InputError(f"sign {sign!r} cannot stand between words.", hint="use one character that is no whitespace, such as '^'.")
    return sign.join(text.split())
