"""Claim: what holds for a static student (pairs/measure.py) holds for a transformer: pieces of small clusters, filtered, find more than random batches.

The student is two fresh layers of MiniLM's make on its four lower ones, which stay as they are; it reads 64 tokens, in bfloat16 where that is safe.
300 steps of 64 pairs, of at most 16,000 pairs of each source; NDCG@10 of the test queries against at most 8,000 documents, for time. How batches are
formed was chosen with the static student; the learning rate with random batches on validation queries of Reuters (--settle).
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop, results
from pairs.measure import arguments, measure
from pairs.students import lowered, transformer
from pairs.training import ARMS, BEFORE, Source, one_run

MOST = (16_000, 8_000)  # pairs, documents
STEPS = 300
ARMS_HERE = ("random", "pieces of small clusters + filter")
RATES, TEMPERATURE, SEED = (1e-4, 3e-4, 1e-3), 0.05, 100


def settled() -> dict[str, Any]:
    """The settings of the static student, except the learning rate, the temperature and the length."""
    tried = (results.read("transformer_settled") or {}).get("tried", {})
    rate = max(tried.values(), key=lambda run: run["in domain"])["learning_rate"] if tried else RATES[1]
    of_batches = (results.read("stratified_settled") or {})["chosen"]
    return of_batches | {"learning_rate": rate, "temperature": TEMPERATURE, "steps": STEPS}


def settle() -> None:
    """Learning rates, by a shorter run on random batches."""
    warnings.simplefilter("ignore")
    source = Source("reuters", "validation", lowered, MOST)
    table = loop.Table("transformer_settled", "tried")
    for rate in RATES:
        if (str(rate),) not in table:
            tried = {"learning_rate": rate, "temperature": TEMPERATURE}
            table.add({(str(rate),): tried | one_run(source, ARMS["random"], SEED, BEFORE | tried | {"steps": 200}, transformer)})


def main() -> None:
    """Measure the transformer."""
    parser = arguments(__doc__, 3, ARMS_HERE)
    parser.add_argument("--settle", action="store_true", help="choose the learning rate first")
    args = parser.parse_args()
    if args.settle:
        settle()
    measure("transformer", args, settled(), lambda name: Source(name, "test", lowered, MOST), transformer)


if __name__ == "__main__":
    main()
