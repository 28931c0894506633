"""The noun: what a Partition promises about itself."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from builders.folders import often
from builders.partitions import partitions, same
from matomari.errors import InputError
from matomari.partition import Partition


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
