"""Calibration error and reliability, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from matomari.metrics.calibration import calibration_error, reliability


def test_calibration_by_hand() -> None:
    sure, right = np.array([1.0, 0.95, 0.55, 0.5, 0.0]), np.array([True, False, True, False, False])
    bins = reliability(sure, right)
    assert [one["rows"] for one in bins] == [1, 0, 0, 0, 0, 2, 0, 0, 0, 2]
    assert bins[9]["right"] == 0.5
    assert bins[9]["sure"] == pytest.approx(0.975)
    assert bins[1]["sure"] is None
    rng = np.random.default_rng(0)
    sure, right = rng.random(500), rng.random(500) < 0.6
    total = 0.0
    for b in range(15):
        here = [i for i in range(500) if b / 15 <= sure[i] < (b + 1) / 15]
        total += abs(sum(sure[i] - right[i] for i in here))
    assert calibration_error(sure, right) == pytest.approx(total / 500)
