"""The tokens of a whole list of texts, numbered, with how rare each is: evidence is weighed by the list it stands in."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from .numbered import NAME
from .token import FORM, QUANTITY, STOP, WORD, Token

SHOWN = 4  # legal forms that a note names
INITIALS = (5, 4, 3)  # words that their initials stand for
FREE, NAMES = 0.3, 2  # share of texts of one shape that free texts have, too; words of a record
FAINT, LEAST = 0.15, 0.3  # weight of a stop word, and of the commonest other token

Reader = Callable[[Any], tuple[Token, ...]]  # `Tokeniser` of texts, `ColumnTokeniser` of records


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Distinct tokens of a list and their places.

    Attributes
    ----------
    tokens : list of Token
        Distinct ones, in order of appearance; their places here are their numbers.
    rows : list of tuple of int
        The numbers of each text's tokens, in order; none twice.
    n : int
        Texts that the weights are of; texts beyond them are read in their light.
    frequency : list of int
        Texts that hold each token.
    streets : list of frozenset of int
        Of each text, the tokens of its street's name, where the list is one of addresses.
    written : list of set
        The numbers that each quantity is written with, 1 and 1000 where some texts say 1 m and some 1000 mm; and what each word is
        written as, where that is not its meaning: hex for hexagon.
    weight : list of float
        Inverse document frequency, ln((n + 1) / frequency), at least 0.3; a stop word weighs 0.15 and a legal form nothing.
    """

    tokens: list[Token]
    rows: list[tuple[int, ...]]
    streets: list[frozenset[int]]
    written: list[set[Any]]
    n: int
    frequency: list[int]
    weight: list[float]

    @classmethod
    def of(cls, texts: Sequence[Any], tokeniser: Reader) -> Lexicon:
        """Of a list of texts, or of records: what their reader takes.

        Examples
        --------
        >>> from .tokens import Tokeniser
        >>> texts = ["bolt M8", "bolt M10", "nut M8"]
        >>> lexicon = Lexicon.of(texts, Tokeniser.of(texts))
        >>> lexicon.rows, lexicon.frequency, [round(w, 2) for w in lexicon.weight]
        ([(0, 1), (0, 2), (3, 1)], [2, 2, 1, 1], [0.69, 0.69, 1.39, 1.39])
        """
        tokens: list[Token] = []
        written: list[set[Any]] = []
        rows, streets = _numbered(texts, tokeniser, tokens, written)
        frequency = np.bincount(np.asarray([t for row in rows for t in row], np.int64), minlength=len(tokens)).tolist()
        weight = _weights(tokens, frequency, len(rows))
        return cls(tokens=tokens, rows=rows, streets=streets, written=written, n=len(rows), frequency=frequency, weight=weight)

    def extended(self, texts: Sequence[Any], tokeniser: Reader) -> Lexicon:
        """With more texts, which change no weight: a token that was not there counts as if it stood in one text.

        Examples
        --------
        >>> from .tokens import Tokeniser
        >>> known = ["bolt M8", "nut M8"]
        >>> more = Lexicon.of(known, Tokeniser.of(known)).extended(["bolt M10"], Tokeniser.of(known))
        >>> more.rows[2], more.frequency, more.n
        ((0, 3), [1, 2, 1, 1], 2)
        """
        tokens, written = list(self.tokens), list(map(set, self.written))
        rows, streets = _numbered(texts, tokeniser, tokens, written)
        frequency = self.frequency + [1] * (len(tokens) - len(self.tokens))
        weight = _weights(tokens, frequency, self.n)
        more, named = self.rows + rows, self.streets + streets
        return Lexicon(tokens=tokens, rows=more, streets=named, written=written, n=self.n, frequency=frequency, weight=weight)

    @cached_property
    def chance(self) -> float:
        """Evidence that a chance meeting in a list of this length has: ln(n + 1)."""
        return math.log(self.n + 1)

    @cached_property
    def shape(self) -> float:
        """How far beyond .3 the share of the texts is that have the commonest sequence of kinds of tokens, if two of these are words.

        That is so for records of names and dates. Below .3 it would only tell lists of free text from one another, and a list of
        values in one notation is none of records.
        """
        shapes = Counter(tuple(self.tokens[t].kind for t in row if self.tokens[t].kind not in (STOP, FORM)) for row in self.rows[: self.n])
        common, count = max(shapes.items(), key=lambda item: item[1], default=((), 0))
        return max(0.0, count / max(1, self.n) - FREE) if common.count(WORD) >= NAMES else 0.0

    @cached_property
    def holders(self) -> list[set[int]]:
        """The texts that hold each token, among those that the weights are of."""
        held: list[set[int]] = [set() for _ in self.tokens]
        for text, row in enumerate(self.rows[: self.n]):
            for token in row:
                held[token].add(text)
        return held

    @cached_property
    def width(self) -> int:
        """How many columns the texts are made of: 1 where they are compared whole."""
        return 1 + max((token.column for token in self.tokens), default=0)

    @cached_property
    def cells(self) -> list[tuple[tuple[int, ...], ...]]:
        """The row of each text, column by column."""
        if self.width == 1:
            return [(row,) for row in self.rows]
        return [tuple(tuple(t for t in row if self.tokens[t].column == c) for c in range(self.width)) for row in self.rows]

    def shared(self, first: int, second: int) -> tuple[int, ...]:
        """The columns that two texts are compared by: those that both have filled; texts that are compared whole are so in any case.

        Examples
        --------
        >>> from .columns import ColumnTokeniser
        >>> records = [("Anchor Inn", "5 Mill Ln", ""), ("Inn", "", "York")]
        >>> Lexicon.of(records, ColumnTokeniser.of(records)).shared(0, 1)
        (0,)
        """
        if self.width == 1:
            return (0,)
        return tuple(c for c, (one, other) in enumerate(zip(self.cells[first], self.cells[second], strict=True)) if one and other)

    def part(self, text: int, columns: Sequence[int]) -> tuple[int, ...]:
        """The row of a text in some of its columns."""
        return self.rows[text] if self.width == 1 else tuple(t for c in columns for t in self.cells[text][c])

    @cached_property
    def joined(self) -> list[tuple[dict[str, tuple[int, ...]], ...]]:
        """For each text, column by column, what two or three neighbouring tokens make when they are written as one (two in either
        order, as they are written anywhere), and the initials of three to five words: the tokens that each stands for."""
        return [tuple(self._joined(row) for row in cells) for cells in self.cells]

    def _joined(self, row: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        keys = [self.tokens[t].text.replace(" ", "") or self.tokens[t].key.partition("#")[0] for t in row]
        found = self._initials(row) | {"".join(keys[s : s + 3]): row[s : s + 3] for s in range(len(row) - 2)}
        forms = [(key, *sorted(self.written[t])) if self.tokens[t].kind == WORD else (key,) for key, t in zip(keys, row, strict=True)]
        for s in range(len(row) - 1):
            for one, other in itertools.product(forms[s], forms[s + 1]):
                found[other + one] = found[one + other] = row[s : s + 2]
        return found

    def _initials(self, row: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        """Of three to five words in a row, whether stop words count or not."""
        found: dict[str, tuple[int, ...]] = {}
        for kinds in ((WORD, STOP), (WORD,)):
            words = tuple(t for t in row if self.tokens[t].kind in kinds)
            first = "".join(self.tokens[t].key[0] for t in words)
            found |= {first[s : s + size]: words[s : s + size] for size in INITIALS for s in range(len(words) - size + 1)}
        return found

    @property
    def notes(self) -> list[str]:
        """Which legal forms were set aside."""
        texts = sum(any(self.tokens[t].kind == FORM for t in row) for row in self.rows[: self.n])
        forms = sorted({token.key.partition("#")[0] for token in self.tokens if token.kind == FORM})
        shown = ", ".join(forms[:SHOWN]) + (", …" if len(forms) > SHOWN else "")
        return [f"legal forms ({shown}) do not tell texts apart: set aside in {texts:,} texts"] if texts else []

    def plain(self, text: int, columns: Sequence[int] | None = None) -> str:
        """A text, or some of its columns, as its tokens are understood."""
        row = self.rows[text] if columns is None else self.part(text, columns)
        return " ".join(self.tokens[t].key for t in row if self.tokens[t].kind != FORM)

    def table(self) -> sp.csr_matrix:
        """Weights of the tokens in each text at unit length, (n, tokens); stop words and legal forms left out."""
        spoken = [[t for t in row if self.tokens[t].kind not in (STOP, FORM)] for row in self.rows]
        start = np.cumsum([0, *(len(row) for row in spoken)])
        columns = np.asarray([t for row in spoken for t in row], np.int64)
        values = np.asarray(self.weight, np.float32)[columns] if len(columns) else np.empty(0, np.float32)
        norm = np.sqrt(np.add.reduceat(np.append(values, 0) ** 2, start[:-1])) if len(columns) else np.ones(len(self.rows))
        lengths = np.diff(start)
        unit = values / np.repeat(np.where(lengths > 0, norm, 1), lengths)
        table = sp.csr_matrix((unit.astype(np.float32), columns, start), shape=(len(self.rows), len(self.tokens)))
        table.sort_indices()
        return table


def _numbered(
    texts: Sequence[Any], tokeniser: Reader, tokens: list[Token], written: list[set[Any]]
) -> tuple[list[tuple[int, ...]], list[frozenset[int]]]:
    """The texts as numbers of tokens, and those of their streets' names; new tokens, and how they are written, are added to the lists.

    Where tokens are known already, what is written in one of these texts says nothing of the others: known tokens keep their writings, and a
    new one that is written in two ways is two.
    """
    number: dict[tuple[Any, ...], int] = {(token.kind, token.key, token.column): i for i, token in enumerate(tokens)}
    known, rows, streets = len(tokens), [], []
    for text in texts:
        row, street = [], []
        for token in tokeniser(text):
            name: tuple[Any, ...] = (token.kind, token.key, token.column)
            if known and name not in number:
                name = (*name, token.spelt or token.written)
            at = number.setdefault(name, len(tokens))
            if at == len(tokens):
                tokens.append(token)
                written.append(set())
            if at >= known and (token.kind == QUANTITY or token.spelt):
                written[at].add(token.spelt or token.written)
            row.append(at)
            if token.group == NAME:
                street.append(at)
        rows.append(tuple(row))
        streets.append(frozenset(street))
    return rows, streets


def _weights(tokens: Sequence[Token], frequency: Sequence[int], n: int) -> list[float]:
    log = math.log(n + 1)
    return [_weight(token, log - math.log(count)) for token, count in zip(tokens, frequency, strict=True)]


def _weight(token: Token, inverse: float) -> float:
    if token.kind == FORM:
        return 0.0
    return FAINT if token.kind == STOP else max(LEAST, inverse)
