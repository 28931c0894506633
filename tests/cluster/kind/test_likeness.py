"""Pairs of spellings and their scores, against a slow plain way."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

from matomari.cluster.kind.codes import codes, compact, normal, sizes
from matomari.cluster.kind.likeness import CONFLICT, MEANING, near_pairs
from matomari.errors import InputError
from matomari.vectors import normalise


def letter_groups(text: str) -> Counter[str]:
    """Groups of 2 to 4 letters inside each blank-padded word."""
    found: Counter[str] = Counter()
    for word in text.split():
        padded = f" {word} "
        for size in (2, 3, 4):
            for start in range(max(1, len(padded) - size + 1)):
                found[padded[start : start + size]] += 1
            if len(padded) <= size:
                break
    return found


def plain_lexical(texts: list[str]) -> Any:
    counts = [letter_groups(normal(t)) for t in texts]
    frequency = Counter(g for c in counts for g in c)
    n = len(texts)
    rows = [{g: (1 + math.log(x)) * (math.log((1 + n) / (1 + frequency[g])) + 1) for g, x in c.items()} for c in counts]
    lengths = [math.sqrt(sum(v * v for v in r.values())) for r in rows]
    return np.array(
        [
            [sum(v * b.get(g, 0) for g, v in a.items()) / (x * y) for b, y in zip(rows, lengths, strict=True)]
            for a, x in zip(rows, lengths, strict=True)
        ]
    )


def stands_in(code: str, text: str) -> bool:
    """Whether a code is one of a text's own, or stands in it written together, not inside a longer number."""
    before, after = "(?<![0-9.])" if code[0].isdigit() else "", "(?![0-9.])" if code[-1].isdigit() else ""
    return code in codes(text) or bool(re.search(before + re.escape(code) + after, compact(text)))


def plain_codes(texts: list[str], a: int, b: int) -> tuple[float, bool]:
    frequency = Counter(c for t in texts for c in codes(t))

    def part(one: str, other: str) -> float:
        weights = {c: math.log((1 + len(texts)) / (1 + frequency[c])) + 1 for c in codes(one)}
        return sum(w for c, w in weights.items() if stands_in(c, other)) / sum(weights.values())

    letters = bool(sizes(texts[a]) and sizes(texts[b]) and not sizes(texts[a]) & sizes(texts[b]))
    if letters:
        return 0.0, True
    if not codes(texts[a]) or not codes(texts[b]):
        return math.nan, False
    x, y = part(texts[a], texts[b]), part(texts[b], texts[a])
    return max(x, y), max(x, y) < 0.999


def forty_texts() -> list[str]:
    rng = np.random.default_rng(1)
    nouns, tails = ["hex bolt", "washer", "turntable", "copper pipe", "六角ボルト"], ["zinc", "steel", "black edition", "Ｐｒｏ", "set"]
    marks = ["M8 x 20", "M8x20", "M8 X 25", "PS-LX350H", "2,5 mm", "", "size L", "XL 5"]
    return [
        " ".join([nouns[rng.integers(5)], marks[rng.integers(8)], tails[rng.integers(5)], "lot" * int(rng.integers(2))])
        + f" {chr(97 + i % 26)}{chr(97 + i // 3)}"
        for i in range(40)
    ]


def test_near_pairs_against_a_slow_plain_way() -> None:
    texts = forty_texts()
    vectors = normalise(np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32))
    found = near_pairs(texts, vectors)
    lexical, meaning = plain_lexical(texts), (vectors @ vectors.T).astype(float)
    made = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert made == sorted(set(made))
    surely, perhaps = set(), set()
    for table, k, least in ((lexical, 20, 0.0), (meaning, 10, -2.0)):
        for a in range(40):
            others = sorted((float(table[a, b]), b) for b in range(40) if b != a and table[a, b] > least)[::-1]
            last = others[:k][-1][0]
            surely |= {(min(a, b), max(a, b)) for v, b in others if v > last + 1e-5 or len(others) <= k}
            perhaps |= {(min(a, b), max(a, b)) for v, b in others if v > last - 1e-5}
    assert surely <= set(made) <= perhaps
    assert len(perhaps - surely) < 60
    near: dict[int, list[float]] = {i: [] for i in range(40)}
    for a, b in made:
        near[a].append(float(lexical[a, b]))
        near[b].append(float(lexical[a, b]))
    ground = {i: sorted(v)[-5] if len(v) >= 5 else 0.0 for i, v in near.items()}
    for at, (a, b) in enumerate(made):
        share, conflict = plain_codes(texts, a, b)
        assert found.lexical[at] == pytest.approx(lexical[a, b], abs=1e-5)
        assert found.meaning[at] == pytest.approx(meaning[a, b], abs=1e-5)
        assert found.codes[at] == pytest.approx(share, abs=1e-5, nan_ok=True)
        assert bool(found.conflict[at]) is conflict
        spelling = lexical[a, b] if math.isnan(share) else (lexical[a, b] + share) / 2
        score = (1 - MEANING) * spelling + MEANING * meaning[a, b] + (lexical[a, b] - (ground[a] + ground[b]) / 2) / 2 - CONFLICT * conflict
        assert found.score[at] == pytest.approx(score, abs=1e-4)


def test_a_conflict_of_codes_keeps_two_sizes_apart() -> None:
    texts = ["hex bolt M8x20 zinc", "hex bolt M8x25 zinc", "hex bolt, M8x20 zinc", "garden hose", "copper pipe"]
    found = near_pairs(texts, np.eye(5, dtype=np.float32))
    at = {(a, b): i for i, (a, b) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True))}
    assert found.codes[at[0, 1]] == 0
    assert found.codes[at[0, 2]] == 1
    assert found.conflict[at[0, 1]]
    assert not found.conflict[at[0, 2]]
    assert found.score[at[0, 2]] > found.score[at[0, 1]] + 0.4


@pytest.mark.parametrize("texts", [["a"], ["a", "a"], ["", ""], ["...", "!!"], ["", "x", "9"]], ids=repr)
def test_near_pairs_of_little(texts: list[str]) -> None:
    found = near_pairs(texts, normalise(np.ones((len(texts), 3), np.float32)))
    assert (found.left < found.right).all()
    assert np.isfinite(found.score).all()
    assert len(found.left) == len(texts) * (len(texts) - 1) // 2


def test_near_pairs_need_a_vector_a_text() -> None:
    with pytest.raises(InputError, match="2 texts came with 3 vectors"):
        near_pairs(["a", "b"], np.eye(3, dtype=np.float32))
