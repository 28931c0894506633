"""The report of a training run: one HTML file that loads nothing else and holds no text of the pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ...learn.pairs.difficulty import Difficulty
from ...wording import visible
from ..html.drawing import Figure
from ..html.page import page
from ..run import PairsRun
from .pairs_figures import learn_figures

STYLES = ("report.css", "learned.css")
ROWS = 100  # clusters in the table; run.json has them all
HEAD = ("Cluster", "Rows", "Batches", "Own positive", "Hardest negative", "Suspects", "Cohesion", "")


@dataclass(frozen=True)
class Listing:
    """The table of a page about training."""

    title: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


def render(run: PairsRun, found: Difficulty) -> str:
    """The page of a run: the same run gives the same bytes.

    Parameters
    ----------
    run : PairsRun
    found : Difficulty
    """
    probe = run.probe
    explained = (
        f"{probe['queries']:,} anchors that were held out look for their positives among {probe['documents']:,} texts: positives of the "
        "pairs, those of training too. The interval is of the difference, over resampled queries."
    )
    figures = learn_figures(found, [(int(step), float(loss)) for step, loss in run.loss])
    return trained_page(
        run, explained, facts(run), figures=figures, table=Listing("Batches before training", _legend(found), HEAD, _rows(found))
    )


def trained_page(run: PairsRun, explained: str, facts: Mapping[str, str], *, figures: Sequence[Figure], table: Listing) -> str:
    """The page of any training that a search judged.

    Parameters
    ----------
    run : PairsRun
    explained : str
        What the search was.
    facts : mapping of str to str
        Short settings for the head of the page.
    figures : sequence of Figure
    table : Listing
    """
    probe = run.probe
    return page(
        "learned.html.j2",
        STYLES,
        title=visible(run.source),
        outcome=visible(run.outcome),
        before=f"{probe['before']:.3f}",
        after=f"{probe['after']:.3f}",
        difference=f"{probe['after'] - probe['before']:+.3f}",
        interval=f"{probe['low']:+.3f} to {probe['high']:+.3f}",
        kept=probe["kept"],
        explained=explained,
        facts=[(visible(key), visible(value)) for key, value in facts.items()],
        figures=figures,
        table=table,
        notes=[visible(note) for note in run.notes],
    )


def facts(run: PairsRun) -> dict[str, str]:
    """Short settings for the head of the page."""
    settings = {"encoder": str(run.encoder), "pairs": f"{run.pairs:,}", "learnt from": f"{run.training_pairs:,}"}
    settings |= {"steps": f"{run.steps:,}", "clusters": f"{run.clusters:,}"}
    return settings | {
        key.replace("_", " "): ", then ".join(
            f"{item:g}" if isinstance(item, float) else str(item) for item in ([value] if not isinstance(value, list) else value)
        )
        for key, value in run.settings.items()
        if key != "steps"
    }


def _legend(found: Difficulty) -> str:
    first = f"The {ROWS} hardest of {len(found.clusters):,} clusters. " if len(found.clusters) > ROWS else ""
    return first + (
        "All cosines are those of the start encoder, in a few batches of each cluster. An outlier is a cluster whose hardest negatives, or whose cohesion, "
        "lie more than 3.5 robust deviations and 0.05 below the median. The last row is of random batches."
    )


def _rows(found: Difficulty) -> list[list[Any]]:
    table = found.table()
    return [_row(row, str(row["cluster"])) for row in table[:-1][:ROWS]] + [_row(table[-1], "random batches")]


def _row(row: Mapping[str, Any], name: str) -> list[Any]:
    hardest = Markup("&ndash;") if row["hardest"] is None else f"{row['hardest']:.3f}"
    counts = [name, f"{row['rows']:,}", f"{row['batches']:,}", f"{row['own']:.3f}", hardest]
    return [*counts, f"{row['suspected']:.1%}", f"{row['cohesion']:.3f}", "outlier" if row["outlier"] else ""]
