"""Draws docs/gate.svg: how much of a hard negative the Gaussian gate takes away, and where dropout alone puts it."""

from __future__ import annotations

from pathlib import Path

import torch

from matomari.learn.triplets.schedule import Gate

SIGMAS = {0.5: "#9ca3af", 1.0: "#c2410c", 3.0: "#1d4ed8"}
NOISE = (-2.2, 1.0)  # mean and sd of Δ by dropout alone, in sd: MiniLM's on captions and titles, -1.23 ± 0.56 in cos / τ
LEFT, RIGHT, STEPS = -6.0, 4.0, 200
LABEL = "Δ: how far cos / τ of a hard negative has moved from the frozen judge's, in sd of what dropout alone does to it"


def across(shift: float) -> float:
    """The place of a Δ on the picture."""
    return 40 + 620 * (shift - LEFT) / (RIGHT - LEFT)


def curve(sigma: float, one_sided: bool) -> str:
    """The points of a gate."""
    shifts = torch.linspace(LEFT, RIGHT, STEPS)
    gate = Gate(sigma=sigma, noise=1.0, bounds=(0.1, 10.0))
    with torch.no_grad():
        values = gate(shifts, one_sided=one_sided)
    return " ".join(f"{across(float(s)):.1f},{170 - 130 * float(g):.1f}" for s, g in zip(shifts, values, strict=True))


def drawn() -> str:
    """The picture as SVG."""
    mean, sd = NOISE
    band = f'<rect x="{across(mean - sd):.1f}" y="40" width="{across(mean + sd) - across(mean - sd):.1f}" height="130" fill="#fde68a"/>'
    said = f'<text x="{across(mean):.1f}" y="32" text-anchor="middle">dropout alone</text>'
    lines = [
        f'<polyline points="{curve(sigma, False)}" fill="none" stroke="{colour}" stroke-width="2"/>' for sigma, colour in SIGMAS.items()
    ]
    lines.append(f'<polyline points="{curve(3.0, True)}" fill="none" stroke="#1d4ed8" stroke-dasharray="5 4"/>')
    keys = [f'<text x="{600}" y="{60 + 16 * i}" fill="{colour}">σ = {sigma:g}</text>' for i, (sigma, colour) in enumerate(SIGMAS.items())]
    keys.append('<text x="600" y="108" fill="#1d4ed8">2025: - -</text>')
    ticks = [f'<text x="{across(t):.1f}" y="186" text-anchor="middle">{t:+d}</text>' for t in range(int(LEFT), int(RIGHT) + 1, 2)]
    axis = f'<path d="M40 170H660M{across(0):.1f} 40V170" stroke="#999" fill="none"/>'
    marks = '<text x="34" y="46" text-anchor="end">1</text><text x="34" y="172" text-anchor="end">0</text>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 212" font-family="sans-serif" font-size="12">'
        f'<rect width="700" height="212" fill="#fff"/>{band}{said}{axis}{marks}{"".join(lines)}{"".join(keys)}{"".join(ticks)}'
        f'<text x="350" y="204" text-anchor="middle">{LABEL}</text></svg>\n'
    )


if __name__ == "__main__":
    Path(__file__).with_name("gate.svg").write_text(drawn(), encoding="utf-8")
