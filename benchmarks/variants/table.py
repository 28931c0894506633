"""The tables of variants, and of what the constants of themes rest on."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean as mean_of
from statistics import stdev as spread

from harness.results import read
from harness.table import Figures, grid, interval, met, section
from themes import table as of_themes

NEAR = 0.07
LINKAGE = "average linkage at the best single threshold"
PEERS = {
    "community_detection": "sentence-transformers community_detection",
    "string_grouper": "string_grouper, 0.8",
    "Splink": "Splink (one text column, which is not what it is made for)",
}


@section("Variants", "variants")
def variants(figures: Figures) -> Iterator[str]:
    """Pairwise F1 of every method on every set, then lists in which few rows are repeated."""
    sets, mean, linkage = figures["sets"], figures["mean_f1"], figures[LINKAGE]

    def row(name: str, f1: dict[str, float], mean: str = "") -> list[str]:
        return [name, *(f"{f1[title]:.3f}" for title in sets), mean]

    rows = [
        row("matomari, no threshold, family left out", {t: s["matomari"]["f1"] for t, s in sets.items()}, f"**{mean['matomari']:.3f}**")
    ]
    rows += [row(f"its {part}", {t: s["matomari"][part] for t, s in sets.items()}) for part in ("precision", "recall")]
    for peer, f1 in linkage.items():
        rows.append(row(f"average linkage, {peer}, best single threshold ({f1['threshold']})", f1, f"{f1['mean']:.3f}"))
        rows.append(row("the same, best threshold for each set", f1["best_per_set"]))
    peers = next(iter(sets.values()))["peers"]
    for peer in peers:
        rows.append(row(PEERS.get(peer, peer), {t: s["peers"][peer][2] for t, s in sets.items()}, f"{mean[peer]:.3f}"))
    told = (read("variants_supervised") or {}).get("sets")
    if told:
        f1 = {t: [pairs[2] for pairs in told[t]] for t in sets}
        cells = [f"{mean_of(f1[t]):.3f} ± {spread(f1[t]):.3f}" for t in sets]
        rows.append(["dedupe, told of a hundred pairs (five draws)", *cells, f"{mean_of([mean_of(v) for v in f1.values()]):.3f}"])
    nearest = max(linkage, key=lambda peer: linkage[peer]["mean"])
    rows.append([f"lead over average linkage, {nearest}, 95 %", *(interval(s["lead"][nearest]) for s in sets.values()), ""])
    yield ": pairwise F1"
    yield grid(["", *sets, "mean"], rows)
    yield f"Goal: mean ≥ .71: {met(mean['matomari'] >= 0.71)}. Abt-Buy precision ≥ .85: {met(sets['Abt-Buy']['matomari']['precision'] >= 0.85)}."
    yield from few_repeated(figures["few repeated"])
    yield from new_lists(figures["new lists"])
    yield from reported(figures["reported"])
    yield from bar(read("settle_variants") or {})
    yield from cost(read("variants_speed") or {})


def few_repeated(lists: Figures) -> Iterator[str]:
    """Thinned copies of the sets, beside version 0.1."""
    rows = []
    for title, row in lists.items():
        before = row["0.1"]
        rows.append([title, three(row["matomari"]), three(before) if before else "", promised(row)])
    yield "\nFew rows repeated: thinned copies, family left out; precision / recall / F1, and the precision that the probabilities promise / that came true."
    yield ""
    yield grid(["list", "matomari", "0.1", "promised / true"], rows)
    below = [title for title, row in lists.items() if row["0.1"] and row["matomari"][2] < row["0.1"][2]]
    yield f"Goal: nowhere below 0.1: {met(not below)}" + (f" (below on {', '.join(below)})." if below else ".")


def new_lists(lists: Figures) -> Iterator[str]:
    """Made-up lists of other seeds, 1,200 rows, 6 % of things repeated."""
    rows = [
        [
            kind,
            three(row["matomari"]),
            three(row["kind left out"]),
            f"{row['ece']:.3f}",
            promised(row),
            f"{row['expected wrong']:.0f} / {row['wrong']} of {row['groups']}",
        ]
        for kind, row in lists.items()
    ]
    yield "\nMade-up lists drawn anew, 1,200 rows, 6 % of the things repeated; precision / recall / F1 of the model that comes along, and of one that knows no list of the kind."
    yield ""
    yield grid(
        [
            "kind",
            "as it comes along",
            "kind left out",
            "calibration error of the pairs",
            "promised / true",
            "groups expected to be wrong / wrong",
        ],
        rows,
    )
    near = [kind for kind, row in lists.items() if abs(row["expected precision"] - row["precision of the pairs"]) <= NEAR]
    yield f"Goal: promised and true precision within .07 on every list: {met(len(near) == len(lists))} (on {len(near)} of {len(lists)})."
    good = [kind for kind, row in lists.items() if row["matomari"][0] >= 0.9 and row["matomari"][1] >= 0.8]
    yield f"Goal: precision ≥ .90 and recall ≥ .80: {met(len(good) == len(lists))} ({', '.join(good) or 'none'})."


def promised(row: Figures) -> str:
    """The precision of the pairs put together that their probabilities promise, and the true one."""
    return f"{row['expected precision']:.2f} / {row['precision of the pairs']:.2f}"


def bar(settled: Figures) -> Iterator[str]:
    """What the bar rests on: the benchmark with the bar that the other families choose, and what each change of it does."""
    if not settled:
        return
    left_out = settled["benchmark, bar left out"]
    yield "\nThe bar that pairs have to pass (`make settle CLAIM=variants`): mean F1 over all families, and over the benchmark, when one number of it is changed."
    yield ""
    yield grid(
        ["bar", "all families", "less the bar as it is, ± standard error", "benchmark"],
        [
            [name, f"{row['mean']:.3f}", f"{row['lead'][0]:+.3f} ± {row['lead'][1]:.3f}", f"{row['benchmark']:.3f}"]
            for name, row in settled["bars"].items()
        ],
    )
    yield f"Each set of the benchmark with the bar that the other families choose: mean F1 {left_out['mean']:.3f}."


def cost(spent: Figures) -> Iterator[str]:
    """CPU time and memory."""
    if not spent:
        return
    yield f"\n{spent['rows']:,} rows of made-up offers, file to folder, one thread."
    yield ""
    yield grid(
        ["", "CPU", "memory"],
        [[name, f"{spent[name]['cpu_seconds']:.0f} s", f"{spent[name]['peak_gb']:.2f} GB"] for name in ("matomari", "string_grouper")],
    )
    ours = spent["matomari"]
    yield f"Goal: at most 90 s and 1 GB: {met(ours['cpu_seconds'] <= 90 and ours['peak_gb'] <= 1)}."


def reported(lists: Figures) -> Iterator[str]:
    """Small lists rebuilt from public reports."""
    if not lists:
        return
    yield "\nSmall lists rebuilt from public reports of people whom other tools failed; none was trained on; precision / recall / F1."
    yield ""
    yield grid(
        ["list", "matomari", "string_grouper, 0.8"],
        [[name, three(row["matomari"]), three(row["string_grouper"])] for name, row in lists.items()],
    )


def three(figures: list[float]) -> str:
    """Precision, recall and F1 in a cell."""
    return " / ".join(f"{value:.2f}" for value in figures)


def best_peer() -> list[str]:
    """The row of the README."""
    figures = read("variants")
    if not figures:
        return []
    linkage = figures[LINKAGE]
    peer = max(linkage, key=lambda name: linkage[name]["mean"])
    best = f"{linkage[peer]['mean']:.3f} (average linkage, {peer}, threshold chosen with labels)"
    settled = read("settle_variants")
    left_out = f"{settled['benchmark, bar left out']['mean'] if settled else figures['mean_f1']['matomari']:.3f}"
    return ["variants, pairwise F1 over four sets, no threshold given", "", left_out, best]


@section("What the constants rest on", "settle_themes")
def constants(themes: Figures) -> Iterator[str]:
    """How far the constants of themes rest on development data alone; the model of variants is always measured with the family left out."""
    unseen, told_k = of_themes.without_the_set() or {}, "k-means, told the true k"
    varied = ("exponent", "few", "largest_of_few", "beyond", "solid", "clean", "steps")
    chosen, present = (", ".join(f"{key} {themes[which][key]:g}" for key in varied) for which in ("chosen", "present"))
    shipped = [value for name in of_themes.FIVE for value in themes["sets"]["benchmark"][name]["ami"]]
    told = [row["told k"] for part, sets in themes["sets"].items() if part != "benchmark" for row in sets.values()]
    rows = [
        [
            f"themes, AMI, best of {themes['rules tried']} rules on development data: {chosen}",
            *(f"{v:.3f}" for v in (themes["development, chosen"], sum(told) / len(told), unseen["mean"], unseen["mean"])),
        ],
        [f"themes, AMI, as shipped: {present}", f"{themes['development, present']:.3f}", "", f"{sum(shipped) / len(shipped):.3f}", ""],
    ]
    head = ["", "development sets", f"{told_k}, there", "benchmark sets", "benchmark, each with constants chosen without it"]
    yield ""
    yield grid(head, rows)
