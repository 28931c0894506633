"""What holds for every clusterer: twenty checks of ours (A2)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from builders.directions import D, blobs, same_groups
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.kmeans import SphericalKMeans
from matomari.errors import InputError
from matomari.partition import Partition

MAKERS = {
    "kmeans": lambda k=4: SphericalKMeans(k, n_init=3, random_state=0),
    "louvain": lambda k=4: LouvainCommunities(n_clusters=k, n_neighbors=8, random_state=0),
    "louvain at 1": lambda k=4: LouvainCommunities(resolution=0.5, n_neighbors=12, random_state=0),
}


every_clusterer = pytest.mark.parametrize("name", MAKERS)


with_a_number = pytest.mark.parametrize("name", ["kmeans", "louvain"])


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
        (LouvainCommunities(n_init=0), "'n_init'"),
    ],
    ids=repr,
)
def test_parameters_out_of_range(model: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        model.fit(np.eye(2))
