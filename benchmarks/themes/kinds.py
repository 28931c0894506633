"""Claim: the kind of groups that a column wants, themes or variants, is recognised, on columns of many kinds and in several languages.

Every column of `harness.data.columns` is looked at once; the three constants of `matomari.cluster.kind.kind` are then chosen on all columns but one,
and that one is judged with them.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.columns import columns
from harness.data.files import encoder
from matomari.cluster.kind import kind
from matomari.cluster.kind.kind import Signs, signs
from matomari.rows.boilerplate.boilerplate import Boilerplate
from matomari.vectors import normalise

GRID = list(itertools.product((0.0, 0.1, 0.2, 0.3, 0.4, 0.5), (0.5, 1.0, 1.5, 2.0, 2.5, 3.0), np.arange(0.05, 0.5, 0.05).round(2).tolist()))
PRESENT = (kind.CODED, kind.GRAMMAR, kind.BOUND)


def looked_at(texts: list[str]) -> Signs:
    """The signs of a column, as `matomari.group` sees them."""
    boilerplate = Boilerplate.learn(texts)
    contents = [boilerplate.content(text) for text in texts]
    X = normalise(np.asarray(encoder("off").encode(contents), np.float32))
    return signs([boilerplate.frame(text) for text in texts], contents, X, np.random.default_rng(0))


def margins(seen: list[Signs], right: np.ndarray) -> np.ndarray:
    """How far each column lies on its right side, for every setting: shape (settings, columns)."""
    coded, grammar, bound = (np.asarray(values)[:, None] for values in zip(*GRID, strict=True))
    score = np.array([s.copies for s in seen]) + coded * [s.coded for s in seen] - grammar * [s.grammar for s in seen] - bound
    score = np.where(np.array([s.copies for s in seen]) < kind.SINGLE, -np.abs(score) - 0.01, score)
    return score * np.where(right, 1, -1)


def best(margin: np.ndarray) -> int:
    """The setting with the most right columns; of these the one whose narrowest right column lies farthest from the bound."""
    right = (margin >= 0).sum(axis=1)
    narrowest = np.where(margin >= 0, margin, np.inf).min(axis=1)
    return int(np.lexsort((-narrowest, -right))[0])


def main() -> None:
    """Look at every column, then leave each out."""
    table: dict[str, dict[str, Any]] = {}
    seen, right = [], []
    for name, (texts, wanted) in columns().items():
        found = looked_at(texts)
        seen.append(found)
        right.append(wanted == "variants")
        table[name] = {"rows": len(texts), "wanted": wanted, "present": found.kind, **{k: round(v, 4) for k, v in vars(found).items()}}
        print(f"{name:22s} wanted {wanted:9s} found {found.kind:9s} {found.score:+.2f} {found.reason}", flush=True)
    margin = margins(seen, np.array(right))
    for i, name in enumerate(table):
        others = np.arange(len(seen)) != i
        table[name]["left out"] = bool(margin[best(margin[:, others]), i] >= 0)
    figures = {
        "columns": table,
        "count": len(table),
        "present": PRESENT,
        "right": sum(row["present"] == row["wanted"] for row in table.values()),
        "chosen on all": GRID[best(margin)],
        "right, leave one out": sum(row["left out"] for row in table.values()),
    }
    print({key: value for key, value in figures.items() if key != "columns"})
    results.write("kinds", figures)


if __name__ == "__main__":
    main()
