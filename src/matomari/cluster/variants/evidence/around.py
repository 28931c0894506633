"""How a pair stands among the other candidates of its two texts, and in its list."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....vectors import Floats, Ints
from ..candidates import Ranked
from ..reading.lexicon import Lexicon
from .features import ALONE, CONFLICTS, PLACE

FIFTH = 5
RIVAL = 0.07  # a candidate so much less alike than the best is its rival


def around(lexicon: Lexicon, pairs: tuple[Ints, Ints], table: Floats, copies: float | None) -> dict[str, Any]:
    """How a pair stands among the other candidates of its two texts, and the share of the texts of the list that have a near copy.

    Of a known text, whose candidates are not looked for, those of the new one stand in.
    """
    left, right = pairs if copies is None else (pairs[0], pairs[0])
    node, n, m = (np.concatenate([left, right]) if copies is None else left), len(lexicon.rows), len(left)

    def each(value: Any) -> Any:
        return np.concatenate([value, value]) if copies is None else value

    letters, low, high = (table[:, PLACE[name]] for name in ("letters", "share_low", "share_high"))
    conflict = sum(table[:, PLACE[name]] for name in CONFLICTS)
    likeness = (low + high) / 4 + letters / 2 - 0.15 * np.minimum(conflict, 2) - 0.2 * np.minimum(table[:, PLACE["words_low"]], 1)
    of_letters, of_likeness = Ranked(n, node, each(letters)), Ranked(n, node, each(likeness))
    fifth = of_letters.kth(FIFTH)
    first, second, fourth = (of_likeness.kth(k) for k in (1, 2, 4))
    rank_a, rank_b = of_likeness.rank[:m], of_likeness.rank[-m:] if m else of_likeness.rank
    gap_a = likeness - np.where(rank_a == 0, second[left], first[left])
    gap_b = likeness - np.where(rank_b == 0, second[right], first[right])
    rivals = np.zeros(n)
    np.add.at(rivals, node, each(likeness) >= first[node] - RIVAL)
    return {
        "chance": lexicon.chance,
        "above": letters - (fifth[left] + fifth[right]) / 2,
        "top": likeness - (fourth[left] + fourth[right]) / 2,
        "rank": np.log1p(np.minimum(rank_a, rank_b)),
        "mutual": np.log1p(np.maximum(rank_a, rank_b)),
        "gap": np.minimum(gap_a, gap_b),
        "rivals": np.log(np.maximum(np.maximum(rivals[left], rivals[right]), 1)),
        "copies": _copied(n, pairs, table) if copies is None else copies,
        "shape": lexicon.shape,
    }


def _copied(n: int, pairs: tuple[Ints, Ints], table: Floats) -> float:
    """Share of the texts that have a near copy: most of either is matched, nothing conflicts, and neither has a number or code alone."""
    column = {name: table[:, PLACE[name]] for name in (*CONFLICTS, *ALONE, "share_low", "words_low", "kanji_conflict")}
    against = sum(column[name] for name in (*CONFLICTS, *ALONE, "kanji_conflict"))
    near = (column["share_low"] > 0.8) & (against == 0) & (column["words_low"] < 0.1)
    copied = np.zeros(n, bool)
    copied[pairs[0][near]] = copied[pairs[1][near]] = True
    return float(copied.mean()) if n else 0.0
