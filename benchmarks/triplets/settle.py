"""Choose steps, rates and the weight of distillation for triplets/measure.py, on dev data alone: STS-B's dev part, and swaps of the dev captions and titles.

MiniLM: the rate of "none + distillation", by the sum of both scores. The other students: first how long and how fast it learns its words' company, by STS-B dev;
then steps and rate of "none" by the sum.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop
from triplets.measure import BEFORE, one_run
from triplets.scores import DEV

SEED = 100
GRIDS: dict[str, list[tuple[str, str, list[dict[str, Any]]]]] = {  # of each student: what is tried, with which arm, judged by what
    "MiniLM": [("none + distillation", "both", [{"learning_rate": r} for r in (2e-5, 5e-5)])],
    "tokens": [
        ("first", "STS-B dev", [{"first_steps": s, "first_rate": r} for s in (100, 300) for r in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)]),
        ("none", "both", [{"steps": s, "learning_rate": r} for s in (300,) for r in (1e-4, 3e-4, 1e-3, 3e-3)]),
        ("none + distillation", "both", [{"distillation": d} for d in (3.0, 10.0, 30.0, 100.0)]),
    ],
    "untrained": [
        ("first", "STS-B dev", [{"first_steps": s, "first_rate": r} for s in (100, 300) for r in (1e-4, 3e-4, 1e-3)]),
        ("none", "both", [{"steps": s, "learning_rate": r} for s in (300,) for r in (3e-5, 1e-4, 3e-4)]),
        ("none + distillation", "both", [{"distillation": d} for d in (3.0, 10.0, 30.0, 100.0)]),
    ],
}


def main() -> None:
    """Try what the file lacks, and choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("students", nargs="*", default=list(GRIDS), help="of " + ", ".join(GRIDS))
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    for student in args.students:
        settle(student)


def settle(student: str) -> None:
    """One step of the grid after the other, each from what the ones before it chose."""
    chosen = dict(BEFORE[student])
    for arm, by, grid in GRIDS[student]:
        table = loop.Table("triplets_settled", "tried", _figures)
        for values in grid:
            place = (student, arm, ", ".join(f"{name} {value:g}" for name, value in values.items()))
            if place not in table:
                run = one_run(student, "raw" if arm == "first" else arm, SEED, chosen | values, "dev")
                table.add({place: {"values": values, **run, "both": round(sum(run[name] for name in DEV), 3), "by": by}})
        chosen |= best(table.runs[student][arm])


def best(tried: dict[str, Any]) -> dict[str, Any]:
    """The values of the highest score."""
    return max(tried.values(), key=lambda run: run[run["by"]])["values"]


def _figures(tried: dict[str, Any]) -> dict[str, Any]:
    chosen = {student: {name: value for arm in arms.values() for name, value in best(arm).items()} for student, arms in tried.items()}
    return {"chosen": chosen, "tried": tried}


if __name__ == "__main__":
    main()
