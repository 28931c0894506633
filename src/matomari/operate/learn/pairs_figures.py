"""The drawings of a training report: how hard the batches are, and how the loss fell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from ...learn.pairs.difficulty import Difficulty
from ..html.drawing import LEFT, WIDE, Figure, framed, upright


def learn_figures(found: Difficulty, curve: Sequence[tuple[int, float]]) -> list[Figure]:
    """Those that there are numbers for.

    Parameters
    ----------
    found : Difficulty
    curve : sequence of (step, loss)
    """
    drawings = [_difficulty(found)] if any(s.hardest is not None for s in found.clusters) else []
    return drawings + loss_figures(curve)


def loss_figures(curve: Sequence[tuple[int, float]]) -> list[Figure]:
    """How the loss fell; nothing where that is one point."""
    return [_loss(curve)] if len(curve) > 1 else []


def _difficulty(found: Difficulty) -> Figure:
    hard = sorted(((s.hardest, s.own) for s in found.clusters if s.hardest is not None), reverse=True)
    values = [value for pair in hard for value in pair] + [found.random.hardest or 0.0]
    low, high = min(0.0, *values), max(values)
    across = np.linspace(LEFT + 8, WIDE - 18, len(hard)) if len(hard) > 1 else np.array([(LEFT + WIDE) / 2])
    marks = Markup("").join(
        Markup('<circle class="own" cx="{}" cy="{}" r="2.5"/><circle class="dot" cx="{}" cy="{}" r="2.5"/>').format(
            f"{x:.1f}", f"{upright(own, low, high):.1f}", f"{x:.1f}", f"{upright(negative, low, high):.1f}"
        )
        for x, (negative, own) in zip(across, hard, strict=True)
    )
    dashed = Markup("")
    if found.random.hardest is not None:
        dashed = Markup('<line class="dashed" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            LEFT, WIDE - 10, *[f"{upright(found.random.hardest, low, high):.1f}"] * 2
        )
    description = f"hardest negative of {len(hard)} clusters, from {hard[0][0]:.3g} to {hard[-1][0]:.3g}"
    caption = (
        "Before training, one column a cluster, the hardest first: the filled dot is the mean cosine of an anchor to the hardest negative of its "
        "batch that the filter lets through, the ring that to its own positive. Dashed: the hardest negative in random batches."
    )
    return Figure(
        "How hard the batches are", caption, framed(marks + dashed, description, across="clusters", up="cosine", low=low, high=high)
    )


def _loss(curve: Sequence[tuple[int, float]]) -> Figure:
    steps, loss = np.asarray(curve, float).T
    low, high = min(0.0, float(loss.min())), float(loss.max()) or 1.0
    across = LEFT + (WIDE - LEFT - 10) * steps / steps.max()
    points = " ".join(f"{x:.1f},{upright(y, low, high):.1f}" for x, y in zip(across, loss, strict=True))
    description = f"loss over steps, from {loss[0]:.3g} at {steps[0]:.0f} to {loss[-1]:.3g} at {steps[-1]:.0f}"
    line = Markup('<polyline class="curve" points="{}"/>').format(points)
    caption = (
        f"Mean training loss over {steps[-1]:,.0f} steps. It says that something is learnt, not that it is of use: the probe above does."
    )
    return Figure("Loss", caption, framed(line, description, across="steps", up="loss", low=low, high=high))
