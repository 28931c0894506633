"""Metrics: against scikit-learn, a plain double loop, and cases worked by hand."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from sklearn import config_context
from sklearn import metrics as reference

from matomari.errors import InputError
from matomari.metrics.calibration import calibration_error
from matomari.metrics.grouping import (
    adjusted_mutual_info,
    adjusted_rand,
    b_cubed,
    clustering_accuracy,
    matched,
    normalized_mutual_info,
    pairwise,
    scores,
)

CASES = 1000
EXACT = 1e-12
ALL = [adjusted_mutual_info, adjusted_rand, normalized_mutual_info, clustering_accuracy, pairwise, b_cubed, scores]


def random_cases() -> Iterator[tuple[list[int], list[int]]]:
    rng = np.random.default_rng(0)
    for _ in range(CASES):
        n = int(rng.integers(1, 15))
        truth, found = rng.integers(int(rng.integers(1, 6)), size=n), rng.integers(int(rng.integers(1, 6)), size=n)
        if rng.random() < 0.5:
            found = np.where(rng.random(n) < 0.3, -1, found)
        yield truth.tolist(), found.tolist()


def alone(found: Sequence[int]) -> list[int]:
    """The same grouping, each -1 given a number of its own, written without numpy."""
    fresh = itertools.count(1000)
    return [next(fresh) if label == -1 else label for label in found]


def f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def pairs_by_loop(truth: Sequence[int], found: Sequence[int]) -> tuple[float, float, float]:
    both = named = real = 0
    for i, j in itertools.combinations(range(len(truth)), 2):
        together, same = found[i] == found[j], truth[i] == truth[j]
        both, named, real = both + (together and same), named + together, real + same
    p, r = both / named if named else 1.0, both / real if real else 1.0
    return p, r, f1(p, r)


def rand_by_formula(truth: Sequence[int], found: Sequence[int]) -> float:
    """(both - chance) / (highest - chance), in pairs; 1 where there is nothing to tell apart."""
    pairs = [sum(math.comb(c, 2) for c in Counter(x).values()) for x in (list(zip(truth, found, strict=True)), truth, found)]
    both, real, named = pairs
    chance = real * named / max(math.comb(len(truth), 2), 1)
    highest = (real + named) / 2
    return (both - chance) / (highest - chance) if highest != chance else 1.0


def entropy(values: Sequence[Any]) -> float:
    return -sum(c / len(values) * math.log(c / len(values)) for c in Counter(values).values())


def information_by_formula(truth: Sequence[int], found: Sequence[int]) -> float:
    """Shared information over the mean of the two entropies; 1 where neither side tells anything apart."""
    a, b, ab = entropy(truth), entropy(found), entropy(list(zip(truth, found, strict=True)))
    if len(set(truth)) == len(set(found)) == 1:
        return 1.0
    return (a + b - ab) / ((a + b) / 2)


def cubed_by_loop(truth: Sequence[int], found: Sequence[int]) -> tuple[float, float, float]:
    n, precision, recall = len(truth), 0.0, 0.0
    for i in range(n):
        group = [j for j in range(n) if found[j] == found[i]]
        cls = [j for j in range(n) if truth[j] == truth[i]]
        both = len(set(group) & set(cls))
        precision, recall = precision + both / len(group), recall + both / len(cls)
    return precision / n, recall / n, f1(precision / n, recall / n)


def accuracy_by_reference(truth: Sequence[int], found: Sequence[int]) -> float:
    table = reference.cluster.contingency_matrix(truth, found)
    return float(table[linear_sum_assignment(-table)].sum() / len(truth))


def accuracy_by_every_way(truth: Sequence[int], found: Sequence[int]) -> float:
    """Each group gets one class, or none, in every possible way."""
    groups, classes = sorted(set(found)), sorted(set(truth))
    places = classes + [None] * len(groups)
    return max(
        sum(dict(zip(groups, way, strict=True))[f] == t for t, f in zip(truth, found, strict=True))
        for way in itertools.permutations(places, len(groups))
    ) / len(truth)


@config_context(skip_parameter_validation=True, assume_finite=True)
def test_a_thousand_random_cases() -> None:
    for number, (truth, found) in enumerate(random_cases()):
        single = alone(found)
        assert adjusted_rand(truth, found) == pytest.approx(rand_by_formula(truth, single), abs=EXACT)
        assert normalized_mutual_info(truth, found) == pytest.approx(information_by_formula(truth, single), abs=EXACT)
        assert adjusted_mutual_info(truth, found) == pytest.approx(reference.adjusted_mutual_info_score(truth, single), abs=EXACT)
        if number % 4 == 0:
            assert adjusted_rand(truth, found) == pytest.approx(reference.adjusted_rand_score(truth, single), abs=EXACT)
            assert normalized_mutual_info(truth, found) == pytest.approx(reference.normalized_mutual_info_score(truth, single), abs=EXACT)
        assert clustering_accuracy(truth, found) == pytest.approx(accuracy_by_reference(truth, single), abs=EXACT)
        assert pairwise(truth, found) == pytest.approx(pairs_by_loop(truth, single), abs=EXACT)
        assert b_cubed(truth, found) == pytest.approx(cubed_by_loop(truth, single), abs=EXACT)


def test_accuracy_against_every_way_of_naming_groups() -> None:
    small = [(t, alone(f)) for t, f in random_cases() if len(set(t)) <= 3 and len(set(alone(f))) <= 4]
    assert len(small) > 100
    for truth, found in small[:100]:
        assert clustering_accuracy(truth, found) == pytest.approx(accuracy_by_every_way(truth, found), abs=EXACT)


HALF = 1 / 2
BY_HAND: list[tuple[Any, list[Any], list[Any], Any]] = [
    # two of the three items of group 1 are of class 1, one of class 0: (2 + 1) of 4 with the best naming
    (clustering_accuracy, [0, 0, 1, 1], [0, 1, 1, 1], 3 / 4),
    # more groups than classes: one of the three groups goes without a class
    (clustering_accuracy, [0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 1], 4 / 6),
    # nobody grouped: each class finds one of its items
    (clustering_accuracy, ["a", "a", "b"], [-1, -1, -1], 2 / 3),
    # of 6 pairs 2 are true, 3 are found, 1 is both: what chance gives, 2·3/6
    (adjusted_rand, [0, 0, 1, 1], [0, 1, 1, 1], 0.0),
    # of 10 pairs 4 are true, 2 are found, 2 are both; chance gives 4·2/10 and at most (4 + 2)/2 is possible
    (adjusted_rand, [0, 0, 0, 1, 1], [0, 0, 1, 2, 2], (2 - 0.8) / (3 - 0.8)),
    # independent halves share no information
    (normalized_mutual_info, [0, 0, 1, 1], [0, 1, 0, 1], 0.0),
    # I = log 2, H(truth) = log 2, H(found) = log 4: log 2 / ((1 + 2)/2 log 2)
    (normalized_mutual_info, [0, 0, 1, 1], [0, 1, 2, 3], 2 / 3),
    # found pairs 01, 23, 24, 34; true pairs 01, 02, 12, 34: both 2
    (pairwise, [0, 0, 0, 1, 1], [0, 0, 1, 1, 1], (HALF, HALF, HALF)),
    # items 0, 1: 1 and 2/3; item 2: 1/3 and 1/3; items 3, 4: 2/3 and 1
    (b_cubed, [0, 0, 0, 1, 1], [0, 0, 1, 1, 1], (11 / 15, 11 / 15, 11 / 15)),
    # the two -1 stand alone: no pair but 01 is named, which is true; of the true pairs 01, 23 one is found
    (pairwise, [0, 0, 1, 1], [5, 5, -1, -1], (1.0, HALF, 2 / 3)),
    (b_cubed, [0, 0, 1, 1], [5, 5, -1, -1], (1.0, 3 / 4, 6 / 7)),
    # four single groups always share log 2 with two halves, so nothing is left beyond chance
    (adjusted_mutual_info, [0, 0, 1, 1], [-1, -1, -1, -1], 0.0),
]


@pytest.mark.parametrize(("metric", "truth", "found", "expected"), BY_HAND, ids=lambda x: getattr(x, "__name__", ""))
def test_worked_by_hand(metric: Any, truth: list[Any], found: list[Any], expected: Any) -> None:
    assert metric(truth, found) == pytest.approx(expected, abs=EXACT)


def test_minus_one_is_a_group_of_its_own_for_every_item() -> None:
    assert scores([0, 0, 1, 1], [-1, -1, -1, -1]) == scores([0, 0, 1, 1], [4, 3, 2, 1])
    assert scores([0, 0, 1, 1], [-1, -1, -1, -1]) != scores([0, 0, 1, 1], [7, 7, 7, 7])


def test_minus_one_of_the_truth_is_a_class_like_any_other() -> None:
    assert pairwise([-1, -1], [0, 0]) == (1.0, 1.0, 1.0)


def test_minus_one_as_text_is_a_name() -> None:
    assert pairwise([0, 0], ["-1", "-1"]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("truth", [[0, 0, 1], ["a", "a", "b"], np.array([7, 7, 9], np.uint8), [1.5, 1.5, 2.5]])
def test_numbers_and_names_of_groups_do_not_matter(truth: Any) -> None:
    assert scores(truth, [1, 1, 0]) == dict.fromkeys(scores(truth, [1, 1, 0]), 1.0)


def test_scores_are_the_metrics() -> None:
    truth, found = [0, 0, 1, 1, 2], [0, 1, 1, 1, -1]
    p, b = pairwise(truth, found), b_cubed(truth, found)
    assert scores(truth, found) == {
        "ami": adjusted_mutual_info(truth, found),
        "ari": adjusted_rand(truth, found),
        "nmi": normalized_mutual_info(truth, found),
        "acc": clustering_accuracy(truth, found),
        "pairwise_precision": p[0],
        "pairwise_recall": p[1],
        "pairwise_f1": p[2],
        "b3_precision": b[0],
        "b3_recall": b[1],
        "b3_f1": b[2],
    }
    assert all(type(v) is float and math.isfinite(v) for v in scores(truth, found).values())


def test_one_item() -> None:
    assert set(scores([0], [0]).values()) == {1.0}
    assert set(scores([0], [-1]).values()) == {1.0}


@pytest.mark.parametrize("metric", ALL)
def test_errors(metric: Any) -> None:
    with pytest.raises(InputError, match="truth has 2 items, the grouping has 3") as caught:
        metric([0, 1], [0, 1, 1])
    assert caught.value.hint
    with pytest.raises(InputError, match="no items to score"):
        metric([], [])


def test_the_arrays_are_left_alone() -> None:
    truth, found = np.array([0, 0, 1]), np.array([0, -1, -1])
    scores(truth, found)
    assert truth.tolist() == [0, 0, 1]
    assert found.tolist() == [0, -1, -1]


def test_calibration_error_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, k = int(rng.integers(2, 60)), int(rng.integers(1, 5))
        truth, found, sure = rng.integers(k, size=n), rng.integers(k + 1, size=n), rng.random(n)
        groups, classes = sorted(set(found)), sorted(set(truth))
        padded = [*classes, *[None] * len(groups)]
        ways = [dict(zip(groups, way, strict=True)) for way in itertools.permutations(padded, len(groups))]
        most = max(sum(way[f] == t for f, t in zip(found, truth, strict=True)) for way in ways)
        best = [way for way in ways if sum(way[f] == t for f, t in zip(found, truth, strict=True)) == most]
        errors = []
        for way in best:  # several matchings can be equally good
            right = np.array([way[f] == t for f, t in zip(found, truth, strict=True)])
            bins = np.minimum((sure * 15).astype(int), 14)
            errors.append(sum(abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins)))
        assert min(abs(calibration_error(sure, matched(truth, found)) - e) for e in errors) < 1e-9


def test_calibration_needs_one_confidence_an_item() -> None:
    with pytest.raises(InputError, match="2 confidences"):
        calibration_error([0.5, 0.5], [True, True, False])
