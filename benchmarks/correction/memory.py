"""Claim: finding the communities of a million latent vectors of 384 columns takes at most three times the memory of the vectors.

Resident memory at its highest over that before the vectors were drawn, so they count themselves; one process, one resolution. Random mixture of 1,000 classes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import faiss
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.loop import Table
from harness.machine import Clock, peak
from matomari.learn.correction.matching import latent_communities

ROWS, COLUMNS, CLASSES, BLOCK = 1_000_000, 384, 1_000, 10_000
MIB = 2**20


def mixture(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and classes, drawn in blocks so that the draw itself takes no memory."""
    rng = np.random.default_rng(0)
    centres, labels = rng.standard_normal((CLASSES, COLUMNS), dtype=np.float32), rng.integers(CLASSES, size=n)
    Z = np.empty((n, COLUMNS), np.float32)
    for start in range(0, n, BLOCK):
        rows = slice(start, min(start + BLOCK, n))
        Z[rows] = centres[labels[rows]] + rng.standard_normal((rows.stop - start, COLUMNS), dtype=np.float32)
    return Z, labels


def main() -> None:
    """Measure a million vectors, or as many as are asked for."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    faiss.omp_set_num_threads(1)
    latent_communities(*mixture(2_000), resolution=1.0)  # what libraries load
    before = peak()
    Z, labels = mixture(n)
    with Clock() as clock:
        matching = latent_communities(Z, labels, resolution=1.0)
    most = peak() - before
    row = {"vectors": Z.nbytes / MIB, "most": most / MIB, "times": most / Z.nbytes, "seconds": clock.seconds}
    row["communities"] = len(matching.owner)
    Table("correction_memory").add({(f"{n:,} × {COLUMNS}",): row})


if __name__ == "__main__":
    main()
