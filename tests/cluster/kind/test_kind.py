"""Themes or variants: the signs of a column by hand, and doubts about an outcome."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from matomari.cluster.kind.kind import Signs, doubt, separation, signs
from matomari.vectors import normalise


def letters_of(texts: list[str], seed: int = 0) -> Signs:
    """The signs, with vectors that say nothing."""
    X = normalise(np.random.default_rng(seed).normal(size=(len(texts), 16)).astype(np.float32))
    return signs(texts, texts, X, np.random.default_rng(seed))


PARTS = [f"hex bolt M{d} x {n}" for d in (4, 6, 8) for n in (10, 16, 20)]


def test_spellings_of_parts_are_variants() -> None:
    found = letters_of([*PARTS, *(part.replace(" x ", "x").upper() for part in PARTS)])
    assert found.kind == "variants"
    assert found.copies > 0.8
    assert found.coded == 1
    assert found.grammar == 0
    assert "100% hold a number or code" in found.reason


def test_codes_of_one_row_alone_are_no_sign() -> None:
    found = letters_of([f"Order {4711 + 13 * i} was shipped to you" for i in range(20)])
    assert found.copies == 0
    assert found.coded == 1
    assert found.kind == "themes"


def test_sentences_are_themes_although_they_resemble_each_other() -> None:
    texts = [
        f"why has {thing} not arrived at my {place} yet"
        for thing in ("the card", "my card", "a card")
        for place in ("home", "house", "flat")
    ]
    found = letters_of(texts)
    assert found.copies > 0.3
    assert found.grammar > 0.4
    assert found.kind == "themes"


def test_names_with_copies_are_variants_without_a_digit() -> None:
    names = ["Martin, Jean", "Bernard, Luc", "Dubois, Claire", "Moreau, Hugo", "Lefevre, Anne", "Simon, Paul"]
    assert letters_of([*names, *(n.replace("a", "aa", 1) for n in names)]).kind == "variants"
    assert letters_of(names).kind == "themes"


def test_copies_are_sought_in_the_whole_column_not_in_the_sample() -> None:
    rng = np.random.default_rng(0)
    base = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 12)) for _ in range(1500)]
    X = normalise(rng.normal(size=(1500, 32)).astype(np.float32))
    twins = [word + "s" for word in base]
    found = signs([*base, *twins], [*base, *twins], np.concatenate([X, X]), np.random.default_rng(1))
    assert found.looked_at == 1000
    assert found.copies > 0.95


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (list(range(30)), "only 0% of the texts shared a group"),
        ([0] * 20 + list(range(1, 11)), "one group held 67%"),
        ([0, 0, 1, 1, 2, 2], ""),
        ([0] * 11 + [1] * 9, ""),
        ([0] * 13 + [1] * 7, "one group held 65%"),
        ([-1] * 10, "only 0%"),
        ([0], ""),
    ],
)
def test_doubts(labels: list[int], said: str) -> None:
    found = doubt(np.asarray(labels))
    assert found.startswith(said) if said else not found


def test_separation_orders_groupings_as_the_silhouette_does() -> None:
    rng = np.random.default_rng(0)
    X = normalise(np.repeat(np.eye(4, 8), 15, axis=0).astype(np.float32) + rng.normal(0, 0.1, (60, 8)).astype(np.float32))
    right, halves, chance = np.repeat(range(4), 15), np.repeat(range(2), 30), rng.integers(0, 4, 60)
    ours = [separation(X, labels) for labels in (right, halves, chance)]
    theirs = [silhouette_samples(X, labels, metric="cosine").mean() for labels in (right, halves, chance)]
    assert np.argsort(ours).tolist() == np.argsort(theirs).tolist()
    assert ours[0] > 0.8
    assert separation(X, np.full(60, -1)) == 0
