"""Claim: placing new vectors in saved themes runs at 20,000 a second or more beyond encoding, and as an exact search would."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import matomari
from harness import results
from harness.data import texts
from harness.data.files import CACHE, vectors
from harness.machine import Clock
from harness.statistics import spread
from matomari.cluster.communities.support import vote
from matomari.operate.group.placing import NEIGHBORS
from matomari.vectors import NeighborIndex, normalise

REPEATS, ROWS = 5, 40_000


def one_set(name: str) -> dict[str, object]:
    """Group a set, place noisy copies of its vectors, and compare with an exact search."""
    rows, _ = texts.THEMES[name]()
    grouping = matomari.group(rows, kind="themes", fast="off", cache=CACHE / "vectors")
    reference, X = grouping.reference, vectors(rows)
    rng = np.random.default_rng(0)
    Q = X[rng.integers(len(X), size=ROWS)] + 0.02 * rng.standard_normal((ROWS, X.shape[1]), dtype=np.float32)
    reference.place_vectors(Q[:1000])
    rates = []
    for _ in range(REPEATS):
        with Clock() as clock:
            placed = reference.place_vectors(Q).label
        rates.append(ROWS / clock.seconds)
    exact = NeighborIndex(reference.unit, exact=True).search(normalise(Q), NEIGHBORS)
    same = placed == np.where(exact[0][:, 0] < reference.nearest, -1, vote(*exact, reference.labels, reference.k).label)
    return {
        "known_texts": len(reference.keys),
        "groups": grouping.run["groups"],
        "vectors_per_second": spread(rates),
        "as_exact_search": float(same.mean()),
    }


def main() -> None:
    """Measure three sets."""
    figures = {}
    for name in ("Banking77 test", "AgNews", "SearchSnippets"):
        figures[name] = one_set(name)
        print(name, figures[name], flush=True)
    results.write("assign", figures)


if __name__ == "__main__":
    main()
