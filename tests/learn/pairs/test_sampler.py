"""Batches by cluster: against plain loops over what an epoch gave, and through the trainer they are made for."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pytest

from matomari import Partition
from matomari.errors import InputError
from matomari.learn.pairs.clusters import cluster_pairs
from matomari.learn.pairs.epoch import View, epoch
from matomari.learn.pairs.sampler import ClusterBatchSampler
from matomari.vectors import Floats


def parted(labels: Any, centers: Any = None) -> Partition:
    labels = np.asarray(labels)
    return Partition(np.arange(len(labels)).astype(str), labels, None, centers)


def uneven(n: int = 1000, k: int = 7, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.choice(k, n, p=rng.dirichlet(np.ones(k)))


WHOLE = 1 << 20  # rows a piece: more than any batch holds, so that a batch is from one cluster


def pure(batches: list[list[int]], labels: np.ndarray) -> int:
    return sum(len(set(labels[batch].tolist())) == 1 for batch in batches)


@pytest.mark.parametrize("drop_last", [True, False])
@pytest.mark.parametrize("size", [1, 8, 32, 999])
def test_an_epoch_takes_every_row_once_and_fills_all_it_can_from_one_cluster(size: int, drop_last: bool) -> None:
    labels = uneven()
    sampler = ClusterBatchSampler(range(1000), size, drop_last, seed=3, piece=WHOLE, partition=parted(labels))
    batches = list(sampler)
    taken = [row for batch in batches for row in batch]
    assert len(set(taken)) == len(taken) == (1000 // size * size if drop_last else 1000)
    assert len(batches) == len(sampler)
    assert {len(batch) for batch in batches[:-1]} <= {size}
    assert pure(batches, labels) >= sum(count // size for count in Counter(labels.tolist()).values())


def test_what_is_left_over_is_pooled_along_the_tour() -> None:
    # six clusters of 12 rows on a half circle, numbered out of order; batches of 8 leave 4 rows in each: neighbours fill one together
    angles = np.array([0, 90, 30, 120, 60, 150]) * np.pi / 180
    centers = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    labels = np.repeat(np.arange(6), 12)
    batches = list(ClusterBatchSampler(range(72), 8, piece=WHOLE, partition=parted(labels, centers)))
    mixed = {frozenset(labels[batch].tolist()) for batch in batches if len(set(labels[batch].tolist())) > 1}
    assert mixed == {frozenset({0, 2}), frozenset({4, 1}), frozenset({3, 5})}


def test_the_order_is_a_function_of_seed_and_epoch_alone() -> None:
    labels = uneven()

    def order(seed: int, number: int) -> list[list[int]]:
        sampler = ClusterBatchSampler(range(1000), 16, seed=seed, piece=WHOLE, partition=parted(labels), mixing=0.3)
        sampler.set_epoch(number)
        return list(sampler)

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)
    sampler = ClusterBatchSampler(range(1000), 16, seed=1, piece=WHOLE, partition=parted(labels), mixing=0.3)
    list(sampler)  # what was drawn before leaves nothing behind
    sampler.set_epoch(2)
    assert list(sampler) == order(1, 2)


def test_batches_that_are_gathered_come_from_one_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    labels = uneven()
    sampler = ClusterBatchSampler(range(1000), 8, piece=WHOLE, partition=parted(labels), drop_last=False)
    batches = list(sampler)
    assert len(batches) == len(sampler) == 1000 // 32 * 4
    fours = [[row for batch in batches[i : i + 4] for row in batch] for i in range(0, len(batches), 4)]
    assert pure(fours, labels) >= sum(count // 32 for count in Counter(labels.tolist()).values())
    assert len({row for four in fours for row in four}) == len(batches) * 8


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("piece", [1, 4, 6, 16])
def test_a_batch_is_made_of_pieces_of_clusters(piece: int, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", str(processes))
    labels = np.random.default_rng(0).permutation(np.arange(960) % 40)  # forty clusters of 24 rows
    batches = list(ClusterBatchSampler(range(960), 48, piece=piece, partition=parted(labels)))
    assert [len(batch) for batch in batches] == [48] * 20
    assert sorted(row for batch in batches for row in batch) == list(range(960))
    pieces = [batch[i : i + piece] for batch in batches for i in range(0, 48, piece)]
    whole = 24 // piece * 40
    assert pure(pieces, labels) >= (len(pieces) if 24 % piece == 0 else whole)
    if piece == 4:  # and otherwise at random: twelve pieces of forty clusters
        assert 9 < np.mean([len(set(labels[batch].tolist())) for batch in batches]) < 12


def test_who_meets_whom_in_a_cluster_changes_from_epoch_to_epoch() -> None:
    sampler = ClusterBatchSampler(range(200), 10, piece=WHOLE, partition=parted(np.arange(200) % 2))
    first = {frozenset(batch) for batch in sampler}
    sampler.set_epoch(1)
    assert not first & {frozenset(batch) for batch in sampler}


def test_a_share_of_the_rows_is_drawn_at_random() -> None:
    labels = np.arange(20_000) % 5
    for mixing in (0.0, 0.25, 1.0):
        batches = list(ClusterBatchSampler(range(20_000), 20, piece=WHOLE, partition=parted(labels), mixing=mixing))
        assert abs(1 - pure(batches, labels) / len(batches) - mixing) < 0.02


def test_a_curriculum_gives_each_epoch_its_own_share_and_the_last_one_stays() -> None:
    labels = np.arange(8_000) % 4
    sampler = ClusterBatchSampler(range(8_000), 20, piece=WHOLE, partition=parted(labels), mixing=[1.0, 0.5, 0.0])
    shares = []
    for number in range(4):
        sampler.set_epoch(number)
        batches = list(sampler)
        shares.append(1 - pure(batches, labels) / len(batches))
    np.testing.assert_allclose(shares, [1, 0.5, 0, 0], atol=0.05)


def test_of_two_partitions_each_row_follows_one() -> None:
    first, second = np.arange(8_000) % 4, np.arange(8_000) // 2_000
    batches = list(ClusterBatchSampler(range(8_000), 20, piece=WHOLE, partition=[parted(first), parted(second)]))
    assert abs(pure(batches, first) / len(batches) - 0.5) < 0.05
    assert pure(batches, first) + pure(batches, second) >= len(batches) - 12
    assert len({row for batch in batches for row in batch}) == 8_000


def test_no_batch_mixes_two_sources_but_the_last_ones() -> None:
    labels, sources = uneven(3_000, 40), np.array(["a", "b", "c"])[np.arange(3_000) % 3]
    batches = list(ClusterBatchSampler(range(3_000), 16, piece=WHOLE, partition=parted(labels), sources=sources))
    codes = np.unique(sources, return_inverse=True)[1]
    assert len(batches) - pure(batches, codes) <= 3  # at the two seams of the pool, and in the last unit


def test_rows_without_a_cluster_are_served_too() -> None:
    labels = uneven()
    labels[::3] = -1
    batches = list(ClusterBatchSampler(range(1000), 10, piece=WHOLE, partition=parted(labels)))
    assert len({row for batch in batches for row in batch}) == 1000
    assert pure(batches, labels) >= sum(count // 10 for label, count in Counter(labels.tolist()).items() if label >= 0)
    everyone = list(ClusterBatchSampler(range(1000), 10, partition=parted(np.full(1000, -1))))
    assert len({row for batch in everyone for row in batch}) == 1000


def test_each_data_set_of_several_finds_its_partition() -> None:
    parts = {"short": parted(np.arange(40) % 2), "long": parted(np.arange(60) % 3)}
    make = partial(ClusterBatchSampler, piece=WHOLE, partition=parts)
    assert pure(list(make(range(60), 10)), np.arange(60) % 3) == 6
    assert pure(list(make(range(40), 10)), np.arange(40) % 2) == 4
    with pytest.raises(InputError, match="no partition has 50 items"):
        make(range(50), 10)
    with pytest.raises(InputError, match="2 partitions have 40 items"):
        ClusterBatchSampler(range(40), 10, partition={"a": parts["short"], "b": parts["short"]})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"partition": parted(np.zeros(9, int))}, "9 items, the data set 10 rows"),
        ({"mixing": 1.5}, r"'mixing' parameter .* Got 1\.5"),
        ({"mixing": []}, r"'mixing' parameter .* Got \[\]"),
        ({"piece": 0}, "'piece' parameter"),
        ({"piece": 2.0}, "'piece' parameter"),
        ({"sources": ["a"] * 9}, "'sources' has 9 entries"),
    ],
)
def test_what_cannot_be_served_is_said(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ClusterBatchSampler(range(10), 2, **{"partition": parted(np.zeros(10, int))} | given)


def test_a_batch_larger_than_the_data_is_the_data_where_the_last_may_be_short() -> None:
    assert sorted(next(iter(ClusterBatchSampler(range(5), 8, False, partition=parted(np.zeros(5, int)))))) == [0, 1, 2, 3, 4]
    with pytest.raises(InputError, match="1 x 8 rows a step are more than the 5 rows"):
        ClusterBatchSampler(range(5), 8, True, partition=parted(np.zeros(5, int)))


def test_the_tour_of_a_long_way_still_keeps_neighbours_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matomari.learn.pairs.epoch.LONGEST_TOUR", 10)
    angles = np.random.default_rng(0).permutation(40) * np.pi / 80
    view = View.of(np.arange(40), np.stack([np.cos(angles), np.sin(angles)], axis=1))
    way = angles[view.rows]
    assert (np.diff(way) > 0).all() or (np.diff(way) < 0).all()


def test_an_epoch_of_two_views_and_random_rows_is_a_permutation() -> None:
    views = [View.of(uneven(seed=s)) for s in (1, 2)]
    rows = epoch(views, 16, 0.3, np.random.default_rng(0))
    assert rows.dtype == np.int32
    assert sorted(rows.tolist()) == list(range(1000))


def pairs(n: int = 600, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    topics, own = rng.standard_normal((6, 16)), rng.standard_normal((n, 16))
    anchors = topics[np.arange(n) % 6] + 0.3 * own
    return anchors.astype(np.float32), (topics[np.arange(n) % 3] + 0.3 * own).astype(np.float32)


@pytest.mark.parametrize(("side", "found"), [("anchor", 6), ("positive", 3), ("joint", 6)])
def test_pairs_are_clustered_by_the_side_asked_for(side: str, found: int) -> None:
    anchors, positives = pairs()
    p = cluster_pairs(anchors, positives, 10, side=side, batches_a_cluster=60 / found)
    assert p.k == found
    for label in range(p.k):
        assert len(set((p.members(label).astype(int) % found).tolist())) == 1


def test_clusters_of_pairs_keep_to_their_source() -> None:
    anchors, positives = pairs()
    sources = np.array(["x", "y"])[(np.arange(600) >= 200).astype(int)]
    p = cluster_pairs(anchors, positives, 10, batches_a_cluster=10, sources=sources)
    assert p.k == 2 + 4
    assert all(len(set(sources[p.members(c).astype(int)])) == 1 for c in range(p.k))
    np.testing.assert_allclose(np.linalg.norm(p.centers, axis=1), 1, atol=1e-5)


def test_a_warm_start_keeps_the_numbers_of_the_clusters() -> None:
    anchors, positives = pairs()
    first = cluster_pairs(anchors, positives, 10, batches_a_cluster=20, seed=5)
    moved = positives + 0.05 * np.random.default_rng(1).standard_normal(positives.shape).astype(np.float32)
    again = cluster_pairs(anchors, moved, 10, start=first)
    assert (first.labels == again.labels).mean() > 0.99


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"side": "both"}, "'side' parameter of cluster_pairs"),
        ({"batch_size": 0}, "must be above 0"),
        ({"sources": ["a"]}, "'sources' has 1 entries"),
        ({"positives": np.ones((3, 4))}, "600 anchors and 3 positives"),
        ({"positives": np.full((600, 16), np.nan)}, "positives"),
    ],
)
def test_pairs_that_cannot_be_clustered_are_named(given: dict[str, Any], said: str) -> None:
    anchors, positives = pairs()
    with pytest.raises(InputError, match=said):
        cluster_pairs(**{"anchors": anchors, "positives": positives, "batch_size": 10} | given)
