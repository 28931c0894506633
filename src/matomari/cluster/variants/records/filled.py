"""Temper what is thought of two records, some of whose cells are empty: what is not seen must not count as if it agreed.

A model of whole texts takes two texts without a difference for one thing. Two records can be without one because hardly anything of them
is there: a city alone agrees with every record of that city.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ....vectors import Floats, Ints
from ..align import Aligner, Alignment
from ..evidence.difference import SWAPPED
from ..reading.lexicon import Lexicon
from ..reading.token import CODE, MEMBER, NUMBER, QUANTITY, WORD

LIKELY = 0.5  # probability from which a record fits another
LEAST = 0.1  # pairs that are less probable are left as they are: nothing is merged by them
TINY = 1e-6
ALLOWED = 1.0  # log odds: the texts that hold a token count its second spelling, too, as if it were another thing


def tempered(lexicon: Lexicon, left: Ints, right: Ints, *, same: Floats, groups: Ints | None = None) -> Floats:
    """The probability of each pair, shape (m,), lowered where cells are empty; as it is where texts are compared whole.

    The log odds are at most

    - Σ weight of what is matched − ln n + 1 where one of the columns is not filled on both sides: the odds of Fellegi and Sunter (1969)
      where one of n texts is the other spelling; where a single column is, a typing error matches nothing;
    - Σ weight of what is equal in each other column − 2 ln n where the first column, which says what a thing is called, is filled on one side
      only or has other words. A column counts once, as ln((n + 1) / texts that hold all that is equal there), because the words of
      an address come together.

    And a record that fits several things is one of them at most, so their odds stand against one another.

    Parameters
    ----------
    lexicon : Lexicon
    left, right : arrays of int64, shape (m,)
    same : array of float32, shape (m,)
    groups : array of int64, shape (n,), optional
        Of the texts on the right where these are known and those on the left are new; else what belongs together is seen from the pairs.
    """
    if lexicon.width == 1:
        return same
    align, out = Aligner(lexicon), same.copy()
    for pair in np.flatnonzero(same > LEAST).tolist():
        a, b = int(left[pair]), int(right[pair])
        out[pair] = min(out[pair], 1 / (1 + math.exp(-_most(lexicon, (a, b), align(a, b)))))
    return _divided(lexicon, (left, right), out, groups)


def _most(lexicon: Lexicon, texts: tuple[int, int], found: Alignment) -> float:
    """The log odds that a pair can have at most."""
    one, other = (lexicon.cells[text] for text in texts)
    filled = [c for c in range(lexicon.width) if one[c] or other[c]]
    shared = lexicon.shared(*texts)
    first = filled[0]
    if first not in shared or _differs(lexicon, found, first):
        by_column = ([t for t in found.equal if lexicon.tokens[t].column == c] for c in shared if c != first)
        return sum(_once(lexicon, equal) for equal in by_column if equal) - 2 * lexicon.chance
    if len(shared) == lexicon.width:
        return math.inf
    weight = lexicon.weight
    spellings = [s for s in found.spellings if len(shared) > 1 or s.how != "typo"]  # a mistyped name alone may be another name
    spelt = sum(s.credit * min(weight[s.left], weight[s.right]) for s in spellings)  # a rare spelling makes the word no rarer
    return sum(weight[t] for t in found.equal) + spelt - lexicon.chance + ALLOWED


def _differs(lexicon: Lexicon, found: Alignment, column: int) -> bool:
    """Whether both have something left over in a column that the other has not: words, or numbers, amounts and codes."""
    tokens, weight = lexicon.tokens, lexicon.weight
    for kinds in ((WORD, MEMBER), (NUMBER, QUANTITY, CODE)):
        sides = [
            sum(weight[t] for t in over if tokens[t].column == column and tokens[t].kind in kinds) for over in (found.left, found.right)
        ]
        if min(sides) > SWAPPED:
            return True
    return False


def _once(lexicon: Lexicon, equal: Sequence[int]) -> float:
    """How rare it is to hold all of some tokens."""
    holders = set.intersection(*(lexicon.holders[t] for t in equal))
    return math.log((lexicon.n + 1) / max(len(holders), 1))


def _divided(lexicon: Lexicon, pairs: tuple[Ints, Ints], same: Floats, groups: Ints | None) -> Floats:
    """Probabilities of the pairs in which one lacks what the other has, shared among the things that it fits."""
    fits: dict[int, list[tuple[int, int]]] = {}  # text -> the fuller texts that it fits, and the pairs that say so
    likely: set[tuple[int, int]] = set()
    for pair in np.flatnonzero(same >= LIKELY).tolist():
        a, b = (int(side[pair]) for side in pairs)
        likely |= {(a, b), (b, a)}
        for short, long in ((a, b),) if groups is not None else ((a, b), (b, a)):
            if any(there and not here for here, there in zip(lexicon.cells[short], lexicon.cells[long], strict=True)):
                fits.setdefault(short, []).append((long, pair))

    def alike(a: int, b: int) -> bool:
        return (a, b) in likely if groups is None else bool(groups[a] == groups[b])

    out, odds = same.copy(), same / np.maximum(1 - same, TINY)
    for fuller in fits.values():
        pair_of = dict(fuller)
        things = [[pair_of[text] for text in part] for part in _parts(list(pair_of), alike)]
        best = [max(odds[pair] for pair in part) for part in things]
        for part, own in zip(things, best, strict=True):
            for pair in part:
                out[pair] = min(out[pair], odds[pair] / (1 + odds[pair] + sum(best) - own))
    return out


def _parts(texts: Sequence[int], alike: Callable[[int, int], bool]) -> list[list[int]]:
    """Texts in parts of which none is tied to another."""
    left, parts = list(texts), []
    while left:
        reached = [left.pop()]
        for text in reached:
            near = [other for other in left if alike(text, other)]
            left = [other for other in left if other not in near]
            reached.extend(near)
        parts.append(reached)
    return parts
