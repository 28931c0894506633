"""Prepare text for messages and pages: on one line, cut to a length, with invisible characters shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

LONGEST = 400  # characters of a text


def cut(text: str | None, longest: int = LONGEST) -> str:
    """The beginning of a long text, made safe for a page.

    Examples
    --------
    >>> cut("abc", 2), cut(None)
    ('a…', '–')
    """
    if text is None:
        return "–"
    return visible(text if len(text) <= longest else text[: longest - 1] + "…")


INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
PICTURES: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "␡",
    **dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], "\ufffd"),
}


def visible(text: object) -> str:
    """The text made safe for a page: valid UTF-8 with invisible characters shown.

    Examples
    --------
    >>> visible("a" + chr(0) + "b")
    'a␀b'
    """
    string = str(text)
    return string.translate(PICTURES) if INVISIBLE.search(string) else string


def with_article(noun: str) -> str:
    """A noun after its indefinite article.

    Examples
    --------
    >>> with_article("image"), with_article("text")
    ('an image', 'a text')
    """
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def one_line(error: BaseException) -> str:
    """The message of an error in one line without its full stop, so that it can end a sentence."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")[:300]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The hint for an unknown word: the most similar known word, or all of them.

    Examples
    --------
    >>> did_you_mean("kinds", ["kind", "seed"]), did_you_mean("x", ["kind", "seed"])
    ("did you mean 'kind'?", 'it may hold: kind, seed.')
    """
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"it may hold: {', '.join(known)}."
