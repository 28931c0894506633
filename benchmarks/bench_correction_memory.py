"""Claim: finding the communities of a million latent vectors of 384 columns takes at most three times the memory of the vectors.

Resident memory at its highest over that before the vectors were made, so they count themselves; one process, one resolution. Random mixture of 1,000 classes.
"""

from __future__ import annotations

import resource
import sys
import time

import faiss
import numpy as np

import results
from matomari.learn.correction.matching import latent_communities

ROWS, COLUMNS, CLASSES = 1_000_000, 384, 1_000


def made(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    centres, labels = rng.standard_normal((CLASSES, COLUMNS), dtype=np.float32), rng.integers(CLASSES, size=n)
    Z = np.empty((n, COLUMNS), np.float32)
    for start in range(0, n, 10_000):
        rows = slice(start, min(start + 10_000, n))
        Z[rows] = centres[labels[rows]] + rng.standard_normal((rows.stop - start, COLUMNS), dtype=np.float32)
    return Z, labels


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    faiss.omp_set_num_threads(1)
    latent_communities(*made(2_000), resolution=1.0)  # what libraries load
    before = peak()
    Z, labels = made(n)
    began = time.perf_counter()
    found = latent_communities(Z, labels, resolution=1.0)
    vectors = Z.nbytes / 2**20
    table = results.kept("correction_memory") | {
        f"{n:,} × {COLUMNS}": {
            "vectors": vectors,
            "most": peak() - before,
            "times": (peak() - before) / vectors,
            "seconds": time.perf_counter() - began,
            "communities": len(found.owner),
        }
    }
    print(table, flush=True)
    results.write("correction_memory", {"table": table})


if __name__ == "__main__":
    main()
