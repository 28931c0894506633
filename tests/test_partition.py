"""The noun: what a Partition promises about itself, and each method against a slow plain way."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matomari.errors import DamagedError, InputError
from matomari.partition import KIND, Partition
from matomari.store.artefact import load, writing
from matomari.store.formats import save_arrays, save_table

often = settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), unique=True, max_size=30)


@st.composite
def partitions(draw: st.DrawFn, with_centers: bool | None = None) -> Partition:
    ids = draw(NAMES)
    k = draw(st.integers(1, 6))
    labels = draw(st.lists(st.integers(-1, k - 1), min_size=len(ids), max_size=len(ids)))
    strength = draw(st.lists(st.floats(0, 1, width=32), min_size=len(ids), max_size=len(ids)))
    centers = None
    if draw(st.booleans()) if with_centers is None else with_centers:
        centers = np.asarray(
            draw(st.lists(st.lists(st.floats(-4, 4, width=32), min_size=3, max_size=3), min_size=k, max_size=k)), np.float32
        )
    origin = draw(st.dictionaries(st.sampled_from(["seed", "encoder", "名"]), st.none() | st.integers(-9, 9) | st.text(max_size=3)))
    return Partition(ids, labels, strength, centers, origin)


def same(a: Partition, b: Partition) -> bool:
    centers = (a.centers is None and b.centers is None) or np.array_equal(a.centers, b.centers)
    arrays = all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("ids", "labels", "strength"))
    return bool(centers and arrays and dict(a.origin) == dict(b.origin))


# What it holds


def test_fields_by_hand() -> None:
    p = Partition(["a", "b", "c"], [1, -1, 1], [0.5, 0, 1], [[1, 0], [0, 1]], {"seed": 7})
    assert (p.ids.tolist(), p.labels.tolist(), p.strength.tolist()) == (["a", "b", "c"], [1, -1, 1], [0.5, 0, 1])
    assert (p.labels.dtype, p.strength.dtype, p.centers.dtype) == (np.int64, np.float32, np.float32)
    assert (p.k, p.sizes.tolist(), p.origin["seed"]) == (2, [0, 2], 7)
    assert [p.members(c).tolist() for c in (-1, 0, 1)] == [["b"], [], ["a", "c"]]


def test_strength_left_out_is_one_inside_and_zero_outside() -> None:
    assert Partition(["a", "b"], [0, -1]).strength.tolist() == [1, 0]


def test_an_empty_partition() -> None:
    p = Partition([], [])
    assert (p.k, p.sizes.tolist(), p.members(-1).tolist(), list(p.batches(1, np.random.default_rng(0)))) == (0, [], [], [])
    assert p.match(p).tolist() == []


def test_nobody_in_a_cluster() -> None:
    p = Partition(["a", "b"], [-1, -1])
    assert (p.k, p.sizes.tolist()) == (0, [])
    assert p.members(-1).tolist() == ["a", "b"]


def test_ids_that_are_numbers_become_text() -> None:
    assert Partition([10, 2], [0, 0]).ids.tolist() == ["10", "2"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ids": ["a"]}, "got 1 ids, 2 labels, 2 strengths"),
        ({"labels": [0]}, "got 2 ids, 1 labels, 1 strengths"),
        ({"strength": [1]}, "got 2 ids, 2 labels, 1 strengths"),
        ({"ids": ["a", "a"]}, "id 'a' stands more than once"),
        ({"ids": [1, "1"]}, "id '1' stands more than once"),
        ({"labels": [0, -2]}, "labels run from -2 to 0, allowed are -1 to 0"),
        ({"labels": [0, 2], "centers": np.eye(2)}, "labels run from 0 to 2, allowed are -1 to 1"),
        ({"labels": [0.0, 1.0]}, "must be integers, got float64"),
        ({"labels": [True, False]}, "must be integers, got bool"),
        ({"labels": ["0", "1"]}, "must be integers"),
        ({"strength": [0, 1.5]}, r"strength must lie in \[0, 1\]"),
        ({"strength": [-0.1, 1]}, r"strength must lie in \[0, 1\]"),
        ({"strength": [np.nan, 1]}, r"strength must lie in \[0, 1\]"),
        ({"centers": [1, 2]}, "centers must be a finite table"),
        ({"centers": [[np.nan, 1]]}, "centers must be a finite table"),
    ],
    ids=str,
)
def test_what_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Partition(**({"ids": ["a", "b"], "labels": [0, 0]} | fields))
    assert caught.value.hint


@pytest.mark.parametrize("cluster", [-2, 2, 99])
def test_members_of_no_cluster(cluster: int) -> None:
    with pytest.raises(InputError, match=f"there is no cluster {cluster}"):
        Partition(["a", "b"], [0, 1]).members(cluster)


def test_nothing_can_be_changed() -> None:
    labels, centers = np.array([0, 1]), np.eye(2, dtype=np.float32)
    p = Partition(["a", "b"], labels, [1, 1], centers, {"seed": 1})
    for name in ("ids", "labels", "strength", "centers"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(p, name)[0] = 0
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(p, name, None)
    with pytest.raises(TypeError):
        p.origin["seed"] = 2
    assert labels.flags.writeable  # the caller's own arrays stay the caller's
    assert centers.flags.writeable


@pytest.mark.parametrize(
    "twin",
    [
        lambda p: pickle.loads(pickle.dumps(p)),  # noqa: S301
        copy.copy,
        copy.deepcopy,
    ],
    ids=["pickle", "copy", "deepcopy"],
)
def test_copies_are_equal_and_just_as_frozen(twin: Any) -> None:
    p = Partition(["a", "b"], [0, 1], [0.5, 1], np.eye(2), {"seed": 1})
    q = twin(p)
    assert same(p, q)
    assert not q.labels.flags.writeable
    assert type(q.origin) is type(p.origin)


@often
@given(partitions())
def test_sizes_and_members_are_the_labels_said_otherwise(p: Partition) -> None:
    assert len(p.sizes) == p.k
    assert p.sizes.sum() + len(p.members(-1)) == len(p.ids)
    for cluster in range(-1, p.k):
        assert p.members(cluster).tolist() == [i for i, c in zip(p.ids.tolist(), p.labels.tolist(), strict=True) if c == cluster]


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


# save and load


@settings(often, max_examples=40)
@given(partitions())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, p: Partition) -> None:
    folder = tmp_path_factory.mktemp("p") / "out"
    assert p.save(folder) == folder
    assert same(Partition.load(folder), p)


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    p = Partition(["a", "b"], [0, 1], [0.5, 1], np.eye(2), {"seed": 1})
    assert load(p.save(tmp_path / "a"), kind=KIND).digest == load(p.save(tmp_path / "b"), kind=KIND).digest


def test_saving_over_another(tmp_path: Path) -> None:
    Partition(["a"], [0], None, np.eye(1)).save(tmp_path / "p")
    p = Partition(["b", "c"], [0, 1])
    p.save(tmp_path / "p")
    assert same(Partition.load(tmp_path / "p"), p)


def test_a_failed_save_leaves_the_old_one(tmp_path: Path) -> None:
    old = Partition(["a"], [0])
    old.save(tmp_path / "p")
    with pytest.raises(InputError):
        Partition(["b"], [0], None, None, {"x": float("nan")}).save(tmp_path / "p")
    with pytest.raises(InputError):
        Partition(["b"], [0], None, None, {"x": object()}).save(tmp_path / "p")
    assert same(Partition.load(tmp_path / "p"), old)


def write(path: Path, items: dict[str, Any] | None, arrays: dict[str, Any] | None = None, meta: Any = None, kind: str = KIND) -> Path:
    with writing(path, kind=kind, meta={"origin": {}} if meta is None else meta) as stage:
        if items is not None:
            save_table(stage / "items.parquet", items)
        if arrays is not None:
            save_arrays(stage / "centers.safetensors", arrays)
    return path


GOOD: dict[str, Any] = {"id": ["a", "b"], "cluster": [0, 1], "strength": [1.0, 0.5]}


@pytest.mark.parametrize(
    ("items", "more"),
    [
        (None, {}),
        ({k: v for k, v in GOOD.items() if k != "cluster"}, {}),
        (GOOD | {"id": ["a", "a"]}, {}),
        (GOOD | {"cluster": [0, -7]}, {}),
        (GOOD | {"cluster": ["x", "y"]}, {}),
        (GOOD | {"strength": [1.0, 7.0]}, {}),
        (GOOD | {"strength": ["x", "y"]}, {}),
        (GOOD, {"arrays": {"other": np.eye(2)}}),
        (GOOD, {"arrays": {"centers": np.ones(2)}}),
        (GOOD, {"arrays": {"centers": np.eye(1)}}),
        (GOOD, {"meta": {"no": "origin"}}),
        (GOOD, {"meta": {"origin": 3}}),
    ],
    ids=str,
)
def test_what_is_no_partition_is_refused(tmp_path: Path, items: dict[str, Any] | None, more: dict[str, Any]) -> None:
    with pytest.raises(DamagedError) as caught:
        Partition.load(write(tmp_path / "p", items, **more))
    assert caught.value.hint


def test_a_folder_of_another_kind_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds an encoder, not a partition"):
        Partition.load(write(tmp_path / "p", GOOD, kind="encoder"))


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    Partition(["a"], [0]).save(tmp_path / "p")
    file = load(tmp_path / "p", kind=KIND).file("items.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(DamagedError):
        Partition.load(tmp_path / "p")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a matomari folder"):
        Partition.load(tmp_path / "nothing")
