"""How many groups: planted numbers are found, and few or equal rows get an answer."""

from __future__ import annotations

import numpy as np
import pytest

from builders.directions import blobs
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.communities.stability import choose_resolution
from matomari.vectors import normalise


@pytest.mark.parametrize("planted", [5, 12])
def test_the_number_of_planted_groups_is_found(planted: int) -> None:
    X = normalise(blobs(planted, 25, 0.1, d=16)[0])
    before = X.copy()
    choice = choose_resolution(X, seed=3)
    assert choice.groups == planted
    assert choice.stability > 0.5
    assert str(planted) in choice.reason
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
    assert np.isfinite(choice.curve).all()
    assert LouvainCommunities(random_state=0).fit(X).partition_.sizes.tolist() == [60]
