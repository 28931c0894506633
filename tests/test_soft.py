"""Soft k-means: against plain loops, SciPy's Gaussians, and its own promises."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from matomari import SoftKMeans
from matomari.cluster.soft.confidence import cooling, matched, split_agreement
from matomari.cluster.soft.passes import ALPHA, BETA, Sample, mutual_information, one_pass
from matomari.cluster.soft.settings import Search
from matomari.cluster.soft.start import first_prototypes
from matomari.cluster.soft.temperature import critical_temperature, heated, likely_temperature
from matomari.cluster.soft.themes import _coarser, soft_themes
from matomari.errors import InputError
from matomari.metrics.grouping import adjusted_rand
from matomari.vectors import Floats, normalise


def clouds(n: int = 300, k: int = 4, d: int = 6, width: float = 0.3, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return (3 * np.eye(k, d)[rng.integers(k, size=n)] + rng.normal(0, width, (n, d))).astype(np.float32)


def sample(X: Floats, cosine: bool = False, weight: Any = None) -> Sample:
    weight = np.ones(len(X), np.float32) if weight is None else np.asarray(weight, np.float32)
    return Sample(X, weight, np.zeros(X.shape[1], np.float32), cosine, torch.device("cpu"))


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
    model = SoftKMeans(7, metric=metric, temperature=temperature, random_state=seed, search=Search(tol=0)).fit(X)
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
    assert p.dtype == np.float32 and np.allclose(p.sum(axis=1), 1, atol=1e-5)
    assert (model.predict(X) == p.argmax(axis=1)).all() and (model.labels_ == p.argmax(axis=1)).all()
    rows = normalise(X) if metric == "cosine" else X
    logit = rows @ model.coef_.T + model.intercept_
    np.testing.assert_allclose(np.exp(logit - np.logaddexp.reduce(logit, axis=1)[:, None]), p, atol=1e-4)


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
    assert path.distinct[0] == 4 and path.distinct[-1] < 4
    last = path.temperatures[path.distinct == 4].max()
    assert path.chosen == pytest.approx(last / 2)


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
    model = SoftKMeans(5, objective="mi_adm", metric="euclidean", random_state=0, search=Search(tol=1e-6)).fit(X)
    steps = np.diff(model.objective_history_)
    rising = np.flatnonzero(steps > 1e-6 * np.abs(model.objective_history_[:-1]))
    assert len(rising) and rising[0] < len(steps) - 1  # otherwise the case shows nothing


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
        ({"search": Search(device="abacus")}, "'device'"),
        ({"temperature": "hot"}, "must be 'auto', 'ml' or a float"),
        ({"search": Search(n_init=0)}, "'n_init' parameter of Search"),
        ({"search": Search(max_iter=0)}, "'max_iter'"),
        ({"n_clusters": 500}, "n_samples=300 should be >= n_clusters=500"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        SoftKMeans(**{"n_clusters": 4, **parameters}).fit(clouds())


# calibration: probabilities no surer than two views agree


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
    assert factor > 1 and confidence(0.5 * factor) == pytest.approx(0.6, abs=1e-4)
    assert cooling(few, prototypes, 0.5, None, 1.0) == 1


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
    model = SoftKMeans(4, temperature=0.7, metric="cosine", random_state=0, search=Search(max_iter=1)).fit(first)
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
    np.testing.assert_array_equal(soft.posterior.place(X)[0], found.labels)


def test_coarser_groups_are_those_of_near_prototypes() -> None:
    rng = np.random.default_rng(0)
    places = normalise((np.repeat(np.eye(2, 10), [3, 5], axis=0) + rng.normal(0, 0.05, (8, 10))).astype(np.float32))
    assert _coarser(places, np.repeat(np.arange(8), 10)).tolist() == [1, 1, 1, 0, 0, 0, 0, 0]  # the larger comes first
