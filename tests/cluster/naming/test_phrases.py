"""Phrases, against a plain loop over texts."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from matomari.cluster.naming.function_words import FUNCTION_WORDS, NEGATIONS, PARTICLES
from matomari.cluster.naming.phrases import LONGEST, Phrases
from matomari.cluster.naming.tokens import runs

TEXTS = [
    "My card was lost in London, please help",
    "the cards were lost; cannot top up",
    "I can't top up my card",
    "Card lost. Top up is not working",
    "top up not working since Monday",
    "14 days without a card",
    "",
]


def stem(word: str) -> str:
    word = word.casefold().replace("-", " ").removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def by_loop(texts: list[str]) -> dict[tuple[str, ...], set[int]]:
    """Which texts hold which phrase, phrase by phrase."""
    bare = FUNCTION_WORDS["English"] - NEGATIONS
    held: dict[tuple[str, ...], set[int]] = {}
    for row, text in enumerate(texts):
        for run in runs(text):
            plain = [word.casefold() for word in run]
            for a in range(len(plain)):
                for b in range(a + 1, min(a + LONGEST, len(plain)) + 1):
                    words = plain[a:b]
                    empty = [w in bare or w.isnumeric() or (len(w) < 2 and w.isascii()) for w in words]
                    meaning = [not e and w not in NEGATIONS for e, w in zip(empty, words, strict=True)]
                    if not any(meaning):
                        continue
                    if len(words) == 1:
                        begins = ends = meaning[0]
                    else:
                        begins = not empty[0] or words[0].isnumeric()
                        ends = meaning[-1] or words[-1].isnumeric() or (words[-1] in PARTICLES and meaning[-2])
                    if begins and ends:
                        held.setdefault(tuple(map(stem, words)), set()).add(row)
    return {phrase: rows for phrase, rows in held.items() if len(rows) > 1}


def test_phrases_are_those_of_a_plain_loop() -> None:
    found = Phrases.of(TEXTS)
    wanted = by_loop(TEXTS)
    ours = {tuple(map(stem, s.split())): set(found.presence[:, i].nonzero()[0].tolist()) for i, s in enumerate(found.spelling)}
    assert ours == wanted
    assert {("top", "up"), ("not", "working")} <= set(ours)


def test_a_text_counts_once_however_often_it_says_it() -> None:
    found = Phrases.of(["card card and cards", "cards", "bus"])
    assert found.presence.max() == 1
    assert found.presence[:, found.spelling.index("card")].toarray().ravel().tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("texts", "spelling"),
    [
        (["The ATM is broken", "an ATM", "my ATM"], "ATM"),
        (["Parcels are late", "my parcel", "a parcel", "which parcel"], "parcel"),
        (["Die Lieferung", "eine Lieferung", "keine Lieferung", "Lieferung fehlt"], "Lieferung"),
        (["Refund please", "Refund now", "Refund it", "Refund"], "refund"),
    ],
)
def test_a_phrase_is_spelt_as_inside_a_sentence(texts: list[str], spelling: str) -> None:
    assert spelling in Phrases.of(texts).spelling


def test_no_phrase_crosses_a_punctuation_mark() -> None:
    texts = ["card, lost", "card, lost", "card, lost", "card. lost"]
    assert Phrases.of(texts).spelling == ["card", "lost"]


def test_own_stop_words_stand_at_no_edge() -> None:
    texts = ["acme card lost", "acme card lost", "lost acme card", "lost acme card"]
    assert any("acme" in s.split() for s in Phrases.of(texts).spelling)
    own = Phrases.of(texts, stop_words=["Acme"]).spelling
    assert not any(s.split()[0] == "acme" or s.split()[-1] == "acme" for s in own)
    assert "lost acme card" in own


@pytest.mark.parametrize("texts", [[], [""], ["the of", "14"]])
def test_texts_without_a_word_of_meaning_have_no_phrase(texts: list[str]) -> None:
    found = Phrases.of(texts)
    assert found.spelling == []
    assert found.presence.shape == (len(texts), 0)


def test_a_phrase_of_a_script_without_spaces_is_written_without() -> None:
    texts = ["修改登录密码", "忘记登录密码", "登录密码不对", "登录密码"]
    found = Phrases.of(texts).spelling
    assert any("密码" in phrase for phrase in found)
    assert not any(" " in phrase for phrase in found)


def test_spellings_are_counted() -> None:
    words = ["top-up"] * 3 + ["top up"] * 5
    found = Phrases.of([f"my {word} failed" for word in words])
    assert Counter(found.spelling)["top up failed"] == 1
    assert np.asarray(found.presence.sum(axis=0)).max() == 8
