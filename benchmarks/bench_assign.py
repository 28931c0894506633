"""Claim: placing new vectors in saved themes runs at 20,000 a second or more beyond encoding, and as an exact search would."""

from __future__ import annotations

import time

import numpy as np

import matomari
import results
import sets
from matomari.cluster.communities.support import vote
from matomari.operate.group.placing import NEIGHBORS
from matomari.vectors import NeighborIndex, normalise

REPEATS, ROWS = 5, 40_000


def main() -> None:
    figures = {}
    for name in ("Banking77 test", "AgNews", "SearchSnippets"):
        texts, _ = sets.themes()[name]
        found = matomari.group(texts, kind="themes", fast="off", cache=sets.Path(__file__).parents[1] / ".cache" / "vectors")
        X = sets.vectors(name, texts)
        rng = np.random.default_rng(0)
        Q = X[rng.integers(len(X), size=ROWS)] + 0.02 * rng.standard_normal((ROWS, X.shape[1]), dtype=np.float32)
        found.reference.place_vectors(Q[:1000])
        rates = []
        for _ in range(REPEATS):
            before = time.perf_counter()
            found.reference.place_vectors(Q)
            rates.append(ROWS / (time.perf_counter() - before))
        reference = found.reference
        exact = NeighborIndex(reference.unit, exact=True).search(normalise(Q), NEIGHBORS)
        placed = reference.place_vectors(Q)[0]
        same = placed == np.where(exact[0][:, 0] < reference.nearest, -1, vote(*exact, reference.labels, reference.k)[0])
        figures[name] = {
            "known_texts": len(found.reference.texts),
            "groups": found.run["groups"],
            "vectors_per_second": results.spread(rates),
            "as_exact_search": float(same.mean()),
        }
        print(name, figures[name], flush=True)
    results.write("assign", figures)


if __name__ == "__main__":
    main()
