"""The report of an audit: one HTML file that loads nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ...learn.correction.matching import COVERAGE, Matching
from ...wording import cut, visible
from ..html.packing import data_uris
from ..html.page import NAME, page
from ..html.thumbnails import MOST, copies
from ..items import medium_of
from ..run import AuditRun
from .figures import audit_figures, heat
from .judge import Judged

STYLES = ("report.css", "learned.css", "audit.css")
ISSUES, CLASSES = 200, 200  # in the tables of the page; the CSV files have them all


def render(table: pa.Table, classes: pa.Table, *, cells: pa.Table, rates: pa.Table | None, run: AuditRun, files: Mapping[str, Path]) -> str:
    """The page of an audit: the same audit gives the same bytes.

    Parameters
    ----------
    table, classes, cells, rates : pyarrow.Table
        As in `Audit`.
    run : AuditRun
    files : mapping of str to Path
        Of images, where each lies.
    """
    suspected = sorted((row for row in table.to_pylist() if row["is_label_issue"]), key=lambda row: (row["label_score"], row["id"]))
    worst, listed = classes.to_pylist(), suspected[:ISSUES]
    pictures = _pictures(listed, files)
    notes = list(run.notes)
    if files and len(pictures) < len({row[key] for row in listed for key in ("id", "nearest_correct_id") if row[key]}):
        notes.append(f"the report holds at most {MOST / 1e6:g} MB of images, so some are named alone")
    return page(
        "audit.html.j2",
        STYLES,
        title=visible(Path(run.source).name or "texts"),
        run=run,
        facts=[(visible(key), visible(value)) for key, value in facts(run).items()],
        heat=heat([row | {"label": cut(row["label"], NAME)} for row in worst], _renamed(cells)),
        figures=audit_figures(run),
        issues=[_issue(row, pictures) for row in listed],
        suspected=len(suspected),
        classes=[_class(row) for row in worst[:CLASSES]],
        rates=[(visible(name), [_rate(row) for row in rows]) for name, rows in _by_attribute(rates)],
        notes=[visible(note) for note in notes],
    )


def facts(run: AuditRun) -> dict[str, str]:
    """Short settings for the head of the page."""
    settings = {"rows": f"{run.rows:,}", "labels": medium_of(run.image).labels_said(run.label_column)}
    settings |= {
        "encoder": str(run.encoder),
        "communities": f"{run.communities:,} at resolution {run.resolution:g}",
        "seed": str(run.seed),
    }
    return settings | ({"looked at by a person": f"{run.gold:,}"} if run.gold else {})


def headline(run: AuditRun) -> str:
    """The result in one sentence.

    Examples
    --------
    >>> from types import SimpleNamespace as Some
    >>> headline(Some(issues=1, labelled=200, owning=2, classes=3, misclustered_rate=0.125))
    '1 of 200 labels is suspect; 2 of 3 classes own a community; 12.5% of the rows live with another class.'
    """
    return (
        f"{run.issues:,} of {run.labelled:,} labels {'is' if run.issues == 1 else 'are'} suspect; {run.owning:,} of {run.classes:,} "
        f"classes own a community; {run.misclustered_rate:.1%} of the rows live with another class."
    )


def counts(matching: Matching, issue: Any, classes: pa.Table) -> dict[str, Any]:
    """The numbers of the outcome."""
    return {
        "labelled": int((matching.labels >= 0).sum()),
        "classes": len(classes),
        "communities": len(matching.owner),
        "issues": int(issue.sum()),
        "misclustered": int(matching.misclustered.sum()),
        "misclustered_rate": matching.rate,
        "owning": sum(bool(own) for own in classes["communities"].to_pylist()),
        "resolution": matching.resolution,
        "coverage": matching.coverage,
        "curve": matching.curve.tolist(),
    }


def remarks(run: AuditRun, judged: Judged) -> list[str]:
    """Remarks on the numbers, one sentence each."""
    labels, noun = judged.matching.labels, medium_of(run.image).noun
    unlabelled = int((labels < 0).sum())
    alone = int((np.isnan(judged.doubts.score) & (labels >= 0)).sum())
    notes = []
    if run.blank:
        notes.append(f"{_are(run.blank, 'row')} without a word: not judged, and counted nowhere")
    if unlabelled:
        notes.append(f"{_are(unlabelled, noun)} without a label: part of the space, given a suggestion, never an issue")
    if alone:
        notes.append(f"{_are(alone, noun)} alone in a class and cannot be judged")
    if run.gold:
        notes.append(f"{_are(run.gold, 'row')} labelled by a person: that label replaces the given one and is no issue")
    if run.coverage < COVERAGE:
        notes.append(
            f"at no resolution that was tried do {COVERAGE:.0%} of the classes own a community with two of their rows; "
            f"{run.coverage:.0%} do at {run.resolution:g}, which was taken"
        )
    return notes


def _are(count: int, noun: str) -> str:
    return f"{count:,} {noun} is" if count == 1 else f"{count:,} {noun}s are"


def _renamed(cells: pa.Table) -> list[dict[str, Any]]:
    return [row | {name: cut(row[name], NAME) for name in ("label", "owner")} for row in cells.to_pylist()]


def _pictures(rows: Sequence[Mapping[str, Any]], files: Mapping[str, Path]) -> dict[str, str]:
    """Small copies of the images listed, as a browser takes them; the worst first, as many as the page may hold."""
    wanted = list(dict.fromkeys(row[key] for row in rows for key in ("id", "nearest_correct_id") if row[key] in files))
    thumbnails = copies((item, files[name]) for item, name in enumerate(wanted))
    return {wanted[int(item)]: uri for item, uri in data_uris(thumbnails, len(wanted)).items()}


def _issue(row: Mapping[str, Any], pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": cut(row["id"], NAME),
        "text": cut(row["text"] if "text" in row else row["path"]),
        "given": cut(row["given_label"], NAME),
        "suggested": cut(row["suggested_label"], NAME),
        "score": f"{row['label_score']:.3f}" if row["label_score"] >= 0.0005 else "< 0.001",
        "nearest": cut(row["nearest_correct"]),
        "cosine": "" if row["nearest_correct_cosine"] is None else f"{row['nearest_correct_cosine']:.2f}",
        "picture": pictures.get(row["id"]),
        "nearest_picture": pictures.get(row["nearest_correct_id"]),
        "named": "text" in row,
    }


def _class(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "label": cut(row["label"], NAME),
        "size": f"{row['size']:,}",
        "communities": f"{len(row['communities']):,}",
        "modes": f"{row['modes']:,}",
        "misclustered": f"{row['misclustered']:,}",
        "rate": f"{row['misclustered_rate']:.1%}",
        "issues": f"{row['issues']:,}",
        "confused": cut(row["confused_with"], NAME),
        "remark": cut(row["remark"], 3 * NAME),
    }


def _by_attribute(rates: pa.Table | None) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in [] if rates is None else rates.to_pylist():
        groups.setdefault(row["attribute"], []).append(row)
    return list(groups.items())


def _rate(row: Mapping[str, Any]) -> dict[str, Any]:
    alone = row["difference"] is None
    return {
        "value": cut(row["value"], NAME),
        "rows": f"{row['rows']:,}",
        "misclustered": f"{row['misclustered']:,}",
        "rate": f"{row['rate']:.1%}",
        "interval": f"{row['low']:.1%} to {row['high']:.1%}",
        "issues": f"{row['issues']:,}",
        "issue_rate": f"{row['issue_rate']:.1%}",
        "difference": "–" if alone else f"{100 * row['difference']:+.1f}",
        "difference_interval": "" if alone else f"{100 * row['difference_low']:+.1f} to {100 * row['difference_high']:+.1f}",
        "p": "–" if alone else f"{row['p_holm']:.2g}",
        "apart": not alone and row["p_holm"] < 0.05,
    }
