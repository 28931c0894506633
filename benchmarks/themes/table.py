"""The table of themes."""

from __future__ import annotations

from collections.abc import Iterator

from harness.results import read
from harness.table import Figures, grid, interval, met, section, spread

TOLD = "k-means, told the true k"
FIVE = ("Banking77", "CLINC150", "Tweet", "AgNews", "SearchSnippets")


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
    """What constants give that were chosen on other sets: the five sets of the benchmark, over draws of their rows."""
    figures = read("settle_themes")
    if not figures:
        return None
    sets = figures["leave one set out"]["sets"]
    return {"mean": sum(sets[name] for name in FIVE) / len(FIVE)}


@section("How many themes", "settle_themes")
def number(figures: Figures) -> Iterator[str]:
    """Development sets by the number of their classes, each with the rule chosen on all others."""
    rows = []
    for part, sets in figures["sets"].items():
        told, best = (sum(row[key] for row in sets.values()) / len(sets) for key in ("told k", "best resolution"))
        lowest = min(value for row in sets.values() for value in row["ami"])
        mean = figures["leave one set out"]["mean"][part]
        title = f"{part} classes, {len(sets)} sets" if part != "benchmark" else f"rows of the benchmark, {len(sets)} sets"
        rows.append([title, f"{mean:.3f}", f"{told:.3f}", f"{best:.3f}", f"{lowest:.3f}"])
    yield ""
    yield f"AMI, mean over sets and {figures['draws']} draws of rows, no number given."
    yield grid(["", "rule chosen without the set", TOLD, "best resolution", "lowest draw, as shipped"], rows)
    yield from _runs()
    richer, runs = read("settle_themes_25_links"), read("themes_runs")
    if richer and runs:  # both with a single run of Louvain's method
        once = {
            part: {name: sum(draw[0] for draw in draws) / len(draws) for name, draws in own.items()} for part, own in runs["sets"].items()
        }
        now = once.pop("benchmark")["AgNews"]
        development = [value for own in once.values() for value in own.values()]
        then = sum(richer["sets"]["benchmark"]["AgNews"]["ami"]) / richer["draws"]
        yield (
            f"With links to 25 nearest rows instead of 15, the rule as shipped, one run each: {richer['development, present']:.3f} on the development "
            f"sets instead of {sum(development) / len(development):.3f}, but AgNews {then:.3f} instead of {now:.3f}."
        )


def _runs() -> Iterator[str]:
    """AMI by the number of runs of which the most modular partition is kept."""
    figures = read("themes_runs")
    if not figures:
        return
    titles = ["1 run" if n == 1 else str(n) for n in figures["runs"]]
    rows = [
        [part if part == "benchmark" else f"{part} classes", *(f"{value:.3f}" for value in mean)] for part, mean in figures["mean"].items()
    ]
    yield f"The same at the fineness that is taken, where the most modular of so many runs of Louvain's method is kept (shipped: {figures['shipped']}):"
    yield grid(["", *titles], rows)


@section("Many classes and few", "themes_classes")
def classes(figures: Figures) -> Iterator[str]:
    """AMI on nine sets of many classes and six of two to four, as shipped."""
    goals = {"nine": 0.635, "two to four": 0.78}
    yield ": AMI, no number given, three draws of rows"
    for part, sets in figures["sets"].items():
        mean = figures["mean"][part]
        rows = [
            [name, spread(row["matomari"]), spread(row["told"]), ", ".join(map(str, row["groups"])), str(row["true_groups"])]
            for name, row in sets.items()
        ]
        rows.append(["mean", f"**{mean['matomari']:.3f}**", f"**{mean['told']:.3f}**", "", ""])
        yield grid([f"{part} sets" if part == "nine" else f"{part} classes", "matomari", TOLD, "groups found", "true"], rows)
        yield f"Goal: {goals[part]:.3f} on average: {met(mean['matomari'] >= goals[part])} ({mean['matomari']:.4f})."
    yield f"Goal: no draw of few classes below .5 (lowest: {figures['lowest of few']:.3f}): {met(figures['lowest of few'] >= 0.5)}."


@section("Few texts", "few")
def few(figures: Figures) -> Iterator[str]:
    """AMI among nine to sixty texts."""
    ways = list(next(iter(figures["sizes"].values())))
    rows = [[way, *(f"{row[way]['ami']:.3f} ({row[way]['number right']:.0%})" for row in figures["sizes"].values())] for way in ways]
    yield f": AMI, mean over {figures['draws']} draws of intents (how often the number of groups is right)"
    yield grid(["", *figures["sizes"]], rows)
    first = next(iter(figures["sizes"].values()))[f"{figures['shipped']} links"]["ami"]
    yield f"Shipped: {figures['shipped']} links per row. Goal for nine to thirty texts: .9: {met(first >= 0.9)} ({first:.5f})."


@section("Sets kept aside", "themes_aside")
def aside(figures: Figures) -> Iterator[str]:
    """AMI on sets that nothing was chosen on."""
    sets, mean = figures["sets"], figures["mean"]
    rows = [
        ["matomari", *(spread(row["matomari"]) for row in sets.values()), f"**{mean['matomari']:.3f}**"],
        [TOLD, *(spread(row["told"]) for row in sets.values()), f"**{mean['told']:.3f}**"],
        ["groups found (true number)", *(f"{', '.join(map(str, row['groups']))} ({row['true_groups']})" for row in sets.values()), ""],
    ]
    yield ": AMI, no number given, three draws of 6,000 rows"
    yield grid(["", *sets, "mean"], rows)
    yield (
        f"Goal: above k-means told the true k: {met(mean['matomari'] > mean['told'])} ({mean['matomari']:.4f} and {mean['told']:.4f}) "
        f"(paired by draw: 95 % interval {interval(figures['gain']['interval'])})."
    )
    for name, row in figures["without truth"].items():
        held = min(row["groups"]) >= 30 and max(row["groups"]) <= 150 and max(row["largest"]["values"]) <= 0.1
        yield (
            f"{name}, {row['rows']:,} rows: {', '.join(map(str, row['groups']))} groups in three draws, the largest with "
            f"{max(row['largest']['values']):.1%} of the rows. Goal: 30 to 150, at most 10 %: {met(held)}."
        )


@section("Which kind", "kinds")
def kinds(figures: Figures) -> Iterator[str]:
    """How many columns are grouped as a person would."""
    wrong = [f"{name} (left out)" for name, row in figures["columns"].items() if not row["left out"]]
    wrong += [name for name, row in figures["columns"].items() if row["present"] != row["wanted"]]
    yield ""
    yield (
        f"Of {figures['count']} columns, {figures['right']} get the kind that a person wants, {figures['right, leave one out']} where the three "
        f"constants were chosen on all others. Wrong: {', '.join(wrong) or 'none'}. Goal: 95 % with each left out: "
        f"{met(figures['right, leave one out'] >= 0.95 * figures['count'])}."
    )


@section("Dressed columns", "dressed")
def dressed(figures: Figures) -> Iterator[str]:
    """AMI of the same texts plain and in ids, mails and HTML."""
    first = next(iter(figures["sets"].values()))
    yield ": AMI of the same 3,000 texts, no number given (groups found)"
    yield grid(["", *first], [[n, *(f"{c['ami']:.3f} ({c['groups']})" for c in row.values())] for n, row in figures["sets"].items()])
    held = figures["most lost"] <= 0.03 and figures["kinds right"]
    yield f"HWU64 and StackOverflow are kept aside. Goal: at most .03 lost (most: {figures['most lost']:.3f}), kind *themes* everywhere: {met(held)}."


@section("Names", "names")
def names(figures: Figures) -> Iterator[str]:
    """Names of the true groups, beside the true labels."""
    yield ""
    for title, sets in figures["sets"].items():
        rows = [
            [
                method,
                *(f"{row[key]:.3f}" for key in ("cosine", "nearest", "word for word")),
                f"{row['particles']} of {row['of']}",
                f"{row['words']:.1f}",
            ]
            for method, row in sets.items()
        ]
        yield f"{title}, named by its true groups:"
        yield grid(["", "cosine to the true label", "nearest to it", "word for word", "particles and negations kept", "words"], rows)
    for rival, row in figures.get("readers", {}).items():
        chosen = " and ".join(map(str, row["preferred ours"]))
        yield f"Two blind readers, {row['of']} groups, against {rival}: {chosen} preferred ours."
