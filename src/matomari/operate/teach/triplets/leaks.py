"""Evaluation text in the training text: a run that met it would measure what it had learnt by heart, so it fails, with the rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ....errors import InputError

WORD = re.compile(r"\w+")
LEAST = 0.6  # share of the words of both together that both have
SHOWN = 5
COMMON = 2000  # texts that hold a word, from which on it does not call for a comparison by itself


def refuse_leaks(texts: Sequence[str], apart: Sequence[str], name: str) -> None:
    """Refuse texts that are, or nearly are, among those that are to stay apart.

    Two texts are nearly one where six of ten of their words are common to both (Jaccard), whatever their order, case and punctuation.

    Parameters
    ----------
    texts : sequence of str
        What is learnt from.
    apart : sequence of str
        What is measured with.
    name : str
        Of the source of these.

    Raises
    ------
    InputError
        There are such texts; the first rows are named.

    Examples
    --------
    >>> refuse_leaks(["a man plays the guitar"], ["two dogs run"], "test.csv")
    """
    found = list(leaks(texts, apart))
    if not found:
        return
    shown = ", ".join(f"row {row + 1} is its row {other + 1} ({texts[row][:60]!r})" for row, other in found[:SHOWN])
    more = f", and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
    raise InputError(
        f"{len(found):,} of {len(texts):,} texts {'is' if len(found) == 1 else 'are'} also in {name}, word for word or nearly: {shown}{more}.",
        hint="leave these rows out of the one or the other.",
    )


def leaks(texts: Sequence[str], apart: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Each text that is nearly one of the others, with the likest of them, by their places.

    Examples
    --------
    >>> list(leaks(["two dogs run", "a man plays the guitar"], ["The man plays a guitar."]))
    [(1, 0)]
    """
    held = [frozenset(_words(text)) for text in apart]
    having: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(held):
        for word in words:
            having[word].append(place)
    for row, text in enumerate(texts):
        words = frozenset(_words(text))
        rare = sorted(words, key=lambda word: len(having.get(word, ())))
        # two texts with a Jaccard of 0.6 share a word among the rarest of either: 1 - 0.6 of the words may be others, and one more may not
        prefix = rare[: max(1, len(rare) - int(LEAST * len(rare) + 0.999) + 1)]
        near = {place for word in prefix if len(having.get(word, ())) <= COMMON for place in having.get(word, ())}
        best = max(near, key=lambda place: (_jaccard(words, held[place]), -place), default=None)
        if best is not None and _jaccard(words, held[best]) >= LEAST:
            yield row, best


def _words(text: str) -> list[str]:
    """Words, or single characters where a script knows no spaces."""
    return [part for word in WORD.findall(text.casefold()) for part in ([word] if word.isascii() else [*word])]


def _jaccard(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two) if one or two else 0.0
