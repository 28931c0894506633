"""Spherical k-means: by hand, against plain loops, and what it does without copying."""

from __future__ import annotations

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from builders.directions import D, blobs, same_groups
from matomari.cluster import kmeans
from matomari.cluster.kmeans import SphericalKMeans
from matomari.vectors import normalise


def test_kmeans_centres_by_hand() -> None:
    # (1, 0) and (0.8, 0.6) pull to (1.8, 0.6) / sqrt(3.6); (0, 1) and (-0.6, 0.8) to (-0.6, 1.8) / sqrt(3.6);
    # the cosines to the own centre are all 1.8 / sqrt(3.6), so the inertia is 4 (1 - 1.8 / sqrt(3.6))
    X = np.array([[1, 0], [1.6, 1.2], [0, 5], [-0.6, 0.8]], np.float32)
    model = SphericalKMeans(2, init=np.array([[1, 0], [0, 1]]), random_state=0).fit(X)
    length = math.sqrt(3.6)
    assert model.labels_.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(model.cluster_centers_, [[1.8 / length, 0.6 / length], [-0.6 / length, 1.8 / length]], atol=1e-6)
    np.testing.assert_allclose(model.partition_.strength, [1.8 / length] * 4, atol=1e-6)
    assert model.inertia_ == pytest.approx(4 * (1 - 1.8 / length), abs=1e-6)
    assert model.score(X) == pytest.approx(-model.inertia_, abs=1e-6)
    np.testing.assert_allclose(model.transform([[0, 2]]), [[1 - 0.6 / length, 1 - 1.8 / length]], atol=1e-6)


def test_kmeans_stands_still_at_the_end() -> None:
    """No row is nearer to another centre, and each centre is the direction of the sum of its rows (equations 3-5)."""
    X = normalise(np.random.default_rng(0).normal(size=(300, 5)).astype(np.float32))
    model = SphericalKMeans(6, tol=0, max_iter=500, random_state=0).fit(X)
    np.testing.assert_array_equal((X @ model.cluster_centers_.T).argmax(axis=1), model.labels_)
    sums = np.stack([X[model.labels_ == c].astype(float).sum(axis=0) for c in range(6)])
    np.testing.assert_allclose(model.cluster_centers_, sums / np.linalg.norm(sums, axis=1, keepdims=True), atol=1e-4)


def test_kmeans_stopped_early_labels_are_those_of_its_centres() -> None:
    X = np.random.default_rng(0).normal(size=(300, 5)).astype(np.float32)
    model = SphericalKMeans(6, max_iter=1, random_state=0).fit(X)
    assert model.n_iter_ == 1
    np.testing.assert_array_equal((normalise(X) @ model.cluster_centers_.T).argmax(axis=1), model.labels_)
    assert model.inertia_ == pytest.approx(float((1 - (normalise(X) @ model.cluster_centers_.T).max(axis=1)).sum()), rel=1e-4)


def test_kmeans_more_starts_are_never_worse() -> None:
    X = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)
    one = [SphericalKMeans(8, random_state=s).fit(X).inertia_ for s in range(5)]
    assert len(set(one)) > 1
    assert SphericalKMeans(8, n_init=8, random_state=0).fit(X).inertia_ <= min(one[0], float(np.median(one)))


def test_kmeans_with_fewer_directions_than_clusters() -> None:
    X = np.repeat(np.eye(3, dtype=np.float32), 5, axis=0) * np.arange(1, 16, dtype=np.float32)[:, None]
    with pytest.warns(ConvergenceWarning, match="3 clusters were made of the 5 asked for"):
        model = SphericalKMeans(5, random_state=0).fit(X)
    assert model.partition_.sizes.tolist() == [5, 5, 5]
    assert model.cluster_centers_.shape == (3, 3)
    np.testing.assert_array_equal(model.predict(X), model.labels_)


def test_kmeans_a_start_that_starves_is_fed_again() -> None:
    X, truth = blobs()
    init = np.eye(D, dtype=np.float32)[[0, 1, 2, 2]]
    init[3] = -init[2]  # points away from every row: nobody would join it
    model = SphericalKMeans(4, init=init).fit(X)
    assert model.partition_.sizes.min() > 0
    assert same_groups(model.labels_, truth)


def test_kmeans_weight_three_is_three_copies() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4)).astype(np.float32)
    weight = rng.integers(0, 4, 60)
    start = rng.normal(size=(5, 4))
    weighted = SphericalKMeans(5, init=start).fit(X, sample_weight=weight)
    copied = SphericalKMeans(5, init=start).fit(np.repeat(X, weight, axis=0))
    np.testing.assert_allclose(weighted.cluster_centers_, copied.cluster_centers_, atol=1e-6)
    np.testing.assert_array_equal(np.repeat(weighted.labels_, weight), copied.labels_)
    assert weighted.inertia_ == pytest.approx(copied.inertia_, rel=1e-5)


def test_kmeans_partial_fit_moves_to_the_truth() -> None:
    truth = np.eye(D)[:4]
    model = SphericalKMeans(4, n_init=5, random_state=0)

    def distance() -> float:
        return float((1 - (model.cluster_centers_ @ truth.T).max(axis=0)).max())

    first = None
    for batch in range(40):
        model.partial_fit(blobs(each=5, noise=0.25, seed=batch)[0])
        first = distance() if first is None else first
    assert distance() < first / 4
    assert distance() < 0.005
    X, labels = blobs(seed=99)
    assert same_groups(model.predict(X), labels)
    assert model.partition_.k == 4


def test_kmeans_partial_fit_by_hand() -> None:
    # centre (1, 0) has seen two rows; one row (0, 1) moves it to (2, 1) / sqrt(5); the other centre stays
    model = SphericalKMeans(2, init=np.array([[1, 0], [-1, 0]])).fit([[1, 0], [2, 0], [-1, 0]])
    model.partial_fit([[0.001, 1]])
    np.testing.assert_allclose(model.cluster_centers_, [[2 / 5**0.5, 1 / 5**0.5], [-1, 0]], atol=1e-3)
    assert model.labels_.tolist() == [0]


def test_kmeans_does_not_copy_a_memory_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kmeans, "BLOCK", 512)
    monkeypatch.setattr(kmeans, "SEEDING_ROWS", 512)
    X = np.random.default_rng(0).normal(size=(20_000, 256)).astype(np.float32)
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r", allow_pickle=False)
    expected = SphericalKMeans(5, max_iter=3, random_state=0).fit(X)
    tracemalloc.start()
    try:
        model = SphericalKMeans(5, max_iter=3, random_state=0).fit(mapped)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 2
    np.testing.assert_array_equal(model.labels_, expected.labels_)
    np.testing.assert_allclose(model.cluster_centers_, expected.cluster_centers_, atol=1e-6)


def test_kmeans_unit_rows_are_not_copied() -> None:
    X = normalise(np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32))
    assert np.shares_memory(kmeans.UnitRows(X).X, X)
    assert not np.shares_memory(kmeans.UnitRows(X * 2).X, X)
