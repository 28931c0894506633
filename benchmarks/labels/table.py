"""The tables of labels: wrong ones, and rows that resemble nothing that was learnt."""

from __future__ import annotations

from collections.abc import Iterator

from harness.table import Figures, grid, interval, mean, section, spread

FLAGGING = ("matomari", "cleanlab, self confidence")


@section("Wrong labels", "label_errors")
def wrong_labels(figures: Figures) -> Iterator[str]:
    """Average precision and flags of the audit and of cleanlab."""
    yield ": a tenth planted, found by the audit and by cleanlab on the same vectors and probabilities"
    for kind, sets in figures["table"].items():
        arms = list(next(iter(next(iter(sets.values())).values())))
        rows, wins = [], 0
        for name, runs in sets.items():

            def over_seeds(arm: str, measure: str, runs: Figures = runs) -> float:
                return mean(run[arm][measure] for run in runs.values())

            precision = {arm: over_seeds(arm, "average precision") for arm in arms}
            wins += precision["matomari"] >= max(value for arm, value in precision.items() if arm.startswith("cleanlab"))
            flags = (f"{over_seeds(arm, 'flag precision'):.2f} / {over_seeds(arm, 'flag recall'):.2f}" for arm in FLAGGING)
            seen = " (seen while it was made)" if name in figures["seen while it was made"] else ""
            rows.append([name + seen, *(f"{precision[arm]:.3f} / {over_seeds(arm, 'precision of 100'):.2f}" for arm in arms), *flags])
        yield grid([f"wrong: {kind}", *arms, "flags of the audit: precision / recall", "cleanlab's"], rows)
        yield (
            "Average precision / precision of the first hundred, five seeds. "
            f"At least the best of cleanlab's three on {wins} of {len(sets)} sets."
        )


@section("Rows that resemble nothing that was learnt", "familiarity")
def unfamiliar(figures: Figures) -> Iterator[str]:
    """How well questions of no known kind are told from the others, and what a threshold lets through."""
    rows = []
    for title, arms in figures["table"].items():
        for arm, row in arms.items():
            measures = [f"{measure} at {level}" for level in ("0.01", "0.05") for measure in ("caught", "false alarms")]
            cells = [f"{row[measure]['mean']:.3f}" if measure in row else "" for measure in measures]
            lead = "" if arm == "familiarity" else interval(row["AUROC over"])
            rows.append([f"{title}: {arm}", spread(row["AUROC"]), lead, *cells])
    head = ["AUROC", "lead of familiarity, 95 %", "caught below .01", "false alarms", "below .05", "false alarms"]
    yield ""
    yield grid(["CLINC150, 4,500 questions of 150 intents, 1,000 of none", *head], rows)
    yield (
        "Five seeds. Should the classifier not have been trained on the rows that it is compared with, false alarms would be .01 and .05."
    )
