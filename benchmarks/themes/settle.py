"""Question: which constants of `matomari.cluster.communities.stability.Rule`, when only development data may say, and what do they give elsewhere?

What comes back at each resolution does not depend on the rule, so it is measured once per set and draw of rows, and so is the AMI of the
communities there; every rule of the grid is then looked up. Development sets have many classes, six to forty, or two to four. The rule with
the best mean AMI over them is chosen; each set is also judged by the rule chosen on all others; the sets of the benchmark are only reported.
What was measured lies in .cache/curves: delete that folder after a change of the code it was measured with. `--links 25` asks the same of a
graph with so many links per row.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.development import FEW, MANY, MIDDLE, REPORTED, Draws
from harness.data.files import vectors
from harness.sweep import Sweep, remembered
from matomari.cluster.communities.agreement import RESOLUTIONS, Agreement, agreement
from matomari.cluster.communities.graph import neighbor_graph
from matomari.cluster.communities.stability import CHANCE_DRAWS, DRAWS, RULE, Layer, Rule, StabilityCurve, decide, structureless
from matomari.cluster.communities.themes import NEIGHBORS, _at, _no_crumbs
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.seeds import Seed
from matomari.vectors import distinct, neighbors

PARTS = {"many": MANY, "six to forty": MIDDLE, "two to four": FEW, "benchmark": REPORTED}
ROW_DRAWS = range(3)
NEAR = 0.005  # AMI: rules this close to the best are as good
LINKS = int(sys.argv[sys.argv.index("--links") + 1]) if "--links" in sys.argv else NEIGHBORS
NAMED = "" if LINKS == NEIGHBORS else str(LINKS)  # what is remembered and written of another number of links has another name
# a group of more than 60 % of the rows is of no use to anyone, so `largest_of_few` is tried up to .6 alone
GRID = [
    Rule(exponent=e, few=f, largest_of_few=u, beyond=b, solid=o, clean=c, steps=s)
    for e, f, u, b, o, c, s in itertools.product(
        (0.33, 0.5, 0.67, 0.8), (4.5, 5.5), (0.5, 0.55, 0.6), (0.0, 0.03, 0.06, 0.1), (0.55, 0.63, 0.7), (0.8, 0.85, 0.9), (3, 4)
    )
]


@dataclass(frozen=True)
class Known:
    """One draw of a set: its curve, and AMI, groups and largest share of the communities at each resolution."""

    curve: StabilityCurve
    ami: np.ndarray
    groups: np.ndarray
    largest: np.ndarray
    rows: int
    told_k: float

    def at(self, rule: Rule) -> int:
        """The place of the resolution that a rule takes."""
        return int(np.flatnonzero(self.curve.resolution == decide(self.curve, self.rows, rule).resolution)[0])


def known(load: Draws, draw: int) -> Known:
    """Measured as `themes` would, all items placed; read again from the cache where the same was measured before."""
    texts, truth = load(draw)
    X = vectors(texts)
    digested = np.ascontiguousarray(X).tobytes() + np.ascontiguousarray(truth, np.int64).tobytes() + bytes([draw])
    found = remembered(f"number{NAMED}", digested, lambda: _curves(X, draw))
    outcome = remembered(f"outcome{NAMED}", digested, lambda: _outcome(X, truth, found["data_groups"], draw))
    data, chance = (
        Agreement(**{key: found[f"{part}_{key}"] for key in ("groups", "largest", "rand", "information")}) for part in ("data", "chance")
    )
    rows, told = int(found["rows"]), float(outcome["told_k"])
    return Known(StabilityCurve.of(data, chance), outcome["ami"], outcome["k"], outcome["share"], rows, told)


def _curves(X: np.ndarray, draw: int) -> dict[str, Any]:
    """What comes back at each resolution, in the data and in structureless data."""
    rows, seed = distinct(X)[0], Seed(draw)
    data = agreement(rows, n_neighbors=LINKS, draws=DRAWS, seed=seed, name="data")
    chance = agreement(structureless(rows, seed), n_neighbors=LINKS, draws=CHANCE_DRAWS, seed=seed, name="structureless")
    return {
        **{f"data_{key}": value for key, value in vars(data).items()},
        **{f"chance_{key}": value for key, value in vars(chance).items()},
        "rows": np.array(len(rows)),
    }


def _outcome(X: np.ndarray, truth: np.ndarray, came_back: np.ndarray, draw: int) -> dict[str, Any]:
    """How good the groups are at each resolution, where so many came back on average, and those of k-means told k."""
    rows, inverse = distinct(X)
    graph = neighbor_graph(*neighbors(rows, LINKS))
    layers = [
        Layer(resolution=float(r), groups=max(1, round(k)), stability=0) for r, k in zip(RESOLUTIONS, came_back.tolist(), strict=True)
    ]
    groups = [_no_crumbs(graph, _at(graph, layer, sampled=False, seed=draw + 5)[1])[inverse] for layer in layers]
    told = KMeans(len(np.unique(truth)), n_init=1, random_state=draw).fit_predict(X)
    return {
        "ami": np.array([adjusted_mutual_info(truth, labels) for labels in groups]),
        "k": np.array([labels.max() + 1 for labels in groups]),
        "share": np.array([np.bincount(labels).max() / len(labels) for labels in groups]),
        "told_k": np.array(adjusted_mutual_info(truth, told)),
    }


def sweep(sets: dict[str, list[Known]]) -> Sweep:
    """Mean AMI over the draws of every rule on every set."""
    return Sweep(GRID, {name: np.mean([[k.ami[k.at(rule)] for rule in GRID] for k in own], axis=0) for name, own in sets.items()})


def described(own: list[Known], rule: Rule) -> dict[str, Any]:
    """A set at a rule, beside k-means told k and the best resolution."""
    return {
        "ami": [round(float(k.ami[k.at(rule)]), 4) for k in own],
        "groups": [int(k.groups[k.at(rule)]) for k in own],
        "largest": [round(float(k.largest[k.at(rule)]), 3) for k in own],
        "told k": round(float(np.mean([k.told_k for k in own])), 4),
        "best resolution": round(float(np.mean([k.ami.max() for k in own])), 4),
    }


def main() -> None:
    """Choose, then report."""
    sets: dict[str, dict[str, list[Known]]] = {}
    for part, loads in PARTS.items():
        sets[part] = {}
        for name, load in loads.items():
            sets[part][name] = [known(load, draw) for draw in ROW_DRAWS]
            print(part, name, described(sets[part][name], RULE), flush=True)
    development = {name: own for part in ("many", "six to forty", "two to four") for name, own in sets[part].items()}
    table, reported = sweep(development), sweep(sets["benchmark"])
    chosen = table.best()
    left_out = {name: table.of(name, table.without(name).best()) for name in development}
    left_out |= {name: reported.of(name, chosen) for name in reported.scores}  # nothing was chosen on these
    figures = {
        "links": LINKS,
        "draws": len(ROW_DRAWS),
        "rules tried": len(GRID),
        "chosen": asdict(chosen),
        "present": asdict(RULE),
        f"within {NEAR} of the best": len(table.near(NEAR)),
        "present is among them": RULE in table.near(NEAR),
        "development, chosen": table.at(chosen),
        "development, present": table.at(RULE),
        "sets": {part: {name: described(own, RULE) for name, own in loads.items()} for part, loads in sets.items()},
        "leave one set out": {"mean": {}, "sets": left_out},
    }
    for part, loads in sets.items():
        figures["leave one set out"]["mean"][part] = float(np.mean([left_out[name] for name in loads]))
    print({key: value for key, value in figures.items() if key != "sets"})
    results.write(f"settle_themes{NAMED and f'_{NAMED}_links'}", figures)


if __name__ == "__main__":
    main()
