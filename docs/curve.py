"""The picture of docs/how-many.md: what comes back of Banking77's test questions at each number of groups. Needs the benchmarks' data."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from matomari.cluster.communities.stability import RULE, choose_resolution

HERE = Path(__file__).parent

WIDE, HIGH, LEFT, LOW = 640, 260, 50, 40


def line(x: np.ndarray, y: np.ndarray, style: str) -> str:
    """A polyline in the coordinates of the picture."""
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<polyline fill="none" {style} points="{points}"/>'


def main() -> None:
    """Measure and draw."""
    sys.path.insert(0, str(HERE.parent / "benchmarks"))
    from harness.data import texts
    from harness.data.files import vectors

    choice = choose_resolution(vectors(texts.banking("test")[0]))
    assert choice.curve is not None
    curve = choice.curve
    seen = curve.groups >= 2
    across = LEFT + np.log2(curve.groups[seen] / 2) / np.log2(curve.groups.max() / 2) * (WIDE - LEFT - 20)
    useful = curve.usefulness(RULE.exponent)[seen]

    def up(values: np.ndarray) -> np.ndarray:
        return HIGH - LOW - values / values.max() * (HIGH - LOW - 30)

    mark = LEFT + np.log2(choice.groups / 2) / np.log2(curve.groups.max() / 2) * (WIDE - LEFT - 20)
    ticks = "".join(
        f'<text x="{LEFT + np.log2(n / 2) / np.log2(curve.groups.max() / 2) * (WIDE - LEFT - 20):.0f}" y="{HIGH - 22}" '
        f'text-anchor="middle">{n}</text>'
        for n in (2, 5, 10, 20, 50, 100, 200, 500)
        if n <= curve.groups.max()
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12" fill="#555">'
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>'
        f'<line x1="{LEFT}" y1="{HIGH - LOW}" x2="{WIDE - 20}" y2="{HIGH - LOW}" stroke="#999"/>{ticks}'
        f'<text x="{WIDE / 2}" y="{HIGH - 5}" text-anchor="middle">groups</text>'
        f'<line x1="{mark:.1f}" y1="20" x2="{mark:.1f}" y2="{HIGH - LOW}" stroke="#c33" stroke-dasharray="2 3"/>'
        f'<text x="{mark + 5:.1f}" y="{HIGH - LOW - 8}" fill="#c33">{choice.groups} groups</text>'
        + line(across, up(curve.stability[seen].clip(0)), 'stroke="#888" stroke-dasharray="5 4"')
        + line(across, up(useful), 'stroke="#246" stroke-width="2"')
        + '<text x="60" y="16" fill="#888">stability (dashed)</text><text x="190" y="16" fill="#246">stability × information^0.67</text></svg>'
    )
    (HERE / "how-many.svg").write_text(svg + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
