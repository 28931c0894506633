"""The table of label-free rounds."""

from __future__ import annotations

from collections.abc import Iterator

from harness.table import Figures, gain, grid, mean, met, section

MEASURES = ("k-means, told k", "communities, told k", "group, number of before", "group", "STS-B")


@section("Learning from texts alone", "rounds")
def rounds(figures: Figures) -> Iterator[str]:
    """AMI before a learnt head, and what it adds."""
    sets = figures["sets"]

    def cell(row: Figures, kind: str, measure: str) -> str:
        difference = row["gains"][kind].get(measure)
        return f"{mean(run['start'][measure] for run in row['runs']):.3f}, {gain(difference)}" if difference else "not measured"

    rows = [
        [name, kind.replace("1 rounds", "1 round"), *(cell(row, kind, measure) for measure in MEASURES)]
        for name, row in sets.items()
        for kind in row["gains"]
    ]
    runs = [run for row in sets.values() for run in row["runs"]]
    seconds = [run["1 rounds"]["CPU seconds"] for run in runs]
    refused = sum(run["harmful round rejected"] for run in runs)
    yield ": AMI before a learnt head and what it adds, five seeds, starting from MiniLM"
    yield grid(["set", "at most", *(f"{measure}: before, gain (95 %)" for measure in MEASURES)], rows)
    yield (
        f"One round took {min(seconds):.1f} to {max(seconds):.1f} CPU seconds. {_goals(sets)} "
        f"A harmful round (pull × 100, ridge / 100) was rejected {refused} times of {len(runs)}: {met(refused == len(runs))}."
    )


def _goals(sets: Figures) -> str:
    def verdict(measure: str) -> str:
        ends = [row["gains"]["1 rounds"][measure]["interval"] for row in sets.values()]
        up, down = sum(low > 0 for low, _ in ends), sum(high < 0 for _, high in ends)
        return f"by {measure}: up on {up} of {len(ends)}, down on {down}, {met(up >= 3 and down == 0)}"

    steady = all(abs(row["gains"]["1 rounds"]["STS-B"]["mean"]) <= 0.01 for row in sets.values())
    verdicts = "; ".join(verdict(measure) for measure in MEASURES[:4])
    return f"Goal, after one round: AMI up on three of four sets and never down (intervals): {verdicts}. STS-B within .01: {met(steady)}."
