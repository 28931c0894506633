"""The table of themes."""

from __future__ import annotations

from collections.abc import Iterator

from harness.results import read
from harness.table import Figures, grid, interval, met, section, spread


@section("Themes", "themes")
def themes(figures: Figures) -> Iterator[str]:
    """AMI of every method on every set."""
    sets, means = figures["sets"], figures["mean_ami"]

    def cell(method: Figures) -> str:
        dropped = method["unassigned"]["mean"]
        return spread(method["ami"]) + (f" ({dropped:.0%} dropped)" if dropped >= 0.01 else "")

    rows = [[method, *(cell(row[method]) for row in sets.values()), f"**{mean:.3f}**"] for method, mean in means.items()]
    groups = [f"{row['matomari']['groups'][0]} ({row['true_groups']})" for row in sets.values()]
    ahead = means["matomari"] > max(mean for method, mean in means.items() if method != "matomari")
    yield ": AMI, no number given, MiniLM vectors"
    yield grid(["", *sets, "mean"], [*rows, ["groups found (true number)", *groups, ""]])
    yield (
        "An unassigned item counts as a group of its own. Goal: above k-means told the true k, and above every peer: "
        f"{met(ahead)}. Gain over told k, paired by seed: 95 % interval {interval(figures['gain_over_told_k']['interval'])}."
    )


def best_peer() -> list[str]:
    """The row of the README."""
    figures, unseen = read("themes"), without_the_set()
    if not figures:
        return []
    means = figures["mean_ami"]
    peer = max((method for method in means if method != "matomari"), key=means.__getitem__)
    blind = f"{unseen['mean']:.3f}" if unseen else ""
    return ["themes, AMI over five sets, no number given", f"{means['matomari']:.3f}", blind, f"{means[peer]:.3f} ({peer})"]


def without_the_set() -> Figures | None:
    """What constants give that were chosen on everything but the set they are scored on."""
    figures = read("settle_themes")
    return figures and figures["leave one set out"]
