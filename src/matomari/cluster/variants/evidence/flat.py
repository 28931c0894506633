"""Alignments of many pairs as flat arrays, so that what they say is added up for all pairs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....vectors import Ints
from ..align import Aligner, Alignment
from ..reading.lexicon import Lexicon
from ..reading.token import CODE, FORM, KANJI, MEMBER, NUMBER, QUANTITY, STOP, WORD

SPOKEN = (WORD, NUMBER, QUANTITY, CODE, MEMBER, KANJI)
KINDS = (*SPOKEN, STOP, FORM)
KIND = {kind: place for place, kind in enumerate(KINDS)}
WAYS = ("quantity", "number", "joined", "contained", "sound", "abbreviation", "initial", "typo")
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sorts:
    """What is known of each token of a lexicon, as arrays of shape (tokens,), and of its texts.

    Attributes
    ----------
    lexicon : Lexicon
    """

    lexicon: Lexicon

    def _each(self, value: Any, dtype: Any) -> Any:
        return np.asarray([value(token) for token in self.lexicon.tokens], dtype)

    @cached_property
    def weight(self) -> Numbers:
        """Of each token, float64."""
        return np.asarray(self.lexicon.weight, np.float64)

    @cached_property
    def frequency(self) -> Ints:
        """Texts that hold it."""
        return np.asarray(self.lexicon.frequency, np.int64)

    @cached_property
    def kind(self) -> Ints:
        """Its place in `KINDS`."""
        return np.asarray(self._each(lambda t: KIND[t.kind], np.int64))

    @cached_property
    def length(self) -> Ints:
        """Letters of its key."""
        return np.asarray(self._each(lambda t: len(t.key), np.int64))

    @cached_property
    def column(self) -> Ints:
        """The column of the records that it stands in."""
        return np.asarray(self._each(lambda t: t.column, np.int64))

    @cached_property
    def _groups(self) -> dict[str, int]:
        return {group: place for place, group in enumerate(sorted({token.group for token in self.lexicon.tokens}))}

    @cached_property
    def group(self) -> Ints:
        """The number of its set or dimension."""
        return np.asarray(self._each(lambda t: self._groups[t.group], np.int64))

    def of_groups(self, names: Iterable[str]) -> Flags:
        """Which tokens belong to these sets or dimensions."""
        return np.isin(self.group, [self._groups[name] for name in names if name in self._groups])

    def of_kinds(self, *kinds: str) -> Flags:
        """Which tokens are of these kinds."""
        return np.isin(self.kind, [KIND[kind] for kind in kinds])

    @cached_property
    def places(self) -> tuple[Ints, Ints]:
        """Text × tokens + token of all places of the texts, sorted, and at which place of its text each stands."""
        rows = self.lexicon.rows
        text = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        at = np.concatenate([np.arange(len(row)) for row in rows] or [np.empty(0, np.int64)])
        keys = text * len(self.weight) + np.fromiter(chain.from_iterable(rows), np.int64)
        order = np.argsort(keys)
        return keys[order], at[order]

    @cached_property
    def cells(self) -> tuple[Ints, Ints, Flags]:
        """Of each text and column: how many tokens, the first of them (-1 for none), and whether a legal form is there; shapes (n, columns)."""
        shape = len(self.lexicon.rows), self.lexicon.width
        size, first, form = np.zeros(shape, np.int64), np.full(shape, -1, np.int64), np.zeros(shape, bool)
        forms = self.of_kinds(FORM)
        for text, cells in enumerate(self.lexicon.cells):
            for column, cell in enumerate(cells):
                if cell:
                    size[text, column], first[text, column], form[text, column] = len(cell), cell[0], forms[list(cell)].any()
        return size, first, form

    def shared(self, left: Ints, right: Ints) -> Flags:
        """Which columns each two texts are compared by, shape (m, columns); see `Lexicon.shared`."""
        filled = self.cells[0] > 0
        return filled[left] & filled[right] if self.lexicon.width > 1 else np.ones((len(left), 1), bool)


class Tokens(NamedTuple):
    """Tokens of many pairs, in the order of the pairs: the pair of each, and its number in the lexicon."""

    pair: Ints
    token: Ints


class Spelt(NamedTuple):
    """Tokens of many pairs that stand for each other, see `Spelling`."""

    pair: Ints
    left: Ints
    right: Ints
    how: Ints  # place in `WAYS`
    credit: Numbers


@dataclass(frozen=True, eq=False)
class Flat:
    """The alignments of m pairs.

    Attributes
    ----------
    sorts : Sorts
    first, second : arrays of int64, shape (m,)
        The two texts of each pair.
    equal, left, right : Tokens
        What both have, and what is left over on either side.
    spelt : Spelt
    """

    sorts: Sorts
    first: Ints
    second: Ints
    equal: Tokens
    left: Tokens
    right: Tokens
    spelt: Spelt

    @classmethod
    def of(cls, sorts: Sorts, first: Ints, second: Ints) -> Flat:
        """Align pairs of texts, by their places.

        Examples
        --------
        >>> from ..reading.tokens import Tokeniser
        >>> texts = ["bolt M8 zinc", "bolts M8", "nut M8"]
        >>> flat = Flat.of(Sorts(Lexicon.of(texts, Tokeniser.of(texts))), np.array([0, 1]), np.array([1, 2]))
        >>> flat.equal.pair.tolist(), flat.left.pair.tolist(), flat.right.pair.tolist(), [WAYS[how] for how in flat.spelt.how]
        ([0, 1], [0, 1], [1], ['abbreviation'])
        """
        align = Aligner(sorts.lexicon)
        found = [align(a, b) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
        return cls(
            sorts=sorts,
            first=first,
            second=second,
            equal=_tokens([alignment.equal for alignment in found]),
            left=_tokens([alignment.left for alignment in found]),
            right=_tokens([alignment.right for alignment in found]),
            spelt=_spelt(found),
        )

    def total(self, pair: Ints, values: Any = None) -> Numbers:
        """The sum of values of each pair, or how often it comes, shape (m,)."""
        return np.asarray(np.bincount(pair, values, minlength=len(self.first)), np.float64)

    def highest(self, pair: Ints, values: Any) -> Numbers:
        """The largest of values of each pair, at least 0, shape (m,)."""
        out = np.zeros(len(self.first), np.float64)
        np.maximum.at(out, pair, values)
        return out


def _pair(rows: Sequence[Sequence[Any]]) -> Ints:
    return np.repeat(np.arange(len(rows)), [len(row) for row in rows])


def _tokens(rows: Sequence[list[int]]) -> Tokens:
    return Tokens(_pair(rows), np.fromiter(chain.from_iterable(rows), np.int64))


def _spelt(found: Sequence[Alignment]) -> Spelt:
    spellings = [alignment.spellings for alignment in found]
    each = list(chain.from_iterable(spellings))
    number = {way: place for place, way in enumerate(WAYS)}
    return Spelt(
        pair=_pair(spellings),
        left=np.asarray([s.left for s in each], np.int64),
        right=np.asarray([s.right for s in each], np.int64),
        how=np.asarray([number[s.how] for s in each], np.int64),
        credit=np.asarray([s.credit for s in each], np.float64),
    )
