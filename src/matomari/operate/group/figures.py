"""The drawings of a grouping report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...cluster.communities.stability import RULE
from ..html.drawing import Figure, curve_drawing
from ..run import GroupRun


def figures(run: GroupRun) -> list[Figure]:
    """Those that the settings of a run hold the numbers for."""
    drawings = []
    if run.curve:
        drawings.append(_number_of_groups(run.curve, run.groups))
    if run.path:
        drawings.append(_temperature(run.path, run.confidence_temperature))
    return drawings


def _number_of_groups(curve: Sequence[Sequence[float]], k: int) -> Figure:
    table = np.asarray(curve, float)
    groups, agreement, useful = table[:, 0], table[:, 1], table[:, -1]  # version 0.1 wrote no usefulness
    seen, new = groups >= 2, table.shape[1] > 2
    up = "what comes back" if new else "agreement beyond chance"
    svg = curve_drawing(groups[seen], (useful if new else agreement)[seen].clip(0), mark=k, across="groups", up=up)
    what = (
        "how much comes back when rows are left out: the agreement of subsamples beyond data without structure, times the information "
        f"that they share to the power of {RULE.exponent:g}"
        if new
        else "how far the groups of subsamples agree: 0 is what data without structure give, 1 is always the same"
    )
    caption = f"For each fineness, the number of groups and {what}. The mark is at the {k:,} groups of this report."
    return Figure("How many groups", caption, svg)


def _temperature(path: Mapping[str, Any], spoken: float) -> Figure:
    heat, places = np.asarray(path["temperatures"], float), np.asarray(path["distinct"], float)
    svg = curve_drawing(heat, places, mark=path["chosen"], across="temperature", up="prototypes apart", dashed=path["critical"])
    caption = (
        f"The higher the temperature, the more prototypes stand in one place; above {path['critical']:.2g} (dashed) there is only one. They were learnt at "
        f"{path['chosen']:.2g} (the mark), half of the highest temperature at which none had merged. Confidences are given at {spoken:.2g}, "
        f"where their mean is no higher than the {path['agreement']:.0%} of items on which groupings of two halves of the data agree."
    )
    return Figure("How soft", caption, svg)
