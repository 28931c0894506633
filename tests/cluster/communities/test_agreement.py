"""How well communities come back: figures against scikit-learn."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from builders.directions import blobs
from matomari.cluster.communities.agreement import RESOLUTIONS, agreement, rand_and_information
from matomari.seeds import Seed
from matomari.vectors import normalise


def test_rand_and_information_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        n, k, m = rng.integers(2, 60), rng.integers(1, 8), rng.integers(1, 8)
        a, b = rng.integers(0, k, n), rng.integers(0, m, n)
        rand, information = rand_and_information(a, b)
        np.testing.assert_allclose(information, mutual_info_score(a, b) / np.log(2), atol=1e-9)
        trivial = {len(set(a.tolist())), len(set(b.tolist()))} <= {1, n}  # one group, or single rows, agree whatever the data: 0, not 1
        if not trivial:
            np.testing.assert_allclose(rand, adjusted_rand_score(a, b), atol=1e-9)


def test_no_shared_row_agrees_by_chance() -> None:
    assert rand_and_information(np.empty(0, np.int64), np.empty(0, np.int64)) == (0.0, 0.0)


def test_planted_groups_come_back_whole() -> None:
    X = normalise(blobs(6, 40, 0.1, d=16)[0])
    found = agreement(X, n_neighbors=15, draws=3, seed=Seed(0), name="data")
    at = int(np.argmin(np.abs(found.groups - 6)))
    assert found.groups.shape == found.largest.shape == found.rand.shape == found.information.shape == RESOLUTIONS.shape
    assert found.rand[at] > 0.99
    np.testing.assert_allclose(found.information[at], np.log2(6), atol=0.05)
    np.testing.assert_allclose(found.largest[at], 1 / 6, atol=0.04)
    again = agreement(X, n_neighbors=15, draws=3, seed=Seed(0), name="data")
    np.testing.assert_array_equal(found.rand, again.rand)
