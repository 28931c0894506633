"""The tables of docs/benchmarks.md, made from the committed results: `make bench` prints them, `--write` puts them in the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tables_correction import correction, label_errors, unfamiliar
from tables_deep import deep
from tables_parts import grid, met, read
from tables_rounds import rounds
from tables_soft import soft, soft_speed
from tables_stratified import sampler, stratified

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def themes() -> str:
    found = read("themes")
    if not found:
        return "### Themes\n\nnot measured yet"
    names = list(found["sets"])
    methods = list(found["mean_ami"])

    def cell(name: str, method: str) -> str:
        one = found["sets"][name][method]
        dropped = one["unassigned"]["mean"]
        return f"{one['ami']['mean']:.3f} ± {one['ami']['sd']:.3f}" + (f" ({dropped:.0%} dropped)" if dropped >= 0.01 else "")

    rows = [[m, *(cell(s, m) for s in names), f"**{found['mean_ami'][m]:.3f}**"] for m in methods]
    chosen = [
        "groups found (true number)",
        *(f"{found['sets'][s]['matomari']['groups'][0]} ({found['sets'][s]['true_groups']})" for s in names),
        "",
    ]
    ours, peers = found["mean_ami"]["matomari"], [v for m, v in found["mean_ami"].items() if m != "matomari"]
    low, high = found["gain_over_told_k"]["interval"]
    said = f"Goal: above k-means told the true k, and above every peer: {met(ours > max(peers))}. Gain over told k, paired by seed: 95 % interval {low:+.3f} to {high:+.3f}."
    return f"### Themes: AMI, no number given, MiniLM vectors\n\n{grid(['', *names, 'mean'], [*rows, chosen])}\n\nAn unassigned item counts as a group of its own. {said}"


def variants() -> str:
    found = read("variants")
    if not found:
        return "### Variants\n\nnot measured yet"
    names = list(found["sets"])
    rows = [
        ["matomari, no threshold", *(f"{found['sets'][s]['matomari']['f1']:.3f}" for s in names), f"**{found['mean_f1']['matomari']:.3f}**"]
    ]
    for peer, one in found["average linkage at the best single threshold"].items():
        rows.append(
            [
                f"average linkage, {peer}, best single threshold ({one['threshold']})",
                *(f"{one[s]:.3f}" for s in names),
                f"{one['mean']:.3f}",
            ]
        )
        rows.append(["the same, best threshold for each set", *(f"{one['best_per_set'][s]:.3f}" for s in names), ""])
    rows.append(
        [
            "sentence-transformers community_detection",
            *(f"{found['sets'][s]['community_detection']:.3f}" for s in names),
            f"{found['mean_f1']['community_detection']:.3f}",
        ]
    )
    peers = [one["mean"] for one in found["average linkage at the best single threshold"].values()] + [
        found["mean_f1"]["community_detection"]
    ]
    if blind := unseen("variants"):
        rows.insert(
            1, ["the same, constants chosen without the set", *(f"{blind['sets'][s]['f1']:.3f}" for s in names), f"{blind['mean']:.3f}"]
        )
    nearest = max(
        found["average linkage at the best single threshold"],
        key=lambda q: found["average linkage at the best single threshold"][q]["mean"],
    )
    rows.append(
        [
            f"lead over average linkage, {nearest}, 95 %",
            *("{:+.3f} to {:+.3f}".format(*found["sets"][s]["lead"][nearest]) for s in names),
            "",
        ]
    )
    goal = met(found["mean_f1"]["matomari"] > max(peers))
    return f"### Variants: pairwise F1\n\n{grid(['', *names, 'mean'], rows)}\n\nGoal: above each peer at the threshold that labels would choose for all four sets: {goal}."


def unseen(name: str) -> dict[str, Any] | None:
    """What constants give that were chosen on everything but the set they are scored on."""
    found = read(f"settle_{name}")
    if not found:
        return None
    if name == "themes":
        return found["leave one set out"]
    whole = found["reported only"]["leave one set out"]["from whole sets"]
    return {"mean": whole["mean_f1"], "sets": whole["sets"]}


def settled() -> str:
    """How far the constants rest on development data alone."""
    themes, variants = read("settle_themes"), read("settle_variants")
    if not themes or not variants:
        return "### What the constants rest on\n\nnot measured yet"
    dev, bench = themes["development"]["mean"], themes["benchmark, reported only"]["mean"]
    kept, given = variants["mean_f1"], variants["reported only"]["mean_f1"]["benchmark"]
    rows = [
        [
            f"themes, AMI, best on development data: (fewest groups, slack) = {tuple(themes['chosen'])}",
            f"{dev['chosen']:.3f}",
            f"{dev['k-means, told the true k']:.3f}",
            f"{bench['chosen']:.3f}",
            f"{unseen('themes')['mean']:.3f}",  # type: ignore[index]
        ],
        ["themes, AMI, as shipped: (5, 0.04)", f"{themes['grid']['5, 0.04']:.3f}", "", "", ""],
        [
            f"variants, F1, best on development data: (meaning, conflict, standing out, cut) = {tuple(variants['chosen'])}",
            f"{kept['chosen']:.3f}",
            "",
            f"{given['chosen']:.3f}",
            f"{unseen('variants')['mean']:.3f}",  # type: ignore[index]
        ],
        [f"variants, F1, as shipped: {tuple(variants['present'])}", f"{kept['present']:.3f}", "", f"{given['present']:.3f}", ""],
    ]
    head = ["", "development sets", "k-means, told the true k, there", "benchmark sets", "benchmark, each with constants chosen without it"]
    return f"### What the constants rest on\n\n{grid(head, rows)}"


def encode() -> str:
    found = read("encode")
    if not found:
        return "### Encoding\n\nnot measured yet"
    ratio, sts, stock, ours = (found[key] for key in ("ratio", "sts_b_test_spearman", "stock_texts_per_second", "ours_texts_per_second"))
    loss = sts["stock"] - sts["ours"]
    rows = [
        [
            "texts a second, ours / SentenceTransformer.encode at its defaults",
            f"{ratio['median']:.2f} (from {ratio['min']:.2f} to {ratio['max']:.2f})",
            "≥ 3",
            met(ratio["median"] >= 3),
        ],
        [
            "texts a second (stock, float32 ONNX, ours)",
            f"{stock['median']:,.0f}, {found['onnx_float32_texts_per_second']:,.0f}, {ours['median']:,.0f}",
            "",
            "",
        ],
        ["STS-B test Spearman, stock and ours", f"{sts['stock']:.2f}, {sts['ours']:.2f}", "within 0.5", met(loss <= 0.5)],
        ["top-10 neighbour overlap on the same texts", f"{found['top10_overlap']:.3f}", "≥ 0.92", met(found["top10_overlap"] >= 0.92)],
        ["making the graph ready, once a model", f"{found['preparation_seconds']:.1f} s", "", ""],
    ]
    return f"### Encoding: {found['texts']:,} Banking77 texts, MiniLM, {found['machine']['threads']} threads\n\n{grid(['measure', 'value', 'goal', ''], rows)}"


def kmeans() -> str:
    found = read("kmeans")
    if not found:
        return "### Spherical k-means\n\nnot measured yet"
    ratio, inertia, million = found["time_ratio"], found["inertia_ratio"], found["million_mapped"]
    middle = sorted(ratio["values"])[len(ratio["values"]) // 2]
    rows = [
        [
            "time, ours / faiss, equal iterations and start",
            f"median {middle:.2f} (from {min(ratio['values']):.2f} to {max(ratio['values']):.2f})",
            "≤ 1.1",
            met(middle <= 1.1),
        ],
        ["inertia, ours / faiss", f"{inertia['mean']:.4f}", "1", met(inertia["mean"] <= 1.005)],
        [
            "peak memory, 1 M × 384 mapped, k = 256",
            f"{million['peak_gb']:.2f} GB in {million['seconds']:.0f} s",
            "≤ 3 GB",
            met(million["peak_gb"] <= 3),
        ],
    ]
    return f"### Spherical k-means\n\n{grid(['measure', 'value', 'goal', ''], rows)}"


def assign() -> str:
    found = read("assign")
    if not found:
        return "### Placing new texts\n\nnot measured yet"
    rows = []
    for name, one in found.items():
        if name not in ("versions", "machine"):
            rate = one["vectors_per_second"]
            rows.append(
                [
                    name,
                    f"{one['known_texts']:,}",
                    str(one["groups"]),
                    f"{rate['mean']:,.0f} ± {rate['sd']:,.0f}",
                    met(rate["mean"] >= 20_000),
                    f"{one['as_exact_search']:.1%}",
                ]
            )
    return f"### Placing new texts: vectors a second, beyond encoding (goal 20,000)\n\n{grid(['set', 'known texts', 'groups', 'vectors a second', '', 'placed as by exact search'], rows)}"


def end_to_end() -> str:
    found = read("end_to_end")
    if not found:
        return "### From file to folder\n\nnot measured yet"
    rows = [
        [label, f"{found[label]['seconds']:.0f} s", f"{found[label]['peak_gb']:.2f} GB"]
        for label in ("matomari", "matomari, again", "BERTopic")
    ]
    goals = [
        f"at most half of BERTopic's time: {found['ratio']:.2f}, {met(found['ratio'] <= 0.5)}",
        f"peak at most 2 GB: {met(found['matomari']['peak_gb'] <= 2)}",
        f"again with cached vectors in at most 60 s: {met(found['matomari, again']['seconds'] <= 60)}",
    ]
    return (
        f"### From file to folder: {found['rows']:,} short texts\n\n{grid(['', 'time', 'peak memory'], rows)}\n\nGoals: {'; '.join(goals)}."
    )


def summary() -> str:
    """The few rows of the README: ours beside the best peer."""
    rows = []
    if found := read("themes"):
        peer, value = max(((m, v) for m, v in found["mean_ami"].items() if m != "matomari"), key=lambda p: p[1])
        rows.append(
            [
                "themes, AMI over five sets, no number given",
                f"{found['mean_ami']['matomari']:.3f}",
                blind("themes"),
                f"{value:.3f} ({peer})",
            ]
        )
    if found := read("variants"):
        single = found["average linkage at the best single threshold"]
        peer = max(single, key=lambda p: single[p]["mean"])
        best = f"{single[peer]['mean']:.3f} (average linkage, {peer}, threshold chosen with labels)"
        rows.append(
            ["variants, pairwise F1 over four sets, no threshold given", f"{found['mean_f1']['matomari']:.3f}", blind("variants"), best]
        )
    if found := read("end_to_end"):
        ours, theirs = (f"{found[label]['seconds']:.0f} s" for label in ("matomari", "BERTopic"))
        rows.append([f"{found['rows']:,} texts, file to folder", ours, "", f"{theirs} (BERTopic, same encoder)"])
    head = [
        "measured, one setting for all sets ([all tables](docs/benchmarks.md))",
        "matomari",
        "[constants chosen without the set](docs/how-many.md)",
        "best peer",
    ]
    return grid(head, rows)


def blind(name: str) -> str:
    found = unseen(name)
    return f"{found['mean']:.3f}" if found else ""


def put(page: Path, mark: str, body: str) -> None:
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text.split(begin)[0]}{begin}\n{body}\n{end}{text.split(end)[1]}", encoding="utf-8")


def main() -> None:
    body = "\n\n".join(
        make()
        for make in (
            themes,
            variants,
            settled,
            encode,
            kmeans,
            assign,
            end_to_end,
            soft,
            soft_speed,
            deep,
            stratified,
            sampler,
            rounds,
            correction,
            label_errors,
            unfamiliar,
        )
    )
    if "--write" in sys.argv:
        put(PAGE, "tables", body)
        put(PAGE.parents[1] / "README.md", "results", summary())
    else:
        print(body)


if __name__ == "__main__":
    main()
