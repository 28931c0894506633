"""What the rows of a column share: lines, and the words that nearly all of them begin or end with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .slots import RARELY, Token, has_word, tokens

NEARLY_ALL = 0.8  # of the rows begin, or end, alike
LONG_LINE, OFTEN, SELDOM = 4, 0.2, 0.5  # a line of four words or more is shared if a fifth of the rows hold it; a shorter one, if half do
OF_A_FORM = 0.02  # … and if it is marked as a form's, a fiftieth: forms come in kinds, and each has questions of its own
FEWEST = 4  # rows in which something stands before it counts as shared
ENDS = frozenset(".?!。？！…)]}\"'»”")
NEW_IN_EACH = 0.95  # of the rows: a number at an edge is an identifier if so many rows have one of their own, and differ without it


def key_of(line: str) -> str:
    """What a line is compared by: its words, with a new number, date or address in each row counted as the same.

    Examples
    --------
    >>> key_of("Sent 2024-10-02 to Jo"), key_of("sent  2023-01-31 to jo")
    ('sent <date> to jo', 'sent <date> to jo')
    """
    return " ".join(token.key for token in tokens(line))


_FORM = re.compile(r"\s*(?:#{1,6}\s+\S|\*\*.+\*\*\s*:?\s*$|__?[^_].*[^_]__?\s*$|[-*]\s\[[ xX]?\]|\S.{2,}[:：]\s*$)")


def shared_lines(texts: Sequence[str]) -> frozenset[str]:
    """The keys of lines that many texts of several lines hold; never a line that is all that a text says.

    Headings, check boxes, emphasised lines and lines that end with a colon are a form's, and seldom what a person wrote.
    """
    counts: Counter[str] = Counter()
    of_forms: set[str] = set()
    several = 0
    for text in texts:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1:
            several += 1
            keys = {key_of(line): line for line in lines}
            counts.update(keys.keys())
            of_forms |= {key for key, line in keys.items() if _FORM.match(line)}

    def least(key: str) -> float:
        often = OF_A_FORM if key in of_forms else OFTEN if len(key.split()) >= LONG_LINE else SELDOM
        return max(FEWEST, often * several)

    return frozenset(key for key, n in counts.items() if key and n >= least(key))


def without_lines(text: str, keys: frozenset[str]) -> str:
    """The text without these lines; the text itself where nothing with a word would be left."""
    if "\n" not in text or not keys:
        return text
    left = "\n".join(line for line in text.split("\n") if key_of(line) not in keys).strip()
    return left if has_word(left) else text


def shared_edge(texts: Sequence[str], *, end: bool) -> tuple[str, ...]:
    """The keys of the tokens that nearly all texts begin with (or end with, the last first).

    A key is added while four fifths of the texts share it and a word is left in them. Numbers and codes are added only where
    each row has a number of its own and the texts still differ without it: house numbers and the values of parts stay.
    """
    parts = [tokens(text)[:: -1 if end else 1] for text in texts]
    keys: list[str] = []
    if len(texts) < FEWEST:
        return ()
    while len(keys) < 60:
        depth = len(keys)
        following = Counter(part[depth].key for part in parts if len(part) > depth and _matches(part, keys))
        if not following:
            break
        key, n = following.most_common(1)[0]
        if n < max(FEWEST, NEARLY_ALL * len(texts)):
            break
        inside = [part for part in parts if len(part) > depth and _matches(part, [*keys, key])]
        left = [part[depth + 1 :] for part in inside]
        if sum(_tells(part) for part in left) < 0.95 * len(left):
            break
        if key.strip("<>") in RARELY and not _identifies(texts, parts, [*keys, key], end=end):
            break
        keys.append(key)
    while keys and not _worth(keys[-1]):
        keys.pop()
    return tuple(keys)


def without_edge(text: str, keys: Sequence[str], *, end: bool) -> str:
    """The text without the tokens that these keys name at its beginning (or end); the text itself where it does not begin so."""
    if not keys:
        return text
    found = tokens(text)
    part = found[::-1] if end else found
    if not _matches(part, keys) or not _tells(part[len(keys) :]):
        return text
    if end:
        return text[: part[len(keys)].end].rstrip()
    return text[part[len(keys)].start :].lstrip()


def _matches(part: Sequence[Token], keys: Sequence[str]) -> bool:
    return len(part) >= len(keys) and all(token.key == key for token, key in zip(part, keys, strict=False))


def _tells(part: Sequence[Token]) -> bool:
    """Whether a word is left."""
    return any(token.kind == "word" and (len(token.key) > 1 or not token.key.isascii()) for token in part)


def _worth(key: str) -> bool:
    """Whether a key at the edge is worth taking off: the mark that ends a sentence is not, since a question mark is no boilerplate."""
    return key not in ENDS


def _identifies(texts: Sequence[str], parts: Sequence[Sequence[Token]], keys: list[str], *, end: bool) -> bool:
    """Whether the last of the keys is filled with something new in each row that the row can do without."""
    rows = [i for i, part in enumerate(parts) if _matches(part, keys)]
    filled = [parts[i][len(keys) - 1] for i in rows]
    values = {texts[i][token.start : token.end].casefold() for i, token in zip(rows, filled, strict=True)}
    before, after = {texts[i] for i in rows}, {without_edge(texts[i], keys, end=end) for i in rows}
    return len(values) >= NEW_IN_EACH * len(rows) and len(after) >= NEW_IN_EACH * len(before)
