"""Probes: the encoder is a coin on them, and the verdict is that of known statistics."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from builders.material import blobs, truth_of
from matomari.operate.teach.stages import doubtful, same
from matomari.operate.teach.stages.probe import ITEMS, PORTIONS, Orders, Verdict, balanced, matched, portions, verdict, verdict_on_pairs
from matomari.teach.question import Answer, certain
from matomari.teach.simulated import Simulated

EVEN = Orders(agree=True, first=0.5)


@pytest.mark.parametrize("seed", range(20))
def test_balanced_cases_are_as_often_right_as_wrong_with_the_smallest_margins(seed: int) -> None:
    gap = np.random.default_rng(seed).normal(0.3, 1, 60).astype(np.float32)
    chosen = balanced(gap, 20)
    right, wrong = gap[chosen] > 0, gap[chosen] <= 0
    assert right.sum() == wrong.sum() == min(10, (gap <= 0).sum())
    for sign in (gap > 0, gap <= 0):
        picked, left = set(chosen.tolist()), [i for i in np.flatnonzero(sign) if i not in set(chosen.tolist())]
        worst = max(abs(gap[i]) for i in picked if sign[i])
        assert all(abs(gap[i]) >= worst for i in left)


def test_an_encoder_that_is_never_wrong_is_shown_to_be() -> None:
    assert (np.asarray([0.3, 0.1, 0.2])[balanced(np.asarray([0.3, 0.1, 0.2], np.float32), 3)] > 0).all()


@pytest.mark.parametrize("seed", range(10))
def test_matched_cases_are_those_of_a_plain_greedy_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    yes, no = rng.random(9).astype(np.float32), rng.random(7).astype(np.float32)
    left, right, pairs = set(range(9)), set(range(7)), []
    while len(pairs) < 5:
        apart = {(a, b): abs(round(100 * float(yes[a])) - round(100 * float(no[b]))) for a in left for b in right}  # by two digits
        best = min((distance, a, b) for (a, b), distance in apart.items())
        pairs.append(best[1:])
        left.remove(best[1])
        right.remove(best[2])
    assert list(zip(*(side.tolist() for side in matched(yes, no, 5)), strict=True)) == pairs


def test_the_last_digits_of_a_cosine_choose_no_other_cases() -> None:
    """They differ from one processor to another; no cosine here lies where two digits change."""
    rng = np.random.default_rng(0)
    yes, no = (np.round(rng.random(200), 2).astype(np.float32) for _ in range(2))
    for _ in range(10):
        moved = [side + rng.normal(0, 1e-6, 200).astype(np.float32) for side in (yes, no)]
        assert [side.tolist() for side in matched(*moved, 40)] == [side.tolist() for side in matched(yes, no, 40)]


@pytest.mark.parametrize("seed", range(10))
def test_the_verdict_on_pairs_is_the_area_under_the_curve(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = np.arange(40) % 2 == 0
    says, cosine = np.round(rng.normal(truth, 1), 1), np.round(rng.normal(0, 1, 40), 1).astype(np.float32)
    said = verdict_on_pairs("pairs", says, cosine, truth, both=[EVEN] * 40)
    assert said.teacher == pytest.approx(roc_auc_score(truth, says))
    assert said.encoder == pytest.approx(roc_auc_score(truth, cosine), abs=1e-6)
    assert said.low <= said.difference <= said.high


def test_pairs_without_an_answer_are_left_out() -> None:
    says = np.asarray([0.9, np.nan, 0.1, 0.2])
    said = verdict_on_pairs("pairs", says, np.zeros(4, np.float32), np.asarray([True, True, False, False]), both=[EVEN] * 4)
    assert (said.asked, said.answered, said.teacher, said.encoder) == (4, 3, 1.0, 0.5)


def test_nobody_is_accepted_without_answers() -> None:
    assert not Verdict(kind="places", asked=0).accepted
    assert "the data has no case" in Verdict(kind="places", asked=0).sentence
    assert "none of 3 cases" in verdict("places", [None] * 3, [True] * 3, both=[EVEN] * 3).sentence
    assert not verdict_on_pairs("pairs", np.full(4, np.nan), np.zeros(4, np.float32), np.ones(4, bool), both=[EVEN] * 4).accepted


def test_a_tie_between_choices_is_not_right() -> None:
    assert verdict("places", [np.asarray([0.5, 0.5])], [True], both=[EVEN]).teacher == 0


def test_accepted_and_open_follow_the_interval() -> None:
    def says(right: int) -> Verdict:
        shares = [np.asarray([1.0, 0.0]) if i < right else np.asarray([0.0, 1.0]) for i in range(40)]
        return verdict("places", shares, [i % 2 == 0 for i in range(40)], both=[EVEN] * 40)

    assert says(36).accepted
    assert not says(36).outcome().open
    assert not says(24).accepted
    assert says(24).outcome().open
    assert not says(12).accepted
    assert not says(12).outcome().open


def test_portions_hold_both_orders_of_forty_cases() -> None:
    material, _ = blobs()
    cases, _ = doubtful.probe_cases(material, 0)
    parts = portions(cases.questions(material, material.names, "texts"))
    assert [len(part) for part in parts][:-1] == [2 * ITEMS] * (len(parts) - 1)
    assert len(parts) <= PORTIONS


@pytest.mark.parametrize("seed", range(5))
def test_the_right_place_stands_first_in_every_case_and_the_encoder_has_half(seed: int) -> None:
    material, _ = blobs(8, 80)
    cases, encoder = doubtful.probe_cases(material, seed)
    assert (cases.options[:, 0] == material.labels[cases.items]).all()
    assert abs(encoder[:ITEMS].mean() - 0.5) <= 0.05
    for item, texts, right in zip(cases.items.tolist(), cases.texts, encoder.tolist(), strict=True):
        cosines = [float((material.X[list(of)] @ material.X[item]).mean()) for of in texts]
        assert item not in {i for of in texts for i in of}
        assert (cosines[0] > max(cosines[1:])) == right


@pytest.mark.parametrize("maker", [same.probe_texts, same.probe_groups])
def test_pairs_of_a_probe_are_of_one_group_or_of_two_and_alike_to_the_encoder(maker: object) -> None:
    material, _ = blobs(12, 40)
    pairs, truth = maker(material, 0)  # type: ignore[operator]
    assert truth.sum() * 2 == len(truth)
    for one, two, together in zip(pairs.first, pairs.second, truth.tolist(), strict=True):
        groups = {int(material.labels[i]) for i in (*one, *two)}
        assert (len(groups) == 1) == together
    assert abs(roc_auc_score(truth[:ITEMS], pairs.cosine[:ITEMS]) - 0.5) < 0.1


def test_doubtful_pairs_prove_nothing() -> None:
    material, _ = blobs(3, 4)
    every = frozenset((a, b) for a in range(12) for b in range(a + 1, 12))
    assert len(same.probe_texts(material, 0, every)[0]) == 0


@pytest.mark.parametrize(("right", "accepted"), [(1.0, True), (0.25, False)])
def test_a_perfect_teacher_is_accepted_and_one_at_chance_is_not(right: float, accepted: bool) -> None:
    material, truth = blobs(each=80)
    teacher = Simulated(truth=truth_of(material, truth), right=right)
    cases, encoder = doubtful.probe_cases(material, 0)
    assert doubtful.judge(teacher.ask(cases.questions(material, material.names, "texts")), encoder, 4, 0).accepted == accepted


def test_a_teacher_that_always_says_the_first_letter_has_no_opinion() -> None:
    material, _ = blobs(each=80)
    cases, encoder = doubtful.probe_cases(material, 0)
    said = doubtful.judge([certain("A")] * 2 * len(cases.items), encoder, 4, 0)
    assert (said.first, said.agreement, said.accepted) == (1.0, 0.0, False)


def test_one_order_that_failed_counts_as_no_agreement() -> None:
    material, _ = blobs(each=80)
    cases, encoder = doubtful.probe_cases(material, 0)
    answers = [certain("A"), Answer(failure="cut off")] * len(cases.items)
    said = doubtful.judge(answers, encoder, 4, 0)
    assert (said.answered, said.agreement) == (len(cases.items), 0.0)
