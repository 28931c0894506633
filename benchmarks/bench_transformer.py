"""Claim: what holds for a static student (bench_stratified.py) holds for a transformer: pieces of small clusters, filtered, find more than random batches.

The student is two fresh layers of MiniLM's make on its four lower ones, which stay as they are; it reads 64 tokens, in bfloat16 where that is safe.
300 steps of 64 pairs, of at most 16,000 pairs of each source; NDCG@10 of the test queries against at most 8,000 documents, for time. How batches are
made was chosen with the static student; the learning rate with random batches on validation queries of Reuters (--settle).
"""

from __future__ import annotations

import argparse
import warnings
from typing import Any

import pair_sets
import results
import tables_parts
from bench_stratified import ARMS, BEFORE, Source, measured, one_run, save
from students import lowered, transformer

FILE = "transformer"
MOST = (16_000, 8_000)  # pairs, documents
STEPS = 300
ARMS_HERE = ("random", "pieces of small clusters + filter")
RATES, TEMPERATURE, SEED = (1e-4, 3e-4, 1e-3), 0.05, 100


def settled() -> dict[str, Any]:
    """The settings of the static student, but for the learning rate, the temperature and the length."""
    tried = (tables_parts.read("transformer_settled") or {}).get("tried", {})
    rate = max(tried.values(), key=lambda one: one["in domain"])["learning_rate"] if tried else RATES[1]
    of_batches = (tables_parts.read("stratified_settled") or {})["chosen"]
    return of_batches | {"learning_rate": rate, "temperature": TEMPERATURE, "steps": STEPS}


def settle() -> None:
    """Learning rates, by a shorter run on random batches."""
    source = Source("reuters", "validation", lowered, MOST)
    tried = (tables_parts.read("transformer_settled") or {}).get("tried", {})
    for rate in RATES:
        if str(rate) not in tried:
            told = {"learning_rate": rate, "temperature": TEMPERATURE}
            tried[str(rate)] = told | one_run(source, ARMS["random"], SEED, BEFORE | told | {"steps": 200}, transformer)
            print(rate, tried[str(rate)], flush=True)
            results.write("transformer_settled", {"tried": tried})


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("sources", nargs="*", default=list(pair_sets.READERS), help="of " + ", ".join(pair_sets.READERS))
    said.add_argument("--seeds", type=int, default=3)
    said.add_argument("--arms", nargs="*", default=list(ARMS_HERE))
    said.add_argument("--settle", action="store_true", help="choose the learning rate first")
    told = said.parse_args()
    warnings.simplefilter("ignore")
    if told.settle:
        settle()
    for name in told.sources:
        source = Source(name, "test", lowered, MOST)
        for seed in range(told.seeds):
            for key in told.arms:
                if not measured(FILE, name, key, seed):
                    run = one_run(source, ARMS[key], seed, settled(), transformer)
                    print(name, seed, f"{key:36s}", run, flush=True)
                    save(FILE, settled(), run, name, key, seed)


if __name__ == "__main__":
    main()
