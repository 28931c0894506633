"""The tables of variants, and of what the constants of themes and variants rest on."""

from __future__ import annotations

from collections.abc import Iterator

from harness.results import read
from harness.table import Figures, grid, interval, met, section
from themes import table as of_themes

LINKAGE = "average linkage at the best single threshold"


@section("Variants", "variants")
def variants(figures: Figures) -> Iterator[str]:
    """Pairwise F1 of every method on every set."""
    sets, mean, linkage = figures["sets"], figures["mean_f1"], figures[LINKAGE]

    def row(name: str, f1: dict[str, float], mean: str = "") -> list[str]:
        return [name, *(f"{f1[title]:.3f}" for title in sets), mean]

    rows = [row("matomari, no threshold", {title: s["matomari"]["f1"] for title, s in sets.items()}, f"**{mean['matomari']:.3f}**")]
    if unseen := without_the_set():
        blind = {title: s["f1"] for title, s in unseen["sets"].items()}
        rows.append(row("the same, constants chosen without the set", blind, f"{unseen['mean']:.3f}"))
    for peer, f1 in linkage.items():
        rows.append(row(f"average linkage, {peer}, best single threshold ({f1['threshold']})", f1, f"{f1['mean']:.3f}"))
        rows.append(row("the same, best threshold for each set", f1["best_per_set"]))
    detected = {title: s["community_detection"] for title, s in sets.items()}
    rows.append(row("sentence-transformers community_detection", detected, f"{mean['community_detection']:.3f}"))
    nearest = max(linkage, key=lambda peer: linkage[peer]["mean"])
    leads = [interval(s["lead"][nearest]) for s in sets.values()]
    rows.append([f"lead over average linkage, {nearest}, 95 %", *leads, ""])
    ahead = mean["matomari"] > max(linkage[nearest]["mean"], mean["community_detection"])
    yield ": pairwise F1"
    yield grid(["", *sets, "mean"], rows)
    yield f"Goal: above each peer at the threshold that labels would choose for all four sets: {met(ahead)}."


def without_the_set() -> Figures | None:
    """What constants give that were chosen on everything but the set they are scored on."""
    figures = read("settle_variants")
    if not figures:
        return None
    whole = figures["reported only"]["leave one set out"]["from whole sets"]
    return {"mean": whole["mean_f1"], "sets": whole["sets"]}


def best_peer() -> list[str]:
    """The row of the README."""
    figures, unseen = read("variants"), without_the_set()
    if not figures:
        return []
    linkage = figures[LINKAGE]
    peer = max(linkage, key=lambda name: linkage[name]["mean"])
    best = f"{linkage[peer]['mean']:.3f} (average linkage, {peer}, threshold chosen with labels)"
    blind = f"{unseen['mean']:.3f}" if unseen else ""
    return ["variants, pairwise F1 over four sets, no threshold given", f"{figures['mean_f1']['matomari']:.3f}", blind, best]


@section("What the constants rest on", "settle_themes", "settle_variants")
def constants(themes: Figures, variants: Figures) -> Iterator[str]:
    """How far the constants rest on development data alone."""
    own, given = variants["mean_f1"], variants["reported only"]["mean_f1"]["benchmark"]
    themes_unseen, variants_unseen = of_themes.without_the_set() or {}, without_the_set() or {}
    told_k = "k-means, told the true k"
    varied = ("exponent", "few", "largest_of_few", "beyond", "solid", "clean", "steps")
    chosen, present = (", ".join(f"{key} {themes[which][key]:g}" for key in varied) for which in ("chosen", "present"))
    shipped = [value for name in of_themes.FIVE for value in themes["sets"]["benchmark"][name]["ami"]]
    told = [row["told k"] for part, sets in themes["sets"].items() if part != "benchmark" for row in sets.values()]
    rows = [
        [
            f"themes, AMI, best of {themes['rules tried']} rules on development data: {chosen}",
            *(f"{v:.3f}" for v in (themes["development, chosen"], sum(told) / len(told), themes_unseen["mean"], themes_unseen["mean"])),
        ],
        [f"themes, AMI, as shipped: {present}", f"{themes['development, present']:.3f}", "", f"{sum(shipped) / len(shipped):.3f}", ""],
        [
            f"variants, F1, best on development data: (meaning, conflict, standing out, cut) = {tuple(variants['chosen'])}",
            *(f"{own['chosen']:.3f}", "", f"{given['chosen']:.3f}", f"{variants_unseen['mean']:.3f}"),
        ],
        [f"variants, F1, as shipped: {tuple(variants['present'])}", f"{own['present']:.3f}", "", f"{given['present']:.3f}", ""],
    ]
    head = ["", "development sets", f"{told_k}, there", "benchmark sets", "benchmark, each with constants chosen without it"]
    yield ""
    yield grid(head, rows)
