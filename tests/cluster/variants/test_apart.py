"""What may never be together: texts of one source, and texts of two blocks."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from builders.directions import same_groups
from matomari.cluster.variants.candidates import candidates, candidates_within, letter_groups
from matomari.cluster.variants.linkage import average_linkage
from matomari.cluster.variants.match import match_variants
from matomari.cluster.variants.pairs import VETOES, compare
from matomari.cluster.variants.records.records import Records
from matomari.cluster.variants.variants import same_things

Sources = list[frozenset[str]]


def plain_loop(n: int, score: dict[tuple[int, int], float], sources: Sources, floor: float) -> list[int]:
    """Average linkage that looks at every two groups again after each merge, and never joins two that share a source."""
    groups = [[i] for i in range(n)]
    while True:
        best, which = floor, None
        for x, one in enumerate(groups):
            for y in range(x):
                listed = Counter(s for i in (*one, *groups[y]) for s in sources[i])
                shared = {s for i in one for s in sources[i]} & {s for i in groups[y] for s in sources[i]}
                assert all(listed[s] >= 2 for s in shared)
                average = sum(score.get((min(a, b), max(a, b)), 0.0) for a in one for b in groups[y]) / (len(one) * len(groups[y]))
                if not shared and average >= best and average > 0:
                    best, which = average, (x, y)
        if which is None:
            return [next(g for g, group in enumerate(groups) if i in group) for i in range(n)]
        one, other = which
        groups[other] += groups.pop(one)


@pytest.mark.parametrize("seed", range(30))
def test_linkage_with_sources_against_a_plain_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 13))
    sources: Sources = [frozenset(rng.choice(list("abc"), rng.integers(0, 3), replace=False).tolist()) for _ in range(n)]
    left, right = np.triu_indices(n, 1)
    kept = rng.random(len(left)) < 0.8
    left, right = left[kept], right[kept]
    score = rng.uniform(0.2, 1, len(left)).astype(np.float32)
    table = {(int(a), int(b)): float(s) for a, b, s in zip(left, right, score, strict=True)}
    tree = average_linkage(n, left, right, score, floor=0.3, width=n, sources=sources)
    for cut in (0.3, 0.45, 0.6, 0.8):
        assert same_groups(tree.cut(cut), np.asarray(plain_loop(n, table, sources, cut)))


def test_no_group_holds_a_source_twice_by_hand() -> None:
    # 0-1 is the best; 2 is of the source of 1, so it may join neither, although it is near to 0
    left, right, score = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.9, 0.85, 0.8], np.float32)
    sources = [frozenset("a"), frozenset("b"), frozenset("b")]
    assert average_linkage(3, left, right, score, sources=sources).cut(0.3).tolist() == [0, 0, 1]
    assert average_linkage(3, left, right, score).cut(0.3).tolist() == [0, 0, 0]
    none = [frozenset("a"), frozenset("b"), frozenset[str]()]  # a text of no source may join any
    assert average_linkage(3, left, right, score, sources=none).cut(0.3).tolist() == [0, 0, 0]


TEXTS = [
    "Fjord kettle 1.7 L steel",
    "Kettle Fjord steel 1.7L",
    "FJORD kettle, steel 1.7 l",
    "Sato rice cooker",
    "Rice cooker SATO",
    "Lamp E27",
]


def unit(n: int) -> np.ndarray:
    return np.eye(n, dtype=np.float32)


def test_two_texts_of_one_source_are_vetoed() -> None:
    sources = [frozenset(s) for s in ("a", "b", "b", "a", "b", "a")]
    pairs = compare(TEXTS, unit(6), records=Records(sources=sources))
    free = compare(TEXTS, unit(6))
    assert (pairs.left.tolist(), pairs.right.tolist()) == (free.left.tolist(), free.right.tolist())
    for i, (a, b) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        if sources[a] == sources[b]:
            assert VETOES[pairs.veto[i]] == "another of a source"
            assert pairs.same[i] < 0.1
        else:
            assert (pairs.veto[i], pairs.same[i]) == (free.veto[i], free.same[i])
    labels = same_things(TEXTS, unit(6), records=Records(sources=sources))[0].labels
    assert len(set(zip(labels.tolist(), sources, strict=True))) == 6  # never two of one source in a group
    assert labels[3] == labels[4]


def test_no_layer_puts_two_of_one_source_together() -> None:
    sources = [frozenset(s) for s in ("a", "b", "b", "a", "b", "a")]
    clustering = same_things(TEXTS, unit(6), records=Records(sources=sources))[0]
    coarser = clustering.coarser[clustering.labels]
    assert len(set(zip(coarser.tolist(), sources, strict=True))) == 6
    free = same_things(TEXTS, unit(6))[0]
    assert len(set(zip(free.coarser[free.labels].tolist(), sources, strict=True))) < 6


def test_blocks_are_searched_as_if_each_were_a_list_of_its_own() -> None:
    rng = np.random.default_rng(0)
    words = ["bolt", "nut", "washer", "gear", "belt", "seal"]
    texts = [" ".join(rng.choice(words, 3)) + f" {i}" for i in range(60)]
    vectors = rng.normal(size=(60, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    table = letter_groups(texts)[1]
    code = np.where(np.arange(60) < 9, 0, 1 + np.arange(60) % 2)
    blocks = Records(blocks=[str(c) for c in code]).blocks_of(60)
    found = set(zip(*(side.tolist() for side in candidates_within(blocks, vectors, table, table)), strict=True))
    expected = set()
    for block in range(3):
        rows = np.flatnonzero(code == block)
        left, right = candidates(vectors[rows], table[rows], table[rows])
        expected |= set(zip(rows[left].tolist(), rows[right].tolist(), strict=True))
    assert found == expected
    assert all(code[a] == code[b] for a, b in found)


def test_texts_of_two_blocks_are_never_together_even_if_they_are_equal() -> None:
    texts = ["Bolt M8x20 zinc", "bolt M8 x 20 zinc", "Bolt M8x20 zinc", "Nut M6", "M6 nut"]
    blocks = Records(blocks=["de", "de", "fr", "de", "fr"])
    assert same_things(texts, unit(5), records=blocks)[0].labels.tolist() == [0, 0, 1, 2, 3]


def test_a_new_text_meets_known_ones_of_its_block_alone() -> None:
    known, asked = ["bolt M8x20 zinc", "hose 3/4", "bolt M8x20 zinc", "bolt M8x20 zinc"], ["Bolt M8 x20 zinc"] * 3
    both = Records(blocks=["de", "de", "fr", "pl"]), Records(blocks=["fr", "de", "it"])
    found = match_variants(known, unit(4), np.array([0, 1, 2, 3]), asked, unit(4)[:3], records=both)
    assert found.label.tolist() == [2, 0, -1]
    assert found.strength[2] == 0
