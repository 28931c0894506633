"""Question: which bar (`matomari.cluster.variants.pairs.Bar`) do pairs have to pass, when no list of the family it is judged on may say?

Every list is read by a model that no list of its family went into. A bar's score on a family is the mean pairwise F1 over its lists; the bar
with the best mean over all families is chosen, in which a made-up family counts half; and each family is judged by the bar that the others
choose. Bars differ from the chosen one in one number at a time, because all combinations would take hours. Where two are within a standard
error of their difference, paired over the families, the families do not decide: `high` and `numbered` were taken as stricter than the best.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from matomari.cluster.variants.linkage import average_linkage
from matomari.cluster.variants.pairs import BAR, Bar, probability, vetoes
from matomari.cluster.variants.variants import CUT, FAINT, FLOOR
from matomari.metrics.grouping import pairwise
from variants.fitting import MADE_UP, left_out, lists
from variants.pool import KINDS, LARGE, Listed

STEPS: dict[str, Sequence[Any]] = {
    "falls": ((0.1, 0.4), (0.1, 0.6), (0.1, 1.0), (0.3, 1.0)),
    "high": (0.5, 1.0, 2.0),
    "low": (-2.0, -1.2, -1.0, -0.5, 0.0),
    "kin": (0.0, 1.0, 1.5, 3.0),
    "words": (0.05, 0.3),
    "numbers": (0.1, 0.2, 0.5),
    "numbered": ((-9.0, -9.0), (-1.0, -1.0), (-1.0, 0.0), (-1.0, 0.5), (-1.0, 1.5), (0.0, 1.0)),
    "telling": (0.05, 0.2),
    "records": (9.0,),
    "many": ((0.2, 0.6), (0.4, 0.8), (0.5, 0.9)),
    "copied": (0.0, -1.0, -1.5, -3.0),
    "few": (-9.0, 0.8, 2.5),
}
BARS = [BAR, *(replace(BAR, **{name: value}) for name, values in STEPS.items() for value in values)]
NAMES = ["as it is", *(f"{name} {value}" for name, values in STEPS.items() for value in values)]


def scores(listed: Listed, bars: Sequence[Bar]) -> np.ndarray:
    """Pairwise precision, recall and F1 of each bar, shape (bars, 3)."""
    of, odds = left_out(listed)
    veto = vetoes(of.table)
    found = []
    for bar in bars:
        same = probability(odds - bar.of(of.table), veto)
        tree = average_linkage(of.n, of.left, of.right, same, floor=FLOOR, faint=FAINT)
        found.append(pairwise(of.truth, tree.cut(CUT)[of.place]))
    return np.asarray(found)


def main() -> None:
    """Score every bar on every list, and choose."""
    by_list = {}
    for name, listed in sorted(lists().items(), key=lambda item: item[1].family):
        by_list[name] = scores(listed, BARS)
        print(f"{name:45s} {by_list[name][0].round(2)}", flush=True)
    families = sorted({listed.family for listed in lists().values()})
    f1 = np.stack([np.mean([by_list[n][:, 2] for n, listed in lists().items() if listed.family == family], axis=0) for family in families])
    weight = np.asarray([MADE_UP if family in KINDS else 1.0 for family in families])
    mean = weight @ f1 / weight.sum()
    lead = (f1 - f1[:, :1]) * (weight / weight.mean())[:, None]  # over the bar as it is
    error = lead.std(axis=0, ddof=1) / np.sqrt(len(families))
    others_choose = {}
    for i, family in enumerate(families):
        others = weight * (np.arange(len(families)) != i)
        others_choose[family] = int(np.argmax(others @ f1))
    benchmark = {name: by_list[name][others_choose[name]] for name in LARGE}
    figures = {
        "chosen": asdict(BARS[int(np.argmax(mean))]),
        "bars": {
            name: {
                "mean": float(mean[i]),
                "lead": [float(lead[:, i].mean()), float(error[i])],
                "benchmark": float(np.mean([by_list[n][i, 2] for n in LARGE])),
            }
            for i, name in enumerate(NAMES)
        },
        "left out": {family: {"bar": NAMES[i], "f1": float(f1[k, i])} for k, (family, i) in enumerate(others_choose.items())},
        "benchmark, bar left out": {name: found.tolist() for name, found in benchmark.items()}
        | {"mean": float(np.mean([f[2] for f in benchmark.values()]))},
    }
    for name, row in figures["bars"].items():
        print(f"{name:20s} mean {row['mean']:.4f}  benchmark {row['benchmark']:.4f}")
    print(figures["chosen"], figures["benchmark, bar left out"])
    results.write("settle_variants", figures, ("rapidfuzz", "sparse-dot-topn"))


if __name__ == "__main__":
    main()
