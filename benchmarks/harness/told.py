"""Themes with no number given, beside k-means told the true number, over draws of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.cluster import KMeans

from harness.data.development import Draws
from harness.data.files import vectors
from harness.statistics import spread
from matomari.cluster.communities.themes import themes
from matomari.metrics.grouping import adjusted_mutual_info

DRAWS = range(3)


def beside_told(name: str, load: Draws) -> dict[str, Any]:
    """AMI of both on each draw, MiniLM vectors; an unassigned row counts as a group of its own."""
    ours, told, groups, rows, classes = [], [], [], [], []
    for draw in DRAWS:
        texts, truth = load(draw)
        X, k = vectors(texts), len(np.unique(truth))
        found = themes(X, seed=draw)
        ours.append(adjusted_mutual_info(truth, found.labels))
        told.append(adjusted_mutual_info(truth, KMeans(k, n_init=1, random_state=draw).fit_predict(X)))
        groups.append(found.k)
        rows.append(len(texts))
        classes.append(k)
        print(f"{name:28s} draw {draw}: {found.k} groups ({k} true), AMI {ours[-1]:.3f}, k-means told k {told[-1]:.3f}", flush=True)
    return {"rows": max(rows), "true_groups": max(classes), "groups": groups, "matomari": spread(ours), "told": spread(told)}
