"""Keywords: surprise against a plain loop, and what is kept apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matomari.cluster.naming.keywords import KEYWORDS, PRIOR, Keywords
from matomari.vectors import Floats, normalise

TEXTS = [f"my card is lost {i}" for i in "abcd"] + [f"top up failed {i}" for i in "abcd"] + [f"where is my parcel {i}" for i in "abcd"]
LABELS = np.repeat([0, 1, 2], 4)
TOPICS = ("card", "top", "parcel")


def encode(texts: list[str]) -> Floats:
    """A space with an axis for each topic and one for the length."""
    rows = [[float(topic in text) for topic in TOPICS] + [0.1 + 0.01 * len(text)] for text in texts]
    return normalise(np.asarray(rows, np.float32))


def test_surprise_is_the_log_odds_of_the_paper() -> None:
    words = Keywords(TEXTS, encode(TEXTS))
    (first, *_) = words._candidates(LABELS, 3)
    for phrase, surprise in zip(first.phrase.tolist(), first.surprise.tolist(), strict=True):
        held = words.phrases.presence[:, phrase].toarray().ravel() > 0
        inside, outside = int(held[LABELS == 0].sum()), int(held[LABELS != 0].sum())
        prior = PRIOR * held.sum() / len(TEXTS)
        odds = math.log((inside + prior) / (4 - inside + PRIOR - prior)) - math.log((outside + prior) / (8 - outside + PRIOR - prior))
        assert surprise == pytest.approx(odds / math.sqrt(1 / (inside + prior) + 1 / (outside + prior)), rel=1e-5)


@pytest.mark.parametrize("encoded", [True, False])
def test_each_group_is_called_by_its_topic(encoded: bool) -> None:
    words = Keywords(TEXTS, encode(TEXTS), encode=encode if encoded else None)
    found = words.of(LABELS, 3)
    assert "card" in found[0][0] or "lost" in found[0][0]
    assert "top up" in found[1][0]
    assert "parcel" in found[2][0]
    assert all(len(keywords) <= KEYWORDS for keywords in found)
    assert words.note == "keywords begin and end with no function word of English"


def test_a_phrase_gives_way_to_the_longer_one_it_stands_in() -> None:
    found = Keywords(TEXTS, encode(TEXTS)).of(LABELS, 3)
    assert "top up failed" in found[1]
    assert not {"top", "top up", "failed"} & set(found[1])


def test_keywords_of_a_group_share_no_word() -> None:
    texts = ["card lost abroad", "card stolen abroad", "card lost", "card stolen", "bus late", "bus early", "train late", "train early"]
    for found in Keywords(texts, encode(texts), encode=encode).of(np.repeat([0, 1], 4), 2):
        for i, phrase in enumerate(found):
            assert not any(set(phrase.split()) <= set(other.split()) for other in found[:i])


def test_a_layer_with_unassigned_items_and_an_empty_group() -> None:
    labels = np.where(np.arange(12) % 4 == 3, -1, LABELS)
    words = Keywords(TEXTS, encode(TEXTS), encode=encode)
    found = words.of(labels, 4)
    assert found[3] == []
    assert words.of(labels, 4) == found


def test_no_phrase_is_encoded_twice() -> None:
    seen: list[str] = []

    def counting(texts: list[str]) -> Floats:
        seen.extend(texts)
        return encode(texts)

    words = Keywords(TEXTS, encode(TEXTS), encode=counting)
    words.of(LABELS, 3)
    words.of(np.zeros(12, np.int64), 1)
    assert len(seen) == len(set(seen)) > 0


def test_groups_that_nobody_asks_about_cost_nothing() -> None:
    asked: list[str] = []

    def counted(texts: list[str]) -> Floats:
        asked.extend(texts)
        return encode(texts)

    whole = Keywords(TEXTS, encode(TEXTS), encode=encode).of(LABELS, 3)
    assert Keywords(TEXTS, encode(TEXTS), encode=counted).of(LABELS, 3, only=[1]) == [[], whole[1], []]
    assert not any("card" in phrase for phrase in asked)
