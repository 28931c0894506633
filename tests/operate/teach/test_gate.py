"""The gate: changes that hang together pass, changes at random do not, and the student is the textbook's."""

from __future__ import annotations

import numpy as np
import pytest

from builders.material import blobs
from matomari.operate.teach.stages.gate import ALPHA, HEAVY, RIDGE, coherence
from matomari.seeds import Seed


def plain(X: np.ndarray, labels: np.ndarray, items: np.ndarray, groups: np.ndarray, seed: int) -> float:
    """The share of agreement by ridge regression as it stands in books, one half at a time."""
    rng = Seed(seed).stream("teach/gate")
    half = rng.permutation(len(items)) % 2 == 0
    stays = np.setdiff1d(np.arange(len(labels)), items)
    k, agreed = labels.max() + 1, 0
    for learnt, asked in ((half, ~half), (~half, half)):
        rows, classes = np.r_[stays, items[learnt]], np.r_[labels[stays], groups[learnt]]
        weight = np.r_[np.ones(len(stays)), np.full(learnt.sum(), HEAVY)]
        mean = np.average(X[rows], axis=0, weights=weight)
        Y = np.eye(k)[classes]
        share = np.average(Y, axis=0, weights=weight)
        A, W = X[rows] - mean, np.diag(weight)
        beta = np.linalg.inv(A.T @ W @ A + RIDGE * np.eye(X.shape[1])) @ A.T @ W @ Y
        for item, new in zip(items[asked], groups[asked], strict=True):
            score = (X[item] - mean) @ beta / np.sqrt(share)
            agreed += score[new] > score[labels[item]]
    return agreed / len(items)


@pytest.mark.parametrize("seed", range(6))
def test_the_student_is_a_plain_ridge_regression(seed: int) -> None:
    material, truth = blobs(5, 14, misplaced=7, wide=1.6, seed=seed)  # so many that they change how large a group is
    items = np.flatnonzero(material.labels != truth)
    mine = coherence(material.X, material.labels, items, truth[items], options=np.tile(np.arange(5), (len(items), 1)), seed=seed)
    assert mine.agreed == pytest.approx(plain(material.X.astype(float), material.labels, items, truth[items], seed))


@pytest.mark.parametrize("seed", range(6))
def test_the_size_of_a_group_counts_with_what_was_learnt(seed: int) -> None:
    """Vectors without any structure, where a student is undecided: small things decide, such as how large a group has become."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(90, 3)).astype(np.float32)
    labels = np.asarray([0] * 60 + [1] * 25 + [2] * 5)
    items = rng.choice(60, 40, replace=False)
    groups = rng.choice([1, 2], 40, p=[0.2, 0.8])
    mine = coherence(X, labels, items, groups, options=np.tile([0, 1, 2], (40, 1)), seed=seed)
    assert mine.agreed == pytest.approx(plain(X.astype(float), labels, items, groups, seed))


def test_true_changes_pass() -> None:
    material, truth = blobs(6, 60, misplaced=10)
    items = np.flatnonzero(material.labels != truth)
    said = coherence(material.X, material.labels, items, truth[items], options=np.tile(np.arange(6), (len(items), 1)))
    assert said.passed
    assert said.agreed > said.by_chance + 0.2
    assert "recommended" in said.sentence


def test_changes_at_random_pass_as_often_as_the_level_says() -> None:
    material, _ = blobs(6, 40, misplaced=6)
    passed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        items = rng.choice(240, 40, replace=False)
        groups = np.asarray([rng.choice([g for g in range(6) if g != material.labels[i]]) for i in items])
        passed += coherence(material.X, material.labels, items, groups, options=np.tile(np.arange(6), (40, 1)), seed=seed).passed
    assert passed <= 8  # 60 draws at 5 %: more than 8 in 1 of 100


def test_no_changes_prove_nothing() -> None:
    material, _ = blobs(3, 10)
    none = coherence(material.X, material.labels, np.empty(0, np.int64), np.empty(0, np.int64), options=np.empty((0, 3), np.int64))
    assert (none.changes, none.passed) == (0, False)
    assert none.p > ALPHA


def test_items_without_a_group_are_not_counted() -> None:
    material, truth = blobs(4, 30, misplaced=5)
    labels = material.labels.copy()
    items = np.flatnonzero(labels != truth)
    labels[items[:7]] = -1
    said = coherence(material.X, labels, items, truth[items], options=np.tile(np.arange(4), (len(items), 1)))
    assert said.changes == len(items) - 7
