"""Claim: the audit finds wrong labels at least as well as cleanlab does on the same vectors and the same probabilities.

A tenth of the labels is replaced by another class at random (and, once more, by the class that a classifier confuses it with most). The probabilities are
those of the audit's logistic regression, five folds; cleanlab ranks them by self-confidence, by normalised margin and by confidence-weighted entropy, and
flags with its own rule. Average precision and precision among the first hundred; five seeds, paired. Needs cleanlab, which is no dependency of this project.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from sklearn.metrics import average_precision_score

import correction_sets
import dev_sets
import results
import sets
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import doubts, out_of_fold
from matomari.vectors import normalise

SEEDS = range(5)
RATE = 0.1
FIRST = 100
SEEN = ("SearchSnippets", "Tweet", "Banking77 test")  # on which the three voices were put together


def _texts(name: str, load: Callable[[], sets.Set]) -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    def vectors() -> tuple[np.ndarray, np.ndarray]:
        texts, labels = load()
        return normalise(sets.vectors(name, texts).astype(np.float32)), np.unique(labels, return_inverse=True)[1]

    return vectors


def _few_shot() -> tuple[np.ndarray, np.ndarray]:
    split = correction_sets.banking()
    rows = np.concatenate([np.random.default_rng(0).permutation(np.flatnonzero(split.y == c))[:10] for c in range(77)])
    return split.X[rows], split.y[rows]


SETS: dict[str, Callable[[], tuple[np.ndarray, np.ndarray]]] = {
    "Banking77 train": lambda: (correction_sets.banking().X, correction_sets.banking().y),
    "Banking77, 10 a class": _few_shot,
    "CLINC150 test": lambda: (correction_sets.clinc().test, correction_sets.clinc().truth),
    "AgNews": _texts("AgNews", lambda: sets.short_text("agnewsdataraw-8000")),
    "UNSPSC segments": lambda: (correction_sets.unspsc().X, correction_sets.unspsc().y),
    "Reuters": _texts("Reuters", dev_sets.reuters),
    "SearchSnippets": _texts("SearchSnippets", lambda: sets.themes()["SearchSnippets"]),
    "Tweet": _texts("Tweet", lambda: sets.themes()["Tweet"]),
    "Banking77 test": lambda: (correction_sets.banking().test, correction_sets.banking().truth),
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
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    labels, wrong = planted(y, seed, near)
    began = time.perf_counter()
    chance = out_of_fold(X, labels, int(y.max()) + 1, seed)
    classified = time.perf_counter()
    found = doubts(X, latent_communities(X, labels, seed=seed), probabilities=chance, seed=seed)
    judged = time.perf_counter()
    shown = np.maximum(chance, 1e-12) / np.maximum(chance, 1e-12).sum(axis=1, keepdims=True)
    methods = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
    theirs = {f"cleanlab, {m.replace('_', ' ')}": get_label_quality_scores(labels, shown, method=m) for m in methods}
    flags = {"matomari": found.issue, "cleanlab, self confidence": find_label_issues(labels, shown, n_jobs=1)}
    told = {"matomari": found.score, **theirs, "misclustered": 1.0 - latent_communities(X, labels, seed=seed).misclustered}
    out = {name: ranked(score, wrong) for name, score in told.items()}
    for name, flag in flags.items():
        both = float((flag & wrong).sum())
        out[name] |= {"flag precision": both / max(flag.sum(), 1), "flag recall": both / max(wrong.sum(), 1)}
    out["matomari"] |= {"seconds": judged - classified, "classifier seconds": classified - began}
    return out


def ranked(score: np.ndarray, wrong: np.ndarray) -> dict[str, float]:
    score = np.nan_to_num(score, nan=1.0)
    first = np.argsort(score, kind="stable")[:FIRST]
    return {"average precision": float(average_precision_score(wrong, -score)), "precision of 100": float(wrong[first].mean())}


def main() -> None:
    table = results.kept("label_errors")
    for name in sys.argv[1:] or SETS:
        X, y = SETS[name]()
        y = np.unique(y, return_inverse=True)[1]
        for kind, near in (("any other class", None), ("the likeliest other class", confused(X, y))):
            runs = table.setdefault(kind, {}).setdefault(name, {})
            for seed in SEEDS:
                runs[str(seed)] = one_seed(X, y, seed, near)
            results.write("label_errors", {"table": table, "seen while it was made": list(SEEN)}, ["cleanlab"])
            said = {arm: round(float(np.mean([run[arm]["average precision"] for run in runs.values()])), 4) for arm in runs["0"]}
            print(kind, name, len(y), said, flush=True)


if __name__ == "__main__":
    main()
