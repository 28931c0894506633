"""What a text does with its sentences: states, asks, or tells somebody to do something; only what is stated can be denied or turned round."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .sentence import Sentence

_ASKING = frozenset({"what", "which", "whom", "whose", "where", "why", "how"})  # who and when may begin a clause of a statement
_TURNED = frozenset(
    {"is", "are", "was", "were", "am", "do", "does", "did", "can", "could", "will", "would", "shall", "should", "has", "have", "had", "may"}
)
_TURNED_OR_NOT = _TURNED | {f"{word}n't" for word in _TURNED} | {"can't", "won't"}
_DENYING = frozenset(
    {"not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "no-one", "hardly", "barely", "without", "cannot"}
)


class Span(NamedTuple):
    """One sentence of a text: its first token, and the one behind its last."""

    start: int
    end: int


@lru_cache(maxsize=64)
def spans(sentence: Sentence) -> tuple[Span, ...]:
    """The sentences of a text, by their full stops, question marks and exclamation marks.

    Examples
    --------
    >>> spans(Sentence("It is open. Is it?"))
    (Span(start=0, end=4), Span(start=4, end=7))
    """
    found, start = list[Span](), 0
    for i, word in enumerate(sentence.words):
        last = i + 1 == len(sentence.words)
        if (word in ".!?" and (last or sentence.words[i + 1] not in ".!?")) or last:
            found.append(Span(start, i + 1))
            start = i + 1
    return tuple(found)


def span_at(sentence: Sentence, i: int) -> Span:
    """The sentence that a token is in."""
    return next(span for span in spans(sentence) if span.start <= i < span.end)


@lru_cache(maxsize=256)
def asks(sentence: Sentence, span: Span) -> bool:
    """Whether it is a question: by its end, its first word, or a question word anywhere in it.

    Examples
    --------
    >>> [asks(Sentence(text), Span(0, 3)) for text in ("is it open", "tell me how", "it is open")]
    [True, True, False]
    """
    words = tuple([word.removesuffix("'s").removesuffix("’s") for word in sentence.words[span.start : span.end]])  # what's
    first, second = [*[word for word in words if word[0].isalpha()][:2], "", ""][:2]
    asking = {"what", "why", "how"} & set(words) or {first, second} & _ASKING or first in _TURNED_OR_NOT
    return bool(asking) or words[-1:] == ("?",)


def denies(sentence: Sentence, span: Span) -> bool:
    """Whether a word of it denies: not, nobody, never, doesn't.

    Examples
    --------
    >>> [denies(Sentence(text), Span(0, 3)) for text in ("nobody was hurt", "it isn't open", "it is open")]
    [True, True, False]
    """
    words = sentence.words[span.start : span.end]
    return any(word in _DENYING or word.endswith(("n't", "n’t")) for word in words)
