"""Claim: among nine to sixty texts the number of themes is found, and the groups are nearly as good as those of Ward's linkage told the number.

Draws of intents from the training parts of Banking77 and CLINC150; also with other numbers of links per row, which is how three was chosen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts
from harness.data.files import vectors
from harness.statistics import interval
from matomari.cluster.communities import few
from matomari.cluster.communities.themes import themes
from matomari.metrics.grouping import adjusted_mutual_info

DRAWS, LINKS = 60, (3, 4, 5, 8)
SIZES = {"3 or 4 intents, 9 to 30 texts": ((3, 5), (3, 8)), "4 to 8 intents, 20 to 59 texts": ((4, 9), (5, 8))}


def draws(intents: tuple[int, int], each: tuple[int, int], seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Vectors and intents of a few texts, in turn of either set."""
    sets = [(vectors(rows), truth) for rows, truth in (texts.banking("train"), texts.clinc("train"))]
    rng = np.random.default_rng(seed)
    for draw in range(DRAWS):
        X, truth = sets[draw % 2]
        k, size = int(rng.integers(*intents)), int(rng.integers(*each))
        taken = rng.choice(truth.max() + 1, k, replace=False)
        rows = np.concatenate([rng.choice(np.flatnonzero(truth == intent), size, replace=False) for intent in taken])
        yield X[rows], np.unique(truth[rows], return_inverse=True)[1]


def measured(pairs: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    """Mean AMI with each number of links, how often the number is right, and Ward's linkage told it."""
    row: dict[str, Any] = {}
    shipped = few.FEW_NEIGHBORS
    for links in LINKS:
        few.FEW_NEIGHBORS = links
        found = [themes(X, assign_all=True, seed=draw) for draw, (X, _) in enumerate(pairs)]
        ami = [adjusted_mutual_info(truth, grouped.labels) for grouped, (_, truth) in zip(found, pairs, strict=True)]
        right = float(np.mean([grouped.k == truth.max() + 1 for grouped, (_, truth) in zip(found, pairs, strict=True)]))
        row[f"{links} links"] = {"ami": float(np.mean(ami)), "lowest": min(ami), "interval": interval(ami), "number right": right}
    few.FEW_NEIGHBORS = shipped
    told = [adjusted_mutual_info(truth, fcluster(linkage(X, "ward"), truth.max() + 1, "maxclust")) for X, truth in pairs]
    return row | {"Ward, told k": {"ami": float(np.mean(told)), "lowest": min(told), "interval": interval(told), "number right": 1.0}}


def main() -> None:
    """Measure both sizes."""
    figures = {title: measured(list(draws(intents, each, seed))) for seed, (title, (intents, each)) in enumerate(SIZES.items())}
    print(figures)
    results.write("few", {"draws": DRAWS, "shipped": few.FEW_NEIGHBORS, "sizes": figures})


if __name__ == "__main__":
    main()
