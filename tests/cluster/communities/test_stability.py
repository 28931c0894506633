"""How many groups: planted numbers are found, and few or equal rows get an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders.directions import blobs
from matomari.cluster.communities.agreement import RESOLUTIONS, Agreement
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.communities.stability import RULE, Rule, StabilityCurve, choose_resolution, decide
from matomari.vectors import normalise


@pytest.mark.parametrize("planted", [5, 12])
def test_the_number_of_planted_groups_is_found(planted: int) -> None:
    X = normalise(blobs(planted, 25, 0.1, d=16)[0])
    before = X.copy()
    choice = choose_resolution(X, seed=3)
    assert choice.groups == planted
    assert choice.stability > 0.5
    assert str(planted) in choice.reason
    assert choice.curve is not None
    assert choice.drawn.shape == (len(RESOLUTIONS), 3)
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
    assert choice.drawn is None or np.isfinite(choice.drawn).all()
    assert LouvainCommunities(random_state=0).fit(X).partition_.sizes.tolist() == [60]


# The rule, on curves drawn by hand

K = 2.0 ** np.arange(0, 9.01, 0.375)  # groups at each of 25 resolutions, from 1 to 512


def curve(peaks: dict[float, float], *, largest: float | None = None, base: float = 0.2) -> StabilityCurve:
    """Stability with peaks at these numbers of groups; the information grows with the groups while they come back."""
    clean = np.full(len(K), base)
    for at, height in peaks.items():
        clean = np.maximum(clean, height - 0.15 * np.abs(np.log2(K / at)))
    clean[K < 1.5] = 0
    chance = Agreement(groups=K, largest=1 / K, rand=np.zeros(len(K)), information=np.zeros(len(K)))
    data = Agreement(
        groups=K, largest=np.full(len(K), largest) if largest else 1.2 / K, rand=clean, information=np.log2(K) * clean.clip(0, 1)
    )
    return StabilityCurve.of(data, chance)


def test_the_most_useful_peak_is_taken_not_the_most_stable() -> None:
    choice = decide(curve({6: 0.72, 90: 0.7}), 4_000)
    assert 60 < choice.groups < 130
    assert choice.coarser is not None and 4 <= choice.coarser.groups <= 9
    alone = decide(curve({6: 0.72, 90: 0.7}), 4_000, Rule(exponent=0))
    assert alone.groups < 10


def test_a_few_groups_that_are_far_more_stable_win() -> None:
    choice = decide(curve({4: 0.85, 90: 0.62}), 4_000)
    assert choice.groups <= 5
    assert "more reliably" in choice.reason
    assert choice.instead is not None and choice.instead.groups > 60


def test_no_group_holds_most_rows() -> None:
    base = curve({12: 0.9, 60: 0.6})
    heavy = replace(base, largest=np.where(base.groups < 30, 0.7, base.largest))
    assert decide(base, 4_000).groups < 30
    assert decide(heavy, 4_000).groups > 30
    assert RULE.largest < 0.7


def test_groups_are_no_smaller_than_five_rows() -> None:
    assert decide(curve({400: 0.95}, base=0.05), 700).groups <= 0.7 * 700 / 5 + 1


def test_nothing_that_comes_back_is_said() -> None:
    choice = decide(curve({20: 0.12}, base=0.05), 4_000)
    assert choice.reason.startswith("no grouping comes back much better than chance")


def test_a_number_that_is_open_is_said_to_be() -> None:
    level = replace(curve({12: 0.8, 200: 0.8}), information=np.ones(len(K)), stability=np.where((K > 11) & (K < 210), 0.8, 0.2))
    choice = decide(level, 10_000)
    inside = K[(K > 11) & (K < 210)]
    said = f"; from {round(inside.min())} to {round(inside.max())} groups nearly as much comes back: any such number will do"
    assert choice.reason.endswith(said)
    assert "nearly as much" not in decide(curve({12: 0.9}), 10_000).reason  # one peak
    assert "nearly as much" not in decide(replace(level, stability=level.stability / 4), 10_000).reason  # nothing comes back at all
    few = replace(level, stability=np.where((K > 1.7) & (K < 5), 0.9, level.stability), information=np.where(K < 5, 0.1, 1.0))
    assert "more reliably" in decide(few, 10_000).reason
    assert "nearly as much" not in decide(few, 10_000).reason  # they are chosen otherwise


def test_stability_is_read_beyond_chance_at_the_same_number_of_groups() -> None:
    groups = np.array([2.0, 4.0, 8.0, 16.0, 32.0])
    chance = Agreement(groups=groups, largest=1 / groups, rand=np.full(5, 0.5), information=np.full(5, 0.25))
    data = Agreement(groups=groups, largest=1 / groups, rand=np.full(5, 0.75), information=np.full(5, 1.25))
    found = StabilityCurve.of(data, chance)
    np.testing.assert_allclose(found.clean, 0.5)
    np.testing.assert_allclose(found.stability, 0.5)
    np.testing.assert_allclose(found.information, 1.0)
    np.testing.assert_allclose(found.usefulness(0.5), 0.5)


@pytest.mark.parametrize("planted", [2, 3, 4])
def test_two_to_four_clean_groups_are_found(planted: int) -> None:
    X = normalise(blobs(planted, 60, 0.15, d=16)[0])
    choice = choose_resolution(X, seed=1)
    assert choice.groups == planted


def test_families_of_topics_give_two_layers() -> None:
    rng = np.random.default_rng(0)
    families = normalise(rng.normal(size=(12, 32)).astype(np.float32))
    topics = normalise(np.repeat(families, 5, axis=0) + 0.35 * normalise(rng.normal(size=(60, 32)).astype(np.float32)))
    X = normalise(np.repeat(topics, 12, axis=0) + 0.03 * rng.normal(size=(720, 32)).astype(np.float32))
    choice = choose_resolution(X)
    seen = {choice.groups, *(layer.groups for layer in (choice.coarser, choice.finer) if layer)}
    assert 60 in seen
    assert 12 in seen


def test_a_resolution_of_one_group_says_nothing_of_its_neighbours() -> None:
    groups = np.array([1.0, 1.0, 2.0, 3.0, 4.0])
    rand = np.array([0.0, 0.0, 0.8, 0.6, 0.4])
    data = Agreement(groups=groups, largest=1 / groups, rand=rand, information=np.log2(groups))
    none = Agreement(groups=groups, largest=1 / groups, rand=np.zeros(5), information=np.zeros(5))
    found = StabilityCurve.of(data, none).stability
    # 1-2-1 by hand: (2 × .8 + .6) / 3, (.8 + 2 × .6 + .4) / 4, and at the end of the curve its last value again
    np.testing.assert_allclose(found, [0, 0, 2.2 / 3, 0.6, (0.6 + 3 * 0.4) / 4])


@pytest.mark.parametrize(("groups", "share", "allowed"), [(3, 0.58, True), (3, 0.62, False), (12, 0.58, False), (12, 0.48, True)])
def test_of_few_groups_one_may_hold_a_little_more_than_half(groups: int, share: float, allowed: bool) -> None:
    base = curve({groups: 0.97, 200: 0.4})
    found = decide(replace(base, largest=np.where(base.groups < 30, share, 0.02)), 40_000).groups
    assert (found < 30) is allowed


def test_few_groups_that_are_not_solid_are_not_taken() -> None:
    found = decide(curve({3: 0.66, 90: 0.5}), 4_000)
    assert found.groups > 60
    assert decide(curve({3: 0.66, 90: 0.5}), 4_000, replace(RULE, solid=0.5)).groups <= 4


def test_clean_few_groups_know_what_to_take_if_they_turn_out_lopsided() -> None:
    base, three = curve({90: 0.6}), (K > 2) & (K < 5)  # three groups at three resolutions in a row
    choice = decide(
        replace(base, groups=np.where(three, 3.0, K), clean=np.where(three, 0.95, base.clean), largest=np.where(three, 0.4, base.largest)),
        4_000,
    )
    assert choice.groups == 3
    assert "in a row" in choice.reason
    assert choice.instead is not None and choice.instead.groups > 60


def test_few_groups_that_tell_most_know_what_to_take_too() -> None:
    few = replace(curve({2.83: 0.84, 90: 0.3}), information=np.ones(len(K)))  # nothing is more useful than these few
    choice = decide(few, 4_000)
    assert choice.groups == 3
    assert "most comes back" in choice.reason
    assert choice.instead is not None and choice.instead.groups > 4
    assert decide(curve({30: 0.9}), 4_000).instead is None  # of thirty none holds most
