"""Material for a teacher with a known truth: blobs of vectors, whose texts name their class, and whose groups are partly wrong."""

from __future__ import annotations

import numpy as np

from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.stages.stage import Session

HEAPS, DIMENSIONS = 4, 48


def blobs(classes: int = 6, each: int = 40, misplaced: int = 0, wide: float = 1.2, seed: int = 0) -> tuple[Material, np.ndarray]:
    """Material of `classes` classes, and the true class of each text; so many texts of each stand in the group of the next class.

    A class is four tight heaps around its middle, the farther from it the wider: far heaps of one class are as unlike as near ones of two.
    """
    rng = np.random.default_rng(seed)
    centers = rng.normal(0, 1, (classes, DIMENSIONS)) / np.sqrt(DIMENSIONS) + 0.4 / np.sqrt(DIMENSIONS)
    heaps = rng.normal(0, wide, (classes, HEAPS, DIMENSIONS)) / np.sqrt(DIMENSIONS)
    truth = np.repeat(np.arange(classes), each)
    heap = np.tile(np.arange(each) % HEAPS, classes)
    X = centers[truth] + heaps[truth, heap] + rng.normal(0, 0.5, (len(truth), DIMENSIONS)) / np.sqrt(DIMENSIONS)
    labels = truth.copy()
    towards = X @ np.roll(centers, -1, axis=0).T
    for c in range(classes):
        mine = np.flatnonzero(truth == c)
        labels[mine[np.argsort(-towards[mine, c])[:misplaced]]] = (c + 1) % classes
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    material = Material(
        texts=[f"text {i} of class {c}" for i, c in enumerate(truth)],
        ids=[f"row{i}" for i in range(len(truth))],
        first=np.arange(len(truth)),
        rows=np.ones(len(truth), np.int64),
        labels=labels.astype(np.int64),
        finer=(2 * labels + np.arange(len(truth)) % 2).astype(np.int64),
        X=X,
        names=[f"group {c}" for c in range(classes)],
        finer_names=[f"group {c // 2} part {c % 2}" for c in range(2 * classes)],
    )
    return material, truth


def session(material: Material, seed: int = 0) -> Session:
    """A session about such texts."""
    return Session(material=material, about="texts", relation="are of one class", by="somebody", seed=seed)


def truth_of(material: Material, truth: np.ndarray) -> dict[str, str]:
    """What a simulated teacher knows."""
    return {text: f"class {c}" for text, c in zip(material.texts, truth.tolist(), strict=True)}
