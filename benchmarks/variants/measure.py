"""Claim: spellings of one thing are found without a threshold, in lists where most rows are repeated and in lists where few are.

Pairwise precision, recall and F1. Each public set is scored by a model that no list of its family went into; RLdata is never part of one.
Peers: average linkage at the best single threshold for all four sets, chosen with labels; string_grouper and Splink without labels;
sentence-transformers. Thinned copies of the sets, where few rows are repeated, stand beside what version 0.1 gave on them. Made-up lists
are drawn anew, with the model that comes along, which knows their kinds, and with one that has not seen the kind. The method is
deterministic, so there is one run; the intervals of the lead come from drawing the true things anew (2,000 draws).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.files import ROOT, TextSet, coded, records, vectors
from matomari.cluster.variants.linkage import Linkage, average_linkage
from matomari.cluster.variants.model import built_in
from matomari.cluster.variants.pairs import BAR, probability, vetoes
from matomari.cluster.variants.variants import CUT, FAINT, FLOOR, expected_wrong
from matomari.metrics.grouping import b_cubed, pairwise
from variants.fitting import Known, known, left_out, lists
from variants.peers import splink_labels, string_grouper_labels
from variants.pool import KINDS, LARGE, THIN, Listed, made_up

THRESHOLDS = [float(t) for t in np.arange(0.05, 1.0, 0.025).round(3)]
REPORTED = dict.fromkeys(("legal_forms", "bom_values", "bom_values_ctx", "addresses", "model_codes", "jp_companies"), "name")
Swept = dict[float, np.ndarray]  # labels at each threshold


def probabilities(of: Known, odds: np.ndarray) -> np.ndarray:
    """Probability of each candidate pair, from the log odds of a model."""
    return probability(odds - BAR.of(of.table), vetoes(of.table))


def linked(of: Known, odds: np.ndarray) -> Linkage:
    """The merges of matomari."""
    return average_linkage(of.n, of.left, of.right, probabilities(of, odds), floor=FLOOR, faint=FAINT)


def grouped(of: Known, odds: np.ndarray) -> np.ndarray:
    """The groups of matomari, row by row."""
    return linked(of, odds).cut(CUT)[of.place]


def shipped(of: Known) -> np.ndarray:
    """Log odds of the model that comes along."""
    return built_in().log_odds(of.table)


def calibrated(of: Known, odds: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Calibration error of the pairs (ten bins), the precision that the probabilities promise for what was put together, and the groups
    of several texts, those that are expected to hold two things, and those that do."""
    same = probabilities(of, odds)
    bin_of = np.minimum((same * 10).astype(int), 9)
    count = np.bincount(bin_of, minlength=10)
    gap = np.abs(np.bincount(bin_of, same - of.same, minlength=10))
    text = np.empty(of.n, np.int64)
    text[of.place] = labels
    together = text[of.left] == text[of.right]
    right = of.same[together]
    truth = np.empty(of.n, np.int64)
    truth[of.place] = of.truth
    things = np.bincount(np.unique(np.stack([text, truth]), axis=1)[0], minlength=text.max() + 1)
    return {
        "groups": int((np.bincount(text) > 1).sum()),
        "expected wrong": expected_wrong(linked(of, odds), CUT),
        "wrong": int((things > 1).sum()),
        "ece": float(gap.sum() / max(1, count.sum())),
        "expected precision": float(same[together].mean()) if together.any() else 1.0,
        "precision of the pairs": float(right.mean()) if together.any() else 1.0,
    }


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


def one_set(name: str, data: TextSet) -> tuple[dict, np.ndarray, dict[str, Swept]]:
    """The figures of a set so far, our labels, and those of average linkage."""
    rows, truth = data
    of, odds = left_out(Listed(name, lambda: data))
    X, labels = vectors(rows), grouped(of, odds)
    peers: dict[str, Callable[[], np.ndarray]] = {
        "community_detection": lambda: community_detection(X),
        "string_grouper": lambda: string_grouper_labels(rows),
        "Splink": lambda: splink_labels(rows),
    }
    figures: dict = {"rows": len(rows), "lead": {}, "peers": {}}
    precision, recall, f1 = pairwise(truth, labels)
    figures["matomari"] = {"precision": precision, "recall": recall, "f1": f1, "b3_f1": b_cubed(truth, labels)[2]}
    figures["calibration"] = calibrated(of, odds, labels)
    for peer, run in peers.items():
        theirs = run()
        figures["peers"][peer] = pairwise(truth, theirs)
        figures["lead"][peer] = lead(truth, labels, theirs)
    print(f"{name:14s}", figures, flush=True)
    return figures, labels, linkages(rows, X)


def few_repeated() -> dict[str, object]:
    """The thinned copies, and what version 0.1 gave on the same rows (measured once with its code)."""
    before = results.read("variants_0_1") or {}
    found: dict[str, object] = {}
    for name in LARGE:
        for rows, share in THIN:
            title = f"{name}, {rows} rows, {share:.0%} repeated"
            of, odds = left_out(lists()[title])
            labels = grouped(of, odds)
            found[title] = {"matomari": pairwise(of.truth, labels), "0.1": before.get(title), **calibrated(of, odds, labels)}
    return found


def new_lists() -> dict[str, object]:
    """Made-up lists of other seeds with 6 % of things repeated: by the model that comes along, and by one that knows no list of the kind."""
    found: dict[str, object] = {}
    for kind in KINDS:
        of, odds = left_out(Listed(kind, partial(made_up, kind, 1_200, 0.06, 77)))
        labels = grouped(of, shipped(of))
        found[kind] = {
            "matomari": pairwise(of.truth, labels),
            "kind left out": pairwise(of.truth, grouped(of, odds)),
            **calibrated(of, shipped(of), labels),
        }
        print(kind, found[kind], flush=True)
    return found


def reported_lists() -> dict[str, object]:
    """Small lists rebuilt from public reports, where the folder that CASES names has them: none of them was trained on."""
    folder = Path(os.environ.get("CASES", ROOT.parent / "shared" / "cases")) / "variants"
    found: dict[str, object] = {}
    for name, column in REPORTED.items():
        if (folder / name / "input.csv").exists():
            rows = records(str((folder / name / "input.csv").resolve()))
            data = coded([row[column] for row in rows], [row["truth"] for row in rows])
            of = known(data)
            labels = grouped(of, shipped(of))
            found[name] = {"matomari": pairwise(data[1], labels), "string_grouper": pairwise(data[1], string_grouper_labels(data[0]))}
    return found


def main() -> None:
    """Measure every method on every set."""
    sets = {name: load() for name, load in LARGE.items()}
    made = {name: one_set(name, data) for name, data in sets.items()}
    singles = {}
    for peer in next(iter(made.values()))[2]:
        f1 = {name: {t: pairwise(sets[name][1], labels)[2] for t, labels in swept[peer].items()} for name, (*_, swept) in made.items()}
        singles[peer] = at_one_threshold(f1)
        for name, (row, labels, swept) in made.items():
            row["lead"][peer] = lead(sets[name][1], labels, swept[peer][singles[peer]["threshold"]])
    table = {name: row for name, (row, *_) in made.items()}
    mean = {"matomari": float(np.mean([row["matomari"]["f1"] for row in table.values()]))}
    for peer in next(iter(table.values()))["peers"]:
        mean[peer] = float(np.mean([row["peers"][peer][2] for row in table.values()]))
    figures = {"sets": table, "average linkage at the best single threshold": singles, "mean_f1": mean}
    figures |= {"few repeated": few_repeated(), "new lists": new_lists(), "reported": reported_lists()}
    print(mean, {peer: (v["threshold"], round(v["mean"], 3)) for peer, v in singles.items()})
    results.write("variants", figures, ("rapidfuzz", "sparse-dot-topn", "string-grouper", "splink"))


if __name__ == "__main__":
    main()
