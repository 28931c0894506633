"""What agrees in two texts: what is equal, and what stands for what."""

from __future__ import annotations

import math

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ....vectors import Ints
from ..reading.token import CODE, FORM, NUMBER, QUANTITY
from .flat import WAYS, Flags, Flat, Numbers

LONG_NUMBER = 4  # digits from which a number counts as a code
MOST_LONGER = 6
TINY = 1e-9


def agreement(flat: Flat) -> dict[str, Numbers]:
    """What is matched of each pair, each of shape (m,).

    The chief of it, *surprise*, is (Σ weight of what is matched − ln n) / ln n: whether so much would agree by chance in a list of n.
    """
    sorts, equal, chance = flat.sorts, flat.equal, flat.sorts.lexicon.chance
    weight, numeric = sorts.weight, sorts.of_kinds(NUMBER, QUANTITY)
    code = sorts.of_kinds(CODE) | (sorts.of_kinds(NUMBER) & (sorts.length >= LONG_NUMBER))
    spelt = _spelt(flat)
    of_equal = weight[equal.token]
    matched = flat.total(equal.pair, of_equal) + spelt.pop("matched")
    coded = flat.total(equal.pair, np.where(code[equal.token], of_equal, 0)) + spelt.pop("coded")
    rest_a, rest_b = (flat.total(rest.pair, weight[rest.token]) for rest in (flat.left, flat.right))
    share_a, share_b = (matched / (matched + rest + TINY) for rest in (rest_a, rest_b))
    return {
        "surprise": (matched - chance) / chance,
        "share_low": np.minimum(share_a, share_b),
        "share_high": np.maximum(share_a, share_b),
        "rare": flat.highest(equal.pair, of_equal) / chance,
        "coded": coded / chance,
        "numbers": flat.total(equal.pair, numeric[equal.token]) + spelt.pop("numbers"),
        "joint": _joint(flat) / chance,
        "turned": _turned(flat),
        **spelt,
        **_form(flat),
    }


def _spelt(flat: Flat) -> dict[str, Numbers]:
    """What the tokens that stand for each other add, and how often each way occurs; of typos, the letters that differ."""
    sorts, spelt = flat.sorts, flat.spelt
    tokens = sorts.lexicon.tokens
    way = {name: spelt.how == place for place, name in enumerate(WAYS)}
    mean = (sorts.weight[spelt.left] + sorts.weight[spelt.right]) / 2
    code = sorts.of_kinds(CODE)
    coded = way["contained"] | (way["joined"] & (code[spelt.left] | code[spelt.right]))
    typos = np.flatnonzero(way["typo"])
    keys = ([tokens[t].key for t in side[typos].tolist()] for side in (spelt.left, spelt.right))
    letters = process.cpdist(*keys, scorer=OSA.distance, dtype=np.int64)
    known = np.minimum(sorts.frequency[spelt.left], sorts.frequency[spelt.right])[typos] >= 2
    longer = np.minimum(np.abs(sorts.length[spelt.left] - sorts.length[spelt.right]), MOST_LONGER)

    def counted(which: Flags) -> Numbers:
        return flat.total(spelt.pair, which)

    return {
        "matched": flat.total(spelt.pair, spelt.credit * mean),
        "coded": flat.total(spelt.pair, np.where(coded, mean, 0)),
        "numbers": counted(way["quantity"] | way["number"]),
        "typo_new": flat.total(spelt.pair[typos], np.where(known, 0, letters)),
        "typo_known": flat.total(spelt.pair[typos], np.where(known, letters, 0)),
        "abbreviations": counted(way["abbreviation"]),
        "initials": counted(way["initial"]),
        "joined": counted(way["joined"]),
        "contained": counted(way["contained"]),
        "contained_rest": flat.total(spelt.pair, np.where(way["contained"], longer, 0)),
        "bare_numbers": counted(way["number"]),
    }


def _joint(flat: Flat) -> Numbers:
    """How many texts hold all that is equal: ln(them / 2), and ln(all / 2) where nothing is."""
    lexicon, equal = flat.sorts.lexicon, flat.equal
    out = np.full(len(flat.first), math.log(max(lexicon.n, 2) / 2))
    order = np.lexsort((flat.sorts.frequency[equal.token], equal.pair))
    pair, token = equal.pair[order], equal.token[order].tolist()
    several, start, count = np.unique(pair, return_index=True, return_counts=True)
    known: dict[tuple[int, ...], float] = {}
    for place, begin, size in zip(several.tolist(), start.tolist(), count.tolist(), strict=True):
        by_rarity = tuple(token[begin : begin + size])
        if by_rarity not in known:
            known[by_rarity] = math.log(max(_held(lexicon.holders, lexicon.frequency, by_rarity), 2) / 2)
        out[place] = known[by_rarity]
    return out


def _held(holders: list[set[int]], frequency: list[int], by_rarity: tuple[int, ...]) -> int:
    """How many texts hold all of these tokens, the rarest first; 2 or fewer are all the same."""
    if frequency[by_rarity[0]] <= 2:
        return 2
    held = holders[by_rarity[0]]
    for t in by_rarity[1:]:
        if len(held) <= 2:
            break
        held = held & holders[t]
    return len(held)


def _turned(flat: Flat) -> Numbers:
    """Share of neighbours among the equal tokens that stand in the other order."""
    keys, at = flat.sorts.places
    pair, token = flat.equal
    place: Ints = at[np.searchsorted(keys, flat.second[pair] * len(flat.sorts.weight) + token)] if len(pair) else token
    next_to = pair[1:] == pair[:-1]
    turned = flat.total(pair[1:], next_to & (place[:-1] > place[1:]))
    return np.asarray(turned / np.maximum(flat.total(pair) - 1, 1), np.float64)


def _form(flat: Flat) -> dict[str, Numbers]:
    """Whether both have legal forms, but none in common; and whether both begin alike."""
    sorts = flat.sorts
    shared = sorts.shared(flat.first, flat.second)
    _, begin, form = sorts.cells
    in_both = flat.total(flat.equal.pair, sorts.of_kinds(FORM)[flat.equal.token]) > 0
    have = [(form[side] & shared).any(axis=1) for side in (flat.first, flat.second)]
    column, each = shared.argmax(axis=1), np.arange(len(shared))
    a, b = (begin[side][each, column] for side in (flat.first, flat.second))
    same = (a == b) & (a >= 0) & shared.any(axis=1)
    return {"form_conflict": (have[0] & have[1] & ~in_both).astype(float), "same_first": same.astype(float)}
