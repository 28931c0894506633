"""Question: does familiarity tell questions of no known kind from those of a known one, and what does its threshold of .01 let through?

CLINC150: a classifier of 150 intents; asked are the 4,500 test questions and the 1,000 of its test file that belong to no intent. Against the largest
calibrated probability (Hendrycks and Gimpel 2017), the nearest neighbours of the vectors themselves, and scikit-learn's LocalOutlierFactor on them. Which layer
and how many neighbours was chosen on the validation file and its hundred such questions.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor

import correction_sets
import results
import sets
from corrections import draw
from matomari.learn.labels.classifier import fit
from matomari.learn.labels.novelty import familiarity, nearness
from matomari.vectors import normalise

SEEDS, SHOTS, LEVELS = range(5), (10, 50), (0.01, 0.05)
OURS = "familiarity"


def one_seed(shots: int, seed: int, strange: np.ndarray) -> dict[str, dict[str, float]]:
    split = correction_sets.clinc()
    rows, labels = draw(split.y, shots, seed)
    X = split.X[rows]
    head, _ = fit(X, labels, 150, seed=seed)
    latent = head.latent(X)
    outliers = LocalOutlierFactor(novelty=True, metric="cosine").fit(X)
    scores = {
        OURS: lambda Q: familiarity(head.latent(Q), latent, nearness(latent)),
        "neighbours of the vectors": lambda Q: familiarity(Q, X, nearness(X)),
        "largest probability": lambda Q: head.probabilities(Q).max(axis=1),
        "LocalOutlierFactor": outliers.score_samples,
    }
    found = {}
    for name, score in scores.items():
        home, away = score(split.test), score(strange)
        truth = np.repeat([1, 0], [len(home), len(away)])
        found[name] = {"AUROC": float(roc_auc_score(truth, np.concatenate([home, away])))}
        for level in LEVELS if "probability" not in name and "Outlier" not in name else ():
            found[name] |= {
                f"caught at {level:g}": float((away < level).mean()),
                f"false alarms at {level:g}": float((home < level).mean()),
            }
    return found


def main() -> None:
    asked = json.loads((sets.DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))["oos_test"]
    strange = normalise(sets.vectors("CLINC150 out of scope", [row[0] for row in asked]).astype(np.float32))
    table: dict[str, Any] = {}
    for shots in SHOTS:
        runs = [one_seed(shots, seed, strange) for seed in SEEDS]
        table[f"{shots} a class"] = {
            name: {measure: results.spread([run[name][measure] for run in runs]) for measure in runs[0][name]}
            | {"AUROC over": results.interval([run[OURS]["AUROC"] - run[name]["AUROC"] for run in runs])}
            for name in runs[0]
        }
        print(
            shots,
            {
                name: {k: round(v["mean"], 4) for k, v in one.items() if k != "AUROC over"}
                for name, one in table[f"{shots} a class"].items()
            },
        )
    results.write("familiarity", {"table": table})


if __name__ == "__main__":
    main()
