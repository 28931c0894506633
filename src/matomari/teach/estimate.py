"""How many tokens a text has, as far as that can be known without the model's own tokeniser."""

from __future__ import annotations

import regex

OVERHEAD = 12  # tokens of a chat template around two messages
LONG, PER = 7, 3.0  # letters of a word that is one token, and of each token more
CAPITAL = 0.4  # of a token more for a word with a capital letter: names and brands are seldom in a vocabulary
WIDE = 0.7  # tokens of a letter that is not ASCII
_PIECE = regex.compile(r"\p{Han}|\p{Hiragana}+|\p{Katakana}+|\p{L}+|\p{N}|[^\s\p{L}\p{N}]")


def tokens(text: str) -> float:
    """About how many tokens a byte-level BPE tokeniser makes of a text.

    The constants were fitted on seven sets of short texts with the tokeniser of Qwen 2.5, each of which they meet within 10 %.

    Examples
    --------
    >>> tokens("the card was lost"), tokens("Card"), tokens("")
    (4.0, 1.4, 0.0)
    """
    total = 0.0
    for piece in _PIECE.findall(text):
        if not piece.isascii():
            total += max(1.0, WIDE * len(piece))
        elif piece.isalpha():
            total += 1 + max(0, len(piece) - LONG) / PER + CAPITAL * piece[0].isupper()
        else:
            total += 1
    return total
