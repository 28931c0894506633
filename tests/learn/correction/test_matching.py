"""Communities of a latent space against its classes: by hand, by a plain loop, and where nothing may depend on the order of storage."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from matomari.errors import InputError
from matomari.learn.correction.matching import canonical, latent_communities, match
from matomari.vectors import Floats


def blobs(sizes: list[int], d: int = 16, noise: float = 0.05, seed: int = 0) -> tuple[Floats, np.ndarray]:
    rng = np.random.default_rng(seed)
    places = np.linalg.qr(rng.standard_normal((d, d)))[0][: len(sizes)]
    labels = np.repeat(np.arange(len(sizes)), sizes)
    return (places[labels] + noise * rng.standard_normal((len(labels), d))).astype(np.float32), labels


def by_loop(labels: np.ndarray, found: np.ndarray) -> list[int]:
    sizes = Counter(labels[labels >= 0].tolist())
    owner = []
    for community in range(found.max() + 1):
        inside = Counter(labels[(found == community) & (labels >= 0)].tolist())
        owner.append(max(inside, key=lambda c: (inside[c], inside[c] / sizes[c], -c), default=-1))
    return owner


def test_by_hand() -> None:
    """Community 0: two of class 0, one of 1. Community 1: two of class 1. Community 2: one of 0 and one of 2, which has no other."""
    labels = np.array([0, 0, 1, 1, 1, 0, 2, -1])
    told = match(labels, np.array([0, 0, 0, 1, 1, 2, 2, 3]))
    assert told.table.tolist() == [[2, 0, 1, 0], [1, 2, 0, 0], [0, 0, 1, 0]]
    assert told.owner.tolist() == [0, 1, 2, -1]
    assert told.correct.tolist() == [True, True, False, True, True, False, True, False]
    assert told.misclustered.tolist() == [False, False, True, False, False, True, False, False]
    assert told.rate == pytest.approx(2 / 7)
    assert (told.modes(0), told.modes(2), told.coverage) == ([0], [2], 1.0)


@pytest.mark.parametrize("seed", range(20))
def test_owners_are_those_of_a_plain_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, found = rng.integers(-1, 5, size=60), rng.integers(7, size=60)
    told = match(labels, found)
    assert told.owner.tolist() == by_loop(labels, found)
    assert told.rate == pytest.approx(np.mean([told.owner[c] != y for y, c in zip(labels, found, strict=True) if y >= 0]))
    assert [told.modes(y) for y in range(5)] == [
        sorted((c for c, o in enumerate(told.owner) if o == y), key=lambda c, y=y: (-told.table[y, c], c)) for y in range(5)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_separable_classes_have_nobody_misclustered(seed: int) -> None:
    """The public code pairs labels in the order of files with communities in the order of data, and flags nine of ten here."""
    Z, labels = blobs([40, 12, 25, 60, 33, 18, 50, 21], seed=seed)
    order = np.random.default_rng(seed).permutation(len(Z))
    assert latent_communities(Z[order], labels[order], seed=seed).rate == 0
    shuffled = np.random.default_rng(seed).permutation(labels)
    assert latent_communities(Z, shuffled, resolution=1.0, seed=seed).rate > 0.5  # a test that labels in another order would pass is none


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_storage_changes_nothing(seed: int) -> None:
    Z, labels = blobs([30, 30, 30, 30], noise=0.35, seed=seed)
    whole = latent_communities(Z, labels, seed=3)
    order = np.random.default_rng(seed).permutation(len(Z))
    again = latent_communities(Z[order], labels[order], seed=3)
    np.testing.assert_array_equal(again.communities, whole.communities[order])
    np.testing.assert_array_equal(again.misclustered, whole.misclustered[order])
    assert 0 < whole.rate < 1


@pytest.mark.parametrize("values", ["real", "few", "half zero"])
def test_rows_stand_in_the_order_that_sorting_by_all_columns_gives(values: str) -> None:
    rng = np.random.default_rng(3)
    X = rng.integers(-1, 2, size=(300, 4)) if values == "few" else rng.normal(size=(300, 4))
    X = (np.maximum(X, 0) if values == "half zero" else X).astype(np.float32)
    expected, which = np.unique(X, axis=0, return_inverse=True)
    rows, place = canonical(X)
    assert rows.tolist() == expected.tolist()
    assert place.tolist() == which.ravel().tolist()
    assert values == "real" or len(set(rows[:, 0].tolist())) < len(rows)


def test_scale_and_shape_change_nothing_and_copies_stay_together() -> None:
    Z, labels = blobs([30, 30, 30], noise=0.35)
    whole = latent_communities(Z, labels)
    lengths = np.exp(np.random.default_rng(1).normal(0, 2, (90, 1))).astype(np.float32)
    np.testing.assert_array_equal(latent_communities((lengths * Z).reshape(90, 4, 2, 2), labels).communities, whole.communities)
    twice = latent_communities(np.concatenate([Z, Z]), np.concatenate([labels, labels]))
    np.testing.assert_array_equal(twice.communities[:90], twice.communities[90:])
    np.testing.assert_array_equal(twice.communities[:90], whole.communities)


def test_the_resolution_is_raised_until_classes_are_covered() -> None:
    """Twelve classes in three tight families: coarse communities are the families, fine ones the classes."""
    rng = np.random.default_rng(0)
    families = np.linalg.qr(rng.standard_normal((24, 24)))[0]
    labels = np.repeat(np.arange(12), 8)
    Z = families[labels // 4] + 0.5 * families[3 + labels] + 0.02 * rng.standard_normal((96, 24))
    coarse = latent_communities(Z, labels, resolution=0.25)
    assert coarse.coverage < 0.5
    found = latent_communities(Z, labels)
    assert found.coverage == 1
    assert found.rate == 0
    assert found.resolution == found.curve[-1, 0]
    assert (found.curve[:-1, 2] < 0.95).all()


def test_where_classes_cannot_be_covered_the_resolution_that_covers_most_is_taken() -> None:
    Z, _ = blobs([30, 30, 30])
    labels = np.arange(90) % 45  # two of each, never together
    found = latent_communities(Z, labels)
    assert len(found.curve) == 10
    assert found.coverage == found.curve[:, 2].max() < 0.95
    assert found.resolution == found.curve[found.curve[:, 2].argmax(), 0]


def test_odd_inputs_have_a_defined_result() -> None:
    Z, labels = blobs([10, 10])
    one = latent_communities(Z, np.zeros(20, int))
    assert (one.rate, one.coverage) == (0, 1)
    constant = latent_communities(np.ones((20, 4)), labels)
    assert (constant.communities == 0).all()
    assert constant.rate == 0.5
    some = labels.copy()
    some[::3] = -1
    assert latent_communities(Z, some).rate == 0
    single = latent_communities(Z[:1], labels[:1])
    assert (single.rate, single.communities.tolist()) == (0, [0])
    lonely = latent_communities(Z, np.arange(20))  # as many classes as samples
    assert 0 < lonely.coverage <= 1


@pytest.mark.parametrize(
    ("Z", "labels", "said"),
    [
        (np.ones((3, 2)), [0, 1], "3 latent vectors and 2 labels"),
        (np.ones((2, 2)), [-1, -1], "no sample has a label"),
        (np.array([[1, 0], [np.nan, 1.0]]), [0, 1], "latent vector 1 is not finite"),
    ],
)
def test_what_cannot_be_is_named(Z: Floats, labels: list[int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        latent_communities(Z, np.array(labels))
    with pytest.raises(InputError, match="2 labels and 3 communities"):
        match(np.array([0, 1]), np.array([0, 1, 1]))


@pytest.mark.parametrize("seed", range(4))
def test_with_a_grain_the_search_goes_on_while_modes_are_large_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modes = np.repeat(np.arange(6), 30)
    Z = 4 * np.eye(6)[modes] + 4 * np.eye(2)[modes % 2] @ np.ones((2, 6)) + rng.normal(0, 0.8, (180, 6))
    labels = modes % 2
    coarse, fine = latent_communities(Z, labels, seed=seed), latent_communities(Z, labels, grain=8, seed=seed)
    assert fine.resolution > coarse.resolution
    assert fine.grain >= 8
    assert fine.coverage >= 0.95
    finer = latent_communities(Z, labels, resolution=2 * fine.resolution, seed=seed)
    assert finer.grain < 8 or fine.resolution == 256
    assert latent_communities(Z, labels, grain=1000, seed=seed).resolution == coarse.resolution
