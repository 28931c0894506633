"""Ways to a partition whose bytes must be the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sklearn.metrics  # noqa: F401  loads rich, where it is installed, which draws one number when it is first imported

from matomari.cluster.communities.detect import communities
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.communities.stability import choose_resolution
from matomari.cluster.kmeans import SphericalKMeans
from matomari.cluster.variants.linkage import average_linkage
from matomari.cluster.variants.pairs import compare
from matomari.partition import KIND, Partition
from matomari.store.artefact import load
from matomari.vectors import Floats, neighbors, normalise


def table(n: int = 240) -> Floats:
    """Rows with and without groups, some of them equal: where a tie could fall either way."""
    rng = np.random.default_rng(0)
    X = np.concatenate([np.repeat(np.eye(8), n // 16, axis=0), np.zeros((n // 2, 8))]) + rng.normal(0, 0.3, (n // 16 * 8 + n // 2, 8))
    X[5:15] = X[4]
    return normalise(X.astype(np.float32))


def texts(n: int = 240) -> list[str]:
    rng = np.random.default_rng(1)
    words = ["bolt", "nut", "washer", "M8", "M10", "zinc", "steel", "x20", "ボルト", "ナット"]
    return [" ".join(rng.choice(words, 4)) for _ in range(n)]


def linked() -> Partition:
    pairs = compare(texts(), table())
    groups = average_linkage(240, pairs.left, pairs.right, pairs.same).cut(0.5)
    return Partition([str(i) for i in range(240)], groups)


def chosen() -> Partition:
    choice = choose_resolution(table(), seed=3)
    graph = neighbor_graph(*neighbors(table(), 15))
    assert choice.drawn is not None
    curve = choice.drawn.ravel().tolist()
    return Partition(
        [str(i) for i in range(240)], communities(graph, choice.resolution, 3), origin={"curve": curve, "stability": choice.stability}
    )


WAYS: dict[str, Callable[[], Partition]] = {
    "kmeans": lambda: SphericalKMeans(9, n_init=2, random_state=4).fit(table()).partition_,
    "kmeans, random start": lambda: SphericalKMeans(9, init="random", random_state=4).fit(table()).partition_,
    "louvain": lambda: LouvainCommunities(resolution=1.5, random_state=4).fit(table()).partition_,
    "louvain of nine": lambda: LouvainCommunities(n_clusters=9, random_state=4).fit(table()).partition_,
    "louvain, searched": lambda: LouvainCommunities(random_state=4).fit(table()).partition_,
    "choose": chosen,
    "variants": linked,
}


def digests(folder: Path) -> dict[str, list[str]]:
    """Of the labels of each way, and of everything that `Partition.save` wrote."""
    found = {}
    for name, way in WAYS.items():
        p = way()
        found[name] = [hashlib.sha256(p.labels.tobytes()).hexdigest(), load(p.save(folder / name), kind=KIND).digest, str(p.k)]
    return found
