"""Themes: what is handed on beside the labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matomari.cluster.communities.stability import RULE, Choice, Layer
from matomari.cluster.communities.themes import themes
from matomari.vectors import Floats, neighbors, normalise


def clouds(n: int, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return normalise((np.eye(12)[rng.integers(6, size=n)] + rng.normal(0, 0.15, (n, 12))).astype(np.float32))


@pytest.mark.parametrize("copies", [1, 2, 10])
def test_neighbours_of_all_items_come_with_the_groups(copies: int) -> None:
    X = clouds(150)
    X = np.concatenate([X, *[X[:20]] * (copies - 1)])[np.random.default_rng(1).permutation(150 + 20 * (copies - 1))]
    near = themes(X).near
    assert near is not None
    cosines, items = near
    every = X @ X.T
    np.fill_diagonal(every, -np.inf)
    first = {tuple(row): i for i, row in reversed(list(enumerate(X.tolist())))}  # other items are listed once, by their first copy
    for i, row in enumerate(X.tolist()):
        for j, other in enumerate(X.tolist()):
            if other != row and first[tuple(other)] != j:
                every[i, j] = -np.inf
    best = -np.sort(-every, axis=1)[:, : items.shape[1]]
    np.testing.assert_allclose(cosines[:, :15], best[:, :15], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, items, 1)[:, :15], cosines[:, :15], atol=1e-6)
    assert not (items == np.arange(len(X))[:, None]).any()
    assert all(len(set(row)) == len(row) for row in items[:, :15].tolist())


def test_a_graph_of_a_sample_hands_on_no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matomari.cluster.communities.themes.GRAPH_ROWS", 100)
    found = themes(clouds(150))
    assert found.near is None
    assert len(found.labels) == 150
    assert "100 of 150" in found.notes[0]


def test_neighbours_are_those_of_a_search() -> None:
    X = clouds(300)
    near = themes(X).near
    assert near is not None
    np.testing.assert_allclose(near[0][:, :15], neighbors(X, 15)[0], atol=1e-6)


def test_groups_stay_in_order_of_size_when_loose_items_leave() -> None:
    rng = np.random.default_rng(5)
    X = np.concatenate([clouds(400), normalise(rng.normal(size=(300, 12)).astype(np.float32))])
    found = themes(X)
    assert (found.labels < 0).any(), "nothing was let go: this data tests nothing"
    sizes = np.bincount(found.labels[found.labels >= 0], minlength=found.k)
    assert (np.diff(sizes) <= 0).all()
    whole = themes(X, assign_all=True)
    kept = found.labels >= 0  # the same groups, under other numbers
    pairs = {(a, b) for a, b in zip(found.labels[kept].tolist(), whole.labels[kept].tolist(), strict=True)}
    assert len(pairs) == found.k == whole.k
    for new, old in pairs:
        assert found.stability[new] == whole.stability[old]
        assert (found.coarser == found.coarser[new]).sum() == (whole.coarser == whole.coarser[old]).sum()
    moved = {old: new for new, old in pairs}
    assert [moved.get(r, -1) for r in whole.membership.runner_up.tolist()] == found.membership.runner_up.tolist()


def test_few_groups_one_of_which_holds_most_rows_give_way_to_the_most_useful_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice is made on samples; what comes out of the whole is looked at (as with 20,000 captions, of which one of four groups held 66 %)."""
    X, seen = clouds(300), "matomari.cluster.communities.themes.choose_resolution"
    few = Layer(resolution=0.02, groups=2, stability=0.9)
    useful = Layer(resolution=1.0, groups=6, stability=0.8)

    def chosen(instead: Layer | None) -> Choice:
        return Choice(**vars(few), instead=instead, rows=300, reason="few")

    monkeypatch.setattr("matomari.cluster.communities.themes.RULE", replace(RULE, largest_of_few=0.1))  # any group is too large
    monkeypatch.setattr(seen, lambda *_, **__: chosen(useful))
    found = themes(X)
    assert found.k == 6
    assert "one would hold" in found.reason
    monkeypatch.setattr(seen, lambda *_, **__: chosen(None))
    assert themes(X).reason == "few"


@pytest.mark.parametrize(("resolution", "came_back", "given"), [(1.0, 6, 6), (1.0, 4, 4), (1.0, 2, 2), (1.0, 5, 6)])
def test_of_few_groups_exactly_as_many_are_given_as_came_back(
    monkeypatch: pytest.MonkeyPatch, resolution: float, came_back: int, given: int
) -> None:
    """At resolution 1 the whole has six communities; only where four or fewer came back, that number is kept."""
    layer = Layer(resolution=resolution, groups=came_back, stability=0.9)
    monkeypatch.setattr(
        "matomari.cluster.communities.themes.choose_resolution", lambda *_, **__: Choice(**vars(layer), rows=300, reason="so")
    )
    assert themes(clouds(300)).k == given


def test_the_coarser_layer_is_never_one_group_of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    X = normalise(np.random.default_rng(0).normal(size=(300, 24)).astype(np.float32))  # all of one piece
    layer = Layer(resolution=1.0, groups=6, stability=0.9)
    coarser = Layer(resolution=1e-6, groups=2, stability=0.9)
    monkeypatch.setattr(
        "matomari.cluster.communities.themes.choose_resolution",
        lambda *_, **__: Choice(**vars(layer), coarser=coarser, rows=300, reason="so"),
    )
    found = themes(X)
    assert found.k >= 4
    assert found.coarser.max() == 1


def test_rows_count_where_loose_items_are_left_unassigned() -> None:
    X = normalise(np.random.default_rng(0).normal(size=(400, 24)).astype(np.float32))
    loose = np.flatnonzero(themes(X).labels < 0)
    assert len(loose), "nothing is loose: this tests nothing"
    weight = np.ones(400, np.int64)
    weight[loose[0]] = 4_000  # one item that most rows have
    assert themes(X, weight=weight).labels[loose[0]] >= 0


def test_a_curve_of_a_sample_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "measured on" not in themes(clouds(300)).reason
    monkeypatch.setattr("matomari.cluster.communities.stability.SAMPLE", 200)
    assert themes(clouds(300)).reason.endswith("measured on 200 of 300 distinct rows")
