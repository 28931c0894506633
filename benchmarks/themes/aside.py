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
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.aside import FILES, aside, drawn
from harness.data.columns import captions, medquad
from harness.data.files import vectors
from harness.statistics import interval, spread
from matomari.cluster.communities.themes import themes
from matomari.metrics.grouping import adjusted_mutual_info

DRAWS, ROWS = range(3), 6_000
WITHOUT_TRUTH = {"Flickr8k captions": (captions, 20_000), "MedQuAD questions": (medquad, 6_000)}


def with_truth(name: str) -> dict[str, Any]:
    """AMI of ours and of k-means over the draws."""
    whole, ours, told, groups = aside(name), [], [], []
    for draw in DRAWS:
        texts, truth = drawn(whole, ROWS, draw)
        X = vectors(texts)
        found = themes(X, seed=draw)
        ours.append(adjusted_mutual_info(truth, found.labels))
        k = len(np.unique(truth))
        told.append(adjusted_mutual_info(truth, KMeans(k, n_init=1, random_state=draw).fit_predict(X)))
        groups.append(found.k)
        print(f"{name:16s} draw {draw}: {found.k} groups ({k} true), AMI {ours[-1]:.3f}, k-means told k {told[-1]:.3f}", flush=True)
    return {"rows": min(ROWS, len(whole[0])), "true_groups": k, "groups": groups, "matomari": spread(ours), "told": spread(told)}


def without_truth(name: str) -> dict[str, Any]:
    """Number of groups and the largest share over the draws."""
    load, rows = WITHOUT_TRUTH[name]
    texts, groups, largest = list(dict.fromkeys(load())), [], []
    for draw in DRAWS:
        some = drawn((texts, np.zeros(len(texts), np.int64)), rows, draw)[0]
        found = themes(vectors(some), seed=draw)
        sizes = np.bincount(found.labels[found.labels >= 0])
        groups.append(found.k)
        largest.append(float(sizes.max() / len(some)))
        print(f"{name:20s} draw {draw}: {found.k} groups, the largest holds {largest[-1]:.1%}; {found.reason}", flush=True)
    return {"rows": min(rows, len(texts)), "groups": groups, "largest": spread(largest)}


def main() -> None:
    """Measure every set."""
    warnings.simplefilter("ignore")
    known = results.read("themes_aside") or {"sets": {}, "without truth": {}}
    chosen = sys.argv[1:] or [*FILES, *WITHOUT_TRUTH]
    for name in chosen:
        part = "sets" if name in FILES else "without truth"
        known[part][name] = with_truth(name) if name in FILES else without_truth(name)
    ours, told = (np.mean([row[key]["values"] for row in known["sets"].values()], axis=0) for key in ("matomari", "told"))
    known |= {"mean": {"matomari": float(ours.mean()), "told": float(told.mean())}, "gain": {"values": (ours - told).tolist()}}
    known["gain"]["interval"] = interval((ours - told).tolist())
    print(known["mean"], known["gain"])
    results.write("themes_aside", known)


if __name__ == "__main__":
    main()
