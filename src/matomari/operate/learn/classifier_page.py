"""The report of a classifier: one sentence, notes, and one HTML file that loads nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ...metrics.intervals import wilson
from ...wording import cut, visible
from ..html.drawing import FOOT, HIGH, LEFT, ROOM, WIDE, Figure, framed
from ..html.page import NAME, page
from ..items import medium_of
from ..run import ClassifierRun

STYLES = ("report.css", "learned.css", "audit.css")
CLASSES = 200  # in the table of the page; classes.csv has them all
FEW = 100  # held-out rows


def outcome(run: ClassifierRun) -> str:
    """The result in one sentence."""
    probe, asked = run.probe, run.settings["correct"]
    basis = f"{run.labelled:,} {medium_of(run.image).plural} of {len(run.classes):,} classes"
    if probe is None:
        return f"A{' corrected' if asked else ''} classifier was made of {basis}; nothing could be held out, so how often it is right is not known."
    what = f"{probe['held_out']:,} held-out {medium_of(run.image).plural}"
    if not asked:
        return f"A classifier was made of {basis}: it placed {probe['plain']:.1%} of {what} right."
    compared = f"{probe['corrected']:.1%} of {what} are right with it, {probe['plain']:.1%} without ({interval(probe)})"
    if run.corrected:
        return f"The corrected classifier was kept: {compared}."
    return f"Correction was rejected, and the classifier without it was saved: {compared}."


def interval(probe: Mapping[str, Any]) -> str:
    """The difference of both classifiers in percentage points.

    Examples
    --------
    >>> interval({"difference": 0.0125, "low": -0.01, "high": 0.03})
    'difference +1.2 points, 95 % interval -1.0 to +3.0'
    """
    points = [100 * probe[key] for key in ("difference", "low", "high")]
    return "difference {:+.1f} points, 95 % interval {:+.1f} to {:+.1f}".format(*points)


def remarks(run: ClassifierRun) -> list[str]:
    """Remarks on the numbers."""
    probe, notes = run.probe, []
    if run.left_out:
        notes.append(
            f"{run.left_out:,} of {run.labelled:,} labels are hardly believed: the corrected classifier did not learn from their rows; matomari audit names them"
        )
    if probe is None:
        return [*notes, "no class has 5 distinct rows, so none were held out: accuracy is unknown, and confidences are not calibrated"]
    notes += [
        f"the classifier in the folder was trained again on all {run.labelled:,} labelled rows; "
        f"its temperature and all figures are of others, each trained on {probe['trained_on']:,} or more"
    ]
    if probe["temperature"] == 1:
        notes.append(
            f"the temperature is 1: no other brings confidence and accuracy, {100 * probe['ece_before']:.1f} points apart on held-out rows, nearer to each other"
        )
    else:
        notes.append(
            f"on the held-out rows confidence and accuracy lie {100 * probe['ece_before']:.1f} points apart as trained and {100 * probe['ece_after']:.1f} at "
            f"temperature {probe['temperature']:.2f} (mean over 15 bins); the temperature was chosen on these same rows, so the second is flattered"
        )
    if run.settings["correct"]:
        notes.append("with or without correction was decided on these rows too, so the better of both accuracies is flattered a little")
    if probe["held_out"] < FEW:
        notes.append(f"only {probe['held_out']:,} rows were held out: accuracy and temperature are rough")
    alone = sum(not row["held_out"] for row in run.classes)
    if alone:
        notes.append(f"{alone:,} of {len(run.classes):,} classes have fewer than 5 distinct rows: none of theirs was held out")
    return notes


def render(run: ClassifierRun) -> str:
    """The page of a classifier: the same run gives the same bytes.

    Parameters
    ----------
    run : ClassifierRun
    """
    probe = run.probe
    worst = sorted(run.classes, key=_trouble)
    curve = run.curve or (probe["curve"] if probe else [])
    return page(
        "classes.html.j2",
        STYLES,
        title=visible(Path(run.source).name or "classes"),
        run=run,
        verdict=_verdict(run),
        facts=[(visible(key), visible(value)) for key, value in facts(run).items()],
        classes=[_class(row) for row in worst[:CLASSES]],
        bins=[_bin(row) for row in probe["reliability"] if row["rows"]] if probe else [],
        figures=[_diagram(probe["reliability"])] if probe else [],
        curve=[{key: _number(key, value) for key, value in row.items()} for row in curve],
        notes=[visible(note) for note in run.notes],
    )


def facts(run: ClassifierRun) -> dict[str, str]:
    """Short settings for the head of the page."""
    settings = {"learnt from": f"{run.labelled:,} rows", "classes": f"{len(run.classes):,}"}
    settings |= {"labels": medium_of(run.image).labels_said(run.label_column), "encoder": str(run.encoder) or "given as an object"}
    settings |= {"temperature": f"{run.temperature:.2f}", "correction": "yes" if run.corrected else "no", "seed": str(run.seed)}
    return settings | ({"looked at by a person": f"{run.gold:,}"} if run.gold else {})


def _verdict(run: ClassifierRun) -> list[tuple[str, str]]:
    """Large figures and what they are."""
    probe = run.probe
    if probe is None:
        return [("–", "nothing was held out")]
    rows = f"of {probe['held_out']:,} held-out rows right"
    calibration = (f"{100 * probe['ece_after']:.1f}", "points between confidence and accuracy")
    if probe["corrected"] is None:
        return [(f"{probe['plain']:.1%}", rows), calibration]
    return [
        (f"{probe['plain']:.1%}", f"{rows} without correction"),
        (f"{probe['corrected']:.1%}", "with correction"),
        (f"{100 * probe['difference']:+.1f}", f"points; 95 % interval {100 * probe['low']:+.1f} to {100 * probe['high']:+.1f}"),
        (
            "kept" if run.corrected else "rejected",
            f"the classifier {'with' if run.corrected else 'without'} correction is in the folder",
        ),
        calibration,
    ]


def _trouble(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """The worst first: those that are missed more surely than others are; classes that were not judged last."""
    if not one["held_out"]:
        return (1, 0.0, one["label"])
    return (0, -wilson(one["held_out"] - round(one["recall"] * one["held_out"]), one["held_out"])[0], one["label"])


def _class(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "label": cut(one["label"], NAME),
        "size": f"{one['size']:,}",
        "held_out": f"{one['held_out']:,}",
        "recall": "–" if one["recall"] is None else f"{one['recall']:.0%}",
        "confused": cut(one["confused_with"], NAME),
    }


def _bin(one: Mapping[str, Any]) -> dict[str, str]:
    cells = {"range": f"{one['low']:.1f} to {one['high']:.1f}", "rows": f"{one['rows']:,}"}
    return cells | {"sure": f"{one['sure']:.1%}", "right": f"{one['right']:.1%}"}


def _number(key: str, value: float | None) -> str:
    """A figure of a refresh; shares in per cent."""
    if value is None:
        return "–"
    return f"{value:.1%}" if key in ("coverage", "misclustered") else f"{value:.3g}"


def _diagram(bins: Sequence[Mapping[str, Any]]) -> Figure:
    """Confidence across, share right upwards, and where both are the same."""

    def place(sure: float, right: float) -> tuple[str, str]:
        return f"{LEFT + (WIDE - LEFT - 18) * sure:.1f}", f"{HIGH - FOOT - (HIGH - FOOT - ROOM) * right:.1f}"

    filled = [row for row in bins if row["rows"]]
    most = max(row["rows"] for row in filled)
    dots = Markup("").join(
        Markup('<circle class="dot" cx="{}" cy="{}" r="{}"/>').format(
            *place(row["sure"], row["right"]), f"{2 + 5 * (row['rows'] / most) ** 0.5:.1f}"
        )
        for row in filled
    )
    (x1, y1), (x2, y2) = place(0, 0), place(1, 1)
    same = Markup('<line class="dashed" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(x1, y1, x2, y2)
    description = f"share right against confidence in {len(filled)} bins"
    caption = (
        "Held-out rows in ten bins of confidence, the larger the dot the more rows. On the dashed line confidence is the share that is right; "
        "below it the classifier is too sure."
    )
    return Figure(
        "How far confidences are to be believed",
        caption,
        framed(same + dots, description, across="confidence, 0 to 1", up="share right", low=0.0, high=1.0),
    )
