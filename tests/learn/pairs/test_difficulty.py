"""How hard batches are before training: every figure against a plain loop, and clusters that lie outside."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from matomari import Partition
from matomari.errors import InputError
from matomari.learn.pairs.difficulty import Difficulty, Stratum, difficulty


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def by_loop(A: np.ndarray, P: np.ndarray, rows: list[int], margin: float, same: Any) -> dict[str, float | None]:
    """The figures of one batch that holds all of these rows."""
    hardest, suspects = [], 0
    for i in rows:
        left = []
        for j in rows:
            if j == i:
                continue
            near = cosine(A[i], P[j])
            twin = same is not None and any(side[i] == side[j] for side in same)
            if twin or near >= cosine(A[i], P[i]) - margin:
                suspects += 1
            else:
                left.append(near)
        if left:
            hardest.append(max(left))
    middle = sum(P[i] / np.linalg.norm(P[i]) for i in rows) / len(rows)
    return {
        "own": sum(cosine(A[i], P[i]) for i in rows) / len(rows),
        "hardest": sum(hardest) / len(hardest) if hardest else None,
        "suspected": suspects / max(len(rows) * (len(rows) - 1), 1),
        "cohesion": sum(cosine(P[i], middle) for i in rows) / len(rows),
    }


def agree(found: Stratum, wanted: dict[str, float | None]) -> None:
    for name, value in wanted.items():
        assert getattr(found, name) == (None if value is None else pytest.approx(value, abs=2e-6)), name


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("twins", [False, True])
def test_every_figure_is_that_of_a_plain_loop(seed: int, twins: bool) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat([0, 1, 2, 3, -1], [12, 7, 2, 1, 5]))
    n = len(labels)
    A, P = (rng.standard_normal((n, 6)) * rng.uniform(0.1, 9, (n, 1)) for _ in range(2))
    A += P  # so that many, but not all, of the others are farther than the own one
    same = (rng.integers(6, size=n), rng.integers(6, size=n)) if twins else None
    margin = float(rng.uniform(-0.1, 0.2))
    found = difficulty((A, P.astype(np.float32)), Partition(np.arange(n).astype(str), labels), 12, margin=margin, same=same, seed=seed)
    assert [(s.cluster, s.rows, s.batches) for s in found.clusters] == [(0, 12, 1), (1, 7, 0), (2, 2, 0), (3, 1, 0)]
    for stratum in found.clusters:
        agree(stratum, by_loop(A, P, np.flatnonzero(labels == stratum.cluster).tolist(), margin, same))
    assert found.clusters[3].hardest is None
    assert found.clusters[3].suspected == 0
    assert found.random.rows == n
    assert found.random.batches == n // 12
    one = difficulty((A, P), Partition(np.arange(n).astype(str), labels), n, margin=margin, same=same)
    agree(one.random, by_loop(A, P, list(range(n)), margin, same))


def test_several_batches_lie_between_all_of_them() -> None:
    """On a cluster that is the same everywhere, sampled batches say what each batch would."""
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    P = np.c_[np.cos(angle), np.sin(angle)]
    found = difficulty((P, P), Partition(np.arange(400).astype(str), np.zeros(400, int)), 20)
    (stratum,) = found.clusters
    assert (stratum.rows, stratum.batches) == (400, 20)
    assert stratum.own == pytest.approx(1)
    assert stratum.suspected == 0
    assert stratum.cohesion == pytest.approx(0, abs=1e-6)
    rng = np.random.default_rng(1)
    every = [by_loop(P, P, rng.choice(400, 20, replace=False).tolist(), 0, None)["hardest"] for _ in range(60)]
    assert min(every) < stratum.hardest < max(every)


def around(middles: np.ndarray, spread: list[float], rows: int = 40) -> tuple[np.ndarray, Partition]:
    rng = np.random.default_rng(0)
    X = np.concatenate([m + s * rng.standard_normal((rows, len(m))) for m, s in zip(middles, spread, strict=True)])
    return X, Partition(np.arange(len(X)).astype(str), np.repeat(np.arange(len(middles)), rows))


def test_a_loose_cluster_is_an_outlier_and_tight_ones_are_not() -> None:
    X, partition = around(np.eye(16)[:8], [0.1, 0.1, 0.11, 0.09, 0.1, 2.0, 0.1, 0.1])
    found = difficulty((X, X), partition, 10)
    assert [s.cluster for s in found.clusters if s.outlier] == [5]
    assert [row["cluster"] for row in found.table() if row["outlier"]] == [5]


def test_a_tight_cluster_and_one_that_differs_by_little_are_no_outliers() -> None:
    X, partition = around(np.eye(16)[:8], [0.3, 0.3, 0.31, 0.29, 0.3, 0.01, 0.3, 0.3])
    assert not any(s.outlier for s in difficulty((X, X), partition, 10).clusters)
    same = around(np.eye(16)[:1], [0.02])[0]
    X = np.concatenate([*[np.roll(same, i, axis=1) for i in range(7)], np.roll(1.5 * same - 0.5 * same.mean(axis=0), 7, axis=1)])
    found = difficulty((X, X), partition, 40)
    assert found.clusters[7].cohesion < min(s.cohesion for s in found.clusters[:7])
    assert not found.clusters[7].outlier


def test_clusters_alike_and_few_clusters_have_no_outlier() -> None:
    X, partition = around(np.eye(16)[:8], [0.1] * 8)
    assert not any(s.outlier for s in difficulty((X, X), partition, 10).clusters)
    X, partition = around(np.eye(16)[:4], [0.1, 0.1, 0.1, 2.0])
    assert not any(s.outlier for s in difficulty((X, X), partition, 10).clusters)


def test_batches_of_a_cluster_are_harder_than_random_ones_and_the_table_says_so() -> None:
    X, partition = around(np.eye(16)[:6], [0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    found = difficulty((X, X), partition, 10)
    assert all(s.hardest > found.random.hardest for s in found.clusters)
    assert json.loads(json.dumps(found.table())) == found.table()
    hard = [row["hardest"] for row in found.table()[:-1]]
    assert hard == sorted(hard, reverse=True)
    assert found.table()[-1]["cluster"] == -1
    assert found.typical().hardest == pytest.approx(np.mean(hard))
    assert found.typical().rows == 240


def test_the_same_seed_gives_the_same_figures_and_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    X, partition = around(np.eye(16)[:3], [0.3] * 3, rows=90)
    one = difficulty((X, X), partition, 8, seed=3)
    assert one == difficulty((X, X), partition, 8, seed=3) != difficulty((X, X), partition, 8, seed=4)
    monkeypatch.setattr("matomari.learn.pairs.difficulty.BLOCK", 7)
    blocks = difficulty((X, X), partition, 8, seed=3)
    for a, b in zip(one.clusters, blocks.clusters, strict=True):
        assert (a.own, a.cohesion) == (pytest.approx(b.own), pytest.approx(b.cohesion))
        assert a.hardest == b.hardest


def test_a_cluster_number_that_is_empty_is_no_row() -> None:
    X = np.random.default_rng(0).standard_normal((8, 3))
    found = difficulty((X, X), Partition(np.arange(8).astype(str), np.array([0] * 4 + [2] * 4), centers=np.eye(3, dtype=np.float32)), 4)
    assert [s.cluster for s in found.clusters] == [0, 2]
    assert isinstance(found, Difficulty)


@pytest.mark.parametrize(
    ("sides", "labels", "size", "said"),
    [
        ((3, 2), [0, 0, 0], 2, "3 anchors and 2 positives for 3 items"),
        ((3, 3), [0, 0, 0, 0], 2, "3 anchors and 3 positives for 4 items"),
        ((3, 3), [0, 0, 0], 1, "'batch_size' parameter of difficulty"),
        ((3, 3), [-1, -1, -1], 2, "no row has a cluster"),
    ],
)
def test_what_cannot_be_looked_at_is_named(sides: tuple[int, int], labels: list[int], size: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        difficulty((np.ones((sides[0], 2)), np.ones((sides[1], 2))), Partition(np.arange(len(labels)).astype(str), np.array(labels)), size)
