"""Claim: what holds for a static student (bench_stratified.py) holds for a transformer: pieces of small clusters, filtered, find more than random batches.

The student is two fresh layers of MiniLM's make on its four lower ones, which stay as they are; it reads 64 tokens, in bfloat16 where that is safe.
400 steps of 64 pairs, of at most 16,000 pairs of each source; NDCG@10 of the test queries against at most 8,000 documents, for time. How batches are
made was chosen with the static student; the learning rate and the temperature with random batches on validation queries of Reuters (--settle).
"""

from __future__ import annotations

import argparse
import itertools
import warnings

import pair_sets
import results
import tables_parts
from bench_stratified import ARMS, SETTLED, Source, measured, one_run, save
from students import Lower, transformer

FILE = "transformer"
MOST = (16_000, 8_000)  # pairs, documents
STEPS = 400
ARMS_HERE = ("random", "pieces of small clusters + filter", "random, double batch, equal pairs")
RATES, TEMPERATURES, SEED = (1e-4, 3e-4, 1e-3), (0.05, 0.1), 100


def settled() -> dict[str, float]:
    """The settings of the static student, but for the learning rate, the temperature and the length."""
    tried = (tables_parts.read("transformer_settled") or {}).get("tried", {})
    best = max(tried.values(), key=lambda one: one["in domain"]) if tried else {"learning_rate": RATES[1], "temperature": TEMPERATURES[0]}
    return SETTLED | {name: best[name] for name in ("learning_rate", "temperature")} | {"steps": STEPS}


def settle() -> None:
    source = Source("reuters", "validation", Lower, MOST)
    tried = (tables_parts.read("transformer_settled") or {}).get("tried", {})
    for rate, temperature in itertools.product(RATES, TEMPERATURES):
        key = f"learning rate {rate}, temperature {temperature}"
        if key not in tried:
            told = {"learning_rate": rate, "temperature": temperature}
            tried[key] = told | one_run(source, ARMS["random"], SEED, SETTLED | told | {"steps": STEPS // 2}, transformer)
            print(key, tried[key], flush=True)
            results.write("transformer_settled", {"tried": tried})


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("sources", nargs="*", default=list(pair_sets.READERS), help="of " + ", ".join(pair_sets.READERS))
    said.add_argument("--seeds", type=int, default=3)
    said.add_argument("--arms", nargs="*", default=list(ARMS_HERE))
    said.add_argument("--settle", action="store_true", help="choose the learning rate and the temperature first")
    told = said.parse_args()
    warnings.simplefilter("ignore")
    if told.settle:
        settle()
    for name in told.sources:
        source = Source(name, "test", Lower, MOST)
        for seed in range(told.seeds):
            for key in told.arms:
                if not measured(FILE, name, key, seed):
                    run = one_run(source, ARMS[key], seed, settled(), transformer)
                    print(name, seed, f"{key:36s}", run, flush=True)
                    save(FILE, settled(), run, name, key, seed)


if __name__ == "__main__":
    main()
