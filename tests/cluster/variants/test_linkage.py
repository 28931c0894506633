"""Average linkage: against SciPy's, and by hand."""

from __future__ import annotations

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from builders.directions import same_groups
from matomari.cluster.variants.linkage import average_linkage


def test_linkage_against_scipy_on_complete_tables() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        n = int(rng.integers(2, 14))
        left, right = np.triu_indices(n, 1)
        score = rng.uniform(0.35, 1, len(left)).astype(np.float32)
        tree = average_linkage(n, left, right, score, width=n)
        table = np.zeros((n, n))
        table[left, right] = table[right, left] = 1 - score.astype(float)
        theirs = hierarchy.linkage(squareform(table), "average")
        np.testing.assert_allclose(tree.height, 1 - theirs[:, 2], atol=1e-6)
        heights = np.sort(tree.height)[::-1]
        for cut in [1.01, *((heights[1:] + heights[:-1]) / 2), 0.31]:
            assert same_groups(tree.cut(float(cut)), hierarchy.fcluster(theirs, 1 - cut, "distance"))


def test_linkage_by_hand() -> None:
    # 0-1 at 0.9; then {0, 1}-2 at (0.8 + 0.4) / 2 = 0.6; 3 is alike to 2 alone: 0.7 / 3 stays below the floor
    left, right = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    tree = average_linkage(4, left, right, np.array([0.9, 0.8, 0.4, 0.5], np.float32))
    np.testing.assert_allclose(tree.height, [0.9, 0.6], atol=1e-6)
    assert tree.cut(0.95).tolist() == [0, 1, 2, 3]
    assert tree.cut(0.9).tolist() == [0, 0, 1, 2]
    assert tree.cut(0.3).tolist() == [0, 0, 0, 1]
    assert tree.first.tolist()[1] == 0  # of the links between {0, 1} and 2 the strongest is 0-2
    assert tree.second.tolist()[1] == 2


def test_linkage_width_by_hand() -> None:
    # {0, 1} and {2, 3}: one link of 0.8 among four possible; each text may name one other, so 2 could have been named
    left, right = np.array([0, 2, 1]), np.array([1, 3, 2])
    score = np.array([1.0, 1.0, 0.8], np.float32)
    np.testing.assert_allclose(average_linkage(4, left, right, score, floor=0.1, width=4).height, [1, 1, 0.2], atol=1e-6)
    np.testing.assert_allclose(average_linkage(4, left, right, score, floor=0.1, width=1).height, [1, 1, 0.4], atol=1e-6)


def test_linkage_without_pairs() -> None:
    tree = average_linkage(3, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    assert tree.cut(0.1).tolist() == [0, 1, 2]
    assert average_linkage(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)).cut(0.5).tolist() == [0]
