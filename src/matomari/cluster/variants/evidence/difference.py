"""What differs in two texts: what either has left over, against what the other has."""

from __future__ import annotations

from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ....vectors import Ints
from ..align import BARE
from ..reading.token import CODE, KANJI, MEMBER, NUMBER, OF_MODELS, QUANTITY, WORD
from .agreement import LONG_NUMBER
from .features import CONFLICTS
from .flat import Flags, Flat, Numbers, Tokens

SHARED = ("flat", "floor", "room", "box")  # numbers within one address, whose absence on one side tells two things apart, too
SOFT = ("sign", "size", "modifier", "generation", "edition")  # sets whose member on one side alone tells two things apart
SWAPPED = 0.2  # weight from which the words that only one text has stand against words of the other
LONE_KANJI = 0.5
MOST_NUMBERS = 6  # of a side that are compared


def difference(flat: Flat) -> dict[str, Numbers]:
    """How what is left over on one side of each pair stands against what is left over on the other, each of shape (m,).

    The differences of each column are added up: what one column has too much does not stand against what another has.
    """
    found = _Columns(flat)
    chance, sorts = flat.sorts.lexicon.chance, flat.sorts
    rest, words = found.ranked(found.weight()), found.ranked(found.weight(WORD, MEMBER))
    swapped = words[0] > SWAPPED
    kanji, single = found.ranked(found.weight(KANJI)), found.ranked(found.count(KANJI))
    lone_kanji = np.where(kanji[0] == 0, LONE_KANJI * single[1], 0)
    conflicts = found.conflicts()
    shared, size = sorts.shared(flat.first, flat.second), sorts.cells[0]
    shorter = np.minimum((size[flat.first] * shared).sum(axis=1), (size[flat.second] * shared).sum(axis=1))
    added = {name: found.added(values) for name, values in conflicts.items()}
    return {
        "left_low": found.added(rest[0]) / chance,
        "left_high": found.added(rest[1]) / chance,
        "words_low": found.added(words[0]) / chance,
        "words_high": found.added(np.where(swapped, words[1], 0)) / chance,
        "words_one": found.added(np.where(swapped, 0, words[1])) / chance + found.added(lone_kanji),
        **added,
        "kanji_conflict": found.added(kanji[0]) / chance,
        **{name: found.added(np.abs(a - b)) for name, (a, b) in found.alone().items()},
        "number_typo": found.typo(),
        "conflicts_share": sum(added[name] for name in CONFLICTS) / np.maximum(shorter, 1),
        "street_conflict": _streets(flat),
    }


class _Columns:
    """What is left over in each column of each pair: its slot."""

    def __init__(self, flat: Flat) -> None:
        self.flat, self.sorts = flat, flat.sorts
        self.width = flat.sorts.lexicon.width
        self.sides = [Tokens(rest.pair * self.width + self.sorts.column[rest.token], rest.token) for rest in (flat.left, flat.right)]
        self.slots = len(flat.first) * self.width

    def added(self, values: Any) -> Numbers:
        """Of slots to pairs."""
        summed: Numbers = np.asarray(values, np.float64).reshape(-1, self.width).sum(axis=1)
        return summed

    @staticmethod
    def ranked(sides: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
        """The side that has less of each slot, and the one that has more."""
        return np.minimum(*sides), np.maximum(*sides)

    def _sum(self, values: Any) -> tuple[Numbers, Numbers]:
        """The sum of a value of tokens, or how many are so, of either side."""
        of = np.asarray(values, np.float64)
        a, b = (np.asarray(np.bincount(side.pair, of[side.token], minlength=self.slots), np.float64) for side in self.sides)
        return a, b

    def weight(self, *kinds: str) -> tuple[Numbers, Numbers]:
        """Of the tokens of these kinds, or of all."""
        return self._sum(np.where(self.sorts.of_kinds(*kinds), self.sorts.weight, 0) if kinds else self.sorts.weight)

    def count(self, kind: str) -> tuple[Numbers, Numbers]:
        """How many are of a kind."""
        return self._sum(self.sorts.of_kinds(kind))

    def conflicts(self) -> dict[str, Numbers]:
        """Quantities of one dimension, numbers, codes, and members of one set on both sides."""
        quantity = self._common(QUANTITY) + self._bare()
        free = quantity == 0  # then a quantity may stand against a bare number
        numbers, codes, quantities = self.count(NUMBER), self.count(CODE), self.count(QUANTITY)
        number = np.minimum(*(n + np.where(free, q, 0) for n, q in zip(numbers, quantities, strict=True)))
        a, b = (codes[one] + np.where((codes[other] > 0) & (numbers[other] == 0), numbers[one], 0) for one, other in ((0, 1), (1, 0)))
        return dict(zip(CONFLICTS, (quantity, number, np.minimum(a, b), self._common(MEMBER)), strict=True))

    def _common(self, kind: str) -> Numbers:
        """How many dimensions, or sets, both sides have."""
        of_kind, groups = self.sorts.of_kinds(kind), int(self.sorts.group.max(initial=0)) + 2
        group = np.where(self.sorts.of_groups(OF_MODELS), groups - 1, self.sorts.group)  # one stands against another of them
        a, b = (np.unique((side.pair * groups + group[side.token])[of_kind[side.token]]) for side in self.sides)
        return np.asarray(np.bincount(np.intersect1d(a, b, assume_unique=True) // groups, minlength=self.slots), np.float64)

    def _bare(self) -> Numbers:
        """Whether one side has a quantity without its unit, 33p, that the other has another amount of."""
        quantity = self.sorts.of_kinds(QUANTITY)
        prefix = self._sum(quantity & self.sorts.of_groups(["prefix"]))
        unit = self._sum(quantity & self.sorts.of_groups(BARE))
        return np.asarray(((prefix[0] > 0) & (unit[1] > 0)) | ((prefix[1] > 0) & (unit[0] > 0)), np.float64)

    def alone(self) -> dict[str, tuple[Numbers, Numbers]]:
        """How many short and long numbers, quantities, pieces, codes, members and modifiers either side has."""
        kinds, groups = self.sorts.of_kinds, self.sorts.of_groups
        long, pieces = self.sorts.length >= LONG_NUMBER, groups(["pieces"])
        counted = {
            "number_one": kinds(NUMBER) & ~long,
            "long_one": kinds(NUMBER) & long,
            "quantity_one": kinds(QUANTITY) & ~pieces,
            "pieces_one": kinds(QUANTITY) & pieces,
            "code_one": kinds(CODE),
            "member_one": kinds(MEMBER),
            "modifier_one": (kinds(MEMBER) & groups(SOFT)) | (kinds(QUANTITY) & groups(SHARED)),
        }
        return {name: self._sum(which) for name, which in counted.items()}

    def typo(self) -> Numbers:
        """The distance of the numbers that are nearest each other, where both sides of a column have some; the largest of the columns."""
        number, tokens = self.sorts.of_kinds(NUMBER), self.sorts.lexicon.tokens
        both = np.minimum(*self.count(NUMBER)) > 0
        a, b = (_first_of_each(side, number[side.token] & both[side.pair]) for side in self.sides)
        start, end = np.searchsorted(b.pair, a.pair), np.searchsorted(b.pair, a.pair, side="right")
        met = end - start  # numbers of the other side that each meets
        one = np.repeat(np.arange(len(met)), met)
        other = np.arange(len(one)) - np.repeat(np.cumsum(met) - met, met) + start[one]
        keys = ([tokens[t].key for t in side.tolist()] for side in (a.token[one], b.token[other]))
        nearest = np.full(self.slots, np.inf)
        np.minimum.at(nearest, a.pair[one], process.cpdist(*keys, scorer=OSA.normalized_distance, dtype=np.float64))
        largest: Numbers = np.where(np.isfinite(nearest), nearest, 0).reshape(-1, self.width).max(axis=1, initial=0)
        return largest


def _first_of_each(side: Tokens, kept: Flags) -> Tokens:
    """The first of the kept tokens of each slot, slot by slot."""
    slot, token = side.pair[kept], side.token[kept]
    order = np.argsort(slot, kind="stable")  # those of a slot may stand apart
    slot = slot[order]
    early = np.arange(len(slot)) - np.searchsorted(slot, slot) < MOST_NUMBERS
    return Tokens(slot[early], token[order][early])


def _streets(flat: Flat) -> Numbers:
    """Whether both sides have a part of their street's name left over."""
    size = len(flat.sorts.weight)
    named = np.asarray([text * size + t for text, street in enumerate(flat.sorts.lexicon.streets) for t in street], np.int64)

    def left_over(side: Tokens, text: Ints) -> Flags:
        return flat.total(side.pair, np.isin(text[side.pair] * size + side.token, named)) > 0

    return np.asarray(left_over(flat.left, flat.first) & left_over(flat.right, flat.second), np.float64)
