"""The evidence that two texts of a list name one thing, as numbers: what agrees, what differs, and how the list looks around them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from ...vectors import Floats, Ints
from .align import Aligner, Alignment
from .candidates import BLOCK, Ranked, row_products
from .families import Families
from .reading.lexicon import Lexicon
from .reading.token import CODE, FORM, KANJI, MEMBER, NUMBER, QUANTITY, WORD, Token

SHARED = ("flat", "floor", "room", "box")  # numbers within one address, whose absence on one side tells two things apart, too
SOFT = ("sign", "size", "modifier", "generation", "edition")  # sets whose member on one side alone tells two things apart
FEW_PAIRS = 8_192  # whose vectors are held at once
LONG_NUMBER = 4  # digits from which a number counts as a code
FIFTH = 5
SWAPPED = 0.2  # weight from which the words that only one text has stand against words of the other
LONE_KANJI, MOST_LONGER = 0.5, 6
RIVAL = 0.07  # a candidate so much less alike than the best is its rival
# name: +1 where more of it can only speak for one thing, -1 against, 0 either way
OF_A_PAIR = {
    "surprise": 1, "share_low": 1, "share_high": 1, "rare": 1, "coded": 1, "numbers": 0, "joint": -1,
    "left_low": -1, "left_high": -1, "words_low": -1, "words_high": -1, "words_one": -1,
    "quantity_conflict": -1, "number_conflict": -1, "code_conflict": -1, "member_conflict": -1, "kanji_conflict": -1,
    "form_conflict": -1, "number_one": -1, "long_one": -1, "quantity_one": -1, "pieces_one": -1, "code_one": -1, "member_one": -1, "modifier_one": -1, "number_typo": -1,
    "typo_new": -1, "typo_known": -1, "abbreviations": 0, "initials": 0, "joined": 0, "contained": 0, "contained_rest": -1,
    "bare_numbers": -1, "conflicts_share": -1, "turned": 0, "same_first": 0, "taken": -1, "words_apart": -1,
    "numbers_apart": -1, "extra": 0, "longer": 0, "street_conflict": -1,
}  # fmt: skip
OF_LETTERS = {"letters": 1, "meaning": 1, "ratio": 1, "sorted_ratio": 1, "rest_alike": 0, "length_difference": 0}
OF_THE_LIST = {"chance": 0, "above": 1, "top": 1, "rank": -1, "mutual": -1, "gap": 1, "rivals": -1, "copies": 0, "shape": 0}
NAMES = {**OF_A_PAIR, **OF_LETTERS, **OF_THE_LIST}
PLACE = {name: i for i, name in enumerate(NAMES)}
CONFLICTS = ("quantity_conflict", "number_conflict", "code_conflict", "member_conflict")


def evidence(
    lexicon: Lexicon,
    left: Ints,
    right: Ints,
    *,
    letters: sp.csr_matrix,
    vectors: Floats,
    copies: float | None = None,
    vectoriser: Any = None,
) -> Floats:
    """Evidence of each candidate pair, shape (m, len(NAMES)).

    Where texts are made of several columns, a pair is compared by those that both have filled: an empty cell speaks neither for nor against.

    Parameters
    ----------
    lexicon : Lexicon
        Of n texts.
    left, right : arrays of int64, shape (m,)
        Places of the two texts.
    letters : sparse array, shape (n, groups)
        TF-IDF of letter groups.
    vectors : array, shape (n, d)
        At unit length.
    copies : float, optional
        Where only the left texts name candidates, and the right ones are known already: the share of the known ones that have a near copy.
    vectoriser : optional
        What made the letter groups; needed where texts are made of several columns.
    """
    table = np.empty((len(left), len(NAMES)), np.float32)
    table[:, : len(OF_A_PAIR)] = aligned(lexicon, left, right)
    plain, a, b = _seen(lexicon, left, right)
    if lexicon.width > 1:
        letters = sp.csr_matrix(vectoriser.transform(plain))
    columns = {
        "letters": row_products(letters, a, b),
        "meaning": _meaning(vectors, left, right),
        **_letters(plain, a, b),
    }
    for name, values in columns.items():
        table[:, PLACE[name]] = values
    for name, values in around(lexicon, (left, right), table, copies).items():
        table[:, PLACE[name]] = values
    return table


def _meaning(vectors: Floats, left: Ints, right: Ints) -> Floats:
    """Cosine of each pair, a block at a time: the vectors of all pairs would take three times the room of everything else."""
    parts = [slice(start, start + FEW_PAIRS) for start in range(0, max(1, len(left)), FEW_PAIRS)]
    return np.concatenate([np.einsum("ij,ij->i", vectors[left[part]], vectors[right[part]]) for part in parts])


def _seen(lexicon: Lexicon, left: Ints, right: Ints) -> tuple[list[str], Ints, Ints]:
    """The texts as their partners see them, without the columns that these have empty, and which of them each pair is of."""
    if lexicon.width == 1:
        return [lexicon.plain(i) for i in range(len(lexicon.rows))], left, right
    number: dict[tuple[int, tuple[int, ...]], int] = {}
    seen = np.empty((len(left), 2), np.int64)
    for pair, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        shared = lexicon.shared(a, b)
        seen[pair] = number.setdefault((a, shared), len(number)), number.setdefault((b, shared), len(number))
    return [lexicon.plain(text, shared) for text, shared in number], seen[:, 0], seen[:, 1]


def aligned(lexicon: Lexicon, left: Ints, right: Ints) -> Floats:
    """What the alignment of each pair says, shape (m, len(OF_A_PAIR))."""
    align, families = Aligner(lexicon), Families(lexicon)
    table = np.empty((len(left), len(OF_A_PAIR)), np.float32)
    for start in range(0, len(left), BLOCK):  # lists of numbers take eight times the room of a table
        part = slice(start, start + BLOCK)
        pairs = zip(left[part].tolist(), right[part].tolist(), strict=True)
        table[part] = [of_alignment(families, a, b, align(a, b)) for a, b in pairs]
    return table


def of_alignment(families: Families, first: int, second: int, found: Alignment) -> list[float]:
    """The numbers of one alignment, in the order of `OF_A_PAIR`.

    The chief of them, *surprise*, is (Σ weight of what is matched − ln n) / ln n: whether so much would agree by chance in a list of n.
    """
    lexicon = families.lexicon
    tokens, weight, chance = lexicon.tokens, lexicon.weight, lexicon.chance
    equal = found.equal
    inexact = _spellings(lexicon, found)
    matched = sum(weight[t] for t in equal) + inexact["matched"]
    coded = sum(weight[t] for t in equal if _is_code(tokens[t])) + inexact["coded"]
    numbers = sum(tokens[t].kind in (NUMBER, QUANTITY) for t in equal) + inexact["numbers"]
    rest_a, rest_b = sum(weight[t] for t in found.left), sum(weight[t] for t in found.right)
    share = sorted((matched / (matched + rest_a + 1e-9), matched / (matched + rest_b + 1e-9)))
    columns = lexicon.shared(first, second)
    apart = _apart(lexicon, columns, found)
    a, b = lexicon.part(first, columns), lexicon.part(second, columns)
    forms_a, forms_b = ({t for t in row if tokens[t].kind == FORM} for row in (a, b))
    return [
        (matched - chance) / chance, *share, max((weight[t] for t in equal), default=0.0) / chance, coded / chance, numbers,
        _joint(lexicon, equal), *(value / chance for value in apart.rest), *(value / chance for value in apart.words[:2]),
        apart.words[2] / chance + apart.lone_kanji,
        *apart.conflicts, apart.kanji / chance, float(bool(forms_a and forms_b and not forms_a & forms_b)), *apart.lone, apart.typo,
        *(inexact[name] for name in ("typo_new", "typo_known", "abbreviation", "initial", "joined", "contained", "longer", "number")),
        sum(apart.conflicts) / max(1, min(len(a), len(b))), _turned(b, equal), float(bool(a and b and a[0] == b[0])),
        *families.about(found.left, found.right),
        float(not lexicon.streets[first].isdisjoint(found.left) and not lexicon.streets[second].isdisjoint(found.right)),
    ]  # fmt: skip


def _spellings(lexicon: Lexicon, found: Alignment) -> dict[str, float]:
    """What the tokens that stand for each other add, and how often each way occurs; of typos, the letters that differ."""
    tokens, weight = lexicon.tokens, lexicon.weight
    counted = dict.fromkeys(
        ("matched", "coded", "numbers", "typo_new", "typo_known", "abbreviation", "initial", "joined", "contained", "longer", "number"), 0.0
    )
    for x, y, how, credit in found.spellings:
        mean = (weight[x] + weight[y]) / 2
        counted["matched"] += credit * mean
        if how == "typo":
            known = min(lexicon.frequency[x], lexicon.frequency[y]) >= 2
            counted["typo_known" if known else "typo_new"] += OSA.distance(tokens[x].key, tokens[y].key)
        elif how in ("quantity", "number"):
            counted["numbers"] += 1
            counted["number"] += how == "number"
        elif how != "sound":
            counted[how] += 1
        if how == "contained":
            counted["longer"] += min(abs(len(tokens[x].key) - len(tokens[y].key)), MOST_LONGER)
        if how == "contained" or (how == "joined" and CODE in (tokens[x].kind, tokens[y].kind)):
            counted["coded"] += mean
    return counted


class _Apart(NamedTuple):
    """How what is left over on one side stands against what is left over on the other."""

    rest: list[float]  # weight of the side that has less, and of the one that has more
    words: list[float]  # the same of words: of the lower; of the higher, where they stand against each other; and where they do not
    conflicts: list[float]
    kanji: float
    lone_kanji: float
    lone: list[float]
    typo: float


def _apart(lexicon: Lexicon, columns: Sequence[int], found: Alignment) -> _Apart:
    """The differences of each column, added up: what one column has too much does not stand against what another has."""
    if len(columns) == 1:
        return _apart_within(lexicon, found.left, found.right)
    over_a, over_b = ([[t for t in over if lexicon.tokens[t].column == c] for c in columns] for over in (found.left, found.right))
    parts = [_apart_within(lexicon, a, b) for a, b in zip(over_a, over_b, strict=True)] or [_apart_within(lexicon, [], [])]
    rest, words, conflicts, kanji, lone_kanji, lone, typo = zip(*parts, strict=True)
    each = [[float(sum(values)) for values in zip(*of, strict=True)] for of in (rest, words, conflicts, lone)]
    return _Apart(
        rest=each[0], words=each[1], conflicts=each[2], kanji=sum(kanji), lone_kanji=sum(lone_kanji), lone=each[3], typo=max(typo)
    )


def _apart_within(lexicon: Lexicon, over_a: list[int], over_b: list[int]) -> _Apart:
    tokens, weight = lexicon.tokens, lexicon.weight
    rest = sorted(sum(weight[t] for t in over) for over in (over_a, over_b))
    words = sorted(sum(weight[t] for t in over if tokens[t].kind in (WORD, MEMBER)) for over in (over_a, over_b))
    swapped = words[0] > SWAPPED
    kinds_a, kinds_b = _by_kind(tokens, over_a), _by_kind(tokens, over_b)
    conflicts, lone, typo = _differences(tokens, kinds_a, kinds_b)
    kanji = sorted(sum(weight[t] for t in kinds.get(KANJI, ())) for kinds in (kinds_a, kinds_b))
    lone_kanji = LONE_KANJI * max(len(kinds_a.get(KANJI, ())), len(kinds_b.get(KANJI, ()))) if kanji[0] == 0 else 0.0
    against = [words[0], words[1] if swapped else 0.0, 0.0 if swapped else words[1]]
    return _Apart(rest=rest, words=against, conflicts=conflicts, kanji=kanji[0], lone_kanji=lone_kanji, lone=lone, typo=typo)


def _is_code(token: Token) -> bool:
    return token.kind == CODE or (token.kind == NUMBER and len(token.key) >= LONG_NUMBER)


def _by_kind(tokens: Sequence[Token], rest: list[int]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    for t in rest:
        kinds.setdefault(tokens[t].kind, []).append(t)
    return kinds


def _differences(tokens: Sequence[Token], a: dict[str, list[int]], b: dict[str, list[int]]) -> tuple[list[float], list[float], float]:
    """Conflicts (quantity, number, code, member); what one side has alone (short and long numbers, quantities,
    pieces, codes, members, modifiers); distance of the numbers."""
    none: list[int] = []
    quantities = _dimensions(tokens, a.get(QUANTITY, none)), _dimensions(tokens, b.get(QUANTITY, none))
    quantity = len(quantities[0] & quantities[1]) + (
        ("prefix" in quantities[0] and bool(quantities[1] & _BARE)) or ("prefix" in quantities[1] and bool(quantities[0] & _BARE))
    )
    na, nb, ca, cb = a.get(NUMBER, none), b.get(NUMBER, none), a.get(CODE, none), b.get(CODE, none)
    counted = [len(n) + (0 if quantity else len(q)) for n, q in ((na, a.get(QUANTITY, none)), (nb, b.get(QUANTITY, none)))]
    number = min(counted)
    code = min(len(ca) + (len(na) if cb and not nb else 0), len(cb) + (len(nb) if ca and not na else 0))
    sets = [{tokens[t].group for t in kinds.get(MEMBER, none)} for kinds in (a, b)]
    soft = [
        sum(tokens[t].group in SOFT for t in kinds.get(MEMBER, none)) + sum(tokens[t].group in SHARED for t in kinds.get(QUANTITY, none))
        for kinds in (a, b)
    ]
    sizes = [_counted(tokens, kinds) for kinds in (a, b)]
    lone = [
        *(abs(one - other) for one, other in zip(*sizes, strict=True)),
        abs(len(ca) - len(cb)),
        abs(len(a.get(MEMBER, none)) - len(b.get(MEMBER, none))),
        abs(soft[0] - soft[1]),
    ]
    typo = 0.0
    if na and nb:
        typo = min(OSA.normalized_distance(tokens[x].key, tokens[y].key) for x in na[:6] for y in nb[:6])
    return [float(v) for v in (quantity, number, code, len(sets[0] & sets[1]))], [float(v) for v in lone], typo


def _counted(tokens: Sequence[Token], kinds: dict[str, list[int]]) -> tuple[int, int, int, int]:
    """Short numbers, long ones, quantities and numbers of pieces among what is left over."""
    numbers, quantities = kinds.get(NUMBER, []), kinds.get(QUANTITY, [])
    long = sum(len(tokens[t].key) >= LONG_NUMBER for t in numbers)
    pieces = sum(tokens[t].group == "pieces" for t in quantities)
    return len(numbers) - long, long, len(quantities) - pieces, pieces


_BARE = {"capacitance", "inductance", "resistance"}


def _dimensions(tokens: Sequence[Token], rest: list[int]) -> set[str]:
    return {tokens[t].group for t in rest}


def _joint(lexicon: Lexicon, equal: list[int]) -> float:
    """How many texts hold all that is equal: ln(them / 2) / ln n; 1 where nothing is."""
    if not equal:
        return math.log(max(lexicon.n, 2) / 2) / lexicon.chance
    by_rarity = sorted(equal, key=lexicon.frequency.__getitem__)
    holders = lexicon.holders[by_rarity[0]]
    for t in by_rarity[1:]:
        if len(holders) <= 2:
            break
        holders = holders & lexicon.holders[t]
    return math.log(max(len(holders), 2) / 2) / lexicon.chance


def _turned(row: tuple[int, ...], equal: list[int]) -> float:
    """Share of neighbours among the equal tokens that stand in the other order."""
    if len(equal) < 2:
        return 0.0
    place = [row.index(t) for t in equal]
    return sum(p > q for p, q in itertools.pairwise(place)) / (len(place) - 1)


def _letters(plain: list[str], left: Ints, right: Ints) -> dict[str, Any]:
    """Likeness of the letters of each pair."""
    a, b = [plain[i] for i in left.tolist()], [plain[i] for i in right.tolist()]
    size = np.asarray([len(text) for text in plain], np.float32)
    short, long = np.minimum(size[left], size[right]), np.maximum(size[left], size[right])

    def each(scorer: Any) -> Floats:
        return np.asarray(process.cpdist(a, b, scorer=scorer, dtype=np.float32), np.float32)

    return {
        "ratio": each(fuzz.ratio) / 100,
        "sorted_ratio": each(fuzz.token_sort_ratio) / 100,
        "rest_alike": each(JaroWinkler.similarity),
        "length_difference": (long - short) / np.maximum(long, 1),
    }


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
    """Share of the texts that have a near copy: most of either is matched, and nothing conflicts."""
    column = {name: table[:, PLACE[name]] for name in (*CONFLICTS, "share_low", "modifier_one", "words_low", "kanji_conflict")}
    against = sum(column[name] for name in (*CONFLICTS, "modifier_one", "kanji_conflict"))
    near = (column["share_low"] > 0.8) & (against == 0) & (column["words_low"] < 0.1)
    copied = np.zeros(n, bool)
    copied[pairs[0][near]] = copied[pairs[1][near]] = True
    return float(copied.mean()) if n else 0.0
