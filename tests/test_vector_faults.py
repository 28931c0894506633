"""D2: eighteen bad tables, each to fit and to predict: an error that can be read, or a valid Partition. Nothing between."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.kmeans import SphericalKMeans
from matomari.errors import InputError
from matomari.partition import Partition

D = 6


def good(n: int = 40) -> Any:
    return np.random.default_rng(0).normal(size=(n, D)).astype(np.float32)


def planted(value: float, row: int = 7, column: int = 3) -> Any:
    X = good()
    X[row, column] = value
    return X


def some_zero() -> Any:
    X = good()
    X[::4] = 0
    return X


def read_only() -> Any:
    X = good()
    X.flags.writeable = False
    return X


def half_overflow() -> Any:
    with np.errstate(over="ignore"):
        return (good() * 1e5).astype(np.float16)


REFUSED, SERVED, EITHER = "refused", "served", "either"

# what is wrong -> the table, and what must come of it in fit and in predict
FAULTS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "NaN": (lambda: planted(np.nan), REFUSED, REFUSED),
    "infinity": (lambda: planted(-np.inf), REFUSED, REFUSED),
    "some zero rows": (some_zero, SERVED, SERVED),
    "all zero": (lambda: np.zeros((40, D), np.float32), REFUSED, SERVED),
    "one row": (lambda: good(1), EITHER, SERVED),  # a fixed number of groups is refused
    "more clusters than rows": (lambda: good(3), EITHER, SERVED),
    "all the same": (lambda: np.ones((40, D), np.float32), SERVED, SERVED),
    "denormal": (lambda: good() * np.float32(1e-42), SERVED, SERVED),
    "1e38": (lambda: (good() * np.float32(1e38)).clip(-3e38, 3e38), SERVED, SERVED),
    "half precision overflows": (half_overflow, REFUSED, REFUSED),
    "read-only": (read_only, SERVED, SERVED),
    "big-endian": (lambda: good().astype(">f4"), SERVED, SERVED),
    "strided": (lambda: np.repeat(np.repeat(good(), 2, axis=0), 3, axis=1)[::2, ::-3], SERVED, SERVED),
    "objects": (lambda: good().astype(object), SERVED, SERVED),
    "no columns": (lambda: np.empty((40, 0), np.float32), REFUSED, REFUSED),
    "another width": (lambda: good()[:, :4], SERVED, REFUSED),
    "whole numbers": (lambda: (good() * 100).astype(np.int64), SERVED, SERVED),
    "empty": (lambda: np.empty((0, D), np.float32), REFUSED, REFUSED),
}
CLUSTERERS: dict[str, Callable[[], Any]] = {
    "kmeans": lambda: SphericalKMeans(5, random_state=0),
    "louvain": lambda: LouvainCommunities(resolution=1.0, n_neighbors=5, random_state=0),
    "louvain of five": lambda: LouvainCommunities(n_clusters=5, n_neighbors=5, random_state=0),
}
# a table of objects that are no numbers, text, one long row, a cube: no clusterer can do anything with these
NONSENSE: dict[str, Any] = {
    "text": [["a", "b"], ["c", "d"]],
    "objects that are no numbers": np.array([[{}, 1], [2, 3]], object),
    "None": None,
    "one number": 3.0,
    "one dimension": np.ones(D),
    "three dimensions": np.ones((3, 2, 2)),
    "complex": np.ones((5, D)) * 1j,
    "double too large for single": np.full((5, D), 1e39),
}


def readable(error: BaseException) -> None:
    assert isinstance(error, InputError | ValueError | TypeError)
    text = str(error)
    assert len(text) > 20
    for mark in ("/", "\\", "faiss", ".cpp", "Error:", "0x", "sknetwork"):
        assert mark not in text, text


def valid(p: Partition, X: Any) -> None:
    assert len(p.ids) == len(p.labels) == len(X)
    assert p.labels.min() >= 0
    assert p.sizes.min() >= 1
    assert np.isfinite(p.strength).all()
    assert ((p.strength >= 0) & (p.strength <= 1)).all()
    assert np.isfinite(p.centers).all()
    np.testing.assert_allclose(np.linalg.norm(p.centers, axis=1), 1, atol=1e-5)


def judged(promise: str, call: Callable[[], Any]) -> Any:
    """What `call` gives, or None when it is refused as it may be; numpy's own warnings are errors here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            answer = call()
    except Exception as error:
        readable(error)
        assert promise != SERVED, error
        return None
    assert promise != REFUSED
    return answer


def test_there_are_eighteen() -> None:
    assert len(FAULTS) == 18


@pytest.mark.parametrize("name", CLUSTERERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_fit(name: str, fault: str) -> None:
    make, promise, _ = FAULTS[fault]
    X = make()
    if name == "louvain of five" and fault == "all the same":
        promise = REFUSED  # five groups of one distinct row cannot be
    model = judged(promise, lambda: CLUSTERERS[name]().fit(X))
    if model is not None:
        valid(model.partition_, X)
        np.testing.assert_array_equal(model.predict(X), model.labels_)


def valid_assigned(p: Partition) -> None:
    assert np.isfinite(p.strength).all()
    assert ((p.labels >= 0) & (p.labels < p.k)).all()


@pytest.mark.parametrize("name", CLUSTERERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_predict(name: str, fault: str) -> None:
    make, _, promise = FAULTS[fault]
    X = make()
    model = CLUSTERERS[name]().fit(good())
    labels = judged(promise, lambda: model.predict(X))
    if labels is not None:
        assert labels.shape == (len(X),)
        assert ((labels >= 0) & (labels < model.partition_.k)).all()
        valid_assigned(model.partition_.assign(X))


@pytest.mark.parametrize("fault", FAULTS)
def test_assign(fault: str) -> None:
    make, _, promise = FAULTS[fault]
    p = SphericalKMeans(5, random_state=0).fit(good()).partition_
    X = make()
    q = judged(SERVED if fault == "empty" else promise, lambda: p.assign(X))
    if q is not None:
        valid_assigned(q)


@pytest.mark.parametrize("fault", FAULTS)
def test_partial_fit(fault: str) -> None:
    make, _, promise = FAULTS[fault]
    X = make()
    model = SphericalKMeans(5, random_state=0).fit(good())
    if judged(promise, lambda: model.partial_fit(X)) is not None:
        assert np.isfinite(model.cluster_centers_).all()
        np.testing.assert_allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", CLUSTERERS)
@pytest.mark.parametrize("table", NONSENSE)
def test_nonsense_is_refused_everywhere(name: str, table: str) -> None:
    judged(REFUSED, lambda: CLUSTERERS[name]().fit(NONSENSE[table]))
    model = CLUSTERERS[name]().fit(good())
    judged(REFUSED, lambda: model.predict(NONSENSE[table]))


@pytest.mark.parametrize("name", CLUSTERERS)
def test_predict_before_fit_says_so(name: str) -> None:
    with pytest.raises(ValueError, match="not fitted yet"):
        CLUSTERERS[name]().predict(good())


@pytest.mark.parametrize(
    "weight",
    [np.full(40, np.nan), np.full(40, -1.0), np.zeros(40), np.ones(39), np.ones((40, 2)), np.full(40, np.inf)],
    ids=["NaN", "negative", "zero", "too few", "two columns", "infinite"],
)
def test_weights(weight: Any) -> None:
    judged(REFUSED, lambda: SphericalKMeans(3, random_state=0).fit(good(), sample_weight=weight))
