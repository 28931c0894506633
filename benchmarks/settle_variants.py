"""Question: which weights and cut of variants, when only development data may say, and what do they give where nobody looked?

The evidence of every candidate pair is measured once a set; each setting of the weights then makes an average linkage, cut at nine
heights. The setting with the best mean pairwise F1 over `dev_sets.variants` is chosen. After that, and only to report it: F1 on the
halves held back and on the four sets of the benchmark, and each of the four at constants chosen without any part of it.
What was swept lies in .cache/curves: delete that folder after a change of the code it was swept with.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import dev_sets
import results
import sets
from matomari.cluster.variants import candidates as variants
from matomari.cluster.variants.candidates import Pairs, _background, variant_pairs
from matomari.cluster.variants.linkage import CUT, average_linkage
from matomari.cluster.variants.variants import FLOOR
from matomari.metrics.grouping import pairwise

MEANING, CONFLICT, STANDS = (0.0, 0.1, 0.2, 0.3, 0.4), (0.0, 0.1, 0.2, 0.3), (0.0, 0.25, 0.5, 0.75)
CUTS = tuple(round(0.45 + 0.05 * i, 2) for i in range(9))
WEIGHTS = tuple(itertools.product(MEANING, CONFLICT, STANDS))
SETTINGS = tuple((*w, cut) for w in WEIGHTS for cut in CUTS)
PRESENT = (variants.MEANING, variants.CONFLICT, 0.5, CUT)
NAMES = ("meaning", "conflict", "stands out", "cut")
WIDTHS = (5, 10, 20, 40, 80)
NEAR = 0.005  # F1: settings this close to the best are as good
ROWS = 3_000  # of RLdata10000, where something is chosen with it in view
KINDS = {
    "people": ("RLdata500", "FEBRL 1", "FEBRL 2", "FEBRL 3", "RLdata10000"),
    "products": ("parts", "Abt-Buy", "Amazon-Google"),
    "citations": ("Cora",),
}
CACHE = Path(__file__).parents[1] / ".cache" / "curves"

Setting = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The candidate pairs of a set's distinct texts, which of them each text is, and the truth."""

    n: int
    pairs: Pairs
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


def evidence(name: str, data: sets.Set) -> Evidence:
    texts, truth = data
    known: dict[str, int] = {}
    place = np.asarray([known.setdefault(t, len(known)) for t in texts])
    X = sets.vectors(name, texts)[np.unique(place, return_index=True)[1]]
    pairs = variant_pairs(list(known), X)
    ground = _background(len(known), pairs.left, pairs.right, pairs.lexical)
    stands_out = pairs.lexical - (ground[pairs.left] + ground[pairs.right]) / 2
    return Evidence(len(known), pairs, stands_out, place, truth)


def swept(name: str, data: sets.Set) -> np.ndarray:
    """F1 of every setting, read again from the cache where the same was measured before."""
    start = time.perf_counter()
    said = repr((data[0], data[1].tolist(), SETTINGS)).encode()
    path = CACHE / f"variants-{hashlib.sha256(said).hexdigest()[:16]}.npy"
    if path.exists():
        return np.load(path)
    known = evidence(name, data)
    f1 = np.asarray([x for weights in WEIGHTS for x in known.f1((*weights, CUT), CUTS)])
    CACHE.mkdir(parents=True, exist_ok=True)
    np.save(path, f1)
    print(
        f"{name:14s} {len(data[0]):6,} texts: best F1 {f1.max():.3f}, present {f1[SETTINGS.index(PRESENT)]:.3f}  ({time.perf_counter() - start:.0f} s)",
        flush=True,
    )
    return f1


def best(table: dict[str, np.ndarray]) -> Setting:
    """The setting of the highest mean F1 over sets."""
    return SETTINGS[int(np.mean(list(table.values()), axis=0).argmax())]


def by_kind(table: dict[str, np.ndarray]) -> np.ndarray:
    """Mean F1 where people, products and citations count alike, however many sets there are of each."""
    kinds = [[table[s] for s in names if s in table] for names in KINDS.values()]
    return np.mean([np.mean(k, axis=0) for k in kinds if k], axis=0)


def along(mean: np.ndarray, chosen: Setting) -> dict[str, dict[float, float]]:
    """The mean F1 when one constant moves and the others stay, and the best that the others can make of it."""
    found: dict[str, dict[float, float]] = {}
    for axis, (name, values) in enumerate(zip(NAMES, (MEANING, CONFLICT, STANDS, CUTS), strict=True)):
        found[name] = {v: float(mean[SETTINGS.index((*chosen[:axis], v, *chosen[axis + 1 :]))]) for v in values}
        found[f"{name}, others refitted"] = {v: float(max(m for m, s in zip(mean, SETTINGS, strict=True) if s[axis] == v)) for v in values}
    return found


def without(name: str, pool: dict[str, np.ndarray], scored: Evidence) -> dict[str, object]:
    """F1 of a set at the constants chosen on all others."""
    rest = {other: f1 for other, f1 in pool.items() if other != name}
    setting, alike = best(rest), SETTINGS[int(by_kind(rest).argmax())]
    return {"constants": setting, "f1": scored.f1(setting)[0], "kinds alike": alike, "kinds alike f1": scored.f1(alike)[0]}


def settled(texts: dict[str, sets.Set], dev: dict[str, np.ndarray]) -> dict[str, object]:
    """What development data alone say: the chosen setting, how flat it is around it, and where the present one stands."""
    mean, kinds, now = np.mean(list(dev.values()), axis=0), by_kind(dev), SETTINGS.index(PRESENT)
    chosen, place = best(dev), SETTINGS.index(best(dev))
    known = [evidence(name, data) for name, data in texts.items()]
    return {
        "constants": NAMES,
        "chosen": chosen,
        "present": PRESENT,
        "rank of the present": [1 + int((mean > mean[now]).sum()), len(SETTINGS)],
        "mean_f1": {"chosen": mean[place], "present": mean[now]},
        "kinds alike": {"best": SETTINGS[int(kinds.argmax())], "f1": kinds.max(), "chosen": kinds[place], "present": kinds[now]},
        f"settings within {NEAR} of the best": [s for s, f1 in zip(SETTINGS, mean, strict=True) if f1 >= mean.max() - NEAR],
        "one constant moved": along(mean, chosen),
        "width": {w: float(np.mean([e.f1(chosen, width=w)[0] for e in known])) for w in WIDTHS},
        "sets": {
            n: {"chosen": f1[place], "present": f1[now], "best of its own": f1.max(), "at": SETTINGS[int(f1.argmax())]}
            for n, f1 in dev.items()
        },
    }


def reported(dev: dict[str, np.ndarray], chosen: Setting) -> dict[str, object]:
    """What the settings give where nothing was chosen, and each benchmark set at constants chosen without it."""
    both = {"chosen": chosen, "present": PRESENT}
    benchmark = sets.variants()
    known = {name: evidence(name, data) for name, data in benchmark.items()}
    rows = {
        "held back": {n: {k: evidence(n, d).f1(s)[0] for k, s in both.items()} for n, d in dev_sets.held_back().items()},
        "benchmark": {n: {k: e.f1(s)[0] for k, s in both.items()} for n, e in known.items()},
    }
    people = swept("RLdata10000", dev_sets.by_entity(sets.rldata(10000), ROWS))
    whole = {name: swept(name, data) for name, data in benchmark.items()}
    rows["benchmark"][f"{ROWS:,} of RLdata10000"] = {k: float(people[SETTINGS.index(s)]) for k, s in both.items()}
    pools = {"from halves and samples": dev | {"RLdata10000": people}, "from whole sets": dev | whole}
    left_out: dict[str, dict[str, dict[str, object]]] = {}
    for title, pool in pools.items():
        rest = {name: f1 for name, f1 in pool.items() if name != "RLdata500"}
        left_out[title] = {name: without(name, pool, known[name]) for name in known}
        left_out[title]["RLdata10000, and RLdata500 left out too"] = without("RLdata10000", rest, known["RLdata10000"])
    everything = pools["from whole sets"]
    mean = np.mean(list(everything.values()), axis=0)
    return {
        "mean_f1": {
            title: {k: float(np.mean([part[n][k] for n in part if n in (*dev, *known)])) for k in both} for title, part in rows.items()
        },
        **rows,
        "leave one set out": {
            title: {"mean_f1": float(np.mean([part[n]["f1"] for n in known])), "sets": part} for title, part in left_out.items()
        },
        "all sets, whole": {"best": best(everything), "f1": mean.max(), **{k: mean[SETTINGS.index(s)] for k, s in both.items()}},
    }


def main() -> None:
    texts = dev_sets.variants()
    dev = {name: swept(name, data) for name, data in texts.items()}
    figures = settled(texts, dev)
    after = reported(dev, best(dev))
    print(json.dumps({**figures, "reported only": after}, indent=1, ensure_ascii=False))
    results.write("settle_variants", {**figures, "reported only": after})


if __name__ == "__main__":
    main()
