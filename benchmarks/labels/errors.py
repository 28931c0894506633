"""Claim: the audit finds wrong labels at least as well as cleanlab does on the same vectors and the same probabilities.

A tenth of the labels is replaced by another class at random (and, once more, by the class that a classifier confuses it with most). The probabilities are
those of the audit's logistic regression, five folds; cleanlab ranks them by self-confidence, by normalised margin and by confidence-weighted entropy, and
flags with its own rule. Average precision and precision among the first hundred; five seeds, paired. Needs cleanlab, which is no dependency of this project.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.data import development, splits, texts
from harness.data.files import TextSet
from harness.loop import Table
from harness.machine import Clock
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import doubts, out_of_fold

SEEDS = range(5)
RATE = 0.1
FIRST = 100
SEEN = ("SearchSnippets", "Tweet", "Banking77 test")  # on which the three voices were put together
CLEANLAB = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
Labelled = tuple[np.ndarray, np.ndarray]  # vectors and classes


def _texts(load: Callable[[], TextSet]) -> Labelled:
    rows, labels = load()
    return splits.unit_vectors(rows), np.unique(labels, return_inverse=True)[1]


def _few_shot() -> Labelled:
    split = splits.banking()
    rows = np.concatenate([np.random.default_rng(0).permutation(np.flatnonzero(split.y == c))[:10] for c in range(77)])
    return split.X[rows], split.y[rows]


def _train(load: Callable[[], splits.Split]) -> Labelled:
    return load().X, load().y


def _test(load: Callable[[], splits.Split]) -> Labelled:
    return load().test, load().truth


SETS: dict[str, Callable[[], Labelled]] = {
    "Banking77 train": partial(_train, splits.banking),
    "Banking77, 10 a class": _few_shot,
    "CLINC150 test": partial(_test, splits.clinc),
    "AgNews": partial(_texts, texts.THEMES["AgNews"]),
    "UNSPSC segments": partial(_train, splits.unspsc),
    "Reuters": partial(_texts, development.reuters),
    "SearchSnippets": partial(_texts, texts.THEMES["SearchSnippets"]),
    "Tweet": partial(_texts, texts.THEMES["Tweet"]),
    "Banking77 test": partial(_test, splits.banking),
}


def planted(y: np.ndarray, seed: int, near: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Labels of which a tenth is wrong, and which: any other class, or the likeliest other one."""
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(y)) < RATE
    classes = int(y.max()) + 1
    other = (y + rng.integers(1, classes, len(y))) % classes if near is None else near
    return np.where(wrong, other, y), wrong


def confused(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The likeliest other class of each row by a classifier of the true labels."""
    chance = out_of_fold(X, y, int(y.max()) + 1, 99)
    chance[np.arange(len(y)), y] = -1
    return chance.argmax(axis=1)


def one_seed(X: np.ndarray, y: np.ndarray, seed: int, near: np.ndarray | None) -> dict[str, dict[str, float]]:
    """How well every method ranks the wrong labels first, and how well two of them flag them."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    labels, wrong = planted(y, seed, near)
    with Clock() as classifying:
        chance = out_of_fold(X, labels, int(y.max()) + 1, seed)
    with Clock() as judging:
        ours = doubts(X, latent_communities(X, labels, seed=seed), probabilities=chance, seed=seed)
    shown = np.maximum(chance, 1e-12) / np.maximum(chance, 1e-12).sum(axis=1, keepdims=True)
    scores = {"matomari": ours.score}
    scores |= {f"cleanlab, {m.replace('_', ' ')}": get_label_quality_scores(labels, shown, method=m) for m in CLEANLAB}
    scores["misclustered"] = 1.0 - latent_communities(X, labels, seed=seed).misclustered
    figures = {name: ranked(score, wrong) for name, score in scores.items()}
    for name, flag in {"matomari": ours.issue, "cleanlab, self confidence": find_label_issues(labels, shown, n_jobs=1)}.items():
        both = float((flag & wrong).sum())
        figures[name] |= {"flag precision": both / max(flag.sum(), 1), "flag recall": both / max(wrong.sum(), 1)}
    figures["matomari"] |= {"seconds": judging.seconds, "classifier seconds": classifying.seconds}
    return figures


def ranked(score: np.ndarray, wrong: np.ndarray) -> dict[str, float]:
    """Average precision, and precision of the lowest hundred."""
    score = np.nan_to_num(score, nan=1.0)
    first = np.argsort(score, kind="stable")[:FIRST]
    return {"average precision": float(average_precision_score(wrong, -score)), "precision of 100": float(wrong[first].mean())}


def main() -> None:
    """Measure the sets that are asked for; the others stay as they were measured."""
    table = Table("label_errors", figures=lambda runs: {"table": runs, "seen while it was made": list(SEEN)}, packages=["cleanlab"])
    for name in sys.argv[1:] or SETS:
        X, y = SETS[name]()
        y = np.unique(y, return_inverse=True)[1]
        for kind, near in (("any other class", None), ("the likeliest other class", confused(X, y))):
            for seed in SEEDS:
                table.add({(kind, name, str(seed)): one_seed(X, y, seed, near)})


if __name__ == "__main__":
    main()
