"""Many small clusters: few passes against many, carrying on against plain passes over all centres."""

from __future__ import annotations

import numpy as np
import pytest

from matomari import SphericalKMeans
from matomari.learn.pairs import small_clusters as fine
from matomari.learn.pairs.small_clusters import FEW, carry, split
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import Floats, normalise


def cloud(n: int = 1500, k: int = 90, d: int = 24, noise: float = 0.6, seed: int = 0) -> tuple[Floats, np.ndarray]:
    rng = np.random.default_rng(seed)
    topic = rng.integers(k, size=n)
    wide = rng.standard_normal((k // 10 + 1, d))[np.arange(k) % (k // 10 + 1)]  # topics lie in fields, as those of texts do
    places = normalise((wide + 0.7 * rng.standard_normal((k, d))).astype(np.float32))
    return normalise(places[topic] + noise / np.sqrt(d) * rng.standard_normal((n, d)).astype(np.float32)), topic


def tightness(X: Floats, labels: np.ndarray, centers: Floats) -> float:
    return float(np.einsum("ij,ij->i", X, centers[labels]).mean())


def by_loop(X: Floats, labels: np.ndarray, passes: int) -> np.ndarray:
    k = labels.max() + 1
    centers = np.stack([X[labels == c].mean(axis=0) for c in range(k)])
    for _ in range(passes):
        unit = centers / np.linalg.norm(centers, axis=1, keepdims=True)
        labels = (X @ unit.T).argmax(axis=1)
        centers = np.stack([X[labels == c].mean(axis=0) if (labels == c).any() else unit[c] for c in range(k)])
    return labels


def test_few_clusters_are_those_of_one_k_means() -> None:
    X, _ = cloud()
    labels, centers = split(X, 40, seed=3)
    model = SphericalKMeans(40, max_iter=20, random_state=3).fit(X)
    np.testing.assert_array_equal(labels, model.labels_)
    np.testing.assert_array_equal(centers, model.cluster_centers_)


def test_many_clusters_are_nearly_as_tight_in_fewer_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    X, topic = cloud()
    patient = split(X, 90, seed=1)
    monkeypatch.setattr(fine, "MANY", 50)
    labels, centers = split(X, 90, seed=1)
    assert (labels == split(X, 90, seed=1)[0]).all()
    assert not (labels == patient[0]).all()
    assert len(centers) == 90
    assert tightness(X, labels, centers) > tightness(X, *patient) - 0.03
    np.testing.assert_array_equal(labels, (X @ centers.T).argmax(axis=1))  # no row would be better placed elsewhere
    assert adjusted_mutual_info(topic, labels) > adjusted_mutual_info(topic, patient[0]) - 0.05


@pytest.mark.parametrize("many", [4, 256])
def test_equal_rows_make_no_more_clusters_than_there_are_texts(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine, "MANY", many)
    X = np.repeat(np.eye(5, dtype=np.float32), 20, axis=0)
    labels, centers = split(X, 60)
    assert len(np.unique(labels)) == len(centers) == 5
    assert split(X[:3], 10)[0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_carried_on_among_all_centres_it_is_plain_k_means(seed: int) -> None:
    X, topic = cloud(400, 12, seed=seed)
    begun = np.where(np.random.default_rng(seed).random(400) < 0.4, np.random.default_rng(9).integers(12, size=400), topic)
    np.testing.assert_array_equal(carry(X, begun, near=12)[0], by_loop(X.astype(np.float64), begun, FEW))


def test_carried_on_among_near_centres_it_gets_tighter_and_keeps_its_numbers() -> None:
    X, _ = cloud()
    moved = normalise(X + 0.1 * np.random.default_rng(1).standard_normal(X.shape).astype(np.float32))
    begun, centers = split(X, 90)
    before = np.stack([normalise(moved[begun == c].mean(axis=0, keepdims=True))[0] for c in range(len(centers))])
    labels, after = carry(moved, begun, near=8)
    assert tightness(moved, labels, after) > tightness(moved, begun, before)
    assert (labels == begun).mean() > 0.8
    assert len(after) == len(centers)


def test_an_empty_cluster_keeps_its_number_and_place() -> None:
    X = np.repeat(np.eye(3, dtype=np.float32), 6, axis=0)
    begun = np.repeat([0, 1, 2], 6)
    begun[[0, 6]] = 3  # a fourth between the first and the second, which no row is nearest to
    labels, centers = carry(X, begun)
    assert len(centers) == 4
    assert len(np.unique(labels)) == 3
    np.testing.assert_allclose(centers[3], normalise(X[[0]] + X[[6]])[0], atol=1e-6)


def test_new_rows_go_to_the_nearest_centre() -> None:
    """Among many clusters with one near centre each, nobody who begins far away would find home."""
    X, topic = cloud(800, 40, noise=0.2)
    begun = topic.copy()
    begun[::7] = -1
    assert (carry(X, begun, near=1)[0] == topic).mean() > 0.99
