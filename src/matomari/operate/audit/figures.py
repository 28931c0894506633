"""The drawings of an audit: the classes in each community, and the curve over the resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from ..html.drawing import FOOT, HIGH, LEFT, ROOM, WIDE, Figure
from ..run import AuditRun

CLASSES, COMMUNITIES = 40, 60  # most that are drawn
ACROSS, NAMES, ROW, HEAD = 1000, 250, 17, 32  # of the heat map: its width, the room for names, the height of a row and of the numbers above
WIDEST = 26  # of a cell
LETTERS = 36  # of a name


def heat(classes: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]]) -> Figure:
    """The most troubled classes against the communities that they live in.

    Parameters
    ----------
    classes : sequence of mapping
        `label` and `size`, the most troubled first.
    cells : sequence of mapping
        `label`, `community`, `samples` and `owner`.
    """
    rows = {row["label"]: number for number, row in enumerate(classes[:CLASSES])}
    sizes = {row["label"]: row["size"] for row in classes}
    there = [cell for cell in cells if cell["label"] in rows]
    columns, left_out = _columns(there, rows)
    side = min(WIDEST, (ACROSS - NAMES) / max(len(columns), 1))
    marks = Markup("").join(_cell(cell, rows, columns=columns, sizes=sizes, side=side) for cell in there if cell["community"] in columns)
    names = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(NAMES - 8, HEAD + ROW * y + ROW - 5, _short(name))
        for name, y in rows.items()
    )
    names += Markup("").join(
        Markup('<text class="number" transform="translate({} {}) rotate(-90)">{}</text>').format(
            f"{NAMES + side * (x + 0.5) + 4:.1f}", HEAD - 5, community
        )
        for community, x in columns.items()
    )
    lines = Markup("").join(
        Markup('<path class="axis" d="M{} {}H{}"/>').format(NAMES, HEAD + ROW * y, f"{NAMES + side * len(columns):.1f}")
        for y in range(len(rows) + 1)
    )
    svg = Markup('<svg class="drawing heat" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
        ACROSS, HEAD + ROW * len(rows) + 2, f"{len(rows)} classes in {len(columns)} communities", lines, marks, names
    )
    return Figure("Classes and communities", _caption(len(rows), len(classes), left_out), svg)


def _columns(cells: Sequence[Mapping[str, Any]], rows: Mapping[str, int]) -> tuple[dict[int, int], int]:
    """Where each community stands: those of a class below one another, foreign ones to the right; and how many are left out."""
    totals: dict[int, int] = {}
    for cell in cells:
        totals[cell["community"]] = totals.get(cell["community"], 0) + cell["samples"]
    owner = {cell["community"]: cell["owner"] for cell in cells}
    shown = sorted(totals, key=lambda c: (-totals[c], c))[:COMMUNITIES]
    shown.sort(key=lambda c: (rows.get(owner[c], len(rows)), -totals[c], c))
    return {community: x for x, community in enumerate(shown)}, len(totals) - len(shown)


def _cell(cell: Mapping[str, Any], rows: Mapping[str, int], columns: Mapping[int, int], sizes: Mapping[str, int], side: float) -> Markup:
    share = cell["samples"] / sizes[cell["label"]]
    own = cell["owner"] == cell["label"]
    whose = "its own" if own else f"of {cell['owner']}"
    title = f"{cell['label']}: {cell['samples']:,} of {sizes[cell['label']]:,} in community {cell['community']}, {whose}"
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill-opacity="{}"><title>{}</title></rect>').format(
        "own-cell" if own else "foreign-cell", f"{NAMES + side * columns[cell['community']] + 0.5:.1f}", f"{HEAD + ROW * rows[cell['label']] + 0.5:.1f}",
        f"{side - 1:.1f}", ROW - 1, f"{0.12 + 0.88 * min(share, 1):.2f}", title,
    )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"


def _caption(drawn: int, classes: int, left_out: int) -> str:
    what = f"the {drawn} most troubled of {classes:,} classes" if drawn < classes else "the classes, the most troubled first"
    rest = f" {left_out:,} more with few of their rows are left out." if left_out else ""
    return (
        f"A row for each of {what}, a column for each community, under its number in the tables: the fuller the colour, the larger the share of the class that lives there. "
        f"Blue where the community belongs to the class, orange where it belongs to another one; several blue cells in a row: the class is several things.{rest}"
    )


def audit_figures(run: AuditRun) -> list[Figure]:
    """How coverage and misclustered rows go with the resolution; none where the first one tried was enough.

    Parameters
    ----------
    run : AuditRun
        With `curve` and `resolution`.
    """
    curve = np.asarray(run.curve, float)
    if len(curve) < 2:
        return []
    low, high = np.log2(curve[[0, -1], 0])
    across = LEFT + 10 + (WIDE - LEFT - 40) * (np.log2(curve[:, 0]) - low) / max(high - low, 1e-9)
    lines = Markup("").join(_line(across, curve[:, column], kind) for column, kind in ((2, "curve"), (3, "curve foreign-line")))
    ticks = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(f"{x:.1f}", HIGH - FOOT + 14, f"{resolution:g}")
        for x, resolution in zip(across, curve[:, 0], strict=True)
    )
    mark = f"{across[int(np.argmin(np.abs(curve[:, 0] - run.resolution)))]:.1f}"
    description = f"classes that own a community from {curve[0, 2]:.0%} to {curve[-1, 2]:.0%}, misclustered rows from {curve[0, 3]:.0%} to {curve[-1, 3]:.0%}"
    svg = Markup(
        '<svg class="drawing" viewBox="0 0 {w} {h}" role="img" aria-label="{said}"><path class="axis" d="M{left} 6V{foot}H{right}"/>'
        '<line class="mark" x1="{mark}" x2="{mark}" y1="{room}" y2="{foot}"/>{lines}{ticks}'
        '<text x="{before}" y="{top_y}" text-anchor="end">100%</text><text x="{before}" y="{foot}" text-anchor="end">0</text>'
        '<text x="{right}" y="{bottom}" text-anchor="end">resolution</text></svg>'
    ).format(
        w=WIDE, h=HIGH, said=description, left=LEFT, foot=HIGH - FOOT, right=WIDE - 10, mark=mark, room=ROOM - 8, lines=lines, ticks=ticks, before=LEFT - 5,
        top_y=ROOM + 4, bottom=HIGH - 4,
    )  # fmt: skip
    caption = (
        f"The higher the resolution, the smaller the communities. Blue: the share of the classes that own one with two of their rows or more; orange: "
        f"the share of the rows that live with another class. The mark is at {run.resolution:g}, which was taken."
    )
    return [Figure("How fine the communities are", caption, svg)]


def _line(across: Any, shares: Any, kind: str) -> Markup:
    up = HIGH - FOOT - (HIGH - FOOT - ROOM) * shares
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
    return Markup('<polyline class="{}" points="{}"/>').format(kind, points)
