"""The tables of docs/benchmarks.md, made from the committed results by the standard library alone.

`make bench` prints them, all or those of the claims that are named; `--write` puts all of them in the page and a summary in the README.
"""

from __future__ import annotations

import sys
from pathlib import Path

import correction.table
import labels.table
import pairs.table
import rounds.table
import soft.table
import speed.table
import teacher.table
import themes.table
import triplets.table
import variants.table
from harness.table import grid

ROOT = Path(__file__).parents[1]
SECTIONS = {
    "themes": (
        themes.table.themes,
        themes.table.number,
        themes.table.classes,
        themes.table.few,
        themes.table.aside,
        themes.table.kinds,
        themes.table.dressed,
        themes.table.names,
    ),
    "variants": (variants.table.variants, variants.table.constants),
    "speed": (speed.table.encode, speed.table.kmeans, speed.table.assign, speed.table.end_to_end),
    "soft": (soft.table.soft, soft.table.soft_speed, soft.table.deep),
    "pairs": (pairs.table.stratified, pairs.table.transformer, pairs.table.few, pairs.table.sampler),
    "triplets": (
        triplets.table.triplets,
        triplets.table.decay,
        triplets.table.by_reading,
        triplets.table.lists,
        triplets.table.speed,
        triplets.table.written,
    ),
    "rounds": (rounds.table.rounds,),
    "correction": (correction.table.correction,),
    "labels": (labels.table.wrong_labels, labels.table.unfamiliar),
    "teacher": (teacher.table.simulated, teacher.table.local, teacher.table.privacy),
}


def summary() -> str:
    """The few rows of the README: ours beside the best peer."""
    head = [
        "measured, one setting for all sets ([all tables](docs/benchmarks.md))",
        "matomari",
        "[chosen or made without the set](docs/variants.md)",
        "best peer",
    ]
    return grid(head, [row for row in (themes.table.best_peer(), variants.table.best_peer(), speed.table.best_peer()) if row])


def put(page: Path, mark: str, body: str) -> None:
    """Replace what stands between the marks of a page."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text.split(begin)[0]}{begin}\n{body}\n{end}{text.split(end)[1]}", encoding="utf-8")


def main() -> None:
    """Print, or write."""
    write = "--write" in sys.argv
    claims = list(SECTIONS) if write else sys.argv[1:] or list(SECTIONS)
    body = "\n\n".join(section() for claim in claims for section in SECTIONS[claim])
    if write:
        put(ROOT / "docs" / "benchmarks.md", "tables", body)
        put(ROOT / "README.md", "results", summary())
    else:
        print(body)


if __name__ == "__main__":
    main()
