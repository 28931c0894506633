"""Claim: batches of 10 M rows by cluster come at 1,000 a second or more, plan of the epoch included, in at most 200 MB above the labels."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import results

ROWS, BATCH = 10_000_000, 64


def one(piece: int, mixing: float) -> dict[str, float]:
    """Run in a child, whose peak of memory is its own."""
    from matomari import ClusterBatchSampler, Partition

    k = ROWS // (BATCH * 10) if piece >= BATCH else ROWS // 10
    labels = np.random.default_rng(0).integers(k, size=ROWS)
    partition = Partition.__new__(Partition)  # ids of ten million rows would cost more than all else, and no batch reads them
    for name, value in (("ids", range(ROWS)), ("labels", labels), ("centers", None)):
        object.__setattr__(partition, name, value)
    before, start = peak(), time.perf_counter()
    sampler = ClusterBatchSampler(range(ROWS), BATCH, partition=partition, piece=piece, mixing=mixing)
    made, begun, planned = 0, time.perf_counter(), 0.0
    for _ in sampler:
        made += 1
        planned = planned or time.perf_counter() - begun
    took = time.perf_counter() - begun
    return {
        "clusters": k,
        "batches": made,
        "seconds to sort": begun - start,
        "seconds to plan": planned,
        "batches a second": made / took,
        "peak mb above": peak() - before,
    }


def peak() -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1e3


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(one(*json.loads(sys.argv[1]))))
        return
    found = {}
    for name, said in (
        ("whole batches", [BATCH, 0.0]),
        ("whole batches, a quarter mixed", [BATCH, 0.25]),
        ("pieces of 2, the default", [2, 0.0]),
    ):
        child = subprocess.run([sys.executable, __file__, json.dumps(said)], capture_output=True, text=True, check=True)
        found[name] = json.loads(child.stdout)
        print(name, found[name], flush=True)
    results.write("sampler", {"rows": ROWS, "batch": BATCH, "runs": found})


if __name__ == "__main__":
    main()
