"""Places on a map: neighbours near one another, everything else apart."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...seeds import Seed
from ...vectors import Floats, Ints

ROWS = 20_000  # rows that are moved; the others are set beside their nearest among these
EPOCHS = 160
REPULSIONS = 4  # random rows each row is pushed from, an epoch
A, B = 1.577, 0.8951  # of the curve 1 / (1 + A d^2B), for a minimal distance of 0.1 (McInnes 2018, section 3.2)
LIMIT = 4.0
GRAVITY = 0.015  # a group with no link to the rest would drift out of sight


def places(X: Floats, rows: Ints, graph: sp.csr_matrix, seed: int = 0) -> Floats:
    """Map position of each row, shape (n, 2).

    The cross entropy of fuzzy neighbourhoods (McInnes 2018, *UMAP*, definition 3) is lowered by full-batch steps from the
    first two principal components, so that the same seed gives the same map.

    Parameters
    ----------
    X : array, shape (n, d), float32
    rows : array, shape (n, k), int64
        Nearest rows of each row.
    graph : scipy.sparse.csr_matrix, shape (n, n)
        Link weights.
    seed : int

    Examples
    --------
    >>> X = np.eye(3, dtype=np.float32)
    >>> graph = sp.csr_matrix(np.ones((3, 3)) - np.eye(3))
    >>> places(X, np.array([[1], [0], [1]]), graph).shape
    (3, 2)
    """
    n, rng = len(X), Seed(seed).stream("layout")
    if n < 3:
        return np.stack([np.arange(n), np.zeros(n)], axis=1).astype(np.float32)
    moved = np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
    part = sp.csr_matrix(graph[moved][:, moved]).tocoo()
    spot = _principal(X[moved]) + rng.normal(0, 1e-3, (len(moved), 2))
    spot = _settle(spot, part.row, b=part.col, weight=part.data / max(part.data.max(initial=1.0), 1e-9), rng=rng)
    if len(moved) == n:
        return spot.astype(np.float32)
    return _set_beside(spot, moved, rows=rows, n=n, rng=rng)


def _principal(X: Floats) -> NDArray[np.float64]:
    centred = X - X.mean(axis=0)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    flat = centred @ axes[:, -2:]
    flat = np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))
    flat = flat * np.where(flat[np.abs(flat).argmax(axis=0), [0, 1]] < 0, -1, 1)  # the sign of an axis is arbitrary: fix it
    return np.asarray(10 * flat / max(np.abs(flat).max(), 1e-9), np.float64)


def _settle(spot: NDArray[np.float64], a: Ints, b: Ints, weight: Floats, rng: np.random.Generator) -> NDArray[np.float64]:
    n = len(spot)
    degree = np.maximum(np.bincount(a, weight, minlength=n), 1e-9)
    for epoch in range(EPOCHS):
        rate = 1.0 - epoch / EPOCHS
        gap = spot[a] - spot[b]
        square = (gap**2).sum(axis=1)
        pull = -2 * A * B * square ** (B - 1) / (1 + A * square**B) if square.all() else _pull(square)
        step = _sum(a, np.clip(pull[:, None] * gap, -LIMIT, LIMIT) * weight[:, None], n)
        pushed = np.tile(np.arange(n), REPULSIONS)
        gap = spot[pushed] - spot[rng.integers(n, size=len(pushed))]
        square = (gap**2).sum(axis=1)
        push = 2 * B / ((0.001 + square) * (1 + A * square**B))
        away = _sum(pushed, np.clip(push[:, None] * gap, -LIMIT, LIMIT), n)
        # both sums are brought to the size of one link and one push, or crowded rows would overshoot
        spot = spot + rate * (step / degree[:, None] + away / REPULSIONS - GRAVITY * (spot - spot.mean(axis=0)))
    return spot


def _pull(square: NDArray[np.float64]) -> NDArray[np.float64]:
    safe = np.maximum(square, 1e-12)
    return np.where(square > 0, -2 * A * B * safe ** (B - 1) / (1 + A * safe**B), 0)


def _sum(index: Ints, values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.stack([np.bincount(index, values[:, axis], minlength=n) for axis in (0, 1)], axis=1)


def _set_beside(spot: NDArray[np.float64], moved: Ints, rows: Ints, n: int, rng: np.random.Generator) -> Floats:
    out = np.full((n, 2), np.nan)
    out[moved] = spot
    spread = 0.02 * float(spot.std())
    for _ in range(4):  # a row whose neighbours were not moved either waits for them
        waiting = np.flatnonzero(np.isnan(out[:, 0]))
        if not len(waiting):
            break
        near = out[rows[waiting]]
        known = ~np.isnan(near[:, :, 0])
        ready = known.any(axis=1)
        first = known.argmax(axis=1)
        out[waiting[ready]] = near[np.arange(len(near)), first][ready] + rng.normal(0, spread, (int(ready.sum()), 2))
    rest = np.isnan(out[:, 0])
    out[rest] = spot.mean(axis=0) + rng.normal(0, spot.std(), (int(rest.sum()), 2))
    return out.astype(np.float32)
