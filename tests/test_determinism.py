"""B1: the same input and seed give the same bytes in any process. B4: nobody else's random numbers are touched."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics  # noqa: F401  loads rich, where it is installed, which draws one number when it is first imported

from matomari.cluster.communities.detect import communities, communities_of
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.communities.stability import choose_resolution
from matomari.cluster.kmeans import SphericalKMeans
from matomari.cluster.variants.candidates import variant_pairs
from matomari.cluster.variants.linkage import average_linkage
from matomari.metrics import grouping as metrics
from matomari.partition import KIND, Partition
from matomari.seeds import Seed
from matomari.store.artefact import load
from matomari.vectors import Floats, NeighborIndex, check, neighbors, normalise

HASH_SEEDS = ["0", "1", "2"]


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
    pairs = variant_pairs(texts(), table())
    groups = average_linkage(240, pairs.left, pairs.right, pairs.score).cut(0.8)
    return Partition([str(i) for i in range(240)], groups)


def chosen() -> Partition:
    choice = choose_resolution(table(), seed=3)
    graph = neighbor_graph(*neighbors(table(), 15))
    curve = choice.curve.astype(float).ravel().tolist()
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


QUICK = [name for name in WAYS if name != "louvain, searched"]  # which is `choose` and `louvain`, one after the other


def digests(folder: Path) -> dict[str, list[str]]:
    """Of the labels of each way, and of everything that `Partition.save` wrote."""
    found = {}
    for name, way in WAYS.items():
        p = way()
        found[name] = [hashlib.sha256(p.labels.tobytes()).hexdigest(), load(p.save(folder / name), kind=KIND).digest, str(p.k)]
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[str]]]:
    code = "import json, sys, pathlib, test_determinism as t; print(json.dumps(t.digests(pathlib.Path(sys.argv[1]))))"
    path = os.pathsep.join(p for p in (str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")) if p)
    started = []
    for seed in HASH_SEEDS:
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", code, str(tmp_path_factory.mktemp(f"seed{seed}"))]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env))
    ended = [(*process.communicate(), process.returncode) for process in started]
    assert [status for _, _, status in ended] == [0] * len(HASH_SEEDS), ended
    return [json.loads(out) for out, _, _ in ended]


@pytest.mark.parametrize("name", WAYS)
def test_three_processes_give_one_answer(name: str, runs: list[dict[str, list[str]]]) -> None:
    assert len({tuple(run[name]) for run in runs}) == 1
    assert int(runs[0][name][2]) > 1  # a single group would prove nothing


@pytest.mark.parametrize("name", ["kmeans", "kmeans, random start", "louvain"])
def test_another_seed_gives_another_answer(name: str) -> None:
    if name == "louvain":
        answers = [LouvainCommunities(resolution=1.5, random_state=s).fit(table()).labels_ for s in range(5)]
    else:
        init = "random" if "random" in name else "k-means++"
        answers = [SphericalKMeans(9, init=init, random_state=s).fit(table()).labels_ for s in range(5)]
    assert len({a.tobytes() for a in answers}) > 1


# B4


def global_states() -> dict[str, str]:
    import torch

    states: dict[str, Any] = {
        "random": random.getstate(),
        "numpy": np.random.get_state(),
        "torch": torch.random.get_rng_state().numpy().tobytes(),
    }
    return {name: hashlib.sha256(repr(state).encode()).hexdigest() for name, state in states.items()}


def some_partition() -> Partition:
    return SphericalKMeans(4, random_state=0).fit(table()).partition_


CALLS: dict[str, Callable[[Path], object]] = {
    **{name: (lambda _, way=WAYS[name]: way()) for name in QUICK},
    "check": lambda _: check(table()),
    "exact neighbours": lambda _: neighbors(table(), 5, exact=True),
    "approximate neighbours": lambda _: neighbors(table(), 5, exact=False),  # faiss trains its lists here
    "index": lambda _: NeighborIndex(table(), exact=False).search(table(), 3),
    "communities": lambda _: communities(neighbor_graph(*neighbors(table(), 5)), 1.0, 0),
    "communities of": lambda _: communities_of(neighbor_graph(*neighbors(table(), 5)), 7, 0),
    "predict": lambda _: SphericalKMeans(4, random_state=0).fit(table()).predict(table()),
    "partial fit": lambda _: SphericalKMeans(4, random_state=0).partial_fit(table()).partial_fit(table()),
    "louvain predict": lambda _: LouvainCommunities(1.0, random_state=0).fit(table()).predict(table()),
    "assign": lambda _: some_partition().assign(table()),
    "match": lambda _: some_partition().match(some_partition()),
    "batches": lambda _: list(some_partition().batches(5, np.random.default_rng(0))),
    "save and load": lambda folder: Partition.load(some_partition().save(folder / "p")),
    "scores": lambda _: metrics.scores([0, 0, 1], [0, 1, 1]),
    "seeds": lambda _: (Seed(1).stream("a").random(), Seed(1).torch("a"), Seed(1).number("a")),
}


@pytest.mark.parametrize("name", CALLS)
def test_global_random_states_are_left_alone(name: str, tmp_path: Path) -> None:
    before = global_states()
    CALLS[name](tmp_path)
    assert global_states() == before


@pytest.mark.parametrize("name", [name for name in QUICK if name != "choose"])
def test_global_random_states_do_not_matter(name: str) -> None:
    labels = []
    for seed in (1, 2):
        np.random.seed(seed)
        random.seed(seed)
        labels.append(WAYS[name]().labels)
    np.testing.assert_array_equal(*labels)


def test_the_hash_sees_a_change() -> None:
    import torch

    before = global_states()
    for name, change in {"random": random.random, "numpy": np.random.random, "torch": lambda: torch.rand(1)}.items():
        change()
        after = global_states()
        assert [k for k in before if before[k] != after[k]] == [name]
        before = after
