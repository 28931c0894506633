"""What is added up for thousands of pairs at once, against plain loops over one pair after the other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from builders.spellings import LISTS, spelt
from matomari.cluster.variants.align import Aligner, Alignment
from matomari.cluster.variants.evidence import evidence as module
from matomari.cluster.variants.evidence.around import _copied
from matomari.cluster.variants.evidence.evidence import aligned
from matomari.cluster.variants.evidence.families import Families
from matomari.cluster.variants.evidence.features import NAMES, OF_A_PAIR, PLACE
from matomari.cluster.variants.reading.columns import ColumnTokeniser
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser

NUMBERS, WORDS = ("number", "quantity", "code"), ("word", "member", "kanji")


def agreement(lexicon: Lexicon, first: int, second: int, found: Alignment) -> dict[str, float]:
    """What is matched of one pair, token by token."""
    tokens, weight = lexicon.tokens, lexicon.weight
    matched = sum(weight[t] for t in found.equal) + sum(s.credit * (weight[s.left] + weight[s.right]) / 2 for s in found.spellings)
    holders = [{i for i, row in enumerate(lexicon.rows) if t in row} for t in found.equal]
    together = len(set.intersection(*holders)) if holders else lexicon.n
    columns = lexicon.shared(first, second)
    a, b = ([t for c in columns for t in lexicon.cells[text][c]] for text in (first, second))
    place = [b.index(t) for t in found.equal]
    forms = [{t for t in row if tokens[t].kind == "form"} for row in (a, b)]
    shares = sorted(matched / (matched + sum(weight[t] for t in rest) + 1e-9) for rest in (found.left, found.right))
    of = {
        how: [s for s in found.spellings if s.how == how] for how in ("typo", "contained", "joined", "abbreviation", "number", "quantity")
    }
    typos: dict[str, list[int]] = {"typo_new": [], "typo_known": []}
    for s in of["typo"]:
        known = min(lexicon.frequency[s.left], lexicon.frequency[s.right]) >= 2
        typos["typo_known" if known else "typo_new"].append(OSA.distance(tokens[s.left].key, tokens[s.right].key))
    return {
        "surprise": (matched - lexicon.chance) / lexicon.chance,
        "share_low": shares[0],
        "share_high": shares[1],
        "rare": max((weight[t] for t in found.equal), default=0) / lexicon.chance,
        "joint": math.log(max(together, 2) / 2) / lexicon.chance,
        "turned": sum(p > q for p, q in itertools.pairwise(place)) / (len(place) - 1) if len(place) > 1 else 0,
        "form_conflict": bool(forms[0] and forms[1] and not forms[0] & forms[1]),
        "same_first": bool(a and b and a[0] == b[0]),
        "numbers": sum(tokens[t].kind in ("number", "quantity") for t in found.equal) + len(of["number"]) + len(of["quantity"]),
        **{name: sum(slips) for name, slips in typos.items()},
        "contained_rest": sum(min(6, abs(len(tokens[s.left].key) - len(tokens[s.right].key))) for s in of["contained"]),
        "abbreviations": len(of["abbreviation"]),
        "joined": len(of["joined"]),
    }


def difference(lexicon: Lexicon, first: int, second: int, found: Alignment) -> dict[str, float]:
    """What is left over of one pair, column by column."""
    names = ("left_low", "left_high", "words_low", "quantity_conflict", "number_conflict", "code_conflict", "code_one", "quantity_one")
    total = dict.fromkeys((*names, "number_typo"), 0.0)
    for column in lexicon.shared(first, second):
        sides = [[lexicon.tokens[t] for t in rest if lexicon.tokens[t].column == column] for rest in (found.left, found.right)]
        rests = [[lexicon.weight[t] for t in rest if lexicon.tokens[t].column == column] for rest in (found.left, found.right)]
        words = sorted(
            sum(w for t, w in zip(side, rest, strict=True) if t.kind in ("word", "member")) for side, rest in zip(sides, rests, strict=True)
        )
        groups = [{t.group for t in side if t.kind == "quantity"} for side in sides]
        count = [{kind: sum(t.kind == kind for t in side) for kind in NUMBERS} for side in sides]
        low, high = sorted(map(sum, rests))
        total["left_low"] += low / lexicon.chance
        total["left_high"] += high / lexicon.chance
        total["words_low"] += words[0] / lexicon.chance
        bare = {"capacitance", "inductance", "resistance"}
        unnamed = any("prefix" in one and other & bare for one, other in (groups, groups[::-1]))
        same = len(groups[0] & groups[1]) + unnamed
        total["quantity_conflict"] += same
        total["number_conflict"] += min(c["number"] + (0 if same else c["quantity"]) for c in count)
        total["code_conflict"] += min(
            mine["code"] + (mine["number"] if theirs["code"] and not theirs["number"] else 0) for mine, theirs in (count, count[::-1])
        )
        total["code_one"] += abs(count[0]["code"] - count[1]["code"])
        pieces = [sum(t.group == "pieces" for t in side) for side in sides]
        total["quantity_one"] += abs((count[0]["quantity"] - pieces[0]) - (count[1]["quantity"] - pieces[1]))
        keys = [[t.key for t in side if t.kind == "number"][:6] for side in sides]
        near = [OSA.normalized_distance(x, y) for x in keys[0] for y in keys[1]]
        total["number_typo"] = max(total["number_typo"], min(near, default=0))
    return total


def about(families: Families, found: Alignment) -> dict[str, float]:
    """What the families say of one pair."""
    tokens, shares = families.lexicon.tokens, families.shares
    a, b = ([t for t in rest if tokens[t].kind in shares] for rest in (found.left, found.right))
    if not (a and b):
        more = a or b
        return {
            "taken": 0,
            "words_apart": 0,
            "numbers_apart": 0,
            "extra": max((math.log1p(families.extra[t]) for t in more), default=0),
            "longer": max((shares[tokens[t].kind][1] for t in more), default=0),
        }
    ours, theirs = ({tokens[t].kind for t in rest} for rest in (a, b))
    apart = {}
    for name, of in (("words_apart", set(WORDS)), ("numbers_apart", set(NUMBERS))):
        apart[name] = max(shares[kind][0] for kind in (ours | theirs) & of) if ours & of and theirs & of else 0
    if not any(ours & set(of) and theirs & set(of) for of in (WORDS, NUMBERS)):
        apart["words_apart"] = max(shares[kind][0] for kind in ours | theirs)
    taken = min(max(math.log1p(families.takers[t]) for t in rest) for rest in (a, b))
    return {"taken": taken, "extra": 0, "longer": 0, **apart}


def compared(lexicon: Lexicon, pairs: Sequence[tuple[int, int]]) -> None:
    left, right = (np.asarray(side) for side in zip(*pairs, strict=True))
    table, align, families = aligned(lexicon, left, right), Aligner(lexicon), Families(lexicon)
    seen: dict[str, float] = {}
    for row, (a, b) in zip(table, pairs, strict=True):
        found = align(a, b)
        said = agreement(lexicon, a, b, found) | difference(lexicon, a, b, found) | about(families, found)
        for name, value in said.items():
            assert row[PLACE[name]] == pytest.approx(float(value), abs=1e-5), (name, lexicon.plain(a), lexicon.plain(b))
            seen[name] = max(seen.get(name, 0), abs(value))
    assert sum(value > 0 for value in seen.values()) > 12  # of the numbers, most are something somewhere


MORE = [
    "Bolt M8 20 A1 70173 12 13",
    "bolt M8 B22 20 70174 14",
    "33p 50V a5",
    "47 pF b6 c7",
    "Oy Saimaa Ab",
    "Saimaa GmbH",
    "a5 33 12",
    "7 9 red",
    "zebra a5",
    "zebra 33",
    "zebar red",
    "zebar 12",
]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_pairs_of_a_list_against_plain_loops(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 100)  # several blocks
    texts = [*spelt(name)[0], *MORE]
    pairs = list(itertools.combinations(range(len(texts)), 2))
    drawn = np.random.default_rng(0).permutation(len(pairs))[:350]
    compared(Lexicon.of(texts, Tokeniser.of(texts)), [pairs[i] for i in drawn])


def test_pairs_of_records_against_plain_loops() -> None:
    rng = np.random.default_rng(1)
    texts = [*spelt("addresses")[0], *spelt("firms")[0], *MORE]
    records = []
    for text in texts:
        words = text.split()
        cells = [" ".join(words[:1]), " ".join(words[1:3]), " ".join(words[3:])]
        records.append(tuple(cell if rng.random() < 0.8 else "" for cell in cells))
    lexicon = Lexicon.of(records, ColumnTokeniser.of(records))
    pairs = [(a, b) for a, b in itertools.combinations(range(len(records)), 2) if lexicon.shared(a, b)]
    compared(lexicon, [pairs[i] for i in rng.permutation(len(pairs))[:400]])


def test_no_pair_is_no_row() -> None:
    lexicon = Lexicon.of(["bolt", ""], Tokeniser.of(["bolt", ""]))
    none = np.empty(0, np.int64)
    assert aligned(lexicon, none, none).shape == (0, len(OF_A_PAIR))
    assert np.isfinite(aligned(lexicon, np.array([0]), np.array([1]))).all()


def test_a_near_copy_has_no_number_alone() -> None:
    table = np.zeros((4, len(NAMES)), np.float32)
    table[:, PLACE["share_low"]] = 0.9
    table[1, PLACE["quantity_one"]] = 1  # a cable of some length, and one without
    table[2, PLACE["number_conflict"]] = 1
    table[3, PLACE["share_low"]] = 0.7
    left, right = np.array([0, 2, 4, 6]), np.array([1, 3, 5, 7])
    assert _copied(8, (left, right), table) == 2 / 8
