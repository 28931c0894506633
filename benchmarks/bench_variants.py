"""Claim: variants with no threshold given beat average linkage at the best single threshold for all sets, chosen with labels.

Pairwise F1 on four sets. The method is deterministic, so there is one run; the intervals of the lead over each peer come from drawing the
true things anew (2,000 bootstrap draws, the same for all methods). What the weights and the cut rest on: settle_variants.py.
"""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

import results
import sets
from matomari.cluster.variants.variants import same_things
from matomari.metrics.grouping import b_cubed, pairwise

THRESHOLDS = np.arange(0.05, 1.0, 0.025).round(3)


def ours(texts: list[str], X: np.ndarray) -> np.ndarray:
    known: dict[str, int] = {}
    place = np.asarray([known.setdefault(t, len(known)) for t in texts])
    first = np.unique(place, return_index=True)[1]
    return same_things(list(known), X[first])[0].labels[place]


def linkage_labels(similarity: np.ndarray) -> dict[float, np.ndarray]:
    distance = np.clip(1 - similarity, 0, 2).astype(np.float32)
    np.fill_diagonal(distance, 0)
    tree = average(squareform(distance, checks=False))
    return {float(t): fcluster(tree, t, "distance") for t in THRESHOLDS}


def community_detection(X: np.ndarray) -> np.ndarray:
    """sentence-transformers at its defaults: threshold 0.75, at least ten items; the rest stay alone."""
    import torch
    from sentence_transformers.util import community_detection as run

    labels = np.full(len(X), -1)
    for number, members in enumerate(run(torch.from_numpy(X))):
        labels[members] = number
    return labels


def shares(truth: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each true thing its pairs found, its pairs, and the pairs predicted for its texts (half of each pair a text), shape (3, e)."""
    single = np.flatnonzero(labels < 0)
    labels = labels.copy()
    labels[single] = labels.max(initial=-1) + 1 + np.arange(len(single))
    size, predicted = np.bincount(truth), np.bincount(labels)
    cell, count = np.unique(truth.astype(np.int64) * len(predicted) + labels, return_counts=True)
    found = np.bincount(cell // len(predicted), count * (count - 1) / 2, minlength=len(size))
    return np.stack([found, size * (size - 1) / 2, np.bincount(truth, (predicted[labels] - 1) / 2, minlength=len(size))])


def lead(truth: np.ndarray, ours: np.ndarray, theirs: np.ndarray, draws: int = 2_000) -> list[float]:
    """95 % bootstrap interval over true things of our pairwise F1 minus theirs."""
    a, b = shares(truth, ours), shares(truth, theirs)
    rng, found = np.random.default_rng(0), []
    for _ in range(draws):
        drawn = rng.integers(a.shape[1], size=a.shape[1])
        (hit, true, said), (hit_b, true_b, said_b) = a[:, drawn].sum(axis=1), b[:, drawn].sum(axis=1)
        found.append(2 * hit / (true + said) - 2 * hit_b / (true_b + said_b))
    return [float(np.quantile(found, q)) for q in (0.025, 0.975)]


def main() -> None:
    table: dict[str, dict[str, object]] = {}
    grouped: dict[str, dict[str, dict[float, np.ndarray]]] = {}
    swept: dict[str, dict[str, dict[float, float]]] = {"character n-grams": {}, "word TF-IDF": {}, "MiniLM vectors": {}}
    for name, (texts, truth) in sets.variants().items():
        X = sets.vectors(name, texts)
        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32).fit_transform(texts)
        words = TfidfVectorizer(token_pattern=r"\w+", dtype=np.float32).fit_transform(texts)
        labels = ours(texts, X)
        precision, recall, f1 = pairwise(truth, labels)
        row: dict[str, object] = {
            "rows": len(texts),
            "matomari": {"precision": precision, "recall": recall, "f1": f1, "b3_f1": b_cubed(truth, labels)[2]},
        }
        communities = community_detection(X)
        row["community_detection"] = pairwise(truth, communities)[2]
        row["lead"] = {"community_detection": lead(truth, labels, communities)}
        grouped[name] = {"ours": {0.0: labels}}
        for peer, similarity in (
            ("character n-grams", (chars @ chars.T).toarray()),
            ("word TF-IDF", (words @ words.T).toarray()),
            ("MiniLM vectors", X @ X.T),
        ):
            grouped[name][peer] = linkage_labels(similarity)
            swept[peer][name] = {t: pairwise(truth, found)[2] for t, found in grouped[name][peer].items()}
            print(f"{name:14s} {peer:18s} best {max(swept[peer][name].values()):.3f}", flush=True)
        table[name] = row
        print(
            f"{name:14s} matomari F1 {f1:.3f} (P {precision:.3f}, R {recall:.3f}); community_detection {row['community_detection']:.3f}",
            flush=True,
        )
    singles = {}
    for peer, per_set in swept.items():
        threshold = max((float(t) for t in THRESHOLDS), key=lambda t, p=per_set: float(np.mean([p[s][t] for s in p])))
        singles[peer] = {"threshold": threshold, **{s: per_set[s][threshold] for s in per_set}}
        singles[peer]["mean"] = float(np.mean([per_set[s][threshold] for s in per_set]))
        singles[peer]["best_per_set"] = {s: max(per_set[s].values()) for s in per_set}
    for name, (_, truth) in sets.variants().items():
        for peer, one in singles.items():
            table[name]["lead"][peer] = lead(truth, grouped[name]["ours"][0.0], grouped[name][peer][one["threshold"]])  # type: ignore[index]
    mean = {"matomari": float(np.mean([table[s]["matomari"]["f1"] for s in table]))}  # type: ignore[index]
    mean["community_detection"] = float(np.mean([table[s]["community_detection"] for s in table]))  # type: ignore[arg-type]
    print(mean, {p: (v["threshold"], round(v["mean"], 3)) for p, v in singles.items()})
    results.write("variants", {"sets": table, "average linkage at the best single threshold": singles, "mean_f1": mean})


if __name__ == "__main__":
    main()
