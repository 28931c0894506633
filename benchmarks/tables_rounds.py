"""The table of label-free rounds, from the committed results."""

from __future__ import annotations

from typing import Any

from tables_parts import grid, met, read

MEASURES = ("k-means, told k", "communities, told k", "group, number of before", "group", "STS-B")


def rounds() -> str:
    found = read("rounds")
    if not found:
        return "### Learning from texts alone\n\nnot measured yet"
    sets = found["sets"]
    names = list(next(iter(sets.values()))["gains"])
    rows = [
        [name, kind.replace("1 rounds", "1 round"), *(_cell(one, kind, what) for what in MEASURES)]
        for name, one in sets.items()
        for kind in names
    ]
    runs = [run for one in sets.values() for run in one["runs"]]
    seconds = [run["1 rounds"]["CPU seconds"] for run in runs]
    refused = sum(run["harmful round rejected"] for run in runs)
    head = ["set", "at most", *(f"{what}: before, gain (95 %)" for what in MEASURES)]
    return (
        f"### Learning from texts alone: AMI before a learnt head and what it adds, five seeds, starting from MiniLM\n\n{grid(head, rows)}\n\n"
        f"One round took {min(seconds):.1f} to {max(seconds):.1f} CPU seconds. {_goals(sets)} "
        f"A harmful round (pull × 100, ridge / 100) was rejected {refused} times of {len(runs)}: {met(refused == len(runs))}."
    )


def _cell(one: dict[str, Any], kind: str, what: str) -> str:
    start = sum(run["start"][what] for run in one["runs"]) / len(one["runs"])
    gain = one["gains"][kind].get(what)
    if gain is None:
        return "not measured"
    return f"{start:.3f}, {gain['mean']:+.3f} ({gain['interval'][0]:+.3f} to {gain['interval'][1]:+.3f})"


def _goals(sets: dict[str, Any]) -> str:
    said = []
    for what in MEASURES[:4]:
        gains = [one["gains"]["1 rounds"][what] for one in sets.values()]
        up, down = sum(g["interval"][0] > 0 for g in gains), sum(g["interval"][1] < 0 for g in gains)
        said.append(f"by {what}: up on {up} of {len(gains)}, down on {down}, {met(up >= 3 and down == 0)}")
    held = all(abs(one["gains"]["1 rounds"]["STS-B"]["mean"]) <= 0.01 for one in sets.values())
    return (
        f"Goal, after one round: AMI up on three of four sets and never down (intervals): {'; '.join(said)}. STS-B within .01: {met(held)}."
    )


if __name__ == "__main__":
    print(rounds())
