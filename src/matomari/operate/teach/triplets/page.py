"""The page of triplets: how many of each kind, some of each, what was left out, and what the graph covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ....wording import visible
from ...html.page import page

SHOWN = 5  # triplets of each kind


def render(record: Mapping[str, Any], triplets: pa.Table, audit: pa.Table) -> str:
    """The page: the same triplets give the same bytes."""
    rows, known = triplets.to_pylist(), record["coverage"]
    kinds = sorted(record["kinds"])
    shown = [{name: visible(row[name]) for name in row} for kind in kinds for row in [r for r in rows if r["kind"] == kind][:SHOWN]]
    reasons = Counter(audit["reason"].to_pylist()).most_common()
    facts = {
        "texts": f"{record['texts']:,}",
        "triplets": f"{record['triplets']:,}",
        "candidates dropped": f"{record['left_out']:,}",
        "with an entity": f"{known['with_entity']:.0%}",
        "with a quantity": f"{known['with_quantity']:.0%}",
        "with a usable negative": f"{known['with_negative']:.0%}",
        "entropy of types, bits": f"{known['type_entropy']:.1f}",
        "nodes without an edge": f"{known['orphans']:,}",
        "judge": record["encoder"],
    }
    return page(
        "triplets.html.j2",
        ("report.css", "learned.css", "teach.css"),
        title=visible(record["source"]),
        outcome=f"{record['triplets']:,} triplets: a text, one that says the same, and one that differs in something that matters",
        facts=[(visible(key), visible(value)) for key, value in facts.items()],
        kinds=[(kind, f"{record['kinds'][kind]:,}") for kind in kinds],
        shown=shown,
        reasons=[(visible(reason), f"{count:,}") for reason, count in reasons],
        notes=[visible(note) for note in record["notes"]],
    )
