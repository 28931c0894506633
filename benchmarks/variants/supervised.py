"""Question: what does a user get from dedupe, who answers a hundred questions, on the sets where matomari gets no answer?

dedupe asks about pairs of its choice and the truth answers; five draws, for its learner is random. Not a rival, for it has seen labels.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from matomari.metrics.grouping import pairwise
from variants.peers import dedupe_labels
from variants.pool import LARGE

SEEDS = range(5)


def main() -> None:
    """Run it, and keep precision, recall and F1 of each draw."""
    figures: dict = {}
    for name, load in LARGE.items():
        rows, truth = load()
        figures[name] = [pairwise(np.asarray(truth), dedupe_labels(rows, np.asarray(truth), seed)) for seed in SEEDS]
        print(name, np.round(figures[name], 3).tolist(), flush=True)
    results.write("variants_supervised", {"sets": figures}, ("dedupe", "BTrees"))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # dedupe goes through sets of words
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})
    main()
