"""How soft: the critical temperature, the likely one, and the first merge."""

from __future__ import annotations

import numpy as np
import pytest

from builders.soft import clouds, sample
from matomari.cluster.soft.passes import one_pass
from matomari.cluster.soft.temperature import critical_temperature, heated, likely_temperature
from matomari.vectors import normalise


@pytest.mark.parametrize("cosine", [False, True])
def test_above_the_critical_temperature_all_prototypes_are_one(cosine: bool) -> None:
    X = clouds(width=0.6) + cosine  # directions have a mean of their own
    few, rng = sample(X, cosine), np.random.default_rng(0)
    critical = critical_temperature(few)
    if not cosine:
        np.testing.assert_allclose(critical, 2 * np.linalg.eigvalsh(np.cov(X.T, bias=True))[-1], rtol=1e-5)
    for share, merged in ((1.1, True), (0.9, False)):
        prototypes = (X.mean(axis=0) + rng.normal(0, 0.5, (4, X.shape[1]))).astype(np.float32)
        prototypes = normalise(prototypes) if cosine else prototypes
        for _ in range(600):
            found = one_pass(few, prototypes, share * critical)
            prototypes = few.prototypes(found.sums, found.mass, prototypes)
        assert (np.ptp(prototypes, axis=0).max() < 0.02) == merged


def test_the_likely_temperature_is_twice_the_variance() -> None:
    X = np.random.default_rng(0).normal(0, 0.5, (4000, 10)).astype(np.float32)
    one = X.mean(axis=0, keepdims=True)
    np.testing.assert_allclose(likely_temperature(sample(X), one), 2 * X.var(axis=0).mean(), rtol=1e-4)


def test_the_temperature_is_below_the_first_merge() -> None:
    few = sample(clouds(width=0.6))
    prototypes = (3 * np.eye(4, 6)).astype(np.float32)
    path = heated(few, prototypes, 0.01)
    assert path.distinct[0] == 4
    assert path.distinct[-1] < 4
    last = path.temperatures[path.distinct == 4].max()
    assert path.chosen == pytest.approx(last / 2)
