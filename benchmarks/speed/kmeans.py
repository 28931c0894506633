"""Claim: SphericalKMeans costs at most 1.1 times faiss at equal iterations and equal inertia, and 1 M mapped rows fit in 3 GB.

Times are ratios in one run: ours and faiss in turn, same rows, same starting centres, same number of iterations, five pairs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.machine import GB, Clock, child, peak, report
from harness.statistics import spread

N, D, K, STEPS, PAIRS = 200_000, 384, 256, 10, 5
BLOCK, BLOCKS = 100_000, 10  # of the mapped rows


def clouds(n: int, seed: int = 0) -> np.ndarray:
    """Unit vectors around 400 random centres."""
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((400, D)).astype(np.float32)
    X = centers[rng.integers(400, size=n)] + 0.8 * rng.standard_normal((n, D), dtype=np.float32)
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def ours(X: np.ndarray, start: np.ndarray) -> float:
    """The inertia that SphericalKMeans reaches."""
    from matomari import SphericalKMeans

    return SphericalKMeans(K, init=start, max_iter=STEPS, tol=0.0).fit(X).inertia_


def faiss_kmeans(X: np.ndarray, start: np.ndarray) -> float:
    """The inertia that faiss reaches."""
    import faiss

    model = faiss.Kmeans(D, K, niter=STEPS, spherical=True, max_points_per_centroid=len(X), seed=1)
    model.train(X, init_centroids=start)
    cosines, _ = model.index.search(X, 1)  # labels of the final centres, which ours gives too
    return float(len(X) - cosines.sum(dtype=np.float64))


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


def mapped(path: str) -> None:
    """Run in a child."""
    from matomari import SphericalKMeans

    report(fit_mapped(SphericalKMeans(K, max_iter=5, random_state=0), path)[0])


def main() -> None:
    """Measure time, inertia and memory."""
    X = clouds(N)
    start = X[np.random.default_rng(1).choice(N, K, replace=False)]
    ours(X[:20_000], start), faiss_kmeans(X[:20_000], start)
    times, inertias = [], []
    for pair in range(PAIRS):
        seconds, inertia = {}, {}
        for run in (ours, faiss_kmeans) if pair % 2 else (faiss_kmeans, ours):
            with Clock() as clock:
                inertia[run.__name__] = run(X, start)
            seconds[run.__name__] = clock.seconds
        times.append(seconds["ours"] / seconds["faiss_kmeans"])
        inertias.append(inertia["ours"] / inertia["faiss_kmeans"])
        print(pair, seconds, inertia, flush=True)
    figures = {"rows": N, "k": K, "iterations": STEPS, "time_ratio": spread(times), "inertia_ratio": spread(inertias)}
    figures["million_mapped"] = million_mapped(__file__)
    print("ratio", np.median(times).round(3), "inertia", np.median(inertias).round(4), figures["million_mapped"])
    results.write("kmeans", figures)


if __name__ == "__main__":
    mapped(sys.argv[1]) if len(sys.argv) > 1 else main()
