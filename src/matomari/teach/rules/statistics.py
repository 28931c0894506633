"""What the rules need to know of a corpus: how often each word stands in it, and which values its quantities take."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from ..graph.quantities import Quantity, quantities

MOST_VALUES = 500  # distinct values kept of a unit
MOST_WORDS = 500_000  # distinct words kept: beyond them, those seen once go
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")


@dataclass
class Statistics:
    """Counts of one pass over a corpus; memory does not grow with its length.

    Attributes
    ----------
    words : Counter
        Sentences' words in small letters.
    values : dict
        For each unit and scale, how often each value stands before it.
    sentences : int

    Examples
    --------
    >>> known = Statistics.of(["a bolt of 20 mm", "a nut of 25 mm"])
    >>> known.words["a"], known.near(quantities("30 mm")[0])
    (2, [Fraction(20, 1), Fraction(25, 1)])
    """

    words: Counter[str] = field(default_factory=Counter)
    values: dict[tuple[str, str, str], Counter[Fraction]] = field(default_factory=dict)
    sentences: int = 0
    _rising: dict[tuple[str, str, str], list[Fraction]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, sentences: Iterable[str]) -> Statistics:
        """Of a stream of sentences."""
        known = cls()
        for sentence in sentences:
            known.add(sentence)
        return known

    def add(self, sentence: str) -> None:
        """Count one more sentence."""
        self.sentences += 1
        self.words.update(_WORD.findall(sentence.lower()))
        if len(self.words) > MOST_WORDS:
            self.words = Counter({word: count for word, count in self.words.items() if count > 1})
        for quantity in quantities(sentence):
            seen = self.values.setdefault(_of(quantity), Counter())
            if quantity.value in seen or len(seen) < MOST_VALUES:
                seen[quantity.value] += 1

    def near(self, quantity: Quantity) -> list[Fraction]:
        """Values that the corpus holds where the quantity stands, rising, from a third of it to three times as much."""
        key = _of(quantity)
        seen = self.values.get(key)
        if not seen:
            return []
        if len(self._rising.get(key, ())) != len(seen):
            self._rising[key] = sorted(seen)
        rising = self._rising[key]
        return rising[bisect_left(rising, quantity.value / 3) : bisect_right(rising, quantity.value * 3)]


def _of(quantity: Quantity) -> tuple[str, str, str]:
    form = "number" if quantity.form in ("digits", "thousands") else quantity.form
    return quantity.unit.unit if quantity.unit else "", quantity.scale, form
