"""Claim: variants with no threshold given beat average linkage at the best single threshold for all sets, chosen with labels.

Pairwise F1 on four sets. The method is deterministic, so there is one run; the intervals of the lead over each peer come from drawing the
true things anew (2,000 bootstrap draws, the same for all methods). What the weights and the cut rest on: variants/settle.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts
from harness.data.files import TextSet, vectors
from matomari.cluster.variants.variants import same_things
from matomari.metrics.grouping import b_cubed, pairwise

THRESHOLDS = [float(t) for t in np.arange(0.05, 1.0, 0.025).round(3)]
Swept = dict[float, np.ndarray]  # labels at each threshold


def ours(rows: list[str]) -> np.ndarray:
    """The groups of matomari."""
    known, X, place = texts.distinct_texts(rows)
    return same_things(known, X)[0].labels[place]


def linkage(similarity: np.ndarray) -> Swept:
    """Average linkage, cut at every threshold."""
    distance = np.clip(1 - similarity, 0, 2).astype(np.float32)
    np.fill_diagonal(distance, 0)
    tree = average(squareform(distance, checks=False))
    return {t: fcluster(tree, t, "distance") for t in THRESHOLDS}


def linkages(rows: list[str], X: np.ndarray) -> dict[str, Swept]:
    """Average linkage by three similarities."""
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32).fit_transform(rows)
    words = TfidfVectorizer(token_pattern=r"\w+", dtype=np.float32).fit_transform(rows)
    return {
        "character n-grams": linkage((chars @ chars.T).toarray()),
        "word TF-IDF": linkage((words @ words.T).toarray()),
        "MiniLM vectors": linkage(X @ X.T),
    }


def community_detection(X: np.ndarray) -> np.ndarray:
    """sentence-transformers at its defaults: threshold 0.75, at least ten items; the rest stay alone."""
    import torch
    from sentence_transformers.util import community_detection as run

    labels = np.full(len(X), -1)
    for number, members in enumerate(run(torch.from_numpy(X))):
        labels[members] = number
    return labels


def shares(truth: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each true thing its pairs that are right, its pairs, and the pairs predicted for its texts (half of each pair a text), shape (3, e)."""
    single = np.flatnonzero(labels < 0)
    labels = labels.copy()
    labels[single] = labels.max(initial=-1) + 1 + np.arange(len(single))
    size, predicted = np.bincount(truth), np.bincount(labels)
    cell, count = np.unique(truth.astype(np.int64) * len(predicted) + labels, return_counts=True)
    right = np.bincount(cell // len(predicted), count * (count - 1) / 2, minlength=len(size))
    return np.stack([right, size * (size - 1) / 2, np.bincount(truth, (predicted[labels] - 1) / 2, minlength=len(size))])


def lead(truth: np.ndarray, ours: np.ndarray, theirs: np.ndarray, draws: int = 2_000) -> list[float]:
    """95 % bootstrap interval over true things of our pairwise F1 minus theirs."""
    a, b = shares(truth, ours), shares(truth, theirs)
    rng, leads = np.random.default_rng(0), []
    for _ in range(draws):
        drawn = rng.integers(a.shape[1], size=a.shape[1])
        (hit, true, predicted), (hit_b, true_b, predicted_b) = a[:, drawn].sum(axis=1), b[:, drawn].sum(axis=1)
        leads.append(2 * hit / (true + predicted) - 2 * hit_b / (true_b + predicted_b))
    return [float(np.quantile(leads, q)) for q in (0.025, 0.975)]


def at_one_threshold(f1: dict[str, dict[float, float]]) -> dict[str, object]:
    """The threshold that is best for all sets together, F1 at it, and at the best of each set."""
    threshold = max(THRESHOLDS, key=lambda t: float(np.mean([by_cut[t] for by_cut in f1.values()])))
    given = {name: by_cut[threshold] for name, by_cut in f1.items()}
    best = {name: max(by_cut.values()) for name, by_cut in f1.items()}
    return {"threshold": threshold, **given, "mean": float(np.mean(list(given.values()))), "best_per_set": best}


def one_set(data: TextSet) -> tuple[dict, np.ndarray, dict[str, Swept]]:
    """The figures of a set so far, our labels, and those of average linkage."""
    rows, truth = data
    X = vectors(rows)
    labels, communities = ours(rows), community_detection(X)
    precision, recall, f1 = pairwise(truth, labels)
    figures = {
        "rows": len(rows),
        "matomari": {"precision": precision, "recall": recall, "f1": f1, "b3_f1": b_cubed(truth, labels)[2]},
        "community_detection": pairwise(truth, communities)[2],
        "lead": {"community_detection": lead(truth, labels, communities)},
    }
    return figures, labels, linkages(rows, X)


def main() -> None:
    """Measure every method on every set."""
    sets = texts.variants()
    grouped = {}
    for name, data in sets.items():
        grouped[name] = one_set(data)
        print(f"{name:14s}", grouped[name][0], flush=True)
    singles = {}
    for peer in next(iter(grouped.values()))[2]:
        f1 = {name: {t: pairwise(sets[name][1], labels)[2] for t, labels in swept[peer].items()} for name, (*_, swept) in grouped.items()}
        singles[peer] = at_one_threshold(f1)
        for name, (row, labels, swept) in grouped.items():
            row["lead"][peer] = lead(sets[name][1], labels, swept[peer][singles[peer]["threshold"]])
    table = {name: row for name, (row, *_) in grouped.items()}
    mean = {
        "matomari": float(np.mean([row["matomari"]["f1"] for row in table.values()])),
        "community_detection": float(np.mean([row["community_detection"] for row in table.values()])),
    }
    print(mean, {peer: (v["threshold"], round(v["mean"], 3)) for peer, v in singles.items()})
    results.write("variants", {"sets": table, "average linkage at the best single threshold": singles, "mean_f1": mean})


if __name__ == "__main__":
    main()
