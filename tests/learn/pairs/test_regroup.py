"""Clusters that follow the student: made from its vectors, told to the sampler, kept over a kill, the same in two processes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders.learner import lesson, student
from builders.runs import Stop, learn
from matomari import Partition
from matomari.encode.transformer import fingerprint
from matomari.errors import InputError
from matomari.learn.pairs.clusters import cluster_pairs
from matomari.learn.pairs.recipe import Lesson, Recipe
from matomari.learn.pairs.regroup import moved, regrouped
from matomari.learn.pairs.trainer import train

RECIPE = Recipe(batch_size=16, epochs=4, learning_rate=0.05, every=7, piece=8, refresh=1)  # 30 steps an epoch


@pytest.fixture(scope="module")
def undisturbed() -> str:
    return fingerprint(train(student(), lesson(), RECIPE))


def test_a_refresh_changes_what_is_learnt(undisturbed: str) -> None:
    assert fingerprint(train(student(), lesson(), replace(RECIPE, refresh=0))) != undisturbed
    assert fingerprint(train(student(), lesson(), replace(RECIPE, refresh=4))) == fingerprint(
        train(student(), lesson(), replace(RECIPE, refresh=0))
    )


@pytest.mark.parametrize("step", [12, 30, 35, 61, 95])
def test_a_run_that_stopped_goes_on_with_the_clusters_it_had(step: int, tmp_path: Path, undisturbed: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(student(), lesson(), RECIPE, folder=tmp_path, callbacks=[Stop(step)])
    assert fingerprint(train(student(), lesson(), RECIPE, folder=tmp_path)) == undisturbed


@pytest.mark.parametrize("every", [15, 30])
def test_a_checkpoint_between_two_epochs_is_gone_on_from(every: int, tmp_path: Path, undisturbed: str) -> None:
    recipe = replace(RECIPE, every=every)
    with pytest.raises(KeyboardInterrupt):
        train(student(), lesson(), recipe, folder=tmp_path, callbacks=[Stop(65)])
    assert (tmp_path / "checkpoint-60" / "clusters.safetensors").exists()
    assert fingerprint(train(student(), lesson(), recipe, folder=tmp_path)) == undisturbed


def test_batches_are_drawn_from_what_the_student_groups() -> None:
    """The clusters told are random ones; the student's own topics are what a refresh must find."""
    told, topic = lesson(), np.arange(480) % 6
    mixed = Partition(np.arange(480).astype(str), np.random.default_rng(0).permutation(topic))
    begun = Lesson(told.columns, mixed, told.guide)
    model = train(student(), told, replace(RECIPE, refresh=0, epochs=6))
    fresh = regrouped(
        model, begun, cluster_pairs(model.encode(told.columns["positive"]), model.encode(told.columns["positive"]), 16, batches_a_cluster=5)
    )
    assert fresh.k == 6
    anew = regrouped(model, begun, mixed)
    assert moved(mixed, anew) > 0.5
    vectors = model.encode(told.columns["positive"], normalize_embeddings=True)

    def tightness(part: Partition) -> float:
        return float(np.mean([np.linalg.norm(vectors[part.labels == c].mean(axis=0)) for c in range(part.k)]))

    assert tightness(anew) > tightness(mixed) + 0.1


@pytest.mark.parametrize("side", ["anchor", "positive", "joint"])
def test_the_side_that_was_clustered_is_embedded_anew(side: str) -> None:
    told, asked = lesson(), []

    class Spy:
        def encode(self, texts: list[str], **_: Any) -> np.ndarray:
            asked.append("anchor" if texts is told.columns["anchor"] else "positive")
            return np.random.default_rng(0).standard_normal((len(texts), 4)).astype(np.float32)

    part = Partition(np.arange(480).astype(str), np.arange(480) % 6, origin={"side": side})
    assert regrouped(Spy(), told, part).k == 6
    assert asked == (["anchor", "positive"] if side == "joint" else [side])


def test_a_start_counts_by_its_labels_whatever_space_it_was_made_in() -> None:
    rng = np.random.default_rng(0)
    topic = np.arange(120) % 4
    X = (np.eye(4)[topic] + 0.05 * rng.standard_normal((120, 4))).astype(np.float32)
    elsewhere = Partition(np.arange(120).astype(str), topic, None, rng.standard_normal((4, 9)).astype(np.float32))
    assert cluster_pairs(X, X, 8, start=elsewhere).labels.tolist() == topic.tolist()
    with pytest.raises(InputError, match="'start' has 120 items, there are 60 pairs"):
        cluster_pairs(X[:60], X[:60], 8, start=elsewhere)


def test_no_cluster_has_rows_of_two_sources_after_a_refresh() -> None:
    told = lesson()
    sources = np.arange(480) % 2
    part = cluster_pairs(*told.guide, 16, batches_a_cluster=2, sources=sources)
    fresh = regrouped(student(), replace(told, sources=sources), part)
    assert all(len(np.unique(sources[fresh.labels == c])) == 1 for c in range(fresh.k))


@pytest.mark.long
def test_two_processes_draw_from_the_same_new_clusters() -> None:
    said = learn("--recipe", '{"batch_size": 8, "piece": 4, "refresh": 1}', processes=2).communicate()
    digests = re.findall("[0-9a-f]{64}", said[0])
    assert len(digests) == 2, said[1][-2000:]
    assert digests[0] == digests[1]
