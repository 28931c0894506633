"""Ranking metrics: against trec_eval through pytrec_eval and ir_measures, plain loops, and a case worked by hand."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import ir_measures
import pytest
import pytrec_eval

from matomari.errors import InputError
from matomari.metrics.ranking import (
    average_precision,
    has_relevant,
    mean_scores,
    ndcg,
    query_scores,
    ranking,
    recall,
    reciprocal_rank,
    run_scores,
)

EXACT = 1e-9
CUTS = [1, 3, 5, 10, 100]
IDS = [*(f"d{i}" for i in range(25)), "D3", "d", "é", "日本", "\uffee", "𝄞", "10", "9", "-1", "a b"]

Run = dict[str, dict[str, float]]
Qrels = dict[str, dict[str, int]]


def random_case(seed: int) -> tuple[Run, Qrels]:
    """Scores full of ties, documents judged and not found and the reverse, queries without results or without judgement."""
    rng = random.Random(seed)
    # the last two differ in double precision alone, which trec_eval does not see
    scores = [0.0, -0.0, 0.25, 0.5, 1.0, -3.0, 1e30, 0.7, 0.7 + 1e-12] if seed % 2 else [rng.uniform(-1, 1) for _ in range(50)]
    run: Run = {}
    qrels: Qrels = {}
    for query in (f"q{i}" for i in range(8)):
        run[query] = {id: rng.choice(scores) for id in rng.sample(IDS, rng.randint(0, len(IDS)))}
        qrels[query] = {id: rng.choice([-1, 0, 0, 1, 1, 2, 5]) for id in rng.sample(IDS, rng.randint(1, len(IDS)))}
    run["unjudged"] = {"d1": 1.0}
    qrels["irrelevant"] = {"d1": 0, "d2": -1}
    qrels["unanswered"] = {"d1": 1}
    return run, qrels


@pytest.mark.parametrize("seed", range(60))
def test_against_trec_eval(seed: int) -> None:
    run, qrels = random_case(seed)
    kept = {query: judged for query, judged in qrels.items() if has_relevant(judged)}
    cuts = ",".join(map(str, CUTS))
    asked = {f"ndcg_cut.{cuts}", f"recall.{cuts}", "map", f"map_cut.{cuts}", "recip_rank"}
    expected = pytrec_eval.RelevanceEvaluator(kept, asked).evaluate({query: run.get(query, {}) for query in kept})
    found = run_scores(run, qrels, CUTS)
    assert set(found.queries) == set(expected) == set(kept)
    for query, theirs in expected.items():
        ours = found.queries[query]
        assert ours["map"] == pytest.approx(theirs["map"], abs=EXACT)
        gains = [kept[query].get(id, 0) for id in ranking(run.get(query, {}))]
        assert reciprocal_rank(gains) == pytest.approx(theirs["recip_rank"], abs=EXACT)
        for k in CUTS:
            assert ours[f"ndcg@{k}"] == pytest.approx(theirs[f"ndcg_cut_{k}"], abs=EXACT)
            assert ours[f"recall@{k}"] == pytest.approx(theirs[f"recall_{k}"], abs=EXACT)
            assert average_precision(gains, list(kept[query].values()), k) == pytest.approx(theirs[f"map_cut_{k}"], abs=EXACT)
            first = theirs["recip_rank"] if theirs["recip_rank"] > 1 / (k + 0.5) else 0.0
            assert ours[f"mrr@{k}"] == pytest.approx(first, abs=EXACT)


@pytest.mark.parametrize("seed", range(60))
def test_means_against_ir_measures(seed: int) -> None:
    run, qrels = random_case(seed)
    kept = {query: judged for query, judged in qrels.items() if has_relevant(judged)}
    measures = [ir_measures.AP, ir_measures.RR, *(m @ k for m in (ir_measures.nDCG, ir_measures.R) for k in CUTS)]
    theirs = {str(name): value for name, value in ir_measures.calc_aggregate(measures, kept, run).items()}
    ours = run_scores(run, qrels, CUTS).mean
    assert ours["map"] == pytest.approx(theirs["AP"], abs=EXACT)
    assert ours["mrr@100"] == pytest.approx(theirs["RR"], abs=EXACT)
    for k in CUTS:
        assert ours[f"ndcg@{k}"] == pytest.approx(theirs[f"nDCG@{k}"], abs=EXACT)
        assert ours[f"recall@{k}"] == pytest.approx(theirs[f"R@{k}"], abs=EXACT)


def by_loop(gains: Sequence[int], judged: Sequence[int], k: int) -> dict[str, float]:
    """Every metric as its definition reads, one document after another."""
    relevant = len([g for g in judged if g > 0])
    dcg = ideal = precisions = first = 0.0
    seen = 0
    for rank, gain in enumerate(gains[:k], 1):
        if gain > 0:
            seen += 1
            dcg += gain / math.log2(rank + 1)
            precisions += seen / rank
            first = first or 1 / rank
    for rank, gain in enumerate(sorted((g for g in judged if g > 0), reverse=True)[:k], 1):
        ideal += gain / math.log2(rank + 1)
    if not relevant:
        return {"ndcg": 0.0, "recall": 0.0, "ap": 0.0, "rr": 0.0}
    return {"ndcg": dcg / ideal, "recall": seen / relevant, "ap": precisions / relevant, "rr": first}


@pytest.mark.parametrize("seed", range(40))
def test_each_metric_against_a_loop(seed: int) -> None:
    rng = random.Random(seed)
    judged = [rng.choice([-2, 0, 1, 3]) for _ in range(rng.randint(1, 15))]
    gains = rng.sample(judged, rng.randint(0, len(judged))) + [0] * rng.randint(0, 4)
    rng.shuffle(gains)
    for k in (1, 2, 7, 100):
        found = {"ndcg": ndcg(gains, judged, k), "recall": recall(gains, judged, k)}
        found |= {"ap": average_precision(gains, judged, k), "rr": reciprocal_rank(gains, k)}
        assert found == pytest.approx(by_loop(gains, judged, k), abs=1e-12)
        assert {type(value) for value in found.values()} == {float}


def test_by_hand() -> None:
    """Found: x, b (2), a (1), y; judged a 1, b 2, c 1, z 0. c is never found."""
    found = query_scores(["x", "b", "a", "y"], {"a": 1, "b": 2, "c": 1, "z": 0}, k=[2, 3])
    log3 = math.log2(3)
    assert found == pytest.approx(
        {
            "ndcg@2": (2 / log3) / (2 + 1 / log3),
            "ndcg@3": (2 / log3 + 1 / 2) / (2 + 1 / log3 + 1 / 2),
            "mrr@2": 1 / 2,
            "mrr@3": 1 / 2,
            "recall@2": 1 / 3,
            "recall@3": 2 / 3,
            "map": (1 / 2 + 2 / 3) / 3,
        },
        abs=1e-12,
    )
    assert list(found) == ["ndcg@2", "ndcg@3", "mrr@2", "mrr@3", "recall@2", "recall@3", "map"]


def test_ties_go_to_the_higher_id() -> None:
    assert ranking({"a": 1.0, "c": 1.0, "b": 2.0, "10": 1.0, "9": 1.0}) == ["b", "c", "a", "9", "10"]
    assert ranking({"a": 0.5 + 1e-12, "b": 0.5}) == ["b", "a"]  # equal in single precision
    assert ranking({"a": 0.5 + 1e-6, "b": 0.5}) == ["a", "b"]
    assert ranking({"a": 1e300, "b": 1e200, "c": 1.0}) == ["b", "a", "c"]
    assert ranking({}) == []


def test_what_cannot_be_scored_is_left_out_and_counted() -> None:
    run = {"good": {"a": 1.0}, "none": {"a": 1.0}, "stranger": {"a": 1.0}, "other": {"a": 1.0}}
    qrels = {"good": {"a": 1}, "none": {"a": 0, "b": -1}, "missed": {"a": 1}}
    found = run_scores(run, qrels, [10])
    assert set(found.queries) == {"good", "missed"}
    assert (found.without_relevant, found.without_judgement) == (1, 2)
    assert found.queries["missed"] == dict.fromkeys(found.mean, 0.0)
    assert found.mean == {"ndcg@10": 0.5, "mrr@10": 0.5, "recall@10": 0.5, "map": 0.5}


def test_nothing_to_score_is_an_error() -> None:
    with pytest.raises(InputError, match="no query has a relevant document"):
        run_scores({"q": {"a": 1.0}}, {"q": {"a": 0}})
    with pytest.raises(InputError, match="no query"):
        mean_scores({})


def test_scores_that_are_no_numbers_and_rankings_that_repeat_are_refused() -> None:
    with pytest.raises(InputError, match="document 'b' is NaN"):
        ranking({"a": 1.0, "b": math.nan})
    with pytest.raises(InputError, match="'b' stands twice"):
        query_scores(["a", "b", "b"], {"a": 1})


@pytest.mark.parametrize("k", [[], [0], [-1, 10], [2.5], [True], "10", ["10"]])
def test_cut_offs_are_checked(k: Any) -> None:
    with pytest.raises(InputError, match="'k' parameter"):
        query_scores(["a"], {"a": 1}, k)


def test_a_cut_off_may_repeat_or_stand_alone() -> None:
    assert query_scores(["a"], {"a": 1}, [3, 3]) == dict.fromkeys(["ndcg@3", "mrr@3", "recall@3", "map"], 1.0)
    assert query_scores(["a"], {"a": 1}, 3) == query_scores(["a"], {"a": 1}, [3])  # type: ignore[arg-type]
