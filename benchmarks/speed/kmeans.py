"""Claim: SphericalKMeans costs at most 1.1 times faiss at equal iterations and equal inertia, and 1 M mapped rows fit in 3 GB.

Times are ratios in one run: ours and faiss in turn, same rows, same starting centres, same number of iterations, five pairs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.machine import Clock, report
from harness.mapped import D, clouds, fit_mapped, million_mapped
from harness.statistics import spread

N, K, STEPS, PAIRS = 200_000, 256, 10, 5


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
