"""The most central items of groups, against a plain loop."""

from __future__ import annotations

import numpy as np

from matomari.cluster.naming.central import central, usual_spelling
from matomari.vectors import normalise


def test_centres_and_their_nearest_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(3)
    X = normalise(rng.normal(size=(40, 5)).astype(np.float32))
    labels = rng.integers(-1, 4, 40)
    picked, centers, cohesion = central(X, labels, 4)
    for group in range(4):
        inside = np.flatnonzero(labels == group)
        mean = X[inside].mean(axis=0)
        mean /= np.linalg.norm(mean)
        cosines = X[inside] @ mean
        np.testing.assert_allclose(centers[group], mean, atol=1e-6)
        assert picked[group] == inside[np.argsort(-cosines, kind="stable")[:3]].tolist()
        np.testing.assert_allclose(cohesion[group], cosines.mean(), atol=1e-6)


def test_the_usual_spelling_by_hand() -> None:
    texts = ["marlow", "Marlow Fasteners Ltd", "Marlow Fastners Ltd", "Marlow Fasteners", "nut", "Nut", "alone"]
    rows, labels = np.array([1, 2, 2, 1, 1, 1, 1]), np.array([0, 0, 0, 0, 1, 1, -1])
    assert usual_spelling(texts, rows, labels, 2) == [1, 4]  # most rows, then longest; equal in all, then the first
    assert usual_spelling(texts, np.array([1, 2, 3, 1, 1, 2, 1]), labels, 2) == [2, 5]
