"""Claim: an encoder that learnt small differences from a list itself groups the spellings in it better: lists of things with sizes.

UNSPSC titles with sizes, each in several spellings; fasteners, which have many sizes; Japanese parts. From the texts alone, without their truth, rules make
triplets (`teach pairs`), MiniLM learns from them (`learn pairs`, balanced), and `group` finds variants with the one encoder and the other; pairwise F1.
Beside it stands what the encoder does by itself, as in a search: the share of texts with another spelling whose nearest text is one. Lists of a seed are
others than those of the next.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import matomari
from harness import loop
from harness.data.development import unspsc
from harness.data.files import CACHE, TextSet
from harness.data.made_up.lists import made_up
from harness.statistics import paired, spreads
from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from matomari.metrics.grouping import pairwise
from matomari.vectors import normalise

ROWS, SHARE = 1_000, 0.4  # of a list, and of its things that have several spellings
SEEDS = 5
SIZES = (4, 5, 6, 8, 10, 12, 16, 20, 25, 30, 40, 50)
PER_TEXT = 3  # triplets of a text: a list is short


def titles(seed: int) -> TextSet:
    """Commodity titles with one of four sizes each, and each of these in one to three spellings."""
    chance = random.Random(f"titles {seed}")
    names = chance.sample(sorted(set(unspsc(2)[0])), ROWS // 6)
    rows: list[tuple[str, int]] = []
    for number, (name, size) in enumerate((name, size) for name in names for size in chance.sample(SIZES, 4)):
        for spelling in chance.sample(spelt(name, size), chance.choice((1, 1, 2, 3))):
            rows.append((spelling, number))
    chance.shuffle(rows)
    rows = rows[:ROWS]
    return [text for text, _ in rows], np.asarray([number for _, number in rows])


def spelt(name: str, millimetres: int) -> list[str]:
    """One thing as people write it."""
    words = name.split()
    turned = f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 else name.upper()
    return [
        f"{name}, {millimetres} mm",
        f"{name} {millimetres / 10:g} cm",
        f"{name.upper()} {millimetres}MM",
        f"{turned} {millimetres} mm",
        f"{millimetres} mm {name.lower()}",
    ]


LISTS: dict[str, Callable[[int], TextSet]] = {
    "UNSPSC titles with sizes": titles,
    "fasteners": lambda seed: made_up("fasteners", ROWS, SHARE, seed),
    "parts in Japanese": lambda seed: made_up("parts_japan", ROWS, SHARE, seed),
}


def f1(texts: list[str], truth: np.ndarray, encoder: Any) -> float:
    """Pairwise F1 of the groups."""
    groups = matomari.group(texts, kind="variants", encoder=encoder, cache=CACHE / "vectors")
    return float(pairwise(truth, np.asarray(groups.items["cluster"].to_pylist()))[2])


def first_hits(texts: list[str], truth: np.ndarray, folder: str | Path) -> float:
    """Share of the texts with another spelling whose nearest other text is one."""
    vectors = normalise(open_model(folder, "cpu").encode(texts, show_progress_bar=False))
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    asked = np.bincount(truth)[truth] > 1
    return float((truth[cosines.argmax(axis=1)] == truth)[asked].mean())


def one_run(name: str, seed: int) -> dict[str, Any]:
    """F1 before and after, and what was learnt."""
    texts, truth = LISTS[name](seed)
    with tempfile.TemporaryDirectory() as folder:
        triplets = matomari.teach_pairs(texts, per_text=PER_TEXT, cache=CACHE / "vectors")
        learnt = matomari.learn_pairs(triplets, out=Path(folder) / "tuned", seed=seed, cache=CACHE / "vectors")
        tuned = Path(folder) / "tuned"
        figures = {"MiniLM": f1(texts, truth, "minilm"), "tuned": f1(texts, truth, str(tuned))}
        hits = {"hits MiniLM": first_hits(texts, truth, locate("minilm")), "hits tuned": first_hits(texts, truth, tuned)}
    return {**figures, **hits, "triplets": len(triplets), "kept": learnt.run["probe"]["kept"], "swaps": learnt.run["swaps"][-1]}


def summary(lists: dict[str, Any]) -> dict[str, Any]:
    """Means, and gains paired by seed."""
    return {
        name: spreads(list(runs.values()), ("MiniLM", "tuned", "hits MiniLM", "hits tuned"))
        | {
            gain: paired([run[f"{of}tuned"] - run[f"{of}MiniLM"] for run in runs.values()])
            for gain, of in (("gain", ""), ("gain of hits", "hits "))
        }
        for name, runs in lists.items()
    }


def main() -> None:
    """Measure what the file lacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", nargs="*", default=list(LISTS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    table = loop.Table("triplets_lists", "lists", lambda runs: {"summary": summary(runs), "lists": runs})
    for name in args.lists:
        for seed in range(args.seeds):
            if (name, str(seed)) not in table:
                table.add({(name, str(seed)): one_run(name, seed)})


if __name__ == "__main__":
    main()
