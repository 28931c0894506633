"""Choose steps, rates and the weight of distillation for triplets/measure.py, on dev data alone: STS-B's dev part, and swaps of the dev captions and titles.

MiniLM: rate and weight of "none + distillation" by the sum of both scores; then how weak it may be, the weakest that keeps STS-B's dev part within 1.5 points of what
it was before. The student of tokens: first how long and how fast it learns its words' company, by STS-B dev; then steps and rate of "none" by the sum.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop
from triplets.arms import WEAK
from triplets.measure import BEFORE, one_run
from triplets.scores import DEV

SEED = 100
MAY_LOSE = 1.5  # points of STS-B that `sharp` may lose
GRIDS: dict[str, list[tuple[str, str, list[dict[str, Any]]]]] = {  # of each student: what is tried, with which arm, judged by what
    "MiniLM": [
        (
            "none + distillation",
            "both",
            [{"learning_rate": r, "distillation": d} for r, d in ((2e-5, 100.0), (5e-5, 100.0), (5e-5, 70.0), (5e-5, 50.0))],
        ),
        ("raw", "STS-B dev", [{}]),
        (WEAK, "kept", [{"weak": d} for d in (0.0, 1.0, 2.0, 3.0)]),
    ],
    "tokens": [
        ("first", "STS-B dev", [{"first_steps": s, "first_rate": r} for s in (100, 300) for r in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)]),
        ("none", "both", [{"steps": s, "learning_rate": r} for s in (300,) for r in (1e-4, 3e-4, 1e-3, 3e-3)]),
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
        chosen |= best(table.runs[student])[-1]


def best(arms: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each arm the values of the highest score; or of the least pull that keeps STS-B, all the pull where none does."""
    found = []
    for tried in filter(None, arms.values()):
        by = next(iter(tried.values()))["by"]
        if by == "kept":
            floor = next(iter(arms["raw"].values()))[DEV[0]] - MAY_LOSE
            kept = [run for run in tried.values() if run[DEV[0]] >= floor]
            found.append(kept[0]["values"] if kept else list(tried.values())[-1]["values"])
        else:
            found.append(max(tried.values(), key=lambda run: run[by])["values"])
    return found


def _figures(tried: dict[str, Any]) -> dict[str, Any]:
    chosen = {student: {name: value for values in best(arms) for name, value in values.items()} for student, arms in tried.items()}
    return {"chosen": chosen, "tried": tried}


if __name__ == "__main__":
    main()
