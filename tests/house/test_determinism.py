"""B1: the same input and seed give the same bytes in any process. B4: nobody else's random numbers are touched."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics  # noqa: F401  loads rich, where it is installed, which draws one number when it is first imported

from builders import environment
from builders.ways import WAYS, table
from matomari.cluster.communities.detect import communities, communities_of
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.kmeans import SphericalKMeans
from matomari.metrics import grouping as metrics
from matomari.partition import Partition
from matomari.seeds import Seed
from matomari.vectors import NeighborIndex, check, neighbors

HASH_SEEDS = ["0", "1", "2"]


QUICK = [name for name in WAYS if name != "louvain, searched"]  # which is `choose` and `louvain`, one after the other


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[str]]]:
    code = "import json, sys, pathlib; from builders import ways; print(json.dumps(ways.digests(pathlib.Path(sys.argv[1]))))"
    started = []
    for seed in HASH_SEEDS:
        env = environment(PYTHONHASHSEED=seed)
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
