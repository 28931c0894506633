"""Rows around directions at right angles, and when two groupings are the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from matomari.vectors import Floats

D = 12


def blobs(k: int = 4, each: int = 30, noise: float = 0.12, seed: int = 0, d: int = D) -> tuple[Floats, Any]:
    """Rows of several lengths around k directions at right angles, in mixed order, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(k), each))
    X = (np.eye(d)[truth] + rng.normal(0, noise, (k * each, d))) * rng.uniform(0.5, 3, (k * each, 1))
    return X.astype(np.float32), truth


def same_groups(a: Any, b: Any) -> bool:
    return bool(adjusted_rand_score(a, b) == 1.0)
