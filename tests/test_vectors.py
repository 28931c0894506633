"""Vectors: what is let in, unit length, and neighbours against every pair compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matomari import vectors
from matomari.errors import InputError
from matomari.vectors import Floats, NeighborIndex, check, distinct, neighbors, normalise

SETS = 20


def uniform(rng: np.random.Generator, n: int, d: int) -> Any:
    return rng.random((n, d))


def gaussian(rng: np.random.Generator, n: int, d: int) -> Any:
    return rng.normal(size=(n, d))


def clustered(rng: np.random.Generator, n: int, d: int) -> Any:
    return rng.normal(size=(12, d))[rng.integers(12, size=n)] + rng.normal(0, 0.2, (n, d))


def untidy(rng: np.random.Generator, n: int, d: int) -> Any:
    """A tenth of the rows are zero, half are copies of others, and one row is there 150 times."""
    table = rng.normal(size=(n, d))
    table[rng.random(n) < 0.1] = 0
    table[rng.integers(n, size=n // 2)] = table[rng.integers(n, size=n // 2)]
    table[:150] = table[0]
    return table[rng.permutation(n)]


MAKERS: list[Callable[[np.random.Generator, int, int], Any]] = [uniform, gaussian, clustered, untidy]


def random_set(number: int) -> Floats:
    rng = np.random.default_rng(number)
    n = 3000 if number == 0 else int(rng.integers(150, 1000))
    return normalise(MAKERS[number % 4](rng, n, int(rng.integers(3, 64))).astype(np.float32))


def by_every_pair(X: Floats, k: int) -> Floats:
    """The k highest cosines of each row to another row, falling."""
    cosines = X @ X.T
    np.fill_diagonal(cosines, -np.inf)
    return -np.partition(-cosines, np.arange(k), axis=1)[:, :k]


# check


def test_a_good_table_is_not_copied() -> None:
    X = np.ones((3, 2), np.float32)
    assert check(X) is X
    X.flags.writeable = False
    assert check(X) is X


def test_a_memory_map_stays_one(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.ones((3, 2), np.float32))
    X = np.load(tmp_path / "x.npy", mmap_mode="r", allow_pickle=False)
    assert check(X) is X


@pytest.mark.parametrize(
    "given",
    [
        np.arange(6, dtype=np.int8).reshape(3, 2),
        np.arange(6, dtype=np.uint64).reshape(3, 2),
        np.arange(6, dtype=np.float16).reshape(3, 2),
        np.arange(6, dtype=np.float64).reshape(3, 2),
        np.arange(6, dtype=">f4").reshape(3, 2),
        np.asfortranarray(np.arange(6, dtype=np.float32).reshape(3, 2)),
        np.repeat(np.arange(6, dtype=np.float32).reshape(3, 2), 2, axis=0)[::2],
        np.arange(6).reshape(3, 2).astype(object),
        [[0, 1], [2, 3], [4, 5]],
        [["0", "1"], ["2", "3"], ["4", "5"]],
    ],
    ids=lambda x: str(getattr(x, "dtype", type(x).__name__)),
)
def test_other_types_become_float32(given: Any) -> None:
    table = check(given)
    assert table.dtype == np.float32
    assert table.dtype.isnative
    assert table.flags.c_contiguous
    assert table.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_true_and_false_are_numbers() -> None:
    assert check(np.array([[True, False]])).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones(3), r"X must be a table of shape \(n, d\), got shape \(3,\)"),
        (np.ones((2, 2, 2)), r"got shape \(2, 2, 2\)"),
        (np.float32(3), r"got shape \(\)"),
        (np.ones((3, 0)), r"X has shape \(3, 0\); at least 1 rows and one column"),
        (np.ones((0, 3)), r"X has shape \(0, 3\)"),
        ([["a", "b"]], "X must hold numbers"),
        (np.array([[1, None]], object), "holds NaN in row 0, column 1"),
        (np.array([[1, {}]], object), "X must hold numbers"),
        (np.array([[1, 2], [3, np.nan]]), "X holds NaN in row 1, column 1"),
        (np.array([[1, 2], [-np.inf, 0]]), "X holds -inf in row 1, column 0"),
        (np.array([[1, 1e39]]), "X holds inf in row 0, column 1"),
        (np.array([[1 + 2j]]), "X must hold numbers"),
        (np.array([["2020-01-01"]], "datetime64[D]"), "X must hold numbers"),
    ],
    ids=str,
)
def test_what_is_refused(given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        check(given)
    assert caught.value.hint


def test_too_few_rows_and_the_name_given() -> None:
    with pytest.raises(InputError, match=r"queries has shape \(1, 1\); at least 2 rows"):
        check([[1]], "queries", min_rows=2)


def test_the_place_of_a_nan_is_right_beyond_the_first_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BLOCK", 4)
    X = np.ones((11, 3), np.float32)
    X[9, 2] = np.nan
    with pytest.raises(InputError, match="NaN in row 9, column 2"):
        check(X)


# normalise


def test_unit_length_and_direction() -> None:
    X = np.random.default_rng(0).normal(size=(200, 7)).astype(np.float32)
    unit = normalise(X)
    expected = X.astype(np.float64) / np.linalg.norm(X.astype(np.float64), axis=1, keepdims=True)
    np.testing.assert_allclose(unit, expected, atol=2e-7)
    assert unit.dtype == np.float32


def test_zero_stays_zero_and_extremes_survive() -> None:
    X = np.array([[0, 0], [3e38, 4e37], [1e-45, 0], [-1e-40, 1e-40], [0, -5]], np.float32)
    before = X.copy()
    unit = normalise(X)
    assert unit[0].tolist() == [0, 0]
    np.testing.assert_allclose(np.linalg.norm(unit[1:].astype(float), axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(unit[[2, 4]], [[1, 0], [0, -1]])
    np.testing.assert_allclose(unit[3], [-(0.5**0.5), 0.5**0.5], atol=1e-5)
    np.testing.assert_array_equal(X, before)


# Neighbours


@pytest.mark.parametrize("number", range(SETS))
def test_neighbours_against_every_pair(number: int) -> None:
    X = random_set(number)
    n = len(X)
    everything = by_every_pair(X, 100)
    for k in (1, 10, 100):
        best = everything[:, :k]
        for exact in (True, False):
            cosines, rows = neighbors(X, k, exact=exact)
            assert cosines.shape == rows.shape == (n, k)  # counts equal: every row gets k answers
            assert cosines.dtype == np.float32
            assert rows.dtype == np.int64
            assert ((rows >= 0) & (rows < n)).all()
            assert not (rows == np.arange(n)[:, None]).any()
            ordered = np.sort(rows, axis=1)
            assert (ordered[:, 1:] != ordered[:, :-1]).all()  # none twice
            assert (np.diff(cosines, axis=1) <= 1e-6).all()
            np.testing.assert_allclose(cosines, np.einsum("ij,ikj->ik", X, X[rows]), atol=1e-5)
            if exact:
                np.testing.assert_allclose(cosines, best, atol=1e-5)
            else:
                assert (cosines >= best[:, -1:] - 1e-5).mean() >= 0.99


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("kind", ["zero", "distinct", "equal"])
def test_few_rows(exact: bool, kind: str) -> None:
    for n in range(1, 8):
        X = {"zero": np.zeros((n, 8)), "distinct": np.eye(8)[:n], "equal": np.full((n, 8), 8**-0.5)}[kind].astype(np.float32)
        cosines, rows = neighbors(X, 3, exact=exact)
        assert rows.shape == cosines.shape == (n, min(3, n - 1))
        for row, found in enumerate(rows.tolist()):
            assert len(set(found) - {row}) == min(3, n - 1)
        found, places = NeighborIndex(X, exact=exact).search(X, 3)
        assert places.shape == found.shape == (n, min(3, n))
        assert (places >= 0).all()


def test_k_beyond_the_rows_gives_all_others() -> None:
    X = random_set(4)[:30]
    for exact in (True, False):
        rows = neighbors(X, 1000, exact=exact)[1]
        assert [sorted(r) for r in rows.tolist()] == [[j for j in range(30) if j != i] for i in range(30)]


def test_a_query_with_too_few_rows_in_its_cells_is_asked_again() -> None:
    # two far groups: the cells near a query of the small group hold 5 rows, and 50 are asked for
    rng = np.random.default_rng(0)
    far = np.concatenate([np.eye(16)[[0]] + rng.normal(0, 0.01, (5, 16)), -np.eye(16)[[0]] + rng.normal(0, 0.3, (995, 16))])
    X = normalise(far.astype(np.float32))
    index = NeighborIndex(X, exact=False)
    index._index.nprobe = 1
    cosines, rows = index.search(X, 50)
    assert rows.shape == (1000, 50)
    assert (rows >= 0).all()
    assert index._index.nprobe == 1
    np.testing.assert_allclose(cosines[:5], np.sort(X[:5] @ X.T, axis=1)[:, :-51:-1], atol=1e-5)


def test_the_default_is_exact_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    X = random_set(5)
    assert NeighborIndex(X).exact
    monkeypatch.setattr(vectors, "EXACT_ROWS", len(X) - 1)
    assert not NeighborIndex(X).exact


def test_the_measured_recall_is_the_recall() -> None:
    X = random_set(1)
    index = NeighborIndex(X, exact=False, k=50)
    assert 0.99 <= index.recall <= 1
    best = -np.partition(-(X @ X.T), np.arange(50), axis=1)[:, :50]
    true = (index.search(X, 50)[0] >= best[:, -1:] - 1e-6).mean()
    assert abs(true - index.recall) < 0.01
    assert NeighborIndex(X, exact=True).recall == 1


def test_queries_in_blocks_get_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    X = random_set(6)
    whole = NeighborIndex(X).search(X, 5)
    monkeypatch.setattr(vectors, "BLOCK", 37)
    parts = NeighborIndex(X).search(X, 5)
    np.testing.assert_allclose(whole[0], parts[0], atol=1e-6)
    assert (whole[1] == parts[1]).mean() > 0.999


def test_the_seed_decides() -> None:
    X = random_set(1)
    first, again = (NeighborIndex(X, exact=False, seed=3).search(X, 10) for _ in range(2))
    np.testing.assert_array_equal(first[1], again[1])
    np.testing.assert_array_equal(first[0], again[0])


def test_the_table_is_left_alone() -> None:
    X = random_set(7)
    before = X.copy()
    X.flags.writeable = False
    neighbors(X, 3, exact=True)
    neighbors(X, 3, exact=False)
    np.testing.assert_array_equal(X, before)


def test_distinct_rows_in_order() -> None:
    rows, which = distinct(np.array([[0, 1], [1, 0], [0, 1], [-0.0, 1], [1, 1e-9]], np.float32))
    assert rows.tolist() == [[0, 1], [1, 0]]
    assert which.tolist() == [0, 1, 0, 0, 1]


def test_where_all_rows_differ_they_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.arange(12, dtype=np.float32).reshape(6, 2)
    rows, which = distinct(X)
    assert rows is X
    assert which.tolist() == list(range(6))
    many = np.random.default_rng(0).integers(3, size=(50, 2)).astype(np.float32)
    whole = distinct(many)
    monkeypatch.setattr("matomari.vectors.BLOCK", 7)  # in blocks the same
    for one, other in zip(whole, distinct(many), strict=True):
        assert one.tolist() == other.tolist()
    assert len(whole[0]) == len({tuple(row) for row in many.tolist()})
    assert (whole[0][whole[1]] == many).all()
