"""Claim: 20,000 rows of spellings, file to folder, within 90 s of CPU time and 1 GB of memory; beside string_grouper on the same file.

The rows are made-up shops' offers, 8 % of the things repeated. Both run as a process of their own with one thread; string_grouper finds groups
alone, without an encoder, a map, names or a report.
"""

from __future__ import annotations

import contextlib
import csv
import runpy
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.machine import GB, child, peak, report
from variants.pool import made_up

ROWS, REPEATED, SPELLINGS, SEED = 20_000, 0.08, (2, 2, 3, 4), 5


def string_grouper(path: Path) -> None:
    """string_grouper at its defaults."""
    import pandas as pd
    from string_grouper import group_similar_strings

    group_similar_strings(pd.read_csv(path)["name"])


def matomari(path: Path) -> None:
    """The command line of matomari."""
    sys.argv = ["matomari", "group", str(path), "--text", "name", "--kind", "variants", "-o", str(path.with_name("out"))]
    with contextlib.suppress(SystemExit):
        runpy.run_module("matomari", run_name="__main__")
    if not path.with_name("out").is_dir():
        raise SystemExit("no folder was written")


METHODS = {"matomari": matomari, "string_grouper": string_grouper}


def in_child(method: str, path: Path) -> None:
    """Run one of them and report what the whole process used."""
    with contextlib.redirect_stdout(sys.stderr):
        METHODS[method](path)
    report({"cpu_seconds": round(time.process_time(), 1), "peak_gb": round(peak() / GB, 3)})


def main() -> None:
    """Write the rows, run both, print and keep what they used."""
    rows = made_up("offers", ROWS, REPEATED, SEED, SPELLINGS)[0]
    figures: dict = {"rows": len(rows)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "offers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["name"], *([row] for row in rows)])
        for method in METHODS:
            figures[method] = child(__file__, method, path, HF_HUB_OFFLINE="1", OMP_NUM_THREADS="1")
            print(method, figures[method], flush=True)
    results.write("variants_speed", figures, ("rapidfuzz", "sparse-dot-topn", "string-grouper"))


if __name__ == "__main__":
    in_child(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 1 else main()
