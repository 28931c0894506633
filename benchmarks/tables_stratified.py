"""The tables of cluster-stratified training, from the committed results; run by itself it prints them."""

from __future__ import annotations

from typing import Any

from tables_parts import grid, met, read

CLAIMED, DEFAULT = "clusters + filter", "clusters + filter + mixing"
PIECES = "pieces of small clusters + filter"
EACH, MEAN, LOSS = 0.02, 0.04, -0.005  # goals: relative gain in NDCG@10 of each source and of all, and what may be lost elsewhere
ELSEWHERE = ("NFCorpus", "SciFact", "STS-B")
Figures = dict[str, Any]


def stratified() -> str:
    found = read("stratified")
    if not found or not found["sources"]:
        return "### Cluster-stratified batches\n\nnot measured yet"
    parts = [settings(found["settled"]), in_domain(found), *goals(found), elsewhere(found), cost()]
    return "### Cluster-stratified batches: NDCG@10 of a static student from scratch\n\n" + "\n\n".join(part for part in parts if part)


def settings(settled: Figures) -> str:
    values = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in settled.items())
    return (
        f"Settings, chosen on validation queries of one seed, the grid not complete (results/stratified_settled.json): {values}. The arm of pieces was thought of "
        "after whole clusters had lost there, before any test query was asked; its piece and cluster size are the only ones tried on all three sources."
    )


def arms_of(found: Figures) -> list[str]:
    return list(dict.fromkeys(arm for arms in found["sources"].values() for arm in arms))


def in_domain(found: Figures) -> str:
    """Test NDCG@10, and the CPU seconds of the steps."""
    summary, names = found["summary"], list(found["sources"])

    def cell(name: str, arm: str) -> str:
        one = summary[name].get(arm)
        return f"{one['in domain']['mean']:.4f} ± {one['in domain']['sd']:.4f} ({one['cpu_seconds']['mean']:.0f} s)" if one else ""

    rows = [[arm, *(cell(name, arm) for name in names), percent(summary["mean"].get(arm, {}).get("in domain"))] for arm in arms_of(found)]
    head = ["batches", *(f"{name}, {seeds(found, name)} seeds" for name in names), "gain over random, mean of all"]
    return f"In domain, mean ± sd (CPU seconds of the steps, texts tokenised before):\n\n{grid(head, rows)}"


def seeds(found: Figures, name: str) -> int:
    return max(len(runs) for runs in found["sources"][name].values())


def percent(gain: Figures | None) -> str:
    if not gain:
        return ""
    low, high = gain["interval"]
    return f"{gain['mean']:+.1%} " + (f"({low:+.1%} to {high:+.1%})" if gain["seeds"] > 1 else "(one seed, no interval)")


def goals(found: Figures) -> list[str]:
    """What was promised, and whether it came true."""
    summary, said = found["summary"], []
    for arm in (CLAIMED, DEFAULT, PIECES):
        lines = []
        for name in found["sources"]:
            gain = summary[name].get(arm, {}).get("gain", {}).get("in domain", {})
            over = gain.get("random")
            if over:
                ok = over["mean"] >= EACH and over["interval"][0] > 0 and over["seeds"] > 1
                lines.append(f"- {name}, over random at equal steps, {EACH:+.0%} or more: {met(ok)}, {percent(over)}.")
            for other in ("random, double batch, equal pairs", "random, double batch, equal steps", "random + filter", "mined", "clusters"):
                if gain.get(other):
                    lines.append(f"- {name}, over {other}: {percent(gain[other])}; not below: {met(gain[other]['mean'] >= 0)}.")
        mean = summary["mean"].get(arm, {}).get("in domain")
        if mean:
            lines.append(f"- mean of all over random, {MEAN:+.0%} or more: {met(mean['mean'] >= MEAN)}, {percent(mean)}.")
        said.append(f"Goals of **{arm}** (relative, paired by seed, 95 % interval):\n\n" + "\n".join(lines))
    return said


def elsewhere(found: Figures) -> str:
    """Relative gains out of domain."""
    summary, names = found["summary"], list(found["sources"])
    rows = []
    for arm in arms_of(found):
        if arm == "random":
            continue
        for name in names:
            gain = summary[name].get(arm, {}).get("gain", {})
            rows.append([arm, name, *(percent(gain.get(score, {}).get("random")) for score in ELSEWHERE)])
        rows.append([arm, "mean of all", *(percent(summary["mean"].get(arm, {}).get(score)) for score in ELSEWHERE)])
    lines = []
    for arm in (DEFAULT, CLAIMED, PIECES):
        mean = summary["mean"].get(arm, {})
        for score in (one for one in ELSEWHERE if mean.get(one)):
            lines.append(f"- {arm}, {score}, no more than {-LOSS:.1%} lost: {met(mean[score]['mean'] >= LOSS)}, {percent(mean[score])}.")
    table = grid(["batches", "learnt from", *ELSEWHERE], rows)
    return f"Out of domain, relative to random:\n\n{table}\n\n" + "\n".join(lines)


def cost() -> str:
    """What a step costs where users run it."""
    settled = read("stratified_settled") or {}
    rows = [
        [name, arm, f"{one['ms_a_step']:.0f}", f"{one['steps']:,}", f"{one['ms_a_step'] * one['steps'] / 1000:.0f}"]
        for name, arms in settled.get("cost by the trainer", {}).items()
        for arm, one in arms.items()
    ]
    if not rows:
        return ""
    head = ["source", "batches", "CPU ms a step", "steps", "CPU s in all"]
    said = f"In the trainer, which tokenises every batch:\n\n{grid(head, rows)}"
    check = settled.get("check against the trainer")
    if check:
        said += (
            f"\n\nThe loop of the benchmark and the trainer, {check['steps']} steps from the same weights: largest difference of any weight"
            f" {check['largest_difference_of_weights']:.1e}, NDCG@10 {check['ndcg']:.5f} and {check['trainer_ndcg']:.5f}."
        )
    return said


def sampler() -> str:
    found = read("sampler")
    if not found:
        return "### The sampler\n\nnot measured yet"
    rows = [
        [
            name,
            f"{run['clusters']:,}",
            f"{run['seconds to sort']:.1f} s",
            f"{run['batches a second']:,.0f}",
            f"{run['peak mb above']:.0f} MB",
        ]
        for name, run in found["runs"].items()
    ]
    fast = min(run["batches a second"] for run in found["runs"].values()) >= 1000
    small = max(run["peak mb above"] for run in found["runs"].values()) <= 200
    head = ["batches", "clusters", "sorted once in", "batches a second", "peak above the labels"]
    said = f"Goals: 1,000 batches a second, the plan of the epoch included: {met(fast)}; 200 MB: {met(small)}."
    return f"### The sampler: {found['rows']:,} rows, batches of {found['batch']}\n\n{grid(head, rows)}\n\n{said}"


if __name__ == "__main__":
    print(stratified(), sampler(), sep="\n\n")
