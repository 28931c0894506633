"""Clusterers: scikit-learn's own checks, twenty of ours, and each method against a hand-worked or slow plain answer."""

from __future__ import annotations

import itertools
import math
import re
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer
from sklearn.utils.estimator_checks import parametrize_with_checks

from matomari.cluster import kmeans
from matomari.cluster.communities.detect import communities, communities_of, merge_down
from matomari.cluster.communities.graph import neighbor_graph, restrict
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.communities.stability import choose_resolution
from matomari.cluster.communities.support import support
from matomari.cluster.kmeans import SphericalKMeans
from matomari.cluster.relabel import by_size
from matomari.cluster.soft.estimator import SoftKMeans
from matomari.cluster.variants.candidates import CONFLICT, MEANING, variant_pairs
from matomari.cluster.variants.codes import agreement, codes, compact, holds, normal, sizes
from matomari.cluster.variants.linkage import average_linkage
from matomari.errors import InputError
from matomari.learn.deep import DeepSoftKMeans
from matomari.learn.deep.settings import Training
from matomari.partition import Partition
from matomari.vectors import Floats, distinct, neighbors, normalise

# A1: what scikit-learn checks in every estimator

EXCEPTIONS: dict[str, dict[str, str]] = {  # check -> why it may fail; at most three a class
    "SphericalKMeans": {},
    "SoftKMeans": {},
    "LouvainCommunities": {},
    "DeepSoftKMeans": {},
}


def declared(estimator: Any) -> dict[str, str]:
    return EXCEPTIONS[type(estimator).__name__]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # some checks have fewer rows than clusters
@parametrize_with_checks(
    [SphericalKMeans(), SphericalKMeans(3), SoftKMeans(3), LouvainCommunities(resolution=1.0)], expected_failed_checks=declared
)
def test_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # two epochs are not always better than none
@parametrize_with_checks(
    [LouvainCommunities(), DeepSoftKMeans(3, code=4, training=Training(pretrain_epochs=2, epochs=2))], expected_failed_checks=declared
)
def test_scikit_learn_of_what_takes_longer(estimator: Any, check: Any) -> None:
    check(estimator)


# A2: what we check in every clusterer

D = 12
MAKERS = {
    "kmeans": lambda k=4: SphericalKMeans(k, n_init=3, random_state=0),
    "louvain": lambda k=4: LouvainCommunities(n_clusters=k, n_neighbors=8, random_state=0),
    "louvain at 1": lambda k=4: LouvainCommunities(resolution=0.5, n_neighbors=12, random_state=0),
}
every_clusterer = pytest.mark.parametrize("name", MAKERS)
with_a_number = pytest.mark.parametrize("name", ["kmeans", "louvain"])


def blobs(k: int = 4, each: int = 30, noise: float = 0.12, seed: int = 0, d: int = D) -> tuple[Floats, Any]:
    """Rows of several lengths around k directions at right angles, in mixed order, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(k), each))
    X = (np.eye(d)[truth] + rng.normal(0, noise, (k * each, d))) * rng.uniform(0.5, 3, (k * each, 1))
    return X.astype(np.float32), truth


def same_groups(a: Any, b: Any) -> bool:
    return bool(adjusted_rand_score(a, b) == 1.0)


@every_clusterer
def test_planted_groups_are_found_and_none_is_empty(name: str) -> None:
    X, truth = blobs()
    model = MAKERS[name]().fit(X)
    assert same_groups(model.labels_, truth)
    assert model.partition_.sizes.tolist() == [30] * 4
    assert model.partition_.k == 4


@with_a_number
@pytest.mark.parametrize("k", [2, 3, 7, 19])
def test_no_cluster_is_empty_on_data_without_groups(name: str, k: int) -> None:
    X = np.random.default_rng(k).normal(size=(60, 3)).astype(np.float32)
    p = MAKERS[name](k).fit(X).partition_
    assert p.k == k
    assert p.sizes.min() >= 1
    assert p.sizes.sum() == 60


@every_clusterer
def test_what_a_fit_leaves_behind(name: str) -> None:
    X, _ = blobs()
    model = MAKERS[name]()
    assert model.fit(X) is model
    p = model.partition_
    assert isinstance(p, Partition)
    assert model.labels_.dtype == np.int64
    np.testing.assert_array_equal(model.labels_, p.labels)
    assert p.ids.tolist() == [str(i) for i in range(len(X))]
    assert ((p.strength >= 0) & (p.strength <= 1)).all()
    assert p.centers.shape == (4, D)
    np.testing.assert_allclose(np.linalg.norm(p.centers, axis=1), 1, atol=1e-5)
    assert p.origin["clusterer"] == type(model).__name__
    assert p.origin["parameters"] == model.get_params()


@every_clusterer
def test_the_index_of_a_data_frame_names_the_items(name: str) -> None:
    pd = pytest.importorskip("pandas")
    X, _ = blobs()
    named = MAKERS[name]().fit(pd.DataFrame(X, index=[f"row {i}" for i in range(len(X))], columns=[f"c{i}" for i in range(D)]))
    assert named.partition_.ids[:2].tolist() == ["row 0", "row 1"]
    twice = MAKERS[name]().fit(pd.DataFrame(X, index=[0] * len(X), columns=[f"c{i}" for i in range(D)]))
    assert twice.partition_.ids[:2].tolist() == ["0", "1"]


@every_clusterer
def test_assign_keeps_the_names(name: str) -> None:
    X, _ = blobs()
    model = MAKERS[name]().fit(X)
    only_one = X[model.labels_ == 2]
    q = model.partition_.assign(only_one)
    assert q.k == 4
    assert set(q.labels.tolist()) == {2}
    np.testing.assert_array_equal(model.partition_.assign(X).labels, model.labels_)


@every_clusterer
def test_predict_of_what_was_fitted_is_the_labels(name: str) -> None:
    for noise in (0.12, 0.6):
        X, _ = blobs(noise=noise)
        model = MAKERS[name]().fit(X)
        np.testing.assert_array_equal(model.predict(X), model.labels_)
        np.testing.assert_array_equal(MAKERS[name]().fit_predict(X), model.labels_)


@every_clusterer
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    X, _ = blobs()
    order = np.random.default_rng(5).permutation(len(X))
    assert same_groups(MAKERS[name]().fit(X).labels_[order], MAKERS[name]().fit(X[order]).labels_)


@every_clusterer
@pytest.mark.parametrize("factor", [1e-3, 0.5, 3.7, 1e6])
def test_the_length_of_rows_does_not_matter(name: str, factor: float) -> None:
    X, _ = blobs()
    np.testing.assert_array_equal(MAKERS[name]().fit(X).labels_, MAKERS[name]().fit(X * np.float32(factor)).labels_)


@every_clusterer
def test_equal_rows_share_a_cluster(name: str) -> None:
    X = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    labels = MAKERS[name]().fit(np.concatenate([X, X[::-1], X])).labels_
    np.testing.assert_array_equal(labels[:40], labels[40:80][::-1])
    np.testing.assert_array_equal(labels[:40], labels[80:])


@every_clusterer
def test_the_same_seed_gives_the_same_answer(name: str) -> None:
    X = np.random.default_rng(0).normal(size=(80, 5)).astype(np.float32)
    first, again = MAKERS[name]().fit(X), MAKERS[name]().fit(X)
    np.testing.assert_array_equal(first.labels_, again.labels_)
    np.testing.assert_array_equal(first.partition_.strength, again.partition_.strength)
    np.testing.assert_array_equal(first.fit(X).labels_, again.labels_)


@every_clusterer
def test_the_partition_survives_the_disk(name: str, tmp_path: Path) -> None:
    X, _ = blobs()
    p = MAKERS[name]().fit(X).partition_
    q = Partition.load(p.save(tmp_path / "p"))
    for field in ("ids", "labels", "strength", "centers"):
        np.testing.assert_array_equal(getattr(p, field), getattr(q, field))
    assert p.origin == q.origin
    np.testing.assert_array_equal(p.assign(X).labels, q.assign(X).labels)


@every_clusterer
def test_the_table_is_left_alone(name: str) -> None:
    X, _ = blobs()
    before = X.copy()
    X.flags.writeable = False
    MAKERS[name]().fit(X).predict(X)
    np.testing.assert_array_equal(X, before)


@every_clusterer
def test_half_single_and_double_agree(name: str) -> None:
    X = blobs()[0].astype(np.float16)
    single = MAKERS[name]().fit(X.astype(np.float32))
    for kind in (np.float16, np.float64):
        other = MAKERS[name]().fit(X.astype(kind))
        np.testing.assert_array_equal(other.labels_, single.labels_)
        np.testing.assert_array_equal(other.predict(X.astype(kind)), single.labels_)
        assert other.partition_.centers.dtype == np.float32


@with_a_number
def test_one_cluster_and_as_many_as_rows(name: str) -> None:
    X = np.random.default_rng(0).normal(size=(25, 6)).astype(np.float32)
    one = MAKERS[name](1).fit(X)
    assert set(one.labels_.tolist()) == {0}
    all_apart = MAKERS[name](25).fit(X)
    assert sorted(all_apart.labels_.tolist()) == list(range(25))
    np.testing.assert_array_equal(all_apart.predict(X), all_apart.labels_)


@with_a_number
def test_more_clusters_than_rows_are_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"n_samples=3.* should be >= n_clusters=4"):
        MAKERS[name](4).fit(np.eye(3))


@every_clusterer
def test_zero_rows_have_no_say(name: str) -> None:
    X, truth = blobs()
    order = np.concatenate([np.flatnonzero(truth == group)[:size] for group, size in ((0, 12), (3, 30), (1, 25), (2, 18))])
    X, truth = X[order], truth[order]  # neither the first nor the last row is of the largest group
    model = MAKERS[name]().fit(np.concatenate([np.zeros((2, D), np.float32), X, np.zeros((3, D), np.float32)]))
    assert same_groups(model.labels_[2:-3], truth)
    assert model.labels_[[0, 1, -3, -2, -1]].tolist() == [0] * 5
    assert model.partition_.strength[[0, 1, -3, -2, -1]].tolist() == [0] * 5
    assert model.predict(np.zeros((2, D))).tolist() == [0, 0]


@with_a_number
def test_rows_that_cancel_out_still_have_a_centre(name: str) -> None:
    p = MAKERS[name](1).fit([[1.0, 0.0], [-1.0, 0.0]]).partition_
    np.testing.assert_allclose(np.abs(p.centers), [[1, 0]], atol=1e-6)


@every_clusterer
def test_one_row(name: str) -> None:
    model = MAKERS[name](1).fit([[3.0, 4.0]])
    assert model.labels_.tolist() == [0]
    np.testing.assert_allclose(model.partition_.centers, [[0.6, 0.8]], atol=1e-6)
    assert model.predict([[1.0, 1.0]]).tolist() == [0]


@every_clusterer
def test_clone_parameters_and_pipeline(name: str) -> None:
    X, truth = blobs()
    model = MAKERS[name]().fit(X)
    twin = clone(model)
    assert not hasattr(twin, "labels_")
    assert twin.get_params() == model.get_params()
    assert twin.set_params(random_state=9).get_params()["random_state"] == 9
    assert model.random_state == 0
    pipe = make_pipeline(Normalizer(), MAKERS[name]())
    assert same_groups(pipe.fit_predict(X), truth)
    assert same_groups(pipe.predict(X), truth)


@every_clusterer
def test_a_memory_map_gives_the_same_answer(name: str, tmp_path: Path) -> None:
    X, _ = blobs()
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r", allow_pickle=False)
    np.testing.assert_array_equal(MAKERS[name]().fit(mapped).labels_, MAKERS[name]().fit(X).labels_)
    np.testing.assert_array_equal(MAKERS[name]().fit(mapped).predict(mapped), MAKERS[name]().fit(X).labels_)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (SphericalKMeans(0), r"The 'n_clusters' parameter of SphericalKMeans must be an int in the range \[1, inf\). Got 0 instead"),
        (SphericalKMeans(2.0), "Got 2.0 instead"),
        (SphericalKMeans(True), "Got True instead"),
        (SphericalKMeans(2, n_init=0), "'n_init'"),
        (SphericalKMeans(2, max_iter=0), "'max_iter'"),
        (SphericalKMeans(2, tol=-1), "'tol'"),
        (SphericalKMeans(2, tol=math.nan), "'tol'"),
        (SphericalKMeans(2, init="kmeans"), "'init' parameter of SphericalKMeans must be 'k-means\\+\\+', 'random' or an array"),
        (SphericalKMeans(2, init=np.ones((3, 2))), r"'init' array of SphericalKMeans must be finite, of shape \(2, 2\)"),
        (SphericalKMeans(2, init=np.full((2, 2), np.nan)), "'init' array of SphericalKMeans must be finite"),
        (LouvainCommunities(0), r"The 'resolution' parameter of LouvainCommunities must be a float in the range \(0, inf\)"),
        (LouvainCommunities("best"), "'resolution'"),
        (LouvainCommunities(math.inf), "'resolution'"),
        (LouvainCommunities(n_clusters=0), "'n_clusters'"),
        (LouvainCommunities(n_neighbors=0), "'n_neighbors'"),
    ],
    ids=repr,
)
def test_parameters_out_of_range(model: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        model.fit(np.eye(2))


# Spherical k-means


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
    assert np.shares_memory(kmeans.Rows(X).X, X)
    assert not np.shares_memory(kmeans.Rows(X * 2).X, X)


# The graph


def test_graph_weights_by_hand() -> None:
    # memberships of a row sum to log2(2 + 1); the nearest has 1, so the second has a = log2(3) - 1, however far it is.
    # 0-1 and 1-2 are nearest to one another on one side at least: 1 + x - x = 1; 0-2 is second both ways: 2a - a².
    # every link is there in both directions, which adds 2 · 1/2
    a = math.log2(3) - 1
    graph = neighbor_graph(np.array([[0.9, 0.5], [0.9, 0.7], [0.7, 0.5]], np.float32), np.array([[1, 2], [0, 2], [1, 0]])).toarray()
    np.testing.assert_allclose(graph, [[0, 2, 1 + 2 * a - a * a], [2, 0, 2], [1 + 2 * a - a * a, 2, 0]], atol=1e-5)


def test_graph_of_a_one_sided_link_by_hand() -> None:
    graph = neighbor_graph(np.array([[0.9], [0.9], [0.2]], np.float32), np.array([[1], [0], [1]])).toarray()
    np.testing.assert_allclose(graph, [[0, 2, 0], [2, 0, 1.5], [0, 1.5, 0]], atol=1e-6)


def test_restrict_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, wide, k = int(rng.integers(4, 30)), int(rng.integers(1, 8)), int(rng.integers(1, 6))
        cosines, rows = neighbors(normalise(rng.normal(size=(n, 3)).astype(np.float32)), wide)
        keep = rng.random(n) < 0.6
        keep[0] = True
        near, found = restrict(cosines, rows, keep, k)
        inside = np.flatnonzero(keep).tolist()
        assert found.shape == near.shape == (len(inside), min(k, rows.shape[1]))
        for at, row in enumerate(inside):
            kept = [(inside.index(j), c) for j, c in zip(rows[row].tolist(), cosines[row].tolist(), strict=True) if keep[j]][:k]
            if not kept:
                assert set(found[at].tolist()) == {at}
                continue
            kept += [kept[-1]] * (found.shape[1] - len(kept))
            assert found[at].tolist() == [j for j, _ in kept]
            assert near[at].tolist() == [c for _, c in kept]


# Louvain


def graph_of(n: int, links: list[tuple[int, int, float]]) -> sp.csr_matrix:
    a, b, w = zip(*links, strict=True)
    half = sp.csr_matrix((np.asarray(w, np.float32), (a, b)), shape=(n, n))
    return sp.csr_matrix(half + half.T)


TRIANGLES = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0), (2, 3, 1.0)]


def modularity(n: int, links: list[tuple[int, int, float]], labels: Any, resolution: float) -> float:
    m, degree = sum(w for _, _, w in links), [0.0] * n
    for a, b, w in links:
        degree[a], degree[b] = degree[a] + w, degree[b] + w
    inside = sum(w for a, b, w in links if labels[a] == labels[b]) / m
    return inside - resolution * sum((sum(degree[i] for i in range(n) if labels[i] == c) / (2 * m)) ** 2 for c in set(labels))


def test_two_triangles_by_hand() -> None:
    # 6 of 7 links stay inside and each triangle holds half of the degrees: 6/7 - (1/4 + 1/4) = 5/14, and no grouping has more
    apart = [0, 0, 0, 1, 1, 1]
    assert modularity(6, TRIANGLES, apart, 1) == pytest.approx(5 / 14)
    best = max(modularity(6, TRIANGLES, way, 1) for way in itertools.product(range(6), repeat=6))
    assert best == pytest.approx(5 / 14)
    for seed in range(10):
        assert communities(graph_of(6, TRIANGLES), 1.0, seed).tolist() == apart


def test_the_resolution_at_which_two_triangles_merge_by_hand() -> None:
    # together: 1 - r; apart: 6/7 - r/2; equal at r = 2/7
    for seed in range(10):
        assert len(set(communities(graph_of(6, TRIANGLES), 2 / 7 - 0.02, seed).tolist())) == 1
        assert len(set(communities(graph_of(6, TRIANGLES), 2 / 7 + 0.02, seed).tolist())) == 2


def test_communities_of_no_links_are_the_nodes() -> None:
    assert communities(sp.csr_matrix((3, 3), dtype=np.float32), 1.0, 0).tolist() == [0, 1, 2]
    assert communities(sp.csr_matrix((1, 1), dtype=np.float32), 1.0, 0).tolist() == [0]


@pytest.mark.parametrize("kind", ["blobs", "noise", "two islands", "no links"])
def test_communities_of_gives_exactly_so_many(kind: str) -> None:
    rng = np.random.default_rng(0)
    X = {
        "blobs": blobs(4, 5)[0],
        "noise": rng.normal(size=(20, 3)),
        "two islands": np.repeat(np.eye(2), 10, axis=0) + rng.normal(0, 0.01, (20, 2)),
    }
    graph = sp.csr_matrix((20, 20), dtype=np.float32)
    if kind != "no links":
        graph = neighbor_graph(*neighbors(normalise(np.asarray(X[kind], np.float32)), 4))
    for n in range(1, 21):
        resolution, labels = communities_of(graph, n, 0)
        assert sorted(set(labels.tolist())) == list(range(n))
        assert resolution > 0
        assert (np.diff(np.bincount(labels)) <= 0).all()  # largest first


def test_merge_down_by_hand() -> None:
    # the smallest group {3} has links 1 to {0, 1, 2} (for its size 1/3) and 0.5 to {4, 5} (for its size 1/4)
    graph = graph_of(6, [(0, 1, 1), (1, 2, 1), (4, 5, 1), (3, 0, 1), (3, 4, 0.5)])
    assert merge_down(graph, np.array([0, 0, 0, 2, 1, 1]), 2).tolist() == [0, 0, 0, 0, 1, 1]


def test_support_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        n, k = int(rng.integers(2, 15)), int(rng.integers(1, 5))
        weights = np.triu(np.where(rng.random((n, n)) < 0.4, rng.integers(1, 5, (n, n)), 0), 1).astype(np.float32)
        weights += weights.T
        labels = rng.integers(-1, k, n)
        own, runner_up, other = support(sp.csr_matrix(weights), labels)
        for i in range(n):
            share: Counter[int] = Counter()
            for j in range(n):
                if labels[j] >= 0 and weights[i, j]:
                    share[int(labels[j])] += float(weights[i, j] / weights[i].sum())
            mine = share.pop(int(labels[i]), 0.0)
            assert own[i] == pytest.approx(mine if weights[i].any() else 1, abs=1e-6)
            best = max(share.values(), default=0.0)
            assert other[i] == pytest.approx(best, abs=1e-6)
            assert runner_up[i] == (min(c for c, s in share.items() if s > best - 1e-6) if share else -1)


def test_by_size_by_hand() -> None:
    assert by_size(np.array([7, 3, 3, 5, 5, 9])).tolist() == [2, 0, 0, 1, 1, 3]


def test_distinct_rows_in_order() -> None:
    rows, which = distinct(np.array([[0, 1], [1, 0], [0, 1], [-0.0, 1], [1, 1e-9]], np.float32))
    assert rows.tolist() == [[0, 1], [1, 0]]
    assert which.tolist() == [0, 1, 0, 0, 1]


def test_where_all_rows_differ_they_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.arange(12, dtype=np.float32).reshape(6, 2)
    rows, which = distinct(X)
    assert rows is X and which.tolist() == list(range(6))
    many = np.random.default_rng(0).integers(3, size=(50, 2)).astype(np.float32)
    whole = distinct(many)
    monkeypatch.setattr("matomari.cluster.communities.louvain.BLOCK", 7)  # in blocks the same
    for one, other in zip(whole, distinct(many), strict=True):
        assert one.tolist() == other.tolist()
    assert len(whole[0]) == len({tuple(row) for row in many.tolist()}) and (whole[0][whole[1]] == many).all()


# How many


@pytest.mark.parametrize("planted", [5, 12])
def test_the_number_of_planted_groups_is_found(planted: int) -> None:
    X = normalise(blobs(planted, 25, 0.1, d=16)[0])
    before = X.copy()
    choice = choose_resolution(X, seed=3)
    assert choice.groups == planted
    assert choice.stability > 0.5
    assert str(planted) in choice.reason
    np.testing.assert_array_equal(X, before)
    assert len(set(LouvainCommunities(random_state=0).fit(X).labels_.tolist())) == planted


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_a_few_rows_get_an_answer(n: int) -> None:
    X = normalise(np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32))
    choice = choose_resolution(X)
    assert choice.resolution > 0
    assert 1 <= choice.groups <= n
    assert choice.rows == n
    p = LouvainCommunities(random_state=0).fit(X).partition_
    assert p.sizes.sum() == n


def test_equal_rows_get_an_answer() -> None:
    X = normalise(np.ones((60, 4), np.float32))
    choice = choose_resolution(X)
    assert 0 < choice.resolution < np.inf
    assert np.isfinite(choice.curve).all()
    assert LouvainCommunities(random_state=0).fit(X).partition_.sizes.tolist() == [60]


# Average linkage


def test_linkage_against_scipy_on_complete_tables() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        n = int(rng.integers(2, 14))
        left, right = np.triu_indices(n, 1)
        score = rng.uniform(0.35, 1, len(left)).astype(np.float32)
        tree = average_linkage(n, left, right, score, width=n)
        table = np.zeros((n, n))
        table[left, right] = table[right, left] = 1 - score.astype(float)
        theirs = hierarchy.linkage(squareform(table), "average")
        np.testing.assert_allclose(tree.height, 1 - theirs[:, 2], atol=1e-6)
        heights = np.sort(tree.height)[::-1]
        for cut in [1.01, *((heights[1:] + heights[:-1]) / 2), 0.31]:
            assert same_groups(tree.cut(float(cut)), hierarchy.fcluster(theirs, 1 - cut, "distance"))


def test_linkage_by_hand() -> None:
    # 0-1 at 0.9; then {0, 1}-2 at (0.8 + 0.4) / 2 = 0.6; 3 is alike to 2 alone: 0.7 / 3 stays below the floor
    left, right = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    tree = average_linkage(4, left, right, np.array([0.9, 0.8, 0.4, 0.5], np.float32))
    np.testing.assert_allclose(tree.height, [0.9, 0.6], atol=1e-6)
    assert tree.cut(0.95).tolist() == [0, 1, 2, 3]
    assert tree.cut(0.9).tolist() == [0, 0, 1, 2]
    assert tree.cut(0.3).tolist() == [0, 0, 0, 1]
    assert tree.first.tolist()[1] == 0  # of the links between {0, 1} and 2 the strongest is 0-2
    assert tree.second.tolist()[1] == 2


def test_linkage_width_by_hand() -> None:
    # {0, 1} and {2, 3}: one link of 0.8 among four possible; each text may name one other, so 2 could have been named
    left, right = np.array([0, 2, 1]), np.array([1, 3, 2])
    score = np.array([1.0, 1.0, 0.8], np.float32)
    np.testing.assert_allclose(average_linkage(4, left, right, score, floor=0.1, width=4).height, [1, 1, 0.2], atol=1e-6)
    np.testing.assert_allclose(average_linkage(4, left, right, score, floor=0.1, width=1).height, [1, 1, 0.4], atol=1e-6)


def test_linkage_without_pairs() -> None:
    tree = average_linkage(3, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    assert tree.cut(0.1).tolist() == [0, 1, 2]
    assert average_linkage(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)).cut(0.5).tolist() == [0]


# Variants


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＰＳ－ＬＸ３５０Ｈ", "pslx350h"),
        ("ﾎﾞﾙﾄ Ｍ８×２０", "ボルト m8x20"),
        ("A-B/C.D", "abcd"),
        ("2,5 or 2.5 or 33-1/3", "2.5 or 2.5 or 33-1/3"),
        ("one, two", "one, two"),
        ("non–breaking‐hyphens", "nonbreakinghyphens"),
        ("- dash at the edge -", "- dash at the edge -"),
        ("Straße", "strasse"),
        ("㎏ ½", "kg 1⁄2"),
        ("", ""),
    ],
)
def test_normal(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bolt M8 x 20", ["20", "m8"]),
        ("六角ボルト Ｍ８－２０ 亜鉛", ["20", "m8"]),
        ("O-Ring 2,5 mm", ["2.5"]),
        ("3.5 and 35", ["3.5", "35"]),
        ("500ml", ["500ml"]),
        ("500 ml", ["500"]),
        ("PS-LX350H and ps lx350h", ["lx350h", "pslx350h"]),
        ("20 x 20 x 20", ["20"]),
        ("no code at all", []),
        ("第３回", ["第3回"]),
        ("", []),
        ("-- / .", []),
    ],
)
def test_codes(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def letter_groups(text: str) -> Counter[str]:
    """Groups of 2 to 4 letters inside each blank-padded word."""
    found: Counter[str] = Counter()
    for word in text.split():
        padded = f" {word} "
        for size in (2, 3, 4):
            for start in range(max(1, len(padded) - size + 1)):
                found[padded[start : start + size]] += 1
            if len(padded) <= size:
                break
    return found


def plain_lexical(texts: list[str]) -> Any:
    counts = [letter_groups(normal(t)) for t in texts]
    frequency = Counter(g for c in counts for g in c)
    n = len(texts)
    rows = [{g: (1 + math.log(x)) * (math.log((1 + n) / (1 + frequency[g])) + 1) for g, x in c.items()} for c in counts]
    lengths = [math.sqrt(sum(v * v for v in r.values())) for r in rows]
    return np.array(
        [
            [sum(v * b.get(g, 0) for g, v in a.items()) / (x * y) for b, y in zip(rows, lengths, strict=True)]
            for a, x in zip(rows, lengths, strict=True)
        ]
    )


def stands_in(code: str, text: str) -> bool:
    """Whether a code is one of a text's own, or stands in it written together, not inside a longer number."""
    before, after = "(?<![0-9.])" if code[0].isdigit() else "", "(?![0-9.])" if code[-1].isdigit() else ""
    return code in codes(text) or bool(re.search(before + re.escape(code) + after, compact(text)))


def plain_codes(texts: list[str], a: int, b: int) -> tuple[float, bool]:
    frequency = Counter(c for t in texts for c in codes(t))

    def part(one: str, other: str) -> float:
        weights = {c: math.log((1 + len(texts)) / (1 + frequency[c])) + 1 for c in codes(one)}
        return sum(w for c, w in weights.items() if stands_in(c, other)) / sum(weights.values())

    letters = bool(sizes(texts[a]) and sizes(texts[b]) and not sizes(texts[a]) & sizes(texts[b]))
    if letters:
        return 0.0, True
    if not codes(texts[a]) or not codes(texts[b]):
        return math.nan, False
    x, y = part(texts[a], texts[b]), part(texts[b], texts[a])
    return max(x, y), max(x, y) < 0.999


def forty_texts() -> list[str]:
    rng = np.random.default_rng(1)
    nouns, tails = ["hex bolt", "washer", "turntable", "copper pipe", "六角ボルト"], ["zinc", "steel", "black edition", "Ｐｒｏ", "set"]
    marks = ["M8 x 20", "M8x20", "M8 X 25", "PS-LX350H", "2,5 mm", "", "size L", "XL 5"]
    return [
        " ".join([nouns[rng.integers(5)], marks[rng.integers(8)], tails[rng.integers(5)], "lot" * int(rng.integers(2))])
        + f" {chr(97 + i % 26)}{chr(97 + i // 3)}"
        for i in range(40)
    ]


@pytest.mark.parametrize(
    ("left", "right", "share", "conflict"),
    [
        ("Bolt M8x20", "BOLT M8 X 20 ZN", 1.0, False),
        ("bolt M8x20", "bolt M8x25", 0.0, True),
        ("hose 3.5 mm", "hose 35 mm", 0.0, True),
        ("hose 20 mm", "hose 200 mm", 0.0, True),
        ("ring 2,5", "ring 2.5", 1.0, False),
        ("hose", "hose 3 m", math.nan, False),
        ("gloves L", "gloves M", 0.0, True),
        ("gloves L", "gloves L", math.nan, False),
        ("PS-LX350H", "pslx350h black", 1.0, False),
    ],
)
def test_agreement_of_codes_by_hand(left: str, right: str, share: float, conflict: bool) -> None:
    for one, other in ((left, right), (right, left)):
        found, clash = agreement([one, other], np.array([0]), np.array([1]))
        assert float(found[0]) == pytest.approx(share, nan_ok=True)
        assert bool(clash[0]) is conflict


def test_part_of_a_longer_number_is_no_code() -> None:
    assert not holds(compact("cable 200 mm"), "20")
    assert not holds(compact("cable 1.20 m"), "20")
    assert not holds(compact("ring 2.5"), "2")
    assert holds(compact("cable 200 20"), "20")
    assert holds(compact("M8 x 20"), "m8x20")


def test_variant_pairs_against_a_slow_plain_way() -> None:
    texts = forty_texts()
    vectors = normalise(np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32))
    found = variant_pairs(texts, vectors)
    lexical, meaning = plain_lexical(texts), (vectors @ vectors.T).astype(float)
    made = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert made == sorted(set(made))
    surely, perhaps = set(), set()
    for table, k, least in ((lexical, 20, 0.0), (meaning, 10, -2.0)):
        for a in range(40):
            others = sorted((float(table[a, b]), b) for b in range(40) if b != a and table[a, b] > least)[::-1]
            last = others[:k][-1][0]
            surely |= {(min(a, b), max(a, b)) for v, b in others if v > last + 1e-5 or len(others) <= k}
            perhaps |= {(min(a, b), max(a, b)) for v, b in others if v > last - 1e-5}
    assert surely <= set(made) <= perhaps
    assert len(perhaps - surely) < 60
    near: dict[int, list[float]] = {i: [] for i in range(40)}
    for a, b in made:
        near[a].append(float(lexical[a, b]))
        near[b].append(float(lexical[a, b]))
    ground = {i: sorted(v)[-5] if len(v) >= 5 else 0.0 for i, v in near.items()}
    for at, (a, b) in enumerate(made):
        share, conflict = plain_codes(texts, a, b)
        assert found.lexical[at] == pytest.approx(lexical[a, b], abs=1e-5)
        assert found.meaning[at] == pytest.approx(meaning[a, b], abs=1e-5)
        assert found.codes[at] == pytest.approx(share, abs=1e-5, nan_ok=True)
        assert bool(found.conflict[at]) is conflict
        spelling = lexical[a, b] if math.isnan(share) else (lexical[a, b] + share) / 2
        score = (1 - MEANING) * spelling + MEANING * meaning[a, b] + (lexical[a, b] - (ground[a] + ground[b]) / 2) / 2 - CONFLICT * conflict
        assert found.score[at] == pytest.approx(score, abs=1e-4)


def test_a_conflict_of_codes_keeps_two_sizes_apart() -> None:
    texts = ["hex bolt M8x20 zinc", "hex bolt M8x25 zinc", "hex bolt, M8x20 zinc", "garden hose", "copper pipe"]
    found = variant_pairs(texts, np.eye(5, dtype=np.float32))
    at = {(a, b): i for i, (a, b) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True))}
    assert found.codes[at[0, 1]] == 0
    assert found.codes[at[0, 2]] == 1
    assert found.conflict[at[0, 1]]
    assert not found.conflict[at[0, 2]]
    assert found.score[at[0, 2]] > found.score[at[0, 1]] + 0.4
    assert "no code missing" in found.why(at[0, 2])
    assert "with a conflict" in found.why(at[0, 1])
    assert "codes" not in found.why(at[3, 4])


@pytest.mark.parametrize("texts", [["a"], ["a", "a"], ["", ""], ["...", "!!"], ["", "x", "9"]], ids=repr)
def test_variant_pairs_of_little(texts: list[str]) -> None:
    found = variant_pairs(texts, normalise(np.ones((len(texts), 3), np.float32)))
    assert (found.left < found.right).all()
    assert np.isfinite(found.score).all()
    assert len(found.left) == len(texts) * (len(texts) - 1) // 2


def test_variant_pairs_need_a_vector_a_text() -> None:
    with pytest.raises(InputError, match="2 texts came with 3 vectors"):
        variant_pairs(["a", "b"], np.eye(3, dtype=np.float32))
