"""Small line drawings for the report: the curves from which the number of groups and the temperature were chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

WIDE, HIGH, LEFT, FOOT, ROOM = 520, 220, 46, 34, 28  # of a drawing; ROOM is for the words above the line


@dataclass(frozen=True)
class Figure:
    """A drawing with its heading and what it shows, in words.

    Attributes
    ----------
    title, caption : str
    svg : Markup
    """

    title: str
    caption: str
    svg: Markup


def curve_drawing(x: Any, y: Any, mark: float, across: str, up: str, dashed: float | None = None) -> Markup:
    """A line over a logarithmic axis, with a mark at one place and a dashed line at another."""
    low, high = np.log([min(x.min(), mark), max(x.max(), mark, dashed or 0)])
    top = float(y.max()) or 1.0

    def place(value: float) -> float:
        return float(LEFT + (WIDE - LEFT - 10) * (np.log(value) - low) / max(high - low, 1e-9))

    def height(value: float) -> float:
        return HIGH - FOOT - (HIGH - FOOT - ROOM) * value / top

    order = np.argsort(x, kind="stable")
    points = " ".join(f"{place(a):.1f},{height(b):.1f}" for a, b in zip(x[order], y[order], strict=True))
    dots = Markup("").join(
        Markup('<circle class="dot" cx="{}" cy="{}" r="2.5"/>').format(f"{place(a):.1f}", f"{height(b):.1f}")
        for a, b in zip(x, y, strict=True)
    )
    ticks = Markup("").join(_tick(place(value), f"{value:.3g}") for value in _round_values(np.exp(low), np.exp(high)))
    lines = _line(place(mark), "mark") + (_line(place(dashed), "dashed") if dashed else Markup(""))
    description = f"{up} over {across}, from {y[order][0]:.3g} at {x[order][0]:.3g} to {y[order][-1]:.3g} at {x[order][-1]:.3g}"
    return Markup(
        '<svg class="drawing" viewBox="0 0 {w} {h}" role="img" aria-label="{said}">'
        '<path class="axis" d="M{left} 6V{foot}H{right}"/>{ticks}{lines}<polyline class="curve" points="{points}"/>{dots}'
        '<text x="{right}" y="{bottom}" text-anchor="end">{across}</text><text x="{left}" y="{up_y}" dx="6">{up}</text>'
        '<text x="{before}" y="{top_y}" text-anchor="end">{top}</text></svg>'
    ).format(
        w=WIDE, h=HIGH, said=description, left=LEFT, foot=HIGH - FOOT, right=WIDE - 10, ticks=ticks, lines=lines, points=points, dots=dots,
        bottom=HIGH - 4, across=across, up_y=14, up=up, before=LEFT - 5, top_y=ROOM + 4, top=f"{top:.3g}",
    )  # fmt: skip


def _line(x: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(kind, f"{x:.1f}", f"{x:.1f}", ROOM - 8, HIGH - FOOT)


def _tick(x: float, text: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(f"{x:.1f}", HIGH - FOOT + 14, text)


def _round_values(low: float, high: float) -> list[float]:
    """Ones, twos and fives between two values; ones alone where these are many."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    values = [m * 10.0**e for e in decades for m in (1, 2, 5) if low * 0.999 <= m * 10.0**e <= high * 1.001]
    return values if len(values) <= 8 else [value for value in values if f"{value:e}".startswith("1.")]


def upright(value: float, low: float, high: float) -> float:
    """How far down a value stands on the upright axis."""
    return HIGH - FOOT - (HIGH - FOOT - ROOM) * (value - low) / max(high - low, 1e-9)


def framed(inside: Markup, said: str, across: str, up: str, low: float, high: float) -> Markup:
    """Both axes, their names and the values at both ends of the upright one."""
    return Markup(
        '<svg class="drawing" viewBox="0 0 {w} {h}" role="img" aria-label="{said}">'
        '<path class="axis" d="M{left} 6V{foot}H{right}"/>{inside}'
        '<text x="{right}" y="{bottom}" text-anchor="end">{across}</text><text x="{left}" y="14" dx="6">{up}</text>'
        '<text x="{before}" y="{top_y}" text-anchor="end">{top}</text><text x="{before}" y="{foot}" text-anchor="end">{low}</text></svg>'
    ).format(
        w=WIDE, h=HIGH, said=said, left=LEFT, foot=HIGH - FOOT, right=WIDE - 10, inside=inside, bottom=HIGH - 18, across=across, up=up,
        before=LEFT - 5, top_y=ROOM + 4, top=f"{high:.3g}", low=f"{low:.3g}",
    )  # fmt: skip
