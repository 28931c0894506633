"""The harness of the benchmarks: its arithmetic, and that a loop goes on where it was stopped."""

from __future__ import annotations

import statistics as plain
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from harness import loop, machine, results, statistics, sweep, table

BENCHMARKS = sys.path.pop(0)  # no other test sees its names
FIRST = [0.3, -0.1, 0.25, 0.7, 0.05, 0.4]
SECOND = [0.1, 0.1, 0.2, 0.3, 0.15, 0.1]
GAINS = [a - b for a, b in zip(FIRST, SECOND, strict=True)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of these tests are nobody's results."""
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def test_spread_is_that_of_a_sample() -> None:
    figures = statistics.spread(FIRST)
    assert figures["mean"] == pytest.approx(plain.mean(FIRST))
    assert figures["sd"] == pytest.approx(plain.stdev(FIRST))
    assert figures["values"] == FIRST


def test_a_single_value_has_no_spread() -> None:
    assert statistics.spread([0.5]) == {"mean": 0.5, "sd": 0.0, "values": [0.5]}


def test_spreads_go_over_runs() -> None:
    runs = [{"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 5.0}]
    assert statistics.spreads(runs) == {"a": statistics.spread([1.0, 3.0]), "b": statistics.spread([2.0, 5.0])}
    assert list(statistics.spreads(runs, ["b"])) == ["b"]


def test_interval_is_the_percentile_bootstrap_of_a_plain_loop() -> None:
    drawn = np.random.default_rng(0).choice(GAINS, (10_000, len(GAINS))).tolist()
    means = sorted(sum(row) / len(row) for row in drawn)

    def quantile(share: float) -> float:
        place = share * (len(means) - 1)
        below = int(place)
        return means[below] + (place - below) * (means[below + 1] - means[below])

    assert statistics.interval(GAINS) == pytest.approx([quantile(0.025), quantile(0.975)])


def test_interval_agrees_with_scipy() -> None:
    gains = np.random.default_rng(3).normal(0.2, 1, 40)
    theirs = stats.bootstrap((gains,), np.mean, n_resamples=10_000, method="percentile", random_state=1).confidence_interval
    assert statistics.interval(gains) == pytest.approx(list(theirs), abs=0.03)


def test_paired_gains_have_the_tests_of_scipy() -> None:
    figures = statistics.tested(GAINS)
    assert figures["mean"] == pytest.approx(plain.mean(GAINS))
    assert figures["interval"] == statistics.interval(GAINS)
    assert figures["t"] == pytest.approx(stats.ttest_rel(FIRST, SECOND).pvalue)
    assert figures["wilcoxon"] == pytest.approx(stats.wilcoxon(FIRST, SECOND).pvalue)


@pytest.mark.parametrize("gains", [[0.1], [0.0, 0.0, 0.0], [0.2, 0.2]])
def test_no_difference_among_gains_is_no_evidence(gains: list[float]) -> None:
    figures = statistics.tested(gains)
    assert (figures["t"], figures["wilcoxon"]) == (1.0, 1.0)


def test_holm_goes_over_all_hypotheses_and_each_test_by_itself() -> None:
    hypotheses = [{"t": p, "wilcoxon": 1 - p} for p in (0.01, 0.6, 0.03, 0.02)]
    statistics.correct(hypotheses)
    for name in ("t", "wilcoxon"):
        raised, highest = {}, 0.0
        for place, p in enumerate(sorted(h[name] for h in hypotheses)):
            highest = raised[p] = min(1.0, max(highest, p * (len(hypotheses) - place)))
        assert [h[f"{name} Holm"] for h in hypotheses] == pytest.approx([raised[h[name]] for h in hypotheses])


PLAN = {"small": range(3), "large": range(2)}


def run(title: str, seed: int, arms: list[str]) -> dict[str, dict[str, Any]]:
    return {arm: {"of": f"{title} {seed} {arm}"} for arm in arms}


class Stopped(Exception):
    """The end of a process, for a test."""


class Runs:
    """Counts what was measured, and stops after so many calls."""

    def __init__(self, stop: int = 1000) -> None:
        self.calls: list[tuple[str, int, tuple[str, ...]]] = []
        self.stop = stop

    def __call__(self, title: str, seed: int, arms: list[str]) -> dict[str, dict[str, Any]]:
        if len(self.calls) == self.stop:
            raise Stopped
        self.calls.append((title, seed, tuple(arms)))
        return run(title, seed, arms)


def by_plain_loop(arms: list[str]) -> dict[str, Any]:
    return {title: {str(seed): run(title, seed, arms) for seed in seeds} for title, seeds in PLAN.items()}


@pytest.mark.parametrize("stop", range(6))
def test_a_loop_goes_on_where_it_was_stopped(stop: int) -> None:
    first, second = Runs(stop), Runs()
    try:
        loop.measure(loop.Table("x"), PLAN, ["a", "b"], first)
    except Stopped:
        assert len(first.calls) == stop
    loop.measure(loop.Table("x"), PLAN, ["a", "b"], second)
    assert first.calls + second.calls == [(title, seed, ("a", "b")) for title, seeds in PLAN.items() for seed in seeds]
    assert results.read("x")["table"] == by_plain_loop(["a", "b"])


def test_a_new_arm_is_measured_alone() -> None:
    loop.measure(loop.Table("x"), PLAN, ["a"], run)
    counted = Runs()
    loop.measure(loop.Table("x"), PLAN, ["a", "b"], counted)
    assert {arms for *_, arms in counted.calls} == {("b",)}
    assert results.read("x")["table"] == by_plain_loop(["a", "b"])


def test_arms_first_are_measured_each_by_itself() -> None:
    counted = Runs()
    loop.measure(loop.Table("x", "sources"), {"s": range(2)}, ["a", "b"], counted, arms_first=True)
    assert [arms for *_, arms in counted.calls] == [("a",), ("b",), ("a",), ("b",)]
    arms = {arm: {seed: {"of": f"s {seed} {arm}"} for seed in "01"} for arm in "ab"}
    assert results.read("x")["sources"] == {"s": arms}


def test_two_that_measure_at_once_lose_nothing() -> None:
    first, second = loop.Table("x"), loop.Table("x")
    first.add({("small",): 1})
    second.add({("large",): 2})
    assert results.read("x")["table"] == {"small": 1, "large": 2}


def test_parts_become_one_file_in_the_order_of_the_titles(folder: Path) -> None:
    for part, title in (("1", "small"), ("2", "large")):
        loop.measure(loop.Table("x", part=part), {title: PLAN[title]}, ["a"], run)
    assert results.read("x") is None
    loop.Table("x", figures=lambda runs: {"table": runs, "titles": list(runs)}).merge(["large", "small"])
    merged = results.read("x")
    assert merged["table"] == by_plain_loop(["a"])
    assert merged["titles"] == ["large", "small"]
    assert [file.name for file in folder.iterdir()] == ["x.json"]


def test_words_are_titles_and_seeds() -> None:
    assert loop.asked(["Banking77, 10 a class", "3", "12"]) == (["Banking77, 10 a class"], [3, 12])


def child(folder: Path, code: str, *arguments: object) -> Any:
    """What a script of these lines reports from a process of its own."""
    script = folder / "child.py"
    lines = [f"import sys; sys.path.insert(0, {BENCHMARKS!r})", "from harness.machine import peak, report", code]
    script.write_text("\n".join(lines))
    return machine.child(str(script), *arguments)


def test_peak_stays_when_memory_is_given_back(tmp_path: Path) -> None:
    size = 2**28
    code = f"import numpy as np; before = peak(); held = np.ones({size}, np.uint8); del held; report({{'grown': peak() - before}})"
    assert 0.99 * size <= child(tmp_path, code)["grown"] <= 1.1 * size


def test_a_child_does_not_inherit_the_peak_of_its_parent(tmp_path: Path) -> None:
    held = np.ones(2**28, np.uint8)
    figures = child(tmp_path, "print('words before'); report({'peak': peak(), 'argument': sys.argv[1]})", 7)
    assert figures["argument"] == "7"
    assert 0 < figures["peak"] < held.nbytes / 2


def test_clock_tells_wall_from_cpu() -> None:
    with machine.Clock() as clock:
        time.sleep(0.2)
    assert clock.seconds >= 0.2
    assert clock.cpu_seconds < 0.1


def test_a_section_without_its_file_is_not_measured() -> None:
    @table.section("Speed", "x", "y")
    def section(x: dict[str, Any], y: dict[str, Any]) -> Iterator[str]:
        yield f": {x['n']} rows"
        yield ""
        yield table.grid(["a", "b"], [["1", str(y["n"])]])

    results.write("x", {"n": 3})
    assert section() == "### Speed\n\nnot measured yet"
    results.write("y", {"n": 4})
    assert section() == "### Speed: 3 rows\n\n| a | b |\n|---|---|\n| 1 | 4 |"


def test_a_sweep_chooses_what_a_plain_loop_chooses() -> None:
    settings = list("abcd")
    scores = {"one": np.array([0.9, 0.5, 0.0, 0.8]), "two": np.array([0.0, 0.6, 0.7, 0.2]), "three": np.array([0.6, 0.5, 0.8, 0.3])}
    table_of = sweep.Sweep(settings, scores)

    def mean(setting: str, names: list[str]) -> float:
        return sum(float(scores[name][settings.index(setting)]) for name in names) / len(names)

    names = list(scores)
    best = max(settings, key=lambda setting: mean(setting, names))
    assert table_of.best() == best
    assert table_of.at("c") == pytest.approx(mean("c", names))
    assert table_of.of("two", "c") == 0.7
    assert table_of.near(0.04) == [setting for setting in settings if mean(setting, names) >= mean(best, names) - 0.04]
    assert len({table_of.without(name).best() for name in names}) > 1  # else the next lines would see nothing
    for name in names:
        rest = [other for other in names if other != name]
        assert table_of.without(name).best() == max(settings, key=lambda setting: mean(setting, rest))
    assert list((table_of.only(["one"]) | table_of.only(["three"])).scores) == ["one", "three"]


def test_what_is_remembered_is_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "CACHE", tmp_path)
    calls = []

    def make() -> dict[str, Any]:
        calls.append(1)
        return {"f1": np.arange(3.0), "rows": 4}

    before, after = (sweep.remembered("x", b"texts", make) for _ in range(2))
    assert all(np.array_equal(a["f1"], np.arange(3.0)) and a["rows"] == 4 for a in (before, after))
    assert len(calls) == 1
    sweep.remembered("x", b"others", make)
    assert len(calls) == 2
