"""Names and keywords, against a plain loop over texts."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from matomari.cluster.names import KEYWORDS, Vocabulary, names, words

TEXTS = [
    "the card payment failed twice",
    "card payments failing again",
    "my card payment failed",
    "card payment",
    "where is my parcel",
    "parcel has not arrived",
    "parcels arrived late",
    "late parcel, late card",
    "",
]
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1, -1])


def stem(term: str) -> str:
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in term.split())


def by_loop(texts: list[str], labels: list[int], k: int) -> list[list[str]]:
    """Class-based TF-IDF of presence, term by term."""
    spelt: dict[str, Counter[str]] = {}
    count: dict[str, list[int]] = {}
    for text, label in zip(texts, labels, strict=True):
        said = words(text)
        present = set(said) | {f"{a} {b}" for a, b in pairwise(said)}
        for term in present:
            spelt.setdefault(stem(term), Counter())[term] += 1
        for one in {stem(term) for term in present} if label >= 0 else ():
            count.setdefault(one, [0] * k)[label] += 1
    size = [sum(label == group for label in labels) for group in range(k)]
    found = []
    for group in range(k):
        score = {}
        for one, held in count.items():
            pair = " " in one
            if held[group] >= (3 if pair else min(2, size[group])):
                share = [h / s for h, s in zip(held, size, strict=True)]
                score[one] = (1.1 if pair else 1.0) * share[group] * math.log(1 + k / sum(share))
        chosen: list[str] = []
        for one in sorted(score, key=lambda s: -score[s]):
            term = max(spelt[one], key=lambda t: spelt[one][t])
            if len(chosen) < KEYWORDS and not any(set(term.split()) & set(other.split()) for other in chosen):
                chosen.append(term)
        found.append(chosen)
    return found


def test_keywords_are_those_of_a_plain_loop() -> None:
    found = Vocabulary(TEXTS).keywords(LABELS, 2)
    assert found == by_loop(TEXTS, LABELS.tolist(), 2)
    assert found[0][0] == "card payment"
    assert found[1][0] == "parcel"


def test_one_vocabulary_serves_every_layer() -> None:
    spoken = Vocabulary(TEXTS)
    finer = np.array([0, 0, 0, 1, 2, 2, 3, 3, -1])
    assert spoken.keywords(finer, 4) == by_loop(TEXTS, finer.tolist(), 4)
    assert spoken.keywords(LABELS, 2) == Vocabulary(TEXTS).keywords(LABELS, 2)


def test_two_spellings_in_one_text_count_once() -> None:
    spoken = Vocabulary(["card and cards", "cards", "bus"])
    assert spoken.presence.max() == 1
    assert spoken.presence[0].nnz == 2  # "card" and the pair "card cards"


def test_the_most_frequent_spelling_is_shown() -> None:
    assert "parcel" in Vocabulary(TEXTS).terms
    assert "parcels" not in Vocabulary(TEXTS).terms
    assert "cards" in Vocabulary(["cards", "cards", "card"]).terms


@pytest.mark.parametrize("texts", [[], [""], ["the of", "14"]])
def test_texts_without_words_have_no_keywords(texts: list[str]) -> None:
    assert Vocabulary(texts).keywords(np.zeros(len(texts), np.int64), 1) == [[]]


def test_names_are_unique() -> None:
    made = names([["card"], ["card"], ["card"]], ["a", "b", "c"], variants=False)
    assert len(set(made)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("組み立てと取り付けのマニュアル", ["組み立て", "取り付け", "マニュアル"]),
        ("話し方の教室", ["話し方", "教室"]),
        ("産業用ロボットのアーム", ["産業用", "ロボット", "アーム"]),
        ("締め付けトルク 12N", ["締め付け", "トルク", "12n"]),
        ("青い自転車を修理して配達", ["自転車", "修理", "配達"]),
        ("鉛筆の芯と消しゴム", ["鉛筆", "ゴム"]),
    ],
)
def test_japanese_words_keep_the_kana_inside_them(text: str, said: list[str]) -> None:
    assert words(text) == said


def test_a_group_of_texts_without_a_word_in_common_still_has_keywords() -> None:
    assert Vocabulary(["zinc bolt", "copper pipe"]).keywords(np.array([0, 0]), 1) != [[]]
