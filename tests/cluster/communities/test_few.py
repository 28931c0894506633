"""Few rows: planted numbers are found, and no crash whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from builders.directions import blobs
from matomari.cluster.communities.few import FEW, most_separate
from matomari.cluster.communities.themes import themes
from matomari.cluster.soft.themes import soft_themes
from matomari.encode.text import load_encoder
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import normalise

INTENTS = [
    ["my card is lost", "I lost my bank card", "my card was stolen"],
    ["the top up failed", "failed to top up again", "my top up did not arrive"],
    ["how do I change my address", "I moved and need to change my address", "please update my address"],
]


def test_a_row_of_several_items_may_be_a_group_and_one_of_a_single_item_not() -> None:
    X = np.eye(4, dtype=np.float32)
    assert most_separate(X, weight=np.full(4, 5), n_neighbors=3, seed=0)[1] == 4
    assert most_separate(X, weight=np.ones(4, np.int64), n_neighbors=3, seed=0)[1] <= 2


def test_soft_groups_of_few_rows_have_the_same_number() -> None:
    X = normalise(blobs(4, 6, 0.1, d=48)[0])
    assert soft_themes(X)[0].k == themes(X).k == 4


@pytest.mark.parametrize("planted", [2, 3, 4, 6])
def test_planted_groups_are_found(planted: int) -> None:
    X = normalise(blobs(planted, 6, 0.1, d=16)[0])
    assert most_separate(X, n_neighbors=3, seed=0)[1] == planted


@pytest.mark.parametrize("n", [1, 2, 3])
def test_too_few_to_part(n: int) -> None:
    X = normalise(np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32))
    assert most_separate(X, n_neighbors=3, seed=0) == (1.0, 1, 0.0)
    assert themes(X).k == 1


def test_nine_texts_of_three_intents_whatever_the_seed() -> None:
    X = normalise(np.asarray(load_encoder("minilm").encode([text for intent in INTENTS for text in intent]), np.float32))
    truth = np.repeat([0, 1, 2], 3)
    for seed in range(25):
        found = themes(X, seed=seed)
        assert adjusted_mutual_info(truth, found.labels) == 1
        assert "too few to be left out" in found.reason


def test_rows_just_below_and_above_the_bound() -> None:
    for n in (FEW - 4, FEW + 4):
        X = normalise(blobs(4, n // 4, 0.1, d=16)[0])
        assert themes(X).k == 4
