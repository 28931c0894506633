"""The noun: match, assign and batches against slow plain ways."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.folders import often
from builders.partitions import partitions
from matomari.errors import InputError
from matomari.partition import Partition

# match


def best_shared(p: Partition, q: Partition) -> int:
    """The most items that any one-to-one pairing of clusters can share, by trying every pairing."""
    theirs = dict(zip(q.ids.tolist(), q.labels.tolist(), strict=True))
    shared = np.zeros((p.k, q.k), int)
    for name, label in zip(p.ids.tolist(), p.labels.tolist(), strict=True):
        if label >= 0 and theirs.get(name, -1) >= 0:
            shared[label, theirs[name]] += 1
    if p.k > q.k:
        shared = shared.T
    return max(
        (sum(shared[i, j] for i, j in enumerate(way)) for way in itertools.permutations(range(shared.shape[1]), shared.shape[0])), default=0
    )


def shared_by(p: Partition, q: Partition, found: list[int]) -> int:
    return sum(len(set(p.members(i).tolist()) & set(q.members(j).tolist())) for i, j in enumerate(found) if j >= 0)


def test_match_by_hand() -> None:
    p = Partition(list("abcdef"), [0, 0, 0, 1, 1, 2])
    q = Partition(list("fedcba"), [3, 0, 0, 1, 1, 1])
    assert p.match(q).tolist() == [1, 0, 3]
    assert q.match(p).tolist() == [1, 0, -1, 2]


def test_match_gives_up_the_largest_overlap_when_the_whole_is_better() -> None:
    # cluster 0 shares 3 with a and 2 with b, cluster 1 shares 2 with a alone: 2 + 2 beats 3 + 0
    p = Partition(list("abcdefg"), [0, 0, 0, 0, 0, 1, 1])
    q = Partition(list("abcdefg"), [0, 0, 0, 1, 1, 0, 0])
    assert p.match(q).tolist() == [1, 0]


def test_match_of_strangers_is_nothing() -> None:
    assert Partition(["a", "b"], [0, 1]).match(Partition(["c", "d"], [0, 1])).tolist() == [-1, -1]
    assert Partition(["a", "b"], [0, 1]).match(Partition(["a", "b"], [-1, -1])).tolist() == [-1, -1]


@often
@given(partitions(), partitions())
def test_match_is_the_best_of_all_pairings(p: Partition, q: Partition) -> None:
    q = Partition([*p.ids[::2], *(f"only here {i}" for i in range(len(q.ids)))][: len(q.ids)], q.labels, None, q.centers)
    found = p.match(q).tolist()
    assert len(found) == p.k
    taken = [j for j in found if j >= 0]
    assert len(set(taken)) == len(taken)
    assert all(set(p.members(i).tolist()) & set(q.members(j).tolist()) for i, j in enumerate(found) if j >= 0)
    assert shared_by(p, q, found) == best_shared(p, q)


@often
@given(partitions(), st.randoms(use_true_random=False))
def test_match_finds_renamed_clusters_again(p: Partition, rnd: Any) -> None:
    names = list(range(p.k))
    rnd.shuffle(names)
    order = list(range(len(p.ids)))
    rnd.shuffle(order)
    renamed = [names[c] if c >= 0 else -1 for c in p.labels.tolist()]
    q = Partition(p.ids[order], np.asarray(renamed, int)[order], None, p.centers)
    for cluster, other in enumerate(p.match(q).tolist()):
        assert other == (names[cluster] if p.sizes[cluster] else -1)


# assign


def test_assign_by_hand() -> None:
    p = Partition(["a", "b"], [0, 1], None, [[2, 0], [0, 3]], {"seed": 1})
    q = p.assign([[9, 0], [0.1, 5], [3, 4], [-1, -1]], ids=["w", "x", "y", "z"])
    assert q.ids.tolist() == ["w", "x", "y", "z"]
    assert q.labels[:3].tolist() == [0, 1, 1]
    np.testing.assert_allclose(q.strength, [1, 5 / 25.01**0.5, 0.8, 0], atol=1e-6)
    assert q.origin == p.origin
    np.testing.assert_array_equal(q.centers, p.centers)


def test_assign_keeps_clusters_that_stay_empty() -> None:
    p = Partition(list("abc"), [0, 1, 2], None, np.eye(3))
    q = p.assign(np.eye(3)[[2, 2]])
    assert (q.k, q.sizes.tolist(), q.ids.tolist()) == (3, [0, 0, 2], ["0", "1"])
    assert p.assign(np.empty((0, 3))).sizes.tolist() == [0, 0, 0]


def test_assign_in_blocks_is_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    centers, X = rng.normal(size=(7, 5)).astype(np.float32), rng.normal(size=(8192 * 2 + 3, 5)).astype(np.float32)
    X[17] = 0
    q = Partition([], [], None, centers).assign(X)
    for row in [*range(50), 8190, 8191, 8192, 16383, 16384, len(X) - 1]:
        cosines = [float(X[row] @ c / max(np.linalg.norm(X[row]) * np.linalg.norm(c), 1e-12)) for c in centers]
        assert q.strength[row] == pytest.approx(min(max(max(cosines), 0), 1), abs=1e-5)
        assert cosines[q.labels[row]] == pytest.approx(max(cosines), abs=1e-5)


def test_assign_copes_with_lengths_that_float32_cannot_square() -> None:
    q = Partition([], [], None, [[1, 0], [0, 1]]).assign(np.array([[1e30, 1e29], [1e-30, 1e-29], [0, 0]], np.float32))
    assert q.labels[:2].tolist() == [0, 1]
    np.testing.assert_allclose(q.strength, [1 / 1.01**0.5, 1 / 1.01**0.5, 0], atol=1e-5)


@pytest.mark.parametrize(
    ("centers", "vectors", "message"),
    [
        (None, np.eye(2), "no centers"),
        (np.eye(2), np.eye(3), "centers have 2 dimensions"),
        (np.eye(2), np.ones(2), "must be a table of shape"),
        (np.eye(2), [[np.nan, 1]], "NaN in row 0, column 0"),
        (np.eye(2), [[0, 1], [1, np.inf]], "inf in row 1, column 1"),
        (np.eye(2), [["a", "b"]], "must hold numbers"),
    ],
    ids=str,
)
def test_assign_refuses(centers: Any, vectors: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Partition([], [], None, centers).assign(vectors)
    assert caught.value.hint


def test_assign_refuses_names_of_another_number() -> None:
    with pytest.raises(InputError, match="got 1 ids, 2 labels"):
        Partition([], [], None, np.eye(2)).assign(np.eye(2), ids=["a"])


@often
@given(partitions(with_centers=True), st.integers(0, 2**32 - 1))
def test_assign_never_renumbers(p: Partition, seed: int) -> None:
    X = np.random.default_rng(seed).normal(size=(9, 3)).astype(np.float32)
    q = p.assign(X)
    assert q.k == p.k
    assert ((q.strength >= 0) & (q.strength <= 1)).all()
    turned = p.assign(X[::-1])
    np.testing.assert_allclose(turned.strength[::-1], q.strength, atol=1e-5)
    np.testing.assert_allclose(p.assign(X * 7).strength, q.strength, atol=1e-5)


# batches


@often
@given(partitions(), st.integers(1, 7), st.integers(0, 99))
def test_batches_are_full_pure_and_disjoint(p: Partition, size: int, seed: int) -> None:
    made = [batch.tolist() for batch in p.batches(size, np.random.default_rng(seed))]
    rows = [row for batch in made for row in batch]
    assert all(len(batch) == size for batch in made)
    assert len(rows) == len(set(rows))
    for batch in made:
        assert len(set(p.labels[batch].tolist())) == 1
        assert p.labels[batch[0]] >= 0
    assert len(made) == sum(int(n) // size for n in p.sizes)
    assert made == [batch.tolist() for batch in p.batches(size, np.random.default_rng(seed))]


def test_batches_come_in_mixed_order_and_differ_from_epoch_to_epoch() -> None:
    p = Partition([str(i) for i in range(400)], np.repeat([0, 1], 200))
    rng = np.random.default_rng(0)
    first, second = ([b.tolist() for b in p.batches(10, rng)] for _ in range(2))
    assert first != second
    order = [int(p.labels[b[0]]) for b in first]
    assert sorted(order) != order
    assert sorted(order, reverse=True) != order
    assert sorted(r for b in first for r in b) == list(range(400))
    assert any(b != sorted(b) for b in first)


@pytest.mark.parametrize("size", [0, -1])
def test_batches_of_no_size(size: int) -> None:
    with pytest.raises(InputError, match="at least 1"):
        list(Partition(["a"], [0]).batches(size, np.random.default_rng(0)))
