"""Question: does familiarity tell questions of no known kind from those of a known one, and what does its threshold of .01 let through?

CLINC150: a classifier of 150 intents; asked are the 4,500 test questions and the 1,000 of its test file that belong to no intent. Against the largest
calibrated probability (Hendrycks and Gimpel 2017), the nearest neighbours of the vectors themselves, and scikit-learn's LocalOutlierFactor on them. Which layer
and how many neighbours was chosen on the validation file and its hundred such questions.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor

sys.path.insert(0, str(Path(__file__).parents[1]))

from correction.arms import draw
from harness import results
from harness.data import splits, texts
from harness.statistics import interval, spreads
from matomari.learn.labels.classifier import fit
from matomari.learn.labels.novelty import familiarity, nearness

SEEDS, SHOTS, LEVELS = range(5), (10, 50), (0.01, 0.05)
OURS = "familiarity"


def one_seed(shots: int, seed: int, strange: np.ndarray) -> dict[str, dict[str, float]]:
    """AUROC of every score, and what the thresholds of familiarity catch."""
    split = splits.clinc()
    rows, labels = draw(split.y, shots, seed)
    X = split.X[rows]
    head, _ = fit(X, labels, 150, seed=seed)
    latent = head.latent(X)
    scores = {
        OURS: lambda Q: familiarity(head.latent(Q), latent, nearness(latent)),
        "neighbours of the vectors": lambda Q: familiarity(Q, X, nearness(X)),
        "largest probability": lambda Q: head.probabilities(Q).max(axis=1),
        "LocalOutlierFactor": LocalOutlierFactor(novelty=True, metric="cosine").fit(X).score_samples,
    }
    figures = {}
    for name, score in scores.items():
        home, away = score(split.test), score(strange)
        truth = np.repeat([1, 0], [len(home), len(away)])
        figures[name] = {"AUROC": float(roc_auc_score(truth, np.concatenate([home, away])))}
        for level in LEVELS if "probability" not in name and "Outlier" not in name else ():
            figures[name][f"caught at {level:g}"] = float((away < level).mean())
            figures[name][f"false alarms at {level:g}"] = float((home < level).mean())
    return figures


def main() -> None:
    """Measure with few and with many labels."""
    strange = splits.unit_vectors(texts.clinc("oos_test")[0])
    table: dict[str, dict] = {}
    for shots in SHOTS:
        runs = [one_seed(shots, seed, strange) for seed in SEEDS]
        table[f"{shots} a class"] = {
            name: spreads([run[name] for run in runs]) | {"AUROC over": interval([run[OURS]["AUROC"] - run[name]["AUROC"] for run in runs])}
            for name in runs[0]
        }
        print(shots, {name: round(row["AUROC"]["mean"], 4) for name, row in table[f"{shots} a class"].items()}, flush=True)
    results.write("familiarity", {"table": table})


if __name__ == "__main__":
    main()
