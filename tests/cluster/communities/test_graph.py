"""The nearest-neighbour graph: weights by hand, restriction against a plain loop."""

from __future__ import annotations

import math

import numpy as np

from matomari.cluster.communities.graph import neighbor_graph, restrict
from matomari.vectors import neighbors, normalise


def test_graph_weights_by_hand() -> None:
    # memberships of a row sum to log2(2 + 1); the nearest has 1, so the second has a = log2(3) - 1, however far it is.
    # 0-1 and 1-2 are nearest to one another on one side at least: 1 + x - x = 1; 0-2 is second both ways: 2a - a².
    # every link is there in both directions, which adds 2 · 1/2
    a = math.log2(3) - 1
    graph = neighbor_graph(np.array([[0.9, 0.5], [0.9, 0.7], [0.7, 0.5]], np.float32), np.array([[1, 2], [0, 2], [1, 0]])).toarray()
    np.testing.assert_allclose(graph, [[0, 2, 1 + 2 * a - a * a], [2, 0, 2], [1 + 2 * a - a * a, 2, 0]], atol=1e-5)


def test_graph_of_a_one_sided_link_by_hand() -> None:
    graph = neighbor_graph(np.array([[0.9], [0.9], [0.2]], np.float32), np.array([[1], [0], [1]])).toarray()
    np.testing.assert_allclose(graph, [[0, 2, 0], [2, 0, 1.5], [0, 1.5, 0]], atol=1e-6)


def test_restrict_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, wide, k = int(rng.integers(4, 30)), int(rng.integers(1, 8)), int(rng.integers(1, 6))
        cosines, rows = neighbors(normalise(rng.normal(size=(n, 3)).astype(np.float32)), wide)
        keep = rng.random(n) < 0.6
        keep[0] = True
        near, found = restrict(cosines, rows, keep, k)
        inside = np.flatnonzero(keep).tolist()
        assert found.shape == near.shape == (len(inside), min(k, rows.shape[1]))
        for at, row in enumerate(inside):
            kept = [(inside.index(j), c) for j, c in zip(rows[row].tolist(), cosines[row].tolist(), strict=True) if keep[j]][:k]
            if not kept:
                assert set(found[at].tolist()) == {at}
                continue
            kept += [kept[-1]] * (found.shape[1] - len(kept))
            assert found[at].tolist() == [j for j, _ in kept]
            assert near[at].tolist() == [c for _, c in kept]


def test_repeated_neighbours_give_no_negative_weight() -> None:
    """`restrict` repeats the last neighbour of a row that has too few; community detection refuses negative weights."""
    graph = neighbor_graph(np.full((2, 4), 0.9, np.float32), np.array([[1, 1, 1, 1], [0, 0, 0, 0]]))
    assert (graph.data >= 0).all()
