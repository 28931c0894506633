"""Pairs of variants, merges and splits: what is asked, what an answer is worth, and what follows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from builders.material import blobs, session, truth_of
from matomari.operate.teach.stages import siblings
from matomari.operate.teach.stages.same import enough, pairs_of, shares_of
from matomari.operate.teach.stages.siblings import GroupsStage, granularity, merges, splits
from matomari.operate.teach.stages.spellings import ALONE, LARGER, SURE, TOGETHER, PairsStage
from matomari.operate.teach.stages.worth import believed, logit, prevalence, weight_of
from matomari.teach.question import Answer, certain
from matomari.teach.simulated import Simulated


def review(*rows: tuple[str, str, float, bool]) -> pa.Table:
    """Doubtful pairs, as a grouping of variants has them."""
    ids = {"id_a": [r[0] for r in rows], "id_b": [r[1] for r in rows]}
    return pa.table(
        ids
        | {"text_a": [r[0] for r in rows], "text_b": [r[1] for r in rows], "score": [r[2] for r in rows], "together": [r[3] for r in rows]}
    )


def test_the_cosine_of_a_pair_is_that_of_the_means_shown() -> None:
    material, _ = blobs()
    pairs = pairs_of(material, [((0, 1, 2), (40, 41)), ((5,), (6,))])
    one, two = material.X[[0, 1, 2]].mean(axis=0), material.X[[40, 41]].mean(axis=0)
    assert pairs.cosine[0] == pytest.approx(float(one @ two / np.linalg.norm(one) / np.linalg.norm(two)), abs=1e-6)
    assert pairs.cosine[1] == pytest.approx(float(material.X[5] @ material.X[6]), abs=1e-6)


def test_no_answer_is_no_number_and_one_answer_is_enough() -> None:
    silent = Answer(failure="cut off")
    assert np.isnan(shares_of([silent, silent])[0])
    assert shares_of([certain("A"), certain("B"), silent, certain("B"), certain("A"), silent]).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("seed", range(5))
def test_the_weight_of_an_answer_is_a_logistic_curve_through_the_probe(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = np.arange(40) % 2 == 0
    shares = 1 / (1 + np.exp(-rng.normal(np.where(truth, -0.5, -1.5), 0.5)))  # a teacher that says no too often
    intercept, slope = weight_of(shares, truth)
    x = logit(shares)
    scaled = ((x - x.mean()) / x.std())[:, None]
    odds = LogisticRegression(C=1.0).fit(scaled, truth).decision_function(scaled)
    assert np.allclose(intercept + slope * x, odds, atol=1e-3)


def test_a_teacher_worse_than_chance_is_not_turned_round() -> None:
    truth = np.arange(40) % 2 == 0
    assert weight_of(np.where(truth, 0.2, 0.8), truth) == (0.0, 0.0)
    assert weight_of(np.full(40, 0.5), np.ones(40, bool)) == (0.0, 0.0)


def test_what_is_believed_is_prior_odds_times_the_weight_and_the_prior_without_an_answer() -> None:
    both = believed(np.asarray([0.3, 0.3]), np.asarray([0.8, np.nan]), (0.4, 1.5))
    odds = 0.3 / 0.7 * np.exp(0.4) * (0.8 / 0.2) ** 1.5
    assert both[0] == pytest.approx(odds / (1 + odds))
    assert both[1] == pytest.approx(0.3)


def test_pairs_are_changed_where_the_teacher_and_the_score_agree_against_the_grouping() -> None:
    material, truth = blobs(12, 8)
    stage = PairsStage(
        session(material),
        review(("row0", "row1", 0.98, False), ("row0", "row8", 0.5, True), ("row2", "row3", 0.5, True), ("no", "row1", 0.5, True)),
        10,
    )
    teacher = Simulated(truth=truth_of(material, truth))
    assert stage.prove(teacher.ask([q for part in stage.probe() for q in part])).accepted
    questions = stage.questions()
    assert len(questions) == 3  # a row that is no first row of its text is not asked about, and one order is enough
    outcome = stage.conclude(teacher.ask(questions))
    assert [(p.do, p.what, p.to, p.recommended) for p in outcome.proposals] == [
        ("same", "row0", "row1", True),
        ("different", "row0", "row8", True),
    ]


def test_a_score_that_is_sure_outweighs_a_teacher() -> None:
    material, truth = blobs(12, 8)
    stage = PairsStage(session(material), review(("row0", "row8", 0.0, False)), 10)
    liar = Simulated(truth=truth_of(material, truth), right=0.9)
    stage.prove(liar.ask([q for part in stage.probe() for q in part]))
    asked = stage.questions()
    assert not stage.conclude([certain("A" if "A: yes" in question.task else "B") for question in asked]).proposals


def test_the_most_asked_about_are_the_first_of_the_review() -> None:
    material, _ = blobs(12, 8)
    stage = PairsStage(session(material), review(*[("row0", f"row{i}", 0.5, True) for i in range(1, 6)]), 2)
    assert {q.blocks[1].texts[0] for q in stage.questions()[::2]} == {material.texts[1], material.texts[2]}


def halved() -> tuple[object, np.ndarray]:
    """Six true classes, the first of which stands in two groups, and of which the last two stand in one."""
    material, truth = blobs(6, 40, wide=0.9)
    labels = truth.copy()
    labels[truth == 5] = 4
    labels[(truth == 0) & (np.arange(len(truth)) % 2 == 1)] = 5
    finer = np.where(truth == 5, 6, labels)
    names = [f"group {g}" for g in range(6)]
    changed = dataclasses.replace(material, labels=labels, finer=finer, names=names, finer_names=[f"part {g}" for g in range(7)])
    return changed, truth


def test_a_class_in_two_groups_is_offered_as_a_merge_and_two_in_one_as_a_split() -> None:
    material, _ = halved()
    assert {(c.what, c.to) for c in merges(material)} >= {("group 5", "group 0")} or {(c.what, c.to) for c in merges(material)} >= {
        ("group 0", "group 5")
    }
    assert [(c.what, c.to) for c in splits(material)] == [("group 4", "part 6")]


def test_merges_and_splits_follow_the_answers() -> None:
    material, _ = halved()
    stage = GroupsStage(session(material))
    stage._weight = (0.0, 3.0)  # an answer of .8 to .2 is worth 64 to 1
    questions = stage.questions()
    candidates = [*merges(material), *splits(material)]
    assert len(questions) == 2 * len(candidates)
    yes, no = [certain("A"), certain("B")], [certain("B"), certain("A")]
    outcome = stage.conclude([answer for c in candidates for answer in (yes if c.do == "merge" else no)])
    assert all(p.recommended for p in outcome.proposals)
    assert {p.do for p in outcome.proposals} == {"merge", "split"}
    stage._weight = (0.0, 0.0)  # answers that are worth nothing leave everything as it is
    assert not stage.conclude([answer for c in candidates for answer in (yes if c.do == "merge" else no)]).proposals
    assert siblings.APART < 0.5 <= siblings.TOGETHER


@pytest.mark.parametrize(("several", "proposed"), [(False, True), (True, False)])
def test_the_likeliest_pair_of_two_large_groups_is_less_likely_than_it_looks(several: bool, proposed: bool) -> None:
    """One of 8 times 8 pairs, which are against it 64 to 1, where a teacher right in all 40 cases of the probe is worth some 20 to 1."""
    material, truth = blobs(12, 8)
    labels = truth.copy() if several else np.arange(len(truth))
    grouped = dataclasses.replace(material, labels=labels, names=[f"group {g}" for g in range(labels.max() + 1)])
    stage = PairsStage(session(material), review(("row0", "row8", 0.5, False)), 10)
    stage.prove(Simulated(truth=truth_of(material, truth)).ask(stage.probe()[0]))
    stage.session.material = grouped
    (question,) = stage.questions()
    assert bool(stage.conclude([certain("A" if "A: yes" in question.task else "B")]).proposals) is proposed


def test_pairs_of_texts_that_stand_alone_come_first_and_need_less() -> None:
    material, truth = blobs(12, 8)
    labels = truth.copy()
    labels[[0, 8]] = 12, 13  # two texts alone
    grouped = dataclasses.replace(material, labels=labels, names=[f"group {g}" for g in range(14)])
    rows = [("row16", "row17", 0.5, True), ("row24", "row32", 0.4, False), ("row0", "row8", 0.3, False)]
    stage = PairsStage(session(grouped), review(*rows), 2)
    assert [q.blocks[0].texts[0] for q in stage.questions()[::2]] == [material.texts[0], material.texts[16]]
    assert SURE[ALONE] < SURE[LARGER] < SURE[TOGETHER]  # what other pairs hold together is seldom wrong


def test_how_often_pairs_are_one_is_learnt_from_the_answers() -> None:
    """Of a teacher that is right in 85 of 100: where all are one thing its errors are no splits, and where none is they are no merges."""
    weight = (0.0, float(np.log(0.85 / 0.15) / logit(0.9)))
    for true in (0.0, 0.3, 0.7, 1.0):
        says = np.repeat([0.9, 0.1], [round(1000 * (0.85 * true + 0.15 * (1 - true))), round(1000 * (0.15 * true + 0.85 * (1 - true)))])
        assert prevalence(0.5, says, weight) == pytest.approx(np.clip(true, 0.01, 0.99), abs=0.02)
    assert prevalence(0.3, np.full(5, np.nan), weight) == 0.3


def answered(right: float, one: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Shares of a teacher right that often, on pairs that often one thing."""
    truth = rng.random(n) < one
    return np.where(np.where(rng.random(n) < right, truth, ~truth), 0.9, 0.1)


@pytest.mark.parametrize(("one", "whole", "advice"), [(0.9, 0.9, "too fine"), (0.1, 0.1, "too coarse"), (0.1, 0.9, "about right")])
def test_granularity_is_told_by_a_teacher_right_in_85_of_100(one: float, whole: float, advice: str) -> None:
    weight = (0.0, float(np.log(0.85 / 0.15) / logit(0.9)))
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found.append(granularity(answered(0.85, one, 60, rng), answered(0.85, whole, 60, rng), weight, seed)[1]["advice"])
    assert set(found) <= {advice, "undecided"}
    assert found.count(advice) >= 8


def test_granularity_is_undecided_where_the_answers_are_worth_nothing_contradict_or_are_few() -> None:
    rng = np.random.default_rng(0)
    assert granularity(answered(0.5, 0.5, 60, rng), answered(0.5, 0.5, 60, rng), (0.0, 0.0), 0)[1]["advice"] == "undecided"
    assert granularity(np.full(30, 0.9), np.full(30, 0.1), (0.0, 2.0), 0)[1]["advice"] == "undecided"
    sentence, figures = granularity(np.full(9, 0.9), np.full(9, np.nan), (0.0, 2.0), 0)
    assert figures == {"advice": "undecided", "siblings": (0.0, 1.0), "parts": (0.0, 1.0)}
    assert sentence.startswith("granularity: undecided; 0% to 100%")


def test_one_order_is_enough_where_it_tells_as_much_as_both() -> None:
    truth = np.arange(40) % 2 == 0
    sure, coin = [certain("A" if t else "B") for t in truth], [certain("A")] * 40
    other = [certain("B" if t else "A") for t in truth]
    assert enough([a for pair in zip(sure, coin, strict=True) for a in pair], truth) == 0
    assert enough([a for pair in zip(coin, other, strict=True) for a in pair], truth) == 1
    silent = [Answer(failure="cut off")] * 40
    assert enough([a for pair in zip(sure, silent, strict=True) for a in pair], truth) is None
    # each order knows other half of the cases, so that neither tells as much as both
    half = [certain("A" if t or i % 4 < 2 else "B") for i, t in enumerate(truth)]
    rest = [certain("B" if t or i % 4 >= 2 else "A") for i, t in enumerate(truth)]
    assert enough([a for pair in zip(half, rest, strict=True) for a in pair], truth) is None


def test_pairs_are_asked_in_the_order_that_is_enough() -> None:
    material, truth = blobs(12, 8)
    rows = [("row0", "row1", 0.5, False), ("row0", "row8", 0.5, True)]
    stage, teacher = PairsStage(session(material), review(*rows), 10), Simulated(truth=truth_of(material, truth))
    stage.prove(teacher.ask([q for part in stage.probe() for q in part]))
    questions = stage.questions()
    assert len(questions) == 2
    assert len({"A: yes" in question.task for question in questions}) == 1
    first, second = stage.conclude(teacher.ask(questions)).sentences
    assert "all 2 doubtful pairs asked about in one order" in first and first.endswith("there are no more")
    assert second.startswith("it said yes to 1 of 2 pairs")
