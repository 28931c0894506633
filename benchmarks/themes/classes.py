"""Claim: themes find many classes about as well as k-means told their number, and few classes as few.

Nine sets of many classes and six of two to four, three draws of rows each. Two of the nine (StackOverflow, SNIPS) are kept aside, as is one
of the six; five of the nine are the benchmark's; the rest are of the development sets that the rule was chosen on.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.aside import aside, draws_of
from harness.data.development import FEW, MANY, REPORTED, Draws, classes
from harness.told import beside_told

NINE: dict[str, Draws] = {
    **{name: REPORTED[name] for name in ("Banking77", "CLINC150", "Tweet", "SearchSnippets", "AgNews")},
    **{name: MANY[name] for name in ("Reuters", "GoEmotions")},
    **{name: draws_of(name) for name in ("StackOverflow", "SNIPS")},
}
SIX: dict[str, Draws] = {
    "two sections of AgNews": REPORTED["two sections of AgNews"],
    "two topics of Reuters": FEW["two topics of Reuters"],
    "bank and comments": FEW["bank and comments"],
    "three of SearchSnippets": REPORTED["three of SearchSnippets"],
    "three intents of SNIPS": lambda draw: classes(aside("SNIPS"), 3, 1000, draw),
    "four intents": FEW["four intents"],
}
PARTS = {"nine": NINE, "two to four": SIX}


def main() -> None:
    """Measure every set of both parts, or those named."""
    warnings.simplefilter("ignore")
    known = results.read("themes_classes") or {}
    sets = {part: dict((known.get("sets") or {}).get(part, {})) for part in PARTS}
    for part, loads in PARTS.items():
        for name, load in loads.items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                sets[part][name] = beside_told(name, load)
    mean = {
        part: {key: float(np.mean([row[key]["mean"] for row in rows.values()])) for key in ("matomari", "told")}
        for part, rows in sets.items()
    }
    lowest = min(value for row in sets["two to four"].values() for value in row["matomari"]["values"])
    print(mean, lowest)
    results.write("themes_classes", {"sets": sets, "mean": mean, "lowest of few": lowest})


if __name__ == "__main__":
    main()
