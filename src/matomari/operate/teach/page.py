"""The page beside proposals: what the teacher proved, what it proposes, what left the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ...wording import cut, visible
from ..html.page import NAME, page
from .bias import LEVEL

STYLES = ("report.css", "learned.css", "teach.css")
ROWS = 100  # proposals of each kind on the page; the CSV has them all
TITLES = {
    "rename": "Names",
    "move": "Items to another group",
    "merge": "Groups to be merged",
    "split": "Groups to be split",
    "same": "Pairs to be put together",
    "different": "Pairs to be parted",
}


def render(record: Mapping[str, Any], proposals: pa.Table) -> str:
    """The page: the same proposals give the same bytes.

    Parameters
    ----------
    record : mapping
        As `Teaching.record` makes it.
    proposals : pyarrow.Table
    """
    rows = proposals.to_pylist()
    recommended = sum(row["recommended"] for row in rows)
    return page(
        "teach.html.j2",
        STYLES,
        title=visible(record["source"] or "texts"),
        teacher=visible(record["teacher"]),
        outcome=f"{len(rows):,} proposals, {recommended:,} of them recommended; nothing is changed until matomari apply is run",
        outcomes=[_outcome(outcome) for outcome in record["outcomes"]],
        probes=[_probe(outcome["figures"]["probe"]) for outcome in record["outcomes"] if "probe" in outcome["figures"]],
        rates=[_rate(row) for outcome in record["outcomes"] for row in outcome["figures"].get("by", ())],
        kinds=[(TITLES[do], _rows([row for row in rows if row["do"] == do]), sum(row["do"] == do for row in rows)) for do in TITLES],
        shown=ROWS,
        cost=[(name, _number(value)) for name, value in _cost(record["cost"]).items()],
        notes=[visible(note) for note in record["notes"]],
    )


def _outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {"accepted": outcome["accepted"], "sentences": [visible(sentence) for sentence in outcome["sentences"]]}


def _probe(probe: Mapping[str, Any]) -> dict[str, str]:
    return {
        "kind": probe["kind"],
        "cases": f"{probe['answered']} of {probe['asked']}",
        "measure": "AUC" if probe["measure"] == "AUC" else "right",
        "teacher": f"{probe['teacher']:.2f}",
        "encoder": f"{probe['encoder']:.2f}",
        "difference": f"{probe['difference']:+.2f}",
        "interval": f"{probe['low']:+.2f} to {probe['high']:+.2f}",
        "agreement": f"{probe['agreement']:.0%}",
        "first": f"{probe['first']:.2f}",
    }


def _rate(row: Mapping[str, Any]) -> dict[str, Any]:
    alone = row["difference"] is None
    return {
        "attribute": cut(row["attribute"], NAME),
        "value": cut(row["value"], NAME),
        "rows": f"{row['rows']:,}",
        "changed": f"{row['changed']:,}",
        "rate": f"{row['rate']:.1%}",
        "interval": f"{row['low']:.1%} to {row['high']:.1%}",
        "recommended": f"{row['recommended']:,}",
        "difference": "–" if alone else f"{100 * row['difference']:+.1f}",
        "p": "–" if alone or row["p_holm"] is None else f"{row['p_holm']:.2g}",
        "apart": not alone and row["p_holm"] is not None and row["p_holm"] < LEVEL,
    }


def _rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "what": cut(row["what"], NAME),
            "to": cut(row["to"], NAME),
            "why": cut(row["why"], 4 * NAME),
            "confidence": f"{row['confidence']:.2f}",
            "recommended": row["recommended"],
        }
        for row in sorted(rows, key=lambda row: (not row["recommended"], -row["confidence"]))[:ROWS]
    ]


def _cost(cost: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "calls": "calls",
        "remembered": "answers from the journal",
        "saved": "tokens that these had cost",
        "read": "tokens read",
        "written": "tokens written",
        "cut": "characters left out of long texts",
        "dollars": "US dollars",
        "cap": "cap, US dollars",
    }
    return {words: cost[name] for name, words in names.items() if cost.get(name) is not None}


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}"
