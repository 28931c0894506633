"""Probabilities are no surer than two views of the items agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from builders.soft import clouds, sample
from matomari import SoftKMeans
from matomari.cluster.soft.confidence import cooling, matched, split_agreement
from matomari.vectors import normalise


def test_the_mean_highest_probability_is_the_agreement() -> None:
    X = normalise(clouds(600, width=1.2, d=12))
    model = SoftKMeans(6, random_state=0).fit(X)
    assert 0 < model.agreement_ < 1
    assert model.confidence_temperature_ > model.temperature_
    assert model.predict_proba(X).max(axis=1).mean() == pytest.approx(model.agreement_, abs=1e-3)


def test_the_agreement_of_views_by_hand() -> None:
    X = np.repeat(np.eye(2), [30, 70], axis=0).repeat(20, axis=1).astype(np.float32)  # every half of the columns tells the same
    rng = np.random.RandomState(0)
    same = split_agreement(sample(X), 2, np.repeat([0, 1], [30, 70]), 0.1, rng)
    assert same.share == 1
    np.testing.assert_allclose(same.weights, [[0.3, 0.7]] * 4)


class Straight(np.random.RandomState):
    """Turns nothing: the halves of the space are the columns as they come."""

    def standard_normal(self, size: Any = None) -> Any:
        return np.eye(size[0]) if isinstance(size, tuple) else super().standard_normal(size)


def test_views_that_know_nothing_of_one_another_agree_by_chance() -> None:
    left, right = np.random.default_rng(0).integers(2, size=(2, 4000))
    X = np.stack([np.repeat(left[:, None], 20, axis=1), np.repeat(right[:, None], 20, axis=1)], axis=1).reshape(4000, 40) * 5
    found = split_agreement(sample(X.astype(np.float32)), 2, left, 0.1, Straight(0))  # either half tells one of them, twenty times
    assert found.share == pytest.approx(max(np.mean(left == right), np.mean(left != right)))


def test_the_axes_do_not_matter() -> None:
    X = clouds(600, width=1.5, d=40)
    turned = (X @ np.linalg.qr(np.random.default_rng(1).normal(size=(40, 40)))[0]).astype(np.float32)
    shares = [np.mean([SoftKMeans(4, random_state=seed).fit(rows).agreement_ for seed in range(8)]) for rows in (X, turned)]
    assert abs(shares[0] - shares[1]) < 0.1


def test_matching_renames_by_weight() -> None:
    labels, other = np.array([0, 0, 1, 1, 2]), np.array([1, 2, 0, 0, 2])
    assert matched(labels, other, 3, np.array([1, 5, 1, 1, 1], np.float32)).tolist() == [2, 2, 0, 0, 1]
    assert matched(labels, other, 3, np.array([5, 1, 1, 1, 1], np.float32)).tolist() == [1, 1, 0, 0, 2]


def test_probabilities_are_cooled_only_as_far_as_needed() -> None:
    X = clouds(400, width=0.8)
    few, prototypes = sample(X), (3 * np.eye(4, 6)).astype(np.float32)

    def confidence(heat: float) -> float:
        logit = (2 * X @ prototypes.T - np.square(prototypes).sum(axis=1)) / heat
        p = np.exp(logit - logit.max(axis=1, keepdims=True))
        return float((p.max(axis=1) / p.sum(axis=1)).mean())

    factor = cooling(few, prototypes, 0.5, None, 0.6)
    assert factor > 1
    assert confidence(0.5 * factor) == pytest.approx(0.6, abs=1e-4)
    assert cooling(few, prototypes, 0.5, None, 1.0) == 1
