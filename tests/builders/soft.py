"""Clouds of rows, and a sample as one pass of soft k-means takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from matomari.cluster.soft.passes import Sample
from matomari.vectors import Floats


def clouds(n: int = 300, k: int = 4, d: int = 6, width: float = 0.3, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return (3 * np.eye(k, d)[rng.integers(k, size=n)] + rng.normal(0, width, (n, d))).astype(np.float32)


def sample(X: Floats, cosine: bool = False, weight: Any = None) -> Sample:
    weight = np.ones(len(X), np.float32) if weight is None else np.asarray(weight, np.float32)
    return Sample(X, weight, np.zeros(X.shape[1], np.float32), cosine, torch.device("cpu"))
