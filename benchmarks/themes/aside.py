"""Claim: on sets kept aside, themes with no number given agree with the truth better than k-means told the true number.

Three draws of at most 6,000 rows of each set, MiniLM vectors; and, where nobody knows the truth (captions, medical questions), how many groups
there are and how large the largest is.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.aside import FILES, draws_of
from harness.data.columns import captions, medquad
from harness.data.development import some
from harness.data.files import vectors
from harness.statistics import interval, spread
from harness.told import DRAWS, beside_told
from matomari.cluster.communities.themes import themes

WITHOUT_TRUTH = {"Flickr8k captions": (captions, 20_000), "MedQuAD questions": (medquad, 6_000)}


def without_truth(name: str) -> dict[str, Any]:
    """Number of groups and the largest share over the draws."""
    load, rows = WITHOUT_TRUTH[name]
    texts, groups, largest = list(dict.fromkeys(load())), [], []
    for draw in DRAWS:
        taken = some((texts, np.zeros(len(texts), np.int64)), rows, draw)[0]
        found = themes(vectors(taken), seed=draw)
        sizes = np.bincount(found.labels[found.labels >= 0])
        groups.append(found.k)
        largest.append(float(sizes.max() / len(taken)))
        print(f"{name:20s} draw {draw}: {found.k} groups, the largest holds {largest[-1]:.1%}; {found.reason}", flush=True)
    return {"rows": min(rows, len(texts)), "groups": groups, "largest": spread(largest)}


def main() -> None:
    """Measure every set."""
    warnings.simplefilter("ignore")
    known = results.read("themes_aside") or {"sets": {}, "without truth": {}}
    chosen = sys.argv[1:] or [*FILES, *WITHOUT_TRUTH]
    for name in chosen:
        part = "sets" if name in FILES else "without truth"
        known[part][name] = beside_told(name, draws_of(name)) if name in FILES else without_truth(name)
    ours, told = (np.mean([row[key]["values"] for row in known["sets"].values()], axis=0) for key in ("matomari", "told"))
    known |= {"mean": {"matomari": float(ours.mean()), "told": float(told.mean())}, "gain": {"values": (ours - told).tolist()}}
    known["gain"]["interval"] = interval((ours - told).tolist())
    print(known["mean"], known["gain"])
    results.write("themes_aside", known)


if __name__ == "__main__":
    main()
