"""Intervals against published examples and resampled rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from matomari.metrics.intervals import compared, holm, newcombe, wilson


def test_the_interval_is_that_of_resampled_rows() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.random(300) < 0.7, rng.random(300) < 0.8
    difference, low, high = compared(one, other, seed=4)
    gaps = other.astype(float) - one
    drawn = [gaps[rng.integers(300, size=300)].mean() for _ in range(4000)]
    assert difference == pytest.approx(gaps.mean())
    assert (low, high) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])), abs=0.012)


@pytest.mark.parametrize(("count", "total"), [(0, 1), (1, 1), (0, 30), (30, 30), (1, 29), (15, 148), (81, 263), (7, 20_000)])
def test_wilson_is_that_of_scipy(count: int, total: int) -> None:
    told = binomtest(count, total).proportion_ci(method="wilson")
    assert wilson(count, total) == pytest.approx((told.low, told.high), abs=1e-9)


@pytest.mark.parametrize(
    ("numbers", "interval"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_newcombe_is_that_of_the_paper(numbers: tuple[int, int, int, int], interval: tuple[float, float]) -> None:
    """Newcombe 1998, table II, method 10."""
    assert newcombe(*numbers) == pytest.approx(interval, abs=5.1e-5)
    turned = newcombe(*numbers[2:], *numbers[:2])
    assert turned == pytest.approx((-newcombe(*numbers)[1], -newcombe(*numbers)[0]))


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # 3·0.01, then 2·0.03 twice, 4·0.005
    assert holm([0.5, 0.6]) == [1, 1]
    assert holm([0.2]) == [0.2]
