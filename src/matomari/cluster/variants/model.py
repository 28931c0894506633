"""A small boosting model that turns the evidence of a pair into the probability that it names one thing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ...vectors import Floats
from .evidence.features import PLACE

FILE = Path(__file__).parent / "model.json"
# what a list looks like: the means of these over the best pair of each text
LOOKS = (
    "share_low", "share_high", "rare", "coded", "numbers", "left_low", "left_high", "words_low", "words_one", "letters", "meaning", "ratio",
    "length_difference", "number_conflict", "code_conflict", "quantity_conflict", "member_conflict", "number_one", "turned", "initials",
    "abbreviations",
)  # fmt: skip
Tree = float | list[Any]  # a leaf, or [feature, threshold, tree at or below it, tree above]


@dataclass(frozen=True, eq=False)
class Model:
    """A sum of small decision trees (Friedman 2001), on the scale of log odds.

    Attributes
    ----------
    base : float
        Log odds before any tree.
    trees : list
        Each a leaf, or [name of a feature, threshold, tree at or below it, tree above it].
    card : mapping
        What it was made from.
    """

    base: float
    trees: list[Tree]
    card: Mapping[str, Any]

    def log_odds(self, table: Floats) -> Floats:
        """Log odds of each pair, shape (m,), from its evidence, shape (m, features).

        Examples
        --------
        >>> table = np.zeros((2, len(PLACE)), np.float32)
        >>> table[1, PLACE["letters"]] = 1
        >>> Model(-1.0, [["letters", 0.5, 0.0, 3.0]], {}).log_odds(table).tolist()
        [-1.0, 2.0]
        """
        columns = np.ascontiguousarray(table.T)
        total = np.full(len(table), self.base, np.float32)
        for tree in self.trees:
            total += _value(tree, columns)
        return total

    def strangeness(self, table: Floats) -> float:
        """How far a list lies from the nearest one that the model was made from; beyond 1 lie 5 % of the lists of families left out.

        Parameters
        ----------
        table : array, shape (m, features)
            The evidence of its candidate pairs.

        Returns
        -------
        float
            Root mean square of the differences in standard deviations, over the distance that is far; 0 where that is not known.
        """
        seen = self.card.get("looks")
        if not seen or not len(table):
            return 0.0
        z = (looks(table) - np.asarray(seen["center"])) / np.asarray(seen["spread"])
        return float(np.sqrt(((np.asarray(seen["lists"]) - z) ** 2).mean(axis=1)).min() / seen["far"])


def looks(table: Floats) -> Floats:
    """What a list looks like by its evidence, shape (len(LOOKS),).

    Examples
    --------
    >>> table = np.zeros((3, len(PLACE)), np.float32)
    >>> table[:, PLACE["rank"]], table[:, PLACE["letters"]] = [0, 0, 1], [0.5, 1.0, 0.0]
    >>> float(looks(table)[LOOKS.index("letters")])
    0.75
    """
    best = table[table[:, PLACE["rank"]] == 0]
    return np.asarray(best[:, [PLACE[name] for name in LOOKS]].mean(axis=0), np.float32)


def _value(tree: Tree, columns: Floats) -> Any:
    if not isinstance(tree, list):
        return np.float32(tree)
    name, threshold, low, high = tree
    return np.where(columns[PLACE[name]] <= np.float32(threshold), _value(low, columns), _value(high, columns))


@lru_cache(maxsize=1)
def built_in() -> Model:
    """The model that comes along; docs/variants.md says what it was made from."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return Model(stored["base"], stored["trees"], stored["card"])
