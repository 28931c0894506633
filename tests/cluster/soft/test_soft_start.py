"""Starts of soft k-means: along the main axes of wide rows they find what the whole space would."""

from __future__ import annotations

import numpy as np
import pytest

from builders.soft import sample
from matomari.cluster.soft import start as soft_start
from matomari.cluster.soft.passes import one_pass
from matomari.cluster.soft.start import first_prototypes, main_axes
from matomari.vectors import Floats


def wide(n: int, d: int = 256, k: int = 4, width: float = 0.05, seed: int = 0) -> tuple[Floats, np.ndarray]:
    """Rows of k clouds in d columns, and the cloud of each."""
    rng = np.random.default_rng(seed)
    places, cloud = rng.standard_normal((k, d)), np.arange(n) % k
    return (places[cloud] + width * rng.standard_normal((n, d))).astype(np.float32), cloud


@pytest.mark.parametrize("cosine", [False, True])
def test_main_axes_are_those_of_the_singular_values(cosine: bool) -> None:
    X, _ = wide(600, width=0.02)
    weight = np.random.default_rng(1).integers(1, 5, len(X)).astype(np.float32)
    rows = X / np.linalg.norm(X, axis=1, keepdims=True) if cosine else X
    _, _, right = np.linalg.svd(rows.astype(np.float64) * np.sqrt(weight)[:, None], full_matrices=False)
    found = main_axes(sample(X, cosine, weight), 4, np.random.RandomState(0))
    assert found.shape == (256, 4)
    np.testing.assert_allclose(found.T @ found, np.eye(4), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(right[:4] @ found, axis=1), 1, atol=1e-4)  # one subspace, however it is turned


def test_a_weight_of_three_gives_the_axes_of_three_copies() -> None:
    X, _ = wide(300, width=0.3)
    weight = np.random.default_rng(1).integers(1, 4, len(X))
    a = main_axes(sample(X, weight=weight.astype(np.float32)), 8, np.random.RandomState(0))
    b = main_axes(sample(np.repeat(X, weight, axis=0)), 8, np.random.RandomState(0))
    np.testing.assert_allclose(np.abs((a * b).sum(axis=0)), 1, atol=1e-4)


@pytest.mark.parametrize("cosine", [False, True])
def test_a_start_along_the_axes_is_a_start_in_the_whole_space(cosine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    X, cloud = wide(800)
    means = np.stack([X[cloud == c].mean(axis=0) for c in range(4)])
    means = means / np.linalg.norm(means, axis=1, keepdims=True) if cosine else means
    asked: list[int] = []
    axes = main_axes
    monkeypatch.setattr(soft_start, "main_axes", lambda few, count, rng: asked.append(count) or axes(few, count, rng))
    found = first_prototypes(sample(X, cosine=cosine), 4, 4, np.random.RandomState(0))
    assert asked == [soft_start.MAIN_AXES]
    nearest = np.linalg.norm(means[:, None] - found, axis=2)
    np.testing.assert_allclose(nearest.min(axis=1), 0, atol=0.01)
    assert sorted(nearest.argmin(axis=1)) == [0, 1, 2, 3]


def test_prototypes_of_a_wide_start_are_means_of_rows() -> None:
    X, _ = wide(2000, width=2.0)  # overlapping: what the axes leave out must be in the prototypes again
    few = sample(X)
    found = first_prototypes(few, 4, 4, np.random.RandomState(0))
    once = one_pass(few, found, 0.0)
    again = few.prototypes(once.sums, once.mass, found)
    assert np.linalg.norm(again - found, axis=1).max() < 0.25 * np.linalg.norm(found, axis=1).min()
    along = main_axes(few, 64, np.random.RandomState(0))  # the very axes of that start
    assert np.linalg.norm(found - found @ along @ along.T, axis=1).min() > 0.05


@pytest.mark.parametrize(("d", "k"), [(127, 4), (256, 40)])
def test_narrow_rows_and_many_groups_are_looked_at_whole(d: int, k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("no axes are needed here")

    monkeypatch.setattr(soft_start, "main_axes", never)
    X, _ = wide(400, d, k)
    assert first_prototypes(sample(X), k, 1, np.random.RandomState(0)).shape == (k, d)
