"""The tables of latent cluster correction."""

from __future__ import annotations

from collections.abc import Iterator

from harness.results import read
from harness.table import Figures, gain, grid, met, section, spread

ARMS = ("label smoothing", "SupCon", "misclustered, resolution 1", "misclustered", "all", "center", "modes")
BELIEVED = ("cross-entropy, believed", "center, believed", "modes, believed")
BESIDE = ("five nearest", "worst tenth of classes", "calibration error", "transfer")
PUBLISHED = "Published for the paper's rule: +.68 points (ResNet-18) and −.13 (AlexNet) on CIFAR-100, three seeds, no deviations."
OVER = "accuracy over cross-entropy"


@section("Latent cluster correction", "correction")
def correction(figures: Figures) -> Iterator[str]:
    """Gains of every arm, the goals, what else moves, images, all of MiniLM, and what it costs."""
    summary = figures["summary"]
    yield ": a classifier trained on from one checkpoint"
    yield (
        "Test accuracy of cross-entropy, then points above it (95 %), paired by seed: the same checkpoint, the same order of batches. A hidden layer on stored "
        "MiniLM vectors. * both tests, t and Wilcoxon, below .05 after Holm's correction over all cells."
    )
    yield _gains(summary)
    goals = list(_goals(summary))
    yield "; ".join(goals) + "." if goals else ""
    for part in (_believed, _beside, _coarse):
        yield from part(summary)
    for name, part in (("images", _images), ("full", _full), ("cost", _cost), ("memory", _memory)):
        if more := read(f"correction_{name}"):
            yield from part(more)


def _gain(figure: Figures) -> str:
    sure = "*" if max(figure.get("t Holm", 1), figure.get("wilcoxon Holm", 1)) < 0.05 else ""
    return gain(figure, "+.2f").replace(" ", f"{sure} ", 1)


def _gains(summary: Figures) -> str:
    rows = []
    for title, arms in summary.items():
        base = arms["cross-entropy"]
        rows.append([title, str(base["seeds"]), f"{base['accuracy']['mean']:.2f}", *(_gain(arms[arm][OVER]) for arm in ARMS)])
    return grid(["setting", "seeds", "cross-entropy", *ARMS], rows)


def _goals(summary: Figures) -> Iterator[str]:
    plain = {t: arms for t, arms in summary.items() if t.startswith(("Banking77", "CLINC150, ")) and "wrong" not in t}
    if main := plain.get("Banking77, 10 a class"):
        ok = main["modes"][OVER]["mean"] >= 0.7 and main["modes"][OVER]["interval"][0] > 0
        lowest = min(arms["modes"][OVER]["mean"] for arms in plain.values())
        yield f"Goal for `modes`, the default: at least +.7 on Banking77 with ten a class, interval above 0: {met(ok)}"
        yield f"never below −.2 on Banking77 and CLINC150 (lowest {lowest:+.2f}): {met(lowest >= -0.2)}"
    if noisy := summary.get("Banking77, 20 a class, 20 % wrong"):
        over, beside = noisy["modes"][OVER]["mean"], noisy["modes"]["accuracy over center"]
        yield f"at 20 % wrong labels at least +3: {met(over >= 3)}; at least center loss ({_gain(beside)}): {met(beside['mean'] >= 0)}"


def _believed(summary: Figures) -> Iterator[str]:
    """What leaving out the rows whose label is hardly believed gives, alone and beside the pulls."""
    measured = {title: arms for title, arms in summary.items() if "modes, believed" in arms}
    if not measured:
        return
    rows = []
    for title, arms in measured.items():
        both = arms["modes, believed"]
        gains = (_gain(arms[arm][OVER]) for arm in ("center", "modes", *BELIEVED))
        left_out = f"{both['left out']['mean']:.1f} %"
        rows.append([title, str(both["seeds"]), left_out, *gains, _gain(both["accuracy over center, believed"])])
    noisy = [arms["modes, believed"] for title, arms in measured.items() if "20 % wrong" in title]
    lowest = min(arm[OVER]["mean"] for arm in noisy)
    ahead = all(arm["accuracy over center"]["interval"][0] > 0 for arm in noisy)
    yield (
        "Rows left out whose label is hardly believed (`doubt.believed`, before the continuation; the checkpoint had learnt them all), points above "
        "cross-entropy on all rows."
    )
    yield grid(["setting", "seeds", "left out", "center", "modes", *BELIEVED, "the last over the one before"], rows)
    yield (
        f"Goal at 20 % wrong labels, with them left out: at least +3 (lowest {lowest:+.2f}): {met(lowest >= 3)}; "
        f"above center loss on all rows: {met(ahead)}."
    )


def _beside(summary: Figures) -> Iterator[str]:
    """What else changes, where it was measured: points over cross-entropy."""
    shown = ("SupCon", "misclustered", "center", "modes")
    rows = []
    for title, arms in summary.items():
        complete = len(arms["modes"].get("transfer", {"values": []})["values"]) == arms["modes"]["seeds"]
        for measure in BESIDE if complete else ():
            over = f"{measure} over cross-entropy"
            if over in arms["modes"]:
                base = f"{arms['cross-entropy'][measure]['mean']:.2f}"
                rows.append([f"{title}: {measure}", base, *(_gain(arms[arm][over]) for arm in shown)])
    if rows:
        yield (
            "What else moves: accuracy of the five nearest in the hidden layer and of the worst tenth of the classes; expected calibration error without a "
            "temperature (less is better); transfer, the accuracy of a linear probe on what the hidden layer makes of the other of Banking77 and CLINC150."
        )
        yield grid(["measure", "cross-entropy", *shown], rows)


def _coarse(summary: Figures) -> Iterator[str]:
    coarse = {title: arms for title, arms in summary.items() if "minority modes" in arms["modes"]}
    if not coarse:
        return
    rows, held = [], []
    for title, arms in coarse.items():
        against = arms["modes"]["accuracy over center"]
        rare = {arm: arms[arm]["minority modes"]["mean"] for arm in ("cross-entropy", "center", "modes")}
        more = rare["modes"] - rare["center"]
        held.append(against["mean"] >= 0.5 and against["interval"][0] > 0 and more >= 2)
        rows.append([title, _gain(against), f"{more:+.2f}", *(f"{value:.2f}" for value in rare.values())])
    head = ["modes over center", "in minority modes", "there: cross-entropy", "center", "modes"]
    yield grid(["coarse labels, modes as frequent as 1, 1/2, 1/3 …", *head], rows)
    yield (
        "Minority modes are the quarter of a class's modes with the fewest drawn samples. "
        f"Goal: modes at least .5 above center, interval above 0, and 2 in minority modes: met on {sum(held)} of {len(held)}."
    )


def _images(figures: Figures) -> Iterator[str]:
    yield (
        "Images: a small convolutional network, all of it trained; the hidden layer before its output is corrected. "
        "CIFAR-10 is a copy encoded again as JPEG."
    )
    yield _gains(figures["summary"])
    yield PUBLISHED


def _full(figures: Figures) -> Iterator[str]:
    summary = figures["summary"]
    first, *arms = next(iter(summary.values()))
    rows = []
    for title, row in summary.items():
        base = row[first]
        rows.append(
            [title, str(base["seeds"]), f"{base['accuracy']['mean']:.2f}", *(_gain(row[arm]["over cross-entropy"]) for arm in arms)]
        )
    lowest = min(row["modes"]["over cross-entropy"]["mean"] for row in summary.values())
    cost = max(row["modes"]["refreshes"] for row in summary.values())
    yield "All of MiniLM fine-tuned; the sentence embedding is corrected, by communities of the grain of modes in every way but resolution 1."
    yield grid(["setting", "seeds", first, *arms], rows)
    yield (
        f"Goal for `modes`: never below −.2 (lowest {lowest:+.2f}): {met(lowest >= -0.2)}. "
        f"Refreshes took at most {cost:.1%} of the time (goal: 10 % at 10,000 samples)."
    )


def _cost(figures: Figures) -> Iterator[str]:
    sizes = figures["table"]
    names = list(next(iter(sizes.values())))
    louvain = [row["Louvain"]["mean"] for size, row in sizes.items() if size.startswith("50,000")]
    goal = f"Goal: Louvain of 50,000 samples with 15 neighbours in at most 2 s: {met(max(louvain) <= 2)}." if louvain else ""
    yield f"Seconds of a refresh, 150 classes, three runs on two cores. {goal}"
    yield grid(["samples × columns", *names], [[size, *(spread(row[name], ".2f") for name in names)] for size, row in sizes.items()])


def _memory(figures: Figures) -> Iterator[str]:
    sizes = figures["table"]
    rows = [
        [size, f"{row['vectors']:,.0f}", f"{row['most']:,.0f}", f"{row['times']:.2f}", f"{row['times'] - 1:.2f}"]
        for size, row in sizes.items()
    ]
    most = max((row["times"] for size, row in sizes.items() if size.startswith("1,000,000")), default=0.0)
    goal = f" Goal for a million: at most 3 beside the vectors: {met(most - 1 <= 3)} (with them {most:.2f})." if most else ""
    yield f"Memory of finding communities, megabytes at the highest.{goal}"
    yield grid(["samples × columns", "vectors", "in all", "times the vectors", "beside them"], rows)
