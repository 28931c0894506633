"""The tables of soft k-means: what it finds, how sure it is, what it costs, and the deep stage."""

from __future__ import annotations

from collections.abc import Iterator

from harness.table import Figures, gain, grid, interval, listed, mean, met, section, spread

OURS, SINGLE, TEN, MIXTURE, RIM = "SoftKMeans", "k-means", "k-means, 10 starts", "GaussianMixture, spherical", "GemClus RIM"


@section("Soft k-means", "soft")
def soft(figures: Figures) -> Iterator[str]:
    """Accuracy, AMI and calibration error of every method on every set, and the goals."""
    sets: dict[str, Figures] = figures["sets"]
    first = next(iter(sets.values()))
    methods = [name for name, row in first.items() if isinstance(row, dict) and "acc" in row]

    def of(method: str, score: str) -> float:
        return mean(row[method][score]["mean"] for row in sets.values() if method in row)

    def table(score: str) -> str:
        def cells(method: str) -> Iterator[str]:
            return (spread(row[method][score]) if method in row else "not run" for row in sets.values())

        rows = [[method, *cells(method), f"**{of(method, score):.3f}**"] for method in methods if score in first[method]]
        return grid(["", *sets, "mean"], rows)

    yield ": told k, temperature found without labels, ten seeds"
    for title, score in (("Accuracy (ACC).", "acc"), ("AMI.", "ami"), (CALIBRATION, "ece")):
        yield title
        yield table(score)
    yield listed(_goals(figures, {method: of(method, "acc") for method in (OURS, TEN, MIXTURE, RIM)}, of(OURS, "ece")))


CALIBRATION = "Expected calibration error after matching groups to classes; lower is better."


def _goals(figures: Figures, acc: dict[str, float], ece: float) -> Iterator[str]:
    sets, total = figures["sets"], figures["mean gain"]
    points = {
        name: {"mean": 100 * row["gain"]["mean"], "interval": [100 * end for end in row["gain"]["interval"]]} for name, row in sets.items()
    }
    by_set = ", ".join(f"{name} {gain(figure, '+.1f')}" for name, figure in points.items())
    worst = min(sets, key=lambda name: sets[name]["gain"]["mean"])
    low = sets[worst]["gain"]["mean"]
    sd = mean(row[OURS]["acc"]["sd"] / max(row[SINGLE]["acc"]["sd"], 1e-9) for row in sets.values())
    sure = all(row[OURS]["ece"]["mean"] < row[MIXTURE]["ece"]["mean"] for row in sets.values())
    yield f"Gain over k-means with one start in points of ACC, paired by seed, 95 % interval: {by_set}."
    yield (
        f"Goal: mean at least +1 ({100 * total:+.1f}): {met(total >= 0.01)}; "
        f"no set below -0.5 (lowest {100 * low:+.1f}, {worst}): {met(low >= -0.005)}."
    )
    yield (
        f"Goal: mean ACC at least that of the mixture: {met(acc[OURS] >= acc[MIXTURE])}; of GemClus RIM: {met(acc[OURS] >= acc[RIM])};"
        f" of k-means with ten starts ({acc[OURS] - acc[TEN]:+.4f}): {met(acc[OURS] >= acc[TEN])}."
    )
    yield f"Goal: deviation over seeds at most half of that of k-means (mean ratio {sd:.2f}): {met(sd <= 0.5)}."
    yield (
        f"Goal: calibration error at most .08 on average ({ece:.3f}): {met(ece <= 0.08)}; below the mixture's on every set: {met(sure)}."
    )


@section("What soft k-means costs", "soft_speed")
def soft_speed(figures: Figures) -> Iterator[str]:
    """Whole fits beside scikit-learn's k-means, single passes, and memory."""
    rows = []
    for fit in figures["fits"]:
        seconds = (f"{mean(pair[kind] for pair in fit['seconds']):.1f} s" for kind in ("soft", "hard"))
        ratio = fit["ratio"]
        times = f"{ratio['mean']:.2f} ({interval((min(ratio['values']), max(ratio['values'])), '.2f')})"
        size = f"{fit['rows']:,} × {fit['columns']}, k = {fit['k']:,}"
        rows.append([size, *seconds, times, met(ratio["mean"] <= 2), f"{fit['inertia_ratio']['mean']:.4f}"])
    steps = ", ".join(f"k = {s['k']:,}: {s['ratio']['mean']:.2f} {met(s['ratio']['mean'] <= 1.8)}" for s in figures["steps"])
    big = figures["million_mapped"]
    above = big["peak_gb"] - big["map_gb"]
    yield ""
    yield (
        "A whole fit, with sixteen to four starts, the temperature and the calibration, against scikit-learn's"
        " KMeans with one start, in turn on one machine."
    )
    yield grid(["rows × columns", "SoftKMeans", "KMeans(n_init=1)", "ratio, goal ≤ 2", "", "inertia after one hard step, ratio"], rows)
    yield (
        f"A soft pass over one of our hard steps, goal ≤ 1.8: {steps}."
        f" 1 M × 384 mapped, k = 256: peak {big['peak_gb']:.2f} GB with the map's {big['map_gb']:.2f} GB counted as far as it is in memory,"
        f" that is {above:+.2f} GB (goal ≤ 1): {met(above <= 1)}; {big['seconds']:.0f} s for five passes."
    )


@section("Deep soft k-means", "deep")
def deep(figures: Figures) -> Iterator[str]:
    """NMI and accuracy of every method on every set, and the goal of each set."""
    sets, published = figures["sets"], figures["published"]

    def row(method: str) -> list[str]:
        scores = (s["methods"][method] for s in sets.values())
        return [method, *(f"{spread(score['nmi'])} / {score['acc']['mean']:.3f}" for score in scores)]

    rows = [row(method) for method in next(iter(sets.values()))["methods"]]
    rows.append(["published by Jabi et al. 2019", *(f"{published[n]['nmi']:.3f}" if n in published else "" for n in sets)])
    yield ": NMI (± sd) / ACC, told k"
    yield '"code" is the auto-encoder\'s code before prototypes join, paired by seed. N2D is a peer that needs UMAP.'
    yield grid(["", *sets], rows)
    yield listed(_deep_goal(name, s) for name, s in sets.items())


def _deep_goal(name: str, row: Figures) -> str:
    gains = {m: g for m, g in row["gain in NMI over"].items() if "SoftKMeans" not in m and "N2D" not in m}
    worst = min(gains, key=lambda m: gains[m]["mean"])
    least = gains[worst]
    trained = sum(run["kept"] == "trained" for run in row["runs"])
    return (
        f"{name} ({row['rows']:,} images, {len(row['runs'])} seeds, the trained code kept in {trained}): above k-means and mixtures on pixels"
        f" and on the code: {met(least['interval'][0] > 0)}"
        f" (least gain in NMI {least['mean']:+.3f}, 95 % interval {interval(least['interval'])}, over {worst})."
    )
