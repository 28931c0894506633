"""A sentence as tokens that know their places, so that an edit keeps spacing, case and punctuation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..graph.inflection import article
from ..graph.japanese import is_japanese

_TOKEN = re.compile(r"\d+(?:[.,/:]\d+)*|(?:[A-Za-z]\.){2,}|[A-Za-z]+(?:['’][A-Za-z]+)*|[^\W\d_]+|\S")


class Token(NamedTuple):
    """A word, a number or a sign, where it stands."""

    start: int
    end: int
    text: str

    @property
    def lower(self) -> str:
        """In small letters."""
        return self.text.lower()


class Sentence:
    """Tokens of a text.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> sentence = Sentence("A  red dog, RUNNING.")
    >>> sentence.words
    ('a', 'red', 'dog', ',', 'running', '.')
    >>> sentence.with_words({1: "orange", 4: "sleeping"})
    'An  orange dog, SLEEPING.'
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # what is compared needs words alone; only ASCII is sure to keep its length in small letters
        self.words = tuple(_TOKEN.findall(text.lower())) if text.isascii() else tuple([word.lower() for word in _TOKEN.findall(text)])

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens with their places."""
        return tuple([Token(*match.span(), match[0]) for match in _TOKEN.finditer(self.text)])

    @cached_property
    def japanese(self) -> bool:
        """Whether it holds kana or kanji."""
        return is_japanese(self.text)

    @cached_property
    def end(self) -> int:
        """Tokens before the full stop or other sign that ends it."""
        count = len(self.words)
        while count and self.words[count - 1] in ".!?":
            count -= 1
        return count

    def hyphenated(self, i: int) -> bool:
        """Whether a hyphen or an apostrophe ties the token to a neighbour."""
        before, after = self.tokens[i].start - 1, self.tokens[i].end
        return (before >= 0 and self.text[before] in "-/'’") or (after < len(self.text) and self.text[after] in "-/'’")

    def with_words(self, words: Mapping[int, str]) -> str:
        """With other words at some places, in the case of the old ones and after the right article; an empty word takes its space along."""
        return self.with_spans([(self.tokens[i].start, self.tokens[i].end, word) for i, word in sorted(words.items())])

    def with_spans(self, spans: Sequence[tuple[int, int, str]]) -> str:
        """With other text at some places, given from left to right, each as start, end and what stands there then."""
        out, at = [], 0
        for start, end, new in spans:
            out.append(self.text[at:start])
            old = self.text[start:end]
            if not new:
                end += len(self.text[end:]) - len(self.text[end:].lstrip(" "))
            elif out[-1] or not at:
                out[-1] = _with_article("".join(out), new, shouted=self.text.isupper())[len("".join(out[:-1])) :]
            out.append(cased(new, old, shouted=self.text.isupper()))
            at = end
        return "".join([*out, self.text[at:]])

    def arranged(self, pieces: Sequence[str], *, named: bool = False) -> str:
        """Pieces in a new order as one sentence: a capital at the start and nowhere else that the old start brought it, the old end sign.

        What began it keeps its capital where it is a name.
        """
        first = self.tokens[0].text if self.tokens else ""
        tail = self.text[self.tokens[self.end - 1].end :] if self.end else ""
        moved = [_lowered(piece) if piece.startswith(first) and number and not named else piece for number, piece in enumerate(pieces)]
        joined = re.sub(r"\s+([,;.])", r"\1", " ".join(piece for piece in moved if piece))
        joined = joined[:1].lower() + joined[1:] if first[:1].islower() else joined[:1].upper() + joined[1:]
        return (joined.upper() if self.text.isupper() else joined) + tail

    def piece(self, start: int, end: int) -> str:
        """The text of some tokens, from one to before another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if end > start else ""


def cased(new: str, old: str, *, shouted: bool = False) -> str:
    """A word in the case of another: capitals, a capital first, or as it is.

    Examples
    --------
    >>> cased("cat", "DOG"), cased("cat", "Dog"), cased("cat", "dog"), cased("b", "A")
    ('CAT', 'Cat', 'cat', 'B')
    """
    if shouted or (old.isupper() and len(old) > 2):  # TV is a short form, in any case
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _lowered(piece: str) -> str:
    """Without the capital of a word that began the sentence, where it is no word of capitals such as IBM."""
    word = re.split("[ '’]", piece, maxsplit=1)[0]  # I'm keeps its capital as I does
    return piece[:1].lower() + piece[1:] if word[1:].islower() or word == "A" else piece


def _with_article(before: str, new: str, *, shouted: bool) -> str:
    """What stands before a new word, its a or an made right."""
    match = re.search(r"(?<![^\s\"'(])(an?)(\s+)$", before, re.IGNORECASE)
    if not match or not new[:1].isalnum():
        return before
    right = article(new)
    shown = right.upper() if shouted else right.capitalize() if match[1][0].isupper() else right
    return before[: match.start()] + shown + match[2]
