"""The table of the deep stage; run by itself it prints all tables of soft k-means."""

from __future__ import annotations

from tables_parts import grid, met, read
from tables_soft import soft, soft_speed

OURS = "DeepSoftKMeans"


def deep() -> str:
    found = read("deep")
    if not found:
        return "### Deep soft k-means\n\nnot measured yet"
    sets = found["sets"]
    methods = list(next(iter(sets.values()))["methods"])

    def cell(name: str, method: str) -> str:
        one = sets[name]["methods"][method]
        return f"{one['nmi']['mean']:.3f} ± {one['nmi']['sd']:.3f} / {one['acc']['mean']:.3f}"

    rows = [[method, *(cell(name, method) for name in sets)] for method in methods]
    rows.append(
        ["published by Jabi et al. 2019", *(f"{found['published'][n]['nmi']:.3f}" if n in found["published"] else "" for n in sets)]
    )
    goals = []
    for name, one in sets.items():
        gains = {m: g for m, g in one["gain in NMI over"].items() if "SoftKMeans" not in m and "N2D" not in m}
        worst = min(gains, key=lambda m: gains[m]["mean"])
        low, high = gains[worst]["interval"]
        kept = sum(run["kept"] == "trained" for run in one["runs"])
        goals.append(
            f"{name} ({one['rows']:,} images, {len(one['runs'])} seeds, the trained code kept in {kept}): above k-means and mixtures on pixels"
            f" and on the code: {met(low > 0)} (least gain in NMI {gains[worst]['mean']:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}, over {worst})."
        )
    return (
        '### Deep soft k-means: NMI (± sd) / ACC, told k\n\n"code" is the auto-encoder\'s code before prototypes join, paired by seed. N2D is a'
        " peer that needs UMAP.\n\n" + grid(["", *sets], rows) + "\n\n" + "\n".join(f"- {goal}" for goal in goals)
    )


if __name__ == "__main__":
    print(soft(), soft_speed(), deep(), sep="\n\n")
