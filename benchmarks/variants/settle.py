"""Question: which weights and cut of variants, when only development data may say, and what do they give where nobody looked?

The evidence of every candidate pair is measured once a set; each setting of the weights then makes an average linkage, cut at nine
heights. The setting with the best mean pairwise F1 over the development sets is chosen. After that, and only to report it: F1 on the
halves held back and on the four sets of the benchmark, and each of the four at constants chosen without any part of it.
What was swept lies in .cache/curves: delete that folder after a change of the code it was swept with.
"""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import development, texts
from harness.data.files import TextSet
from harness.machine import Clock
from harness.sweep import Sweep, remembered
from matomari.cluster.variants import candidates
from matomari.cluster.variants.candidates import CandidatePairs, background, variant_pairs
from matomari.cluster.variants.linkage import CUT, average_linkage
from matomari.cluster.variants.variants import FLOOR
from matomari.metrics.grouping import pairwise

CUTS = tuple(round(0.45 + 0.05 * i, 2) for i in range(9))
CONSTANTS = {"meaning": (0.0, 0.1, 0.2, 0.3, 0.4), "conflict": (0.0, 0.1, 0.2, 0.3), "stands out": (0.0, 0.25, 0.5, 0.75), "cut": CUTS}
SETTINGS = list(itertools.product(*CONSTANTS.values()))
PRESENT = (candidates.MEANING, candidates.CONFLICT, 0.5, CUT)
WIDTHS = (5, 10, 20, 40, 80)
NEAR = 0.005  # F1: settings this close to the best are as good
ROWS = 3_000  # of RLdata10000, where something is chosen with it in view
KINDS = {
    "people": ("RLdata500", "FEBRL 1", "FEBRL 2", "FEBRL 3", "RLdata10000"),
    "products": ("parts", "Abt-Buy", "Amazon-Google"),
    "citations": ("Cora",),
}
Setting = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The candidate pairs of a set's distinct texts, which of them each text is, and the truth."""

    n: int
    pairs: CandidatePairs
    stands_out: np.ndarray
    place: np.ndarray
    truth: np.ndarray

    def f1(self, setting: Setting, cuts: tuple[float, ...] = (), width: int = 20) -> list[float]:
        """Pairwise F1 at the setting's weights, for its cut or for each of the cuts given."""
        meaning, conflict, stands, cut = setting
        p = self.pairs
        spelling = np.where(np.isnan(p.codes), p.lexical, (p.lexical + np.nan_to_num(p.codes)) / 2)
        score = (1 - meaning) * spelling + meaning * p.meaning + stands * self.stands_out - conflict * p.conflict
        tree = average_linkage(self.n, p.left, p.right, score.astype(np.float32), floor=FLOOR, width=width)
        return [pairwise(self.truth, tree.cut(c)[self.place])[2] for c in cuts or (cut,)]


def evidence(data: TextSet) -> Evidence:
    """What is measured of a set before any weight."""
    known, X, place = texts.distinct_texts(data[0])
    pairs = variant_pairs(known, X)
    ground = background(len(known), pairs.left, pairs.right, pairs.lexical)
    stands_out = pairs.lexical - (ground[pairs.left] + ground[pairs.right]) / 2
    return Evidence(len(known), pairs, stands_out, place, data[1])


def swept(sets: dict[str, TextSet]) -> Sweep:
    """F1 of every setting on every set, read again from the cache where the same was measured before."""

    def measured(data: TextSet) -> dict[str, np.ndarray]:
        known = evidence(data)
        weights = dict.fromkeys(setting[:3] for setting in SETTINGS)
        return {"f1": np.asarray([x for chosen in weights for x in known.f1((*chosen, CUT), CUTS)])}

    scores = {}
    for name, data in sets.items():
        with Clock() as clock:
            digested = repr((data[0], data[1].tolist(), SETTINGS)).encode()
            scores[name] = remembered("variants", digested, lambda data=data: measured(data))["f1"]
        best, present = scores[name].max(), scores[name][SETTINGS.index(PRESENT)]
        print(f"{name:14s} {len(data[0]):6,} texts: best F1 {best:.3f}, present {present:.3f}  ({clock.seconds:.0f} s)", flush=True)
    return Sweep(SETTINGS, scores)


def by_kind(table: Sweep) -> Sweep:
    """People, products and citations as one set each, so that they count alike, however many sets there are of each."""
    kinds = {kind: [name for name in names if name in table.scores] for kind, names in KINDS.items()}
    return Sweep(SETTINGS, {kind: table.only(names).mean() for kind, names in kinds.items() if names})


def along(mean: np.ndarray, chosen: Setting) -> dict[str, dict[float, float]]:
    """The mean F1 when one constant moves and the others stay, and the best that the others can make of it."""
    moved: dict[str, dict[float, float]] = {}
    for axis, (name, values) in enumerate(CONSTANTS.items()):
        moved[name] = {v: float(mean[SETTINGS.index((*chosen[:axis], v, *chosen[axis + 1 :]))]) for v in values}
        moved[f"{name}, others refitted"] = {v: float(max(m for m, s in zip(mean, SETTINGS, strict=True) if s[axis] == v)) for v in values}
    return moved


def settled(sets: dict[str, TextSet], dev: Sweep) -> dict[str, object]:
    """What development data alone say: the chosen setting, how flat it is around it, and where the present one stands."""
    mean, kinds, chosen = dev.mean(), by_kind(dev), dev.best()
    both = {"chosen": chosen, "present": PRESENT}
    known = [evidence(data) for data in sets.values()]
    return {
        "constants": list(CONSTANTS),
        **both,
        "rank of the present": [1 + int((mean > dev.at(PRESENT)).sum()), len(SETTINGS)],
        "mean_f1": {key: dev.at(setting) for key, setting in both.items()},
        "kinds alike": {"best": kinds.best(), "f1": kinds.mean().max(), **{key: kinds.at(setting) for key, setting in both.items()}},
        f"settings within {NEAR} of the best": dev.near(NEAR),
        "one constant moved": along(mean, chosen),
        "width": {w: float(np.mean([e.f1(chosen, width=w)[0] for e in known])) for w in WIDTHS},
        "sets": {
            name: {key: dev.of(name, setting) for key, setting in both.items()}
            | {"best of its own": f1.max(), "at": SETTINGS[int(f1.argmax())]}
            for name, f1 in dev.scores.items()
        },
    }


def left_out(pool: Sweep, scored: Sweep, name: str, *others: str) -> dict[str, Any]:
    """F1 of a set at the constants chosen on all others."""
    rest = pool.without(name, *others)
    setting, alike = rest.best(), by_kind(rest).best()
    return {
        "constants": setting,
        "f1": scored.of(name, setting),
        "kinds alike": alike,
        "kinds alike f1": scored.of(name, alike),
    }


def reported(dev: Sweep) -> dict[str, object]:
    """What the settings give where nothing was chosen, and each benchmark set at constants chosen without it."""
    both = {"chosen": dev.best(), "present": PRESENT}
    sets = texts.variants()
    whole = swept(sets)
    people = swept({"RLdata10000": development.by_entity(sets["RLdata10000"], ROWS)})
    halves = {name: evidence(data) for name, data in development.held_back().items()}
    rows = {
        "held back": {name: {key: half.f1(setting)[0] for key, setting in both.items()} for name, half in halves.items()},
        "benchmark": {name: {key: whole.of(name, setting) for key, setting in both.items()} for name in sets},
    }
    means = {title: {key: float(np.mean([row[key] for row in part.values()])) for key in both} for title, part in rows.items()}
    rows["benchmark"][f"{ROWS:,} of RLdata10000"] = {key: people.at(setting) for key, setting in both.items()}
    without = {}
    for title, pool in {"from halves and samples": dev | people, "from whole sets": dev | whole}.items():
        by_set = {name: left_out(pool, whole, name) for name in sets}
        mean = float(np.mean([row["f1"] for row in by_set.values()]))
        by_set["RLdata10000, and RLdata500 left out too"] = left_out(pool, whole, "RLdata10000", "RLdata500")
        without[title] = {"mean_f1": mean, "sets": by_set}
    everything = dev | whole
    return {
        "mean_f1": means,
        **rows,
        "leave one set out": without,
        "all sets, whole": {
            "best": everything.best(),
            "f1": everything.mean().max(),
            **{key: everything.at(setting) for key, setting in both.items()},
        },
    }


def main() -> None:
    """Choose, then report."""
    sets = development.variants()
    dev = swept(sets)
    figures = settled(sets, dev)
    figures["reported only"] = reported(dev)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    results.write("settle_variants", figures)


if __name__ == "__main__":
    main()
