"""Soft themes: the number of groups, their order, and their coarser layer."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from builders.soft import sample
from matomari import SoftKMeans
from matomari.cluster.soft.passes import one_pass
from matomari.cluster.soft.temperature import critical_temperature
from matomari.cluster.soft.themes import _coarser, soft_themes
from matomari.vectors import normalise


@pytest.mark.parametrize(("sizes", "skewed"), [([900, 60, 40], True), ([330, 330, 340], False)])
def test_groups_of_stable_unequal_size_are_said_to_be(sizes: list[int], skewed: bool) -> None:
    rng = np.random.default_rng(0)
    centers = np.repeat(3 * np.eye(3), 4, axis=1)
    X = np.concatenate([c + rng.normal(0, 0.6, (n, 12)) for c, n in zip(centers, sizes, strict=True)]).astype(np.float32)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = SoftKMeans(3, metric="euclidean", random_state=0).fit(X)
    assert model.skewed_ == skewed
    assert ["prior='estimated'" in str(one.message) for one in said] == [True] * skewed


def test_directions_split_only_across_their_mean() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(0, 0.3, (400, 6)).astype(np.float32)
    X[:, 0] = np.where(np.arange(400) < 290, 1, -1)  # most of the spread lies along the mean, where unit prototypes cannot move
    few = sample(X, cosine=True)
    critical, start = critical_temperature(few), np.eye(6)[0] + rng.normal(0, 0.05, (3, 6))
    for share, merged in ((1.15, True), (0.85, False)):
        prototypes = normalise(start.astype(np.float32))
        for _ in range(400):
            found = one_pass(few, prototypes, share * critical)
            prototypes = few.prototypes(found.sums, found.mass, prototypes)
        assert (np.ptp(prototypes, axis=0).max() < 0.02) == merged


def test_soft_themes_come_in_order_of_size() -> None:
    rng, sizes = np.random.default_rng(0), [20, 60, 10, 40]
    X = normalise((np.repeat(np.eye(4), sizes, axis=0).repeat(12, axis=1) + rng.normal(0, 0.1, (130, 48))).astype(np.float32))
    found, soft = soft_themes(X, groups=4)
    assert np.bincount(found.labels).tolist() == [60, 40, 20, 10]
    np.testing.assert_array_equal(soft.posterior.place(X).label, found.labels)


def test_coarser_groups_are_those_of_near_prototypes() -> None:
    rng = np.random.default_rng(0)
    places = normalise((np.repeat(np.eye(2, 10), [3, 5], axis=0) + rng.normal(0, 0.05, (8, 10))).astype(np.float32))
    assert _coarser(places, np.repeat(np.arange(8), 10)).tolist() == [1, 1, 1, 0, 0, 0, 0, 0]  # the larger comes first
