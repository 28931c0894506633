"""A million rows in a mapped file, and what a fit on them takes: the same for every method whose memory is promised."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from harness.machine import GB, Clock, child, peak

D = 384  # columns
BLOCK, BLOCKS = 100_000, 10


def clouds(n: int, seed: int = 0) -> np.ndarray:
    """Unit vectors around 400 random centres."""
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((400, D)).astype(np.float32)
    X = centers[rng.integers(400, size=n)] + 0.8 * rng.standard_normal((n, D), dtype=np.float32)
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def million_mapped(script: str) -> dict[str, float]:
    """What the script reports of a fit on 1 M mapped rows, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npy"
        big = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(BLOCK * BLOCKS, D))
        for block in range(BLOCKS):
            big[block * BLOCK : (block + 1) * BLOCK] = clouds(BLOCK, block)
        big.flush()
        del big
        return child(script, path)


def fit_mapped(model: Any, path: str) -> tuple[dict[str, float], int]:
    """Run in a child: the peak of its memory and the seconds of the fit, and the bytes of the map."""
    X = np.load(path, mmap_mode="r", allow_pickle=False)
    with Clock() as clock:
        model.fit(X)
    return {"peak_gb": peak() / GB, "seconds": clock.seconds}, X.nbytes
