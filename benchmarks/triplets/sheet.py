"""A sheet of triplets to be read by a person: sixty of each kind, drawn by chance, and how many of their hard negatives are false.

The rule, by which each row is judged: *a hard negative is false where it says the same as its anchor in other words, follows from it, or is what a reader
of the anchor would take for true of the same scene or event as well.* A negative that is odd, or no good English, is not false by that, nor one that says
something else which might also be true (imports for exports). A row is told by the digest of its anchor, since the sentences themselves are not part of this project; `--show` prints them beside the verdicts where the data sets are there.

    python benchmarks/triplets/sheet.py --draw      # writes the rows without verdict to by_reading.csv, and prints them to be read
    python benchmarks/triplets/sheet.py             # counts the verdicts
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from triplets.lessons import made

A_KIND = 60
SHEET = Path(__file__).parent / "by_reading.csv"
HEAD = ("kind", "anchor", "made", "verdict", "why")


def drawn() -> list[dict[str, str]]:
    """The rows to be read."""
    rows = made("train").to_pylist()
    kinds = sorted({row["kind"] for row in rows})
    return [
        row for kind in kinds for row in random.Random(f"to be read: {kind}").sample([row for row in rows if row["kind"] == kind], A_KIND)
    ]


def digest(text: str) -> str:
    """By which a sentence is told."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def edit(row: dict[str, str]) -> str:
    """What was done to the anchor."""
    return row["made"].partition("; positive: ")[0].removeprefix("negative: ")


def draw() -> None:
    """Write the rows, each without a verdict."""
    with SHEET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        table.writerows([row["kind"], digest(row["anchor"]), edit(row), "", ""] for row in drawn())


def counted() -> dict[str, dict[str, int]]:
    """Read and false rows of each kind."""
    counts: dict[str, dict[str, int]] = {}
    with SHEET.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of = counts.setdefault(row["kind"], {"read": 0, "false": 0})
            of["read"] += row["verdict"] in ("true", "false")
            of["false"] += row["verdict"] == "false"
    return counts


def main() -> None:
    """Draw, show or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if args.draw:
        draw()
    if args.draw or args.show:
        for i, row in enumerate(drawn()):
            print(i, row["kind"], edit(row), row["anchor"], row["negative"], sep=" | ")
        return
    results.write("triplets_read", {"kinds": counted()})


if __name__ == "__main__":
    main()
