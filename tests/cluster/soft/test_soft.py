"""Soft k-means: against plain loops, SciPy's Gaussians, and its own promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from builders.soft import clouds, sample
from matomari import SoftKMeans
from matomari.cluster.soft.passes import ALPHA, BETA, mutual_information, one_pass
from matomari.cluster.soft.start import first_prototypes
from matomari.errors import InputError
from matomari.metrics.grouping import adjusted_rand
from matomari.vectors import Floats, normalise


def by_loop(X: Floats, weight: Any, prototypes: Floats, heat: float, cosine: bool) -> tuple[float, Any, Any]:
    energy, mass, sums = 0.0, np.zeros(len(prototypes)), np.zeros(prototypes.shape)
    for x, w in zip(X.astype(np.float64), weight, strict=True):
        row = x / np.linalg.norm(x) if cosine else x
        logit = np.array([(2 * row @ p - (0 if cosine else p @ p)) / heat for p in prototypes.astype(np.float64)])
        share = np.exp(logit - logit.max()) / np.exp(logit - logit.max()).sum()
        energy -= w * (logit.max() + np.log(np.exp(logit - logit.max()).sum()))
        mass += w * share
        sums += w * share[:, None] * row
    return energy / np.sum(weight), mass, sums


@pytest.mark.parametrize("cosine", [True, False])
@pytest.mark.parametrize("heat", [0.05, 0.7, 9.0])
def test_a_pass_is_that_of_a_plain_loop(cosine: bool, heat: float) -> None:
    X, rng = clouds(700), np.random.default_rng(1)  # several blocks
    weight, prototypes = rng.random(700).astype(np.float32), X[:5] + 0.1
    prototypes = normalise(prototypes) if cosine else prototypes
    found = one_pass(sample(X, cosine, weight), prototypes, heat)
    energy, mass, sums = by_loop(X, weight, prototypes, heat, cosine)
    np.testing.assert_allclose(found.energy, energy, rtol=1e-5)
    np.testing.assert_allclose(found.mass, mass, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.sums, sums, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("cosine", [True, False])
def test_a_temperature_of_zero_assigns_hard(cosine: bool) -> None:
    X, weight = clouds(300), np.random.default_rng(1).random(300).astype(np.float32)
    rows, prototypes = (normalise(X), normalise(X[:5])) if cosine else (X, X[:5])
    near = np.linalg.norm(rows[:, None] - prototypes, axis=2).argmin(axis=1)
    found = one_pass(sample(X, cosine, weight), prototypes, 0.0)
    np.testing.assert_allclose(found.mass, np.bincount(near, weight, minlength=5), rtol=1e-5)
    np.testing.assert_allclose(
        found.sums, [(weight[near == k, None] * rows[near == k]).sum(axis=0) for k in range(5)], rtol=1e-4, atol=1e-4
    )


def test_the_posterior_is_that_of_equal_round_gaussians() -> None:
    X = clouds()
    model = SoftKMeans(4, temperature=0.5, metric="euclidean", random_state=0).fit(X)
    width = model.confidence_temperature_ / 2
    density = np.stack([multivariate_normal(c, width).pdf(X.astype(np.float64)) for c in model.cluster_centers_.astype(np.float64)], axis=1)
    np.testing.assert_allclose(model.predict_proba(X), density / density.sum(axis=1, keepdims=True), atol=1e-4)


def test_mi_adm_assignments_by_hand() -> None:
    X = clouds(40)
    few, prototypes = sample(X), X[:3]
    logit = 2 * X @ prototypes.T / 4.0 - np.square(prototypes).sum(axis=1) / 4.0
    p = np.exp(logit) / np.exp(logit).sum(axis=1, keepdims=True)
    q = p ** (1 + ALPHA) / (p ** (1 + ALPHA)).sum(axis=0) ** BETA
    q /= q.sum(axis=1, keepdims=True)
    found = one_pass(few, prototypes, 4.0, balance=mutual_information(few, prototypes, 4.0))
    np.testing.assert_allclose(found.mass, q.sum(axis=0), rtol=1e-4)
    np.testing.assert_allclose(found.sums, q.T @ X, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("temperature", ["auto", "ml", 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_the_free_energy_never_rises(metric: str, temperature: Any, seed: int) -> None:
    X = np.random.default_rng(seed).normal(size=(500, 8)).astype(np.float32)
    model = SoftKMeans(7, metric=metric, temperature=temperature, random_state=seed, tol=0).fit(X)
    history = np.asarray(model.objective_history_)
    assert (np.diff(history) <= 1e-6 * np.abs(history[:-1])).all()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
def test_weight_three_is_three_copies(metric: str, objective: str) -> None:
    X, weight = clouds(200, seed=3), np.random.default_rng(3).integers(0, 4, 200)
    one = SoftKMeans(4, metric=metric, objective=objective, random_state=0).fit(X, sample_weight=weight)
    many = SoftKMeans(4, metric=metric, objective=objective, random_state=0).fit(np.repeat(X, weight, axis=0))
    np.testing.assert_allclose(one.cluster_centers_, many.cluster_centers_, atol=1e-4)
    np.testing.assert_allclose(one.temperature_, many.temperature_, rtol=1e-4)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
def test_labels_probabilities_and_the_linear_classifier_agree(metric: str, objective: str) -> None:
    X = clouds(width=1.5)
    model = SoftKMeans(6, metric=metric, objective=objective, random_state=0).fit(X)
    p = model.predict_proba(X)
    assert p.dtype == np.float32
    assert np.allclose(p.sum(axis=1), 1, atol=1e-5)
    assert (model.predict(X) == p.argmax(axis=1)).all()
    assert (model.labels_ == p.argmax(axis=1)).all()
    rows = normalise(X) if metric == "cosine" else X
    logit = rows @ model.coef_.T + model.intercept_
    np.testing.assert_allclose(np.exp(logit - np.logaddexp.reduce(logit, axis=1)[:, None]), p, atol=1e-4)


@pytest.mark.parametrize("X", [np.repeat(clouds(3), 10, axis=0), clouds()], ids=["three distinct rows", "too hot"])
def test_collapse_is_named(X: Floats) -> None:
    with pytest.warns(ConvergenceWarning, match="prototypes of the 5 asked for are distinct"):
        SoftKMeans(5, metric="euclidean", temperature=50.0, random_state=0).fit(X)


def test_a_memory_map_is_read_in_blocks(tmp_path: Path) -> None:
    X = clouds(3000)
    mapped = np.memmap(tmp_path / "x.bin", np.float32, "w+", shape=X.shape)
    mapped[:] = X
    a, b = (SoftKMeans(4, random_state=0).fit(rows) for rows in (X, mapped))
    np.testing.assert_array_equal(a.labels_, b.labels_)


@pytest.mark.parametrize("n", [300, 9000])
def test_where_the_points_lie_does_not_matter(n: int) -> None:
    X = clouds(n, width=1.0)
    near, far = (SoftKMeans(4, metric="euclidean", random_state=0).fit(rows) for rows in (X, X + 4096))
    assert adjusted_rand(near.labels_, far.labels_) > 0.97
    np.testing.assert_allclose(far.temperature_, near.temperature_, rtol=1e-2)
    gaps = np.linalg.norm((far.cluster_centers_ - 4096)[:, None] - near.cluster_centers_, axis=2)
    assert gaps.min(axis=1).max() < 0.05


def test_mi_adm_goes_on_when_its_energy_rises() -> None:
    rng = np.random.default_rng(14)
    X = rng.normal(size=(94, 4)).astype(np.float32)
    X[:18] *= 4
    model = SoftKMeans(5, objective="mi_adm", metric="euclidean", random_state=0, tol=1e-6).fit(X)
    steps = np.diff(model.objective_history_)
    rising = np.flatnonzero(steps > 1e-6 * np.abs(model.objective_history_[:-1]))
    assert len(rising)
    assert rising[0] < len(steps) - 1  # otherwise the case shows nothing


def test_the_seed_decides() -> None:
    X = np.random.default_rng(0).normal(size=(400, 5)).astype(np.float32)
    a, b = (SoftKMeans(5, random_state=7).fit(X) for _ in range(2))
    np.testing.assert_array_equal(a.cluster_centers_, b.cluster_centers_)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"n_clusters": 0}, "'n_clusters'"),
        ({"temperature": 0}, "'temperature'"),
        ({"temperature": "warm"}, "'temperature'"),
        ({"objective": "hard"}, "'objective'"),
        ({"metric": "cos"}, "'metric'"),
        ({"device": "abacus"}, "'device'"),
        ({"temperature": "hot"}, "must be 'auto', 'ml' or a float"),
        ({"n_init": 0}, "'n_init' parameter of SoftKMeans"),
        ({"max_iter": 0}, "'max_iter'"),
        ({"n_clusters": 500}, "n_samples=300 should be >= n_clusters=500"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        SoftKMeans(**{"n_clusters": 4, **parameters}).fit(clouds())


# batches


def test_batches_come_to_what_a_whole_fit_finds() -> None:
    X = clouds(4000, width=0.8, seed=5)
    whole = SoftKMeans(4, metric="euclidean", random_state=0).fit(X)
    model = SoftKMeans(4, metric="euclidean", random_state=0)
    for batch in np.array_split(np.random.default_rng(0).permutation(X), 40):
        model.partial_fit(batch)
    assert adjusted_rand(model.predict(X), whole.labels_) > 0.95
    gaps = np.linalg.norm(model.cluster_centers_[:, None] - whole.cluster_centers_, axis=2).min(axis=1)
    assert gaps.max() < 0.15
    assert len(model.labels_) == 100  # those of the last batch


def test_a_batch_counts_as_stepwise_em_says() -> None:
    first, second = clouds(300, width=1.0, seed=1), clouds(200, width=1.0, seed=2)
    model = SoftKMeans(4, temperature=0.7, metric="cosine", random_state=0, max_iter=1).fit(first)
    start = first_prototypes(sample(first, cosine=True), 4, 16, np.random.RandomState(0))
    before = one_pass(sample(first, cosine=True), start, 0.7)
    now = one_pass(sample(second, cosine=True), model.cluster_centers_, 0.7)
    rate = 3**-0.6
    sums = (1 - rate) * before.sums / 300 + rate * now.sums / 200
    model.partial_fit(second)
    np.testing.assert_allclose(model.cluster_centers_, normalise(sums.astype(np.float32)), atol=1e-5)


def test_a_dead_prototype_moves_to_what_belongs_nowhere() -> None:
    X = clouds(400, k=3)
    model = SoftKMeans(3, temperature=0.5, metric="euclidean", random_state=0).fit(X)
    there = X[X[:, 0] < 1.5]  # the first of the three places is never seen again …
    new = np.array([0, 3, 0, 0, 9, 0], np.float32)  # … and a fourth appears, which is nearest to the second
    for _ in range(60):
        model.partial_fit(np.concatenate([there, there[:20] * 0.1 + new]))
    gaps = np.linalg.norm(model.cluster_centers_ - new, axis=1)
    assert gaps.min() < 1
    assert (model.cluster_centers_[:, 0] < 1.5).all()


# prior and prototype


def test_the_estimated_prior_is_the_share_of_each_group() -> None:
    rng = np.random.default_rng(0)
    sizes = [1500, 150, 50]
    X = np.concatenate([c + rng.normal(0, 0.6, (n, 2)) for c, n in zip([[0, 0], [3, 0], [0, 3]], sizes, strict=True)]).astype(np.float32)
    at = {"temperature": 0.72, "metric": "euclidean", "random_state": 0}  # the true width: 2 σ²
    equal, skewed = SoftKMeans(3, **at).fit(X), SoftKMeans(3, prior="estimated", **at).fit(X)
    truth = np.sort(np.asarray(sizes) / 1700)
    assert np.abs(np.sort(skewed.mixture_weights_) - truth).max() < 0.03 < np.abs(np.sort(equal.mixture_weights_) - truth).max()
    assert (np.diff(skewed.objective_history_) <= 1e-6 * np.abs(skewed.objective_history_[:-1])).all()
    mixture = GaussianMixture(3, covariance_type="spherical", means_init=skewed.cluster_centers_, random_state=0).fit(X)
    np.testing.assert_allclose(np.sort(mixture.weights_), np.sort(skewed.mixture_weights_), atol=0.05)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_a_medoid_is_the_row_nearest_to_its_prototype(metric: str) -> None:
    X = clouds(700, width=1.0)
    weight = np.ones(700)
    weight[::3] = 0
    mean = SoftKMeans(4, metric=metric, random_state=0).fit(X, sample_weight=weight)
    rows = normalise(X) if metric == "cosine" else X
    distance = np.linalg.norm(rows[:, None] - mean.cluster_centers_, axis=2) + np.where(weight > 0, 0, np.inf)[:, None]
    np.testing.assert_array_equal(mean.medoid_indices_, distance.argmin(axis=0))
    medoid = SoftKMeans(4, metric=metric, prototype="medoid", random_state=0).fit(X, sample_weight=weight)
    np.testing.assert_allclose(medoid.cluster_centers_, rows[mean.medoid_indices_], atol=1e-5)
    assert (medoid.labels_ == medoid.predict_proba(X).argmax(axis=1)).all()
