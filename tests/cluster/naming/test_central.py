"""The most central items of groups, against a plain loop."""

from __future__ import annotations

import numpy as np

from matomari.cluster.naming.central import central
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
