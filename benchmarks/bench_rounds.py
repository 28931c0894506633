"""Question: what label-free rounds give on texts, starting from MiniLM: are its groups nearer to the true ones, and what does it cost elsewhere?

AMI before and after, five seeds, paired: k-means and communities told the true number, `group` with its own number and, after, with the number that
it found before, nothing left out. STS-B test is the cost outside; labels are only scored. A deliberately harmful round (pull and ridge a hundredfold off) must be rejected every time.
The constants were chosen on other sets (`dev_sets`); the rows of UNSPSC here are none of those.
"""

from __future__ import annotations

import csv
import sys
import time

import numpy as np
from scipy.stats import spearmanr

import dev_sets
import results
import sets
import tables_parts
from matomari import LouvainCommunities, SphericalKMeans
from matomari.cluster.communities.themes import themes
from matomari.learn.texts.head import PULL, RIDGE, through
from matomari.learn.texts.rounds import learn_rounds
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import normalise

SEEDS = range(5)
ROUNDS = (1, 3)
UNSPSC_ROWS = 6000
KEPT = "group, number of before"
MEASURES = ("k-means, told k", "communities, told k", KEPT, "group", "STS-B")


def unspsc() -> sets.Set:
    """Commodity titles that no constant was chosen on, by segment."""
    known = {text for name, (texts, _) in dev_sets.themes().items() if name.startswith("UNSPSC") for text in texts}
    texts, labels = dev_sets.unspsc(2)
    rows = [i for i, text in enumerate(texts) if text not in known]
    rows = np.random.default_rng(0).permutation(rows)[:UNSPSC_ROWS].tolist()
    return [texts[i] for i in rows], np.asarray(labels)[rows]


SETS = {
    "Banking77 test": lambda: sets.banking("test"),
    "CLINC150 test": lambda: sets.clinc("test"),
    "AgNews": lambda: sets.short_text("agnewsdataraw-8000"),
    "UNSPSC": unspsc,
}


def similarity() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with (sets.DATA / "stsbenchmark" / "sts-test.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 6]
    first, second = (normalise(sets.vectors(f"STS-B {place}", [row[place] for row in rows])) for place in (5, 6))
    return first, second, np.array([float(row[4]) for row in rows])


def scored(X: np.ndarray, truth: np.ndarray, seed: int) -> dict[str, float]:
    k = len(np.unique(truth))
    found = {
        "k-means, told k": SphericalKMeans(k, n_init=1, random_state=seed).fit(X).labels_,
        "communities, told k": LouvainCommunities(n_clusters=k, random_state=seed).fit(X).labels_,
        "group": themes(X, seed=seed, assign_all=True).labels,
    }
    return {name: adjusted_mutual_info(truth, labels) for name, labels in found.items()} | {"groups found": int(found["group"].max()) + 1}


def number_kept(X: np.ndarray, truth: np.ndarray, groups: int, seed: int) -> float:
    return adjusted_mutual_info(truth, themes(X, groups=groups, seed=seed, assign_all=True).labels)


def one_set(name: str) -> dict[str, object]:
    texts, truth = SETS[name]()
    X, (first, second, gold) = normalise(sets.vectors(name, texts)), similarity()
    runs = []
    for seed in SEEDS:
        run: dict[str, object] = {"start": scored(X, truth, seed)}
        run["start"][KEPT] = run["start"]["group"]  # type: ignore[index]
        run["start"]["STS-B"] = float(spearmanr((first * second).sum(axis=1), gold).statistic)  # type: ignore[index]
        for rounds in ROUNDS:
            before = time.process_time()
            outcome = learn_rounds(X, rounds, seed=seed)
            took = time.process_time() - before
            assert outcome.head is not None, "no round was kept"
            after = scored(through(X, outcome.head), truth, seed)
            a, b = through(first, outcome.head), through(second, outcome.head)
            after[KEPT] = number_kept(through(X, outcome.head), truth, run["start"]["groups found"], seed)  # type: ignore[index]
            after |= {"STS-B": float(spearmanr((a * b).sum(axis=1), gold).statistic), "CPU seconds": took}
            run[f"{rounds} rounds"] = after | {"kept": sum(one.kept for one in outcome.rounds) - 1}
        harm = learn_rounds(X, 1, pull=100 * PULL, ridge=RIDGE / 100, seed=seed)
        run["harmful round rejected"] = harm.head is None
        runs.append(run)
        print(name, seed, run, flush=True)
    gains = {
        f"{rounds} rounds": {
            what: (lambda gain: {"mean": float(np.mean(gain)), "interval": results.interval(np.array(gain)), "values": gain})(
                [run[f"{rounds} rounds"][what] - run["start"][what] for run in runs]  # type: ignore[index]
            )
            for what in MEASURES
        }
        for rounds in ROUNDS
    }
    return {"rows": len(X), "k": len(np.unique(truth)), "runs": runs, "gains": gains}


def main() -> None:
    table = dict((tables_parts.read("rounds") or {}).get("sets", {}))
    for name in sys.argv[1:] or SETS:
        table[name] = one_set(name)
        results.write("rounds", {"sets": table})


if __name__ == "__main__":
    main()
