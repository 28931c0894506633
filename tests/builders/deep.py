"""Deep soft k-means, trained briefly on small clouds and bars."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from matomari.learn.deep import DeepSoftKMeans
from matomari.learn.deep.settings import Training
from matomari.vectors import Floats

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


SHORT = Training(pretrain_epochs=3, epochs=4, fresh_every=2, tol=0)


def clouds(n: int = 160, k: int = 4, d: int = 12, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return (3 * np.eye(k, d)[rng.integers(k, size=n)] + rng.normal(0, 0.3, (n, d))).astype(np.float32)


def bars(n: int = 96, side: int = 9, wide: int = 8, seed: int = 0) -> Floats:
    """Images with one bright line, upright or lying."""
    rng = np.random.default_rng(seed)
    images = rng.random((n, side, wide)) * 0.2
    for image, lying in zip(images, rng.integers(2, size=n), strict=True):
        image[(3, slice(None)) if lying else (slice(None), 3)] = 1
    return images.astype(np.float32)


def fitted(X: Any = None, k: int = 4, training: Training = SHORT, **parameters: Any) -> DeepSoftKMeans:
    return DeepSoftKMeans(k, **{"code": 3, "random_state": 0, "device": "cpu", "training": training, **parameters}).fit(
        clouds() if X is None else X
    )


def everything(model: DeepSoftKMeans) -> list[bytes]:
    stages = [a for s in (model.start_, model.soft_) for a in (s.cluster_centers_, s.embedding_)]
    weights = [w.numpy() for w in model.code_.net.state_dict().values()]
    return [a.tobytes() for a in (*stages, *weights, model.labels_, model.partition_.strength, np.asarray(model.objective_history_))]


def digest(model: DeepSoftKMeans) -> str:
    return hashlib.sha256(b"".join(everything(model))).hexdigest()
