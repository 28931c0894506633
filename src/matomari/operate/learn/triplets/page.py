"""The report of a training on triplets: one HTML file that loads nothing else and holds no text of theirs."""

from __future__ import annotations

from typing import Any

from ...run import PairsRun
from ..pairs_figures import loss_figures
from ..pairs_page import Listing, trained_page

HEAD = ("Kind of difference", "Held out", "Before", "After", "95 % interval of the difference")
CAPTION = "Of the triplets held out, the share in which the positive is nearer to its anchor than the hard negative. The mean gives every kind the same weight."


def render(run: PairsRun) -> str:
    """The page of a run: the same run gives the same bytes."""
    probe = run.probe
    facts = {"encoder": str(run.encoder), "triplets": f"{run.pairs:,}", "learnt from": f"{run.training_pairs:,}", "steps": f"{run.steps:,}"}
    facts |= {key.replace("_", " "): f"{value:g}" if isinstance(value, float) else str(value) for key, value in run.settings.items()}
    explained = (
        f"{probe['queries']:,} anchors that were held out look for their positives among {probe['documents']:,} texts: positives, and the hard "
        "negatives that were held out. The interval is of the difference, over resampled anchors."
    )
    figures = loss_figures([(int(step), float(loss)) for step, loss in run.loss])
    return trained_page(
        run, explained, facts, figures=figures, table=Listing("Small differences", CAPTION, HEAD, [_row(row) for row in run.swaps])
    )


def _row(row: dict[str, Any]) -> list[str]:
    interval = "" if row["low"] is None else f"{row['low']:+.1%} to {row['high']:+.1%}"
    return [row["kind"], f"{row['triplets']:,}", f"{row['before']:.1%}", f"{row['after']:.1%}", interval]
