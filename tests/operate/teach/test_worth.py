"""What answers on doubtful pairs are worth, learnt from scores and answers together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from matomari.operate.teach.stages.worth import BINS, ROUNDS, witnesses

Numbers = NDArray[np.float64]


def drawn(seed: int, right: float, firm: float = 2.0, n: int = 400) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Calibrated priors, answers that are right that often whatever the prior, and the truth; the teacher says no too often."""
    rng = np.random.default_rng(seed)
    prior = rng.uniform(0.05, 0.95, n)
    truth = rng.random(n) < prior
    yes = np.where(rng.random(n) < right, truth, ~truth)
    return prior, 1 / (1 + np.exp(3 - firm * yes)), truth


def by_hand(prior: Numbers, shares: Numbers, proof: Numbers, truth: NDArray[np.bool_], sorts: list[int] | None = None) -> list[float]:
    """Expectation and maximisation in plain loops."""
    off = dict.fromkeys(sorts or [0], 0.0)
    said = [*proof.tolist(), *shares.tolist()]
    edges = sorted({float(np.quantile(said, i / BINS)) for i in range(1, BINS)})
    raw = [sum(value >= edge for edge in edges) for value in said]
    used = sorted(set(raw))
    kinds = [used.index(kind) for kind in raw]
    k, n, m = len(used), len(said), len(proof)
    belief = [float(t) for t in truth] + prior.tolist()
    for turn in range(ROUNDS):
        counts = [[k * kinds.count(j) / n for j in range(k)] for _ in range(2)]
        for i in range(m if turn == 0 else n):
            counts[0][kinds[i]] += belief[i]
            counts[1][kinds[i]] += 1 - belief[i]
        worth = [math.log(counts[0][j] / sum(counts[0])) - math.log(counts[1][j] / sum(counts[1])) for j in range(k)]
        alone = []
        for i in range(m, n):
            odds = math.log(prior[i - m] / (1 - prior[i - m])) + off[sorts[i - m] if sorts else 0]
            alone.append(1 / (1 + math.exp(-odds)))
            belief[i] = 1 / (1 + math.exp(-odds - worth[kinds[i]]))
        for sort in off if sorts else ():
            places = [j for j in range(n - m) if sorts[j] == sort]
            slope = sum(belief[m + j] - alone[j] for j in places) - off[sort]
            off[sort] += slope / (sum(alone[j] * (1 - alone[j]) for j in places) + 1)
    return belief[m:]


@pytest.mark.parametrize("seed", range(3))
def test_it_is_expectation_and_maximisation(seed: int) -> None:
    prior, shares, _ = drawn(seed, 0.8, n=60)
    proof, truth = np.random.default_rng(seed).random(20), np.arange(20) % 2 == 0
    assert np.allclose(witnesses(prior, shares, proof, truth), by_hand(prior, shares, proof, truth), atol=1e-9)
    sorts = np.random.default_rng(seed).integers(3, size=60)
    assert np.allclose(witnesses(prior, shares, proof, truth, sorts), by_hand(prior, shares, proof, truth, sorts.tolist()), atol=1e-9)


@pytest.mark.parametrize("right", [0.7, 0.8, 0.9])
def test_answers_are_worth_what_they_are_right(right: float) -> None:
    """Nearly the belief of one who knows how often the teacher is right."""
    off = []
    for seed in range(4):
        prior, shares, _ = drawn(seed, right, n=20_000)  # of few, .05 off where the teacher is right in 7 of 10
        says = shares > 0.1
        worth = math.log(right / (1 - right))
        known = 1 / (1 + np.exp(-np.log(prior / (1 - prior)) - np.where(says, worth, -worth)))
        proof = np.asarray([0.27] * 10 + [0.05] * 10)
        off.append(np.abs(witnesses(prior, shares, proof, np.arange(20) < 10) - known).mean())
    assert np.mean(off) < 0.02


@pytest.mark.parametrize("right", [0.75, 0.9])
def test_by_how_much_the_scores_of_a_sort_are_off_is_learnt(right: float) -> None:
    """Too low for one sort and too high for another, by one unit of log odds each; two sorts and two witnesses tell."""
    off = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        prior, sorts = rng.uniform(0.1, 0.9, 2000), rng.integers(2, size=2000)
        truth = rng.random(2000) < 1 / (1 + np.exp(-np.log(prior / (1 - prior)) - np.where(sorts == 0, 1.0, -1.0)))
        yes = np.where(rng.random(2000) < right, truth, ~truth)
        found = witnesses(prior, np.where(yes, 0.27, 0.05), np.asarray([0.27] * 10 + [0.05] * 10), np.arange(20) < 10, sorts)
        off += [abs(found[sorts == sort].mean() - truth[sorts == sort].mean()) for sort in (0, 1)]
    assert np.mean(off) < 0.05  # it was .2 before anything was learnt


def moved(right: float) -> float:
    """By how much beliefs move, in the mean of twenty lists."""
    means = []
    for seed in range(20):
        prior, shares, _ = drawn(seed, right, firm=6.0)
        found = witnesses(prior, shares, np.asarray([0.9] * 10 + [0.05] * 10), np.arange(20) < 10, np.arange(400) % 3)
        means.append(float(np.abs(found - prior).mean()))
    return float(np.mean(means))


def test_a_teacher_whose_answers_are_chance_changes_little() -> None:
    """However firm it is, and although the probe was passed by luck."""
    assert moved(0.5) < 0.08 < 0.2 < moved(0.9)


def test_no_answer_leaves_the_prior_and_few_pairs_lean_on_the_probe() -> None:
    prior = np.asarray([0.3, 0.6])
    assert witnesses(prior, np.full(2, np.nan), np.asarray([0.9, 0.1]), np.asarray([True, False])).tolist() == [0.3, 0.6]
    assert witnesses(np.empty(0), np.empty(0), np.asarray([0.9, np.nan]), np.asarray([True, False])).tolist() == []
    proof, truth = np.repeat([0.9, 0.1], 20), np.repeat([True, False], 20)
    one, silent = witnesses(prior, np.asarray([0.9, np.nan]), proof, truth).tolist()
    assert one > 0.85
    assert silent == 0.6
