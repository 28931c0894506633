"""The tables of triplets by rules and of the loss that learns from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.table import NOT_MEASURED, gain, goals, grid, section, spread

Figures = dict[str, Any]
COLUMNS = ("STS-B", "STS12-16", "SICK-R", "STS mean", "SICK-E AUC", "swaps", "hard swaps", "by hand")
HEAD = ("arm", "STS-B", "STS12–16", "SICK-R", "mean of seven", "SICK-E AUC", "swaps", "hard swaps", "by hand", "CPU s")
LOADER = {"STS-B": 82.0, "STS12": 72.4, "STS16": 79.0}
BALANCED, SHARP = "none + distillation", "none"
GOALS_BALANCED = (("STS-B", 0.8), ("STS12-16", 1.2), ("SICK-R", 1.5), ("SICK-E AUC", 9.0))  # gains over raw
FLOORS_BALANCED = (("swaps", 90.0), ("hard swaps", 80.0), ("by hand", 50.0))
FLOORS_SHARP = (("SICK-E AUC", 92.0), ("hard swaps", 86.0))
LOSS_SHARP = 1.5  # points of STS-B that sharp may lose
READ = {"entity": 0.10, "action": 0.10}  # false hard negatives of these kinds, at most; of the others READ_OTHERS
READ_OTHERS = 0.03


def _arms(arms: Figures) -> str:
    order = sorted(arms, key=lambda arm: (arm.endswith("+ distillation"), list(arms).index(arm)))
    rows = [[arm, *(spread(arms[arm][name], ".1f") for name in COLUMNS), _cost(arms[arm])] for arm in order]
    return grid(HEAD, rows)


def _cost(figures: Figures) -> str:
    return f"{figures['cpu_seconds']['mean']:.0f}" if "cpu_seconds" in figures else ""


def _above(figure: Figures, goal: float) -> bool:
    """A gain that reaches its goal, and whose interval is above 0."""
    return figure["mean"] >= goal and figure["interval"][0] > 0


def _minilm(arms: Figures) -> Iterable[str]:
    raw = arms["raw"]
    rows = [(f"raw, {name}", f"{raw[name]['mean']:.1f}", f"{goal}", abs(raw[name]["mean"] - goal) < 0.06) for name, goal in LOADER.items()]
    for name, goal in GOALS_BALANCED:
        figure = arms[BALANCED]["gain"]["raw"][name]
        rows.append((f"balanced above raw, {name}", gain(figure, "+.2f"), f"{goal:+.1f}", _above(figure, goal)))
    for arm, label, floors in ((BALANCED, "balanced", FLOORS_BALANCED), (SHARP, "sharp", FLOORS_SHARP)):
        rows += [
            (f"{label}, {name}", spread(arms[arm][name], ".1f"), f"≥ {floor:g}", arms[arm][name]["mean"] >= floor) for name, floor in floors
        ]
    lost = arms[SHARP]["gain"]["raw"]["STS-B"]
    rows.append(("sharp above raw, STS-B", gain(lost, "+.2f"), f"≥ −{LOSS_SHARP}", lost["mean"] >= -LOSS_SHARP))
    return _arms(arms), goals(rows)


def _untrained(arms: Figures) -> Iterable[str]:
    best = max((arm for arm in arms if arm.startswith("gaussian")), key=lambda arm: arms[arm]["STS mean"]["mean"])
    wanted = [
        (best, "SimCSE", "STS mean"),
        (best, best.replace(best.split(" +")[0], "none"), "STS mean"),
        (best, "positives", "SICK-E AUC"),
    ]
    rows = []
    for arm, other, name in wanted:
        figure = arms[arm]["gain"].get(other, {}).get(name)
        if figure:
            rows.append((f"{arm} above {other}, {name}", gain(figure, "+.2f"), "interval above 0", figure["interval"][0] > 0))
    return _arms(arms), goals(rows)


@section("Triplets by rules", "triplets")
def triplets(figures: Figures) -> Iterable[str]:
    """What MiniLM and an untrained encoder learn from triplets, under every kind of loss."""
    yield ": small differences, beside similarity in general"
    yield (
        "Spearman × 100 (STS-B, STS12 to STS16 by year and their mean, SICK-R whole), AUC × 100 of SICK-E's entailment against contradiction, and the "
        "share of swaps told apart × 100, each kind with the same weight. All arms of a seed see the same anchors in equally many steps; mean ± sd over "
        "seeds, gains paired by seed with a 95 % bootstrap interval. *none* is what `--objective sharp` does, *none + distillation* what `balanced` does."
    )
    summary = figures["summary"]
    for student, write in (("MiniLM", _minilm), ("untrained", _untrained)):
        arms = summary.get(student, {})
        seeds = {len(arm["STS-B"]["values"]) for arm in arms.values()}
        yield f"**{'MiniLM' if student == 'MiniLM' else 'An encoder untrained for similarity'}**, {'–'.join(map(str, sorted(seeds)))} seeds"
        yield from write(arms) if arms else (NOT_MEASURED,)


@section("False hard negatives", "triplets_read")
def read_by_eye(figures: Figures) -> Iterable[str]:
    """Of sixty triplets of each kind, those whose hard negative is no negative."""
    yield ", by reading"
    rows = []
    for kind, of in figures["kinds"].items():
        share, most = of["false"] / max(of["read"], 1), READ.get(kind, READ_OTHERS)
        rows.append((kind, f"{of['false']} of {of['read']}", f"≤ {most:.0%}", share <= most))
    yield goals(rows)
