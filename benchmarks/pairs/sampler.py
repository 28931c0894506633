"""Claim: batches of 10 M rows by cluster come at 1,000 a second or more, plan of the epoch included, in at most 200 MB above the labels."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.machine import MB, Clock, child, peak, report

ROWS, BATCH = 10_000_000, 64
SETTINGS = {"whole batches": (BATCH, 0.0), "whole batches, a quarter mixed": (BATCH, 0.25), "pieces of 2, the default": (2, 0.0)}


def epoch(piece: int, mixing: float) -> dict[str, float]:
    """Run in a child, whose peak of memory is its own: all batches of an epoch."""
    from matomari import ClusterBatchSampler, Partition

    k = ROWS // (BATCH * 10) if piece >= BATCH else ROWS // 10
    labels = np.random.default_rng(0).integers(k, size=ROWS)
    partition = Partition.__new__(Partition)  # ids of ten million rows would cost more than all else, and no batch reads them
    for name, value in (("ids", range(ROWS)), ("labels", labels), ("centers", None)):
        object.__setattr__(partition, name, value)
    before, batches = peak(), 1
    with Clock() as sorting:
        sampler = ClusterBatchSampler(range(ROWS), BATCH, partition=partition, piece=piece, mixing=mixing)
    with Clock() as whole:
        with Clock() as planning:  # the first batch waits for the plan
            rest = iter(sampler)
            next(rest)
        for _ in rest:
            batches += 1
    return {
        "clusters": k,
        "batches": batches,
        "seconds to sort": sorting.seconds,
        "seconds to plan": planning.seconds,
        "batches a second": batches / whole.seconds,
        "peak mb above": (peak() - before) / MB,
    }


def main() -> None:
    """Measure three ways to form batches."""
    runs = {}
    for name, (piece, mixing) in SETTINGS.items():
        runs[name] = child(__file__, piece, mixing)
        print(name, runs[name], flush=True)
    results.write("sampler", {"rows": ROWS, "batch": BATCH, "runs": runs})


if __name__ == "__main__":
    report(epoch(int(sys.argv[1]), float(sys.argv[2]))) if len(sys.argv) > 1 else main()
