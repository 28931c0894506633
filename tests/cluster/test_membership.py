"""Membership: against plain loops, and cases worked by hand."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from matomari.cluster.membership import Membership, best_other, two_best, two_highest


def candidates(seed: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, c = int(rng.integers(1, 12)), int(rng.integers(0, 60))
    scores = rng.integers(-2, 6, c).astype(np.float32) / 5  # many ties, some that count for nothing
    return n, rng.integers(0, n, c), rng.integers(-1, 5, c), scores


def best_of_each_group(n: int, item: np.ndarray, group: np.ndarray, score: np.ndarray) -> list[dict[int, float]]:
    best: list[dict[int, float]] = [defaultdict(float) for _ in range(n)]
    for i, g, s in zip(item.tolist(), group.tolist(), score.tolist(), strict=True):
        if g >= 0 and s > 0:
            best[i][g] = max(best[i][g], s)
    return best


@pytest.mark.parametrize("seed", range(40))
def test_two_best_against_a_plain_loop(seed: int) -> None:
    n, item, group, score = candidates(seed)
    best = two_best(item, group, score, n)
    for i, scores in enumerate(best_of_each_group(n, item, group, score)):
        ranked = [*sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])), (-1, 0.0), (-1, 0.0)]
        assert (best.label[i], best.strength[i]) == (ranked[0][0], np.float32(ranked[0][1]))
        assert (best.runner_up[i], best.runner_strength[i]) == (ranked[1][0], np.float32(ranked[1][1]))


@pytest.mark.parametrize("seed", range(40))
def test_best_other_against_a_plain_loop(seed: int) -> None:
    n, item, group, score = candidates(seed)
    label = np.random.default_rng(seed + 1).integers(0, 5, n)
    kept = group >= 0
    sits = best_other(item[kept], group[kept], score[kept], label)
    for i, scores in enumerate(best_of_each_group(n, item, group, score)):
        assert sits.label[i] == label[i]
        assert sits.strength[i] == np.float32(scores.pop(int(label[i]), 0.0))
        best = min(scores.items(), key=lambda pair: (-pair[1], pair[0]), default=(-1, 0.0))
        assert (sits.runner_up[i], sits.runner_strength[i]) == (best[0], np.float32(best[1]))


def test_of_equal_scores_the_tie_decides() -> None:
    item, group, score = np.array([0, 0]), np.array([1, 2]), np.array([0.5, 0.5], np.float32)
    assert best_other(item, group, score, np.array([0])).runner_up.tolist() == [1]
    assert best_other(item, group, score, np.array([0]), tie=np.array([9, 3])).runner_up.tolist() == [2]


@pytest.mark.parametrize("seed", range(10))
def test_two_highest_against_a_sort(seed: int) -> None:
    score = np.random.default_rng(seed).integers(0, 4, (20, 5)).astype(np.float32)
    wanted = [sorted(range(5), key=lambda c, row=row: (-row[c], c))[:2] for row in score.tolist()]
    assert two_highest(score).tolist() == wanted


def test_parts_are_taken_put_and_renumbered() -> None:
    whole = Membership(np.array([1, 0, -1]), np.array([0.9, 0.8, 0.1], np.float32), np.array([0, -1, 1]), np.zeros(3, np.float32))
    assert whole.take(np.array([2, 0])).label.tolist() == [-1, 1]
    assert whole.renumbered(np.array([5, 3])).label.tolist() == [3, 5, -1]
    assert whole.renumbered(np.array([5, 3])).runner_up.tolist() == [5, -1, 3]
    put = Membership.none(5).put(np.array([4, 1, 0]), whole)
    assert put.label.tolist() == [-1, 0, -1, -1, 1]
    assert put.strength.tolist() == pytest.approx([0.1, 0.8, 0, 0, 0.9])
    assert whole.label.tolist() == [1, 0, -1]  # nothing was written into what was there


def test_a_partition_of_positions_says_what_made_it() -> None:
    partition = Membership(np.array([0, -1]), np.ones(2, np.float32), np.array([-1, -1]), np.zeros(2, np.float32)).partition(
        "louvain", seed=3
    )
    assert partition.ids.tolist() == ["0", "1"]
    assert partition.labels.tolist() == [0, -1]
    assert dict(partition.origin) == {"clusterer": "louvain", "parameters": {"seed": 3}}
