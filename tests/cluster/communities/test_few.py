"""Few rows: the silhouette against scikit-learn, and no crash whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from builders.directions import blobs
from matomari.cluster.communities.few import FEW, most_separate, silhouette
from matomari.cluster.communities.themes import themes
from matomari.encode.text import load_encoder
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import normalise

INTENTS = [
    ["my card is lost", "I lost my bank card", "my card was stolen"],
    ["the top up failed", "failed to top up again", "my top up did not arrive"],
    ["how do I change my address", "I moved and need to change my address", "please update my address"],
]


def test_the_silhouette_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        n = int(rng.integers(5, 40))
        X = rng.normal(size=(n, 4))
        distances = np.linalg.norm(X[:, None] - X[None], axis=2)
        labels = np.unique(rng.integers(0, 4, n), return_inverse=True)[1]
        if 2 <= labels.max() + 1 < n:
            np.testing.assert_allclose(silhouette(distances, labels), silhouette_score(distances, labels, metric="precomputed"), atol=1e-9)


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
    for seed in range(100):
        found = themes(X, seed=seed)
        assert adjusted_mutual_info(truth, found.labels) == 1
        assert "too few to be left out" in found.reason


def test_rows_just_below_and_above_the_bound() -> None:
    for n in (FEW - 4, FEW + 4):
        X = normalise(blobs(4, n // 4, 0.1, d=16)[0])
        assert themes(X).k == 4
