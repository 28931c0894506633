"""Families: texts of a list that are equal but for one token. What takes each other's place in them tells things apart.

In a list of screws, `M8 x 20 zinc` stands beside `M8 x 25 zinc` and `M8 x 30 zinc`: lengths differ there, so a pair that differs in its
length is two things. In a list of people, hardly anybody has the name of another and a second birthday.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from ....vectors import Ints
from ..align import alike
from ..reading.lexicon import Lexicon
from ..reading.token import CODE, FORM, KANJI, MEMBER, NUMBER, QUANTITY, STOP, WORD, Token
from .flat import KIND, SPOKEN, Flat, Numbers

_WORDS, _NUMBERS = (WORD, MEMBER, KANJI), (NUMBER, QUANTITY, CODE)
MOST = 40  # takers of one place that are counted


@dataclass(frozen=True, eq=False)
class Families:
    """What stands in the place of what, among the texts that a lexicon's weights are of.

    Attributes
    ----------
    lexicon : Lexicon

    Examples
    --------
    >>> from ..reading.tokens import Tokeniser
    >>> texts = ["bolt red 20", "bolt red 25", "bolt red 30", "nut red", "bolt 20"]
    >>> families = Families(Lexicon.of(texts, Tokeniser.of(texts)))
    >>> families.takers.tolist(), families.extra.tolist()
    ([0, 0, 2, 2, 2, 0], [0, 1, 0, 0, 0, 0])
    """

    lexicon: Lexicon

    @cached_property
    def _marks(self) -> NDArray[np.uint64]:
        """A random number for each token; a text is known by the sum of those of its tokens. Stop words and legal forms add nothing."""
        marks = np.random.default_rng(0).integers(1, 2**63, size=len(self.lexicon.tokens), dtype=np.uint64)
        silent = np.asarray([token.kind in (STOP, FORM) for token in self.lexicon.tokens], bool)
        return np.where(silent, np.uint64(0), marks)

    @cached_property
    def _places(self) -> tuple[Ints, Ints, NDArray[np.uint64], NDArray[np.uint64]]:
        """Text, token and sum of the others of every place in the texts; the sums of the texts."""
        rows = self.lexicon.rows
        text = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        token = np.asarray([t for row in rows for t in row], np.int64)
        marks = self._marks[token]
        whole = np.zeros(len(rows), np.uint64)
        np.add.at(whole, text, marks)
        spoken = marks > 0
        return text[spoken], token[spoken], whole[text[spoken]] - marks[spoken], whole

    @cached_property
    def _contexts(self) -> tuple[NDArray[np.uint64], Ints, Ints, Ints]:
        """Distinct pairs of what is around a place and what stands in it: the context, the token, and how many take that place."""
        text, token, around, _ = self._places
        known = (text < self.lexicon.n) & (around > 0)
        pairs = np.unique(np.stack([around[known], token[known].astype(np.uint64)]), axis=1)
        _, first, back, count = np.unique(pairs[0], return_index=True, return_inverse=True, return_counts=True)
        token, two = pairs[1].astype(np.int64), np.flatnonzero(count == 2)
        for place in two.tolist():
            if _misspelt(*(self.lexicon.tokens[t] for t in token[first[place] : first[place] + 2].tolist())):
                count[place] = 1
        return pairs[0], token, back, count

    @cached_property
    def takers(self) -> Ints:
        """For each token, how many others stand in its place, over all texts that it stands in; shape (tokens,)."""
        _, token, back, count = self._contexts
        return np.bincount(token, np.minimum(count[back] - 1, MOST), minlength=len(self.lexicon.tokens)).astype(np.int64)

    @cached_property
    def extra(self) -> Ints:
        """For each token, in how many texts it is all that they have more than another text; shape (tokens,)."""
        text, token, around, whole = self._places
        more = (around > 0) & np.isin(around, whole[: self.lexicon.n]) & (text < self.lexicon.n)
        return np.bincount(token[more], minlength=len(self.lexicon.tokens)).astype(np.int64)

    @cached_property
    def shares(self) -> dict[str, tuple[float, float]]:
        """For each kind of token: the share of the texts in which another takes the place of one, and of those that have one more."""
        text, token, around, whole = self._places
        contexts, _, _, count = self._contexts
        several = np.unique(contexts)[count > 1] if len(contexts) else contexts
        known = text < self.lexicon.n
        kind = np.asarray([SPOKEN.index(t.kind) if t.kind in SPOKEN else -1 for t in self.lexicon.tokens])[token]
        swapped, more = known & np.isin(around, several), known & (around > 0) & np.isin(around, whole[: self.lexicon.n])
        n = max(1, self.lexicon.n)
        return {name: tuple(len(np.unique(text[of & (kind == k)])) / n for of in (swapped, more)) for k, name in enumerate(SPOKEN)}  # type: ignore[misc]

    def about(self, flat: Flat) -> dict[str, Numbers]:
        """What the families say of the tokens that the two texts of each pair have left over.

        Returns
        -------
        taken : array of float64, shape (m,)
            ln(1 + takers), of the side on which they are fewer.
        words_apart, numbers_apart
            Where both sides have words, members or kanji left, or both numbers, quantities or codes: the share of the texts in which another
            token takes the place of one of these kinds. Where a word stands against a number, the first is that of any kind.
        extra
            Where one side alone has something left: ln(1 + extra) of it.
        longer
            The share of the texts that have one token of this kind more than another text.
        """
        kind, takers, extra = flat.sorts.kind, np.log1p(self.takers), np.log1p(self.extra)
        sides = [
            (rest.pair[spoken], rest.token[spoken]) for rest in (flat.left, flat.right) for spoken in (kind[rest.token] < len(SPOKEN),)
        ]
        has = np.zeros((2, len(flat.first), len(SPOKEN)), bool)
        for side, (pair, token) in enumerate(sides):
            has[side, pair, kind[token]] = True
        swapped, more = (np.where(has.any(axis=0), [self.shares[name][of] for name in SPOKEN], 0) for of in (0, 1))
        words, numbers = ([KIND[name] for name in of] for of in (_WORDS, _NUMBERS))
        against = [has[:, :, of].any(axis=2).all(axis=0) for of in (words, numbers)]
        both = has.any(axis=2).all(axis=0)
        crossed = both & ~against[0] & ~against[1]  # a word stands against a number
        return {
            "taken": np.where(both, np.minimum(*(flat.highest(pair, takers[token]) for pair, token in sides)), 0),
            "words_apart": np.where(crossed, swapped.max(axis=1), np.where(against[0], swapped[:, words].max(axis=1), 0)),
            "numbers_apart": np.where(against[1], swapped[:, numbers].max(axis=1), 0),
            "extra": np.where(both, 0, np.maximum(*(flat.highest(pair, extra[token]) for pair, token in sides))),
            "longer": np.where(both, 0, more.max(axis=1)),
        }


def _misspelt(a: Token, b: Token) -> bool:
    """Whether one of two tokens that take each other's place may be a spelling of the other."""
    if a.kind == b.kind == WORD:
        return bool(alike(a.key, b.key)[0])
    return a.kind == b.kind and a.kind in (NUMBER, CODE) and OSA.distance(a.key, b.key) == 1
