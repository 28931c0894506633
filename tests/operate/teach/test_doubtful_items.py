"""Doubtful items: which are asked about, what follows from answers, and how far a teacher is trusted."""

from __future__ import annotations

import numpy as np
import pytest

from builders.material import blobs, session, truth_of
from matomari.operate.teach.stages.doubtful import FLOOR, Places, changes, doubtful, likeliest_rate, moves
from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.stages.places import SURE, PlacesStage
from matomari.teach.question import Answer, certain
from matomari.teach.simulated import Simulated


def test_items_that_stand_in_a_wrong_group_are_among_the_first_asked() -> None:
    material, truth = blobs(each=80, misplaced=4)
    asked = doubtful(material, 48)
    wrong = set(np.flatnonzero(material.labels != truth).tolist())
    assert len(wrong & set(asked.items.tolist())) >= 20
    assert len(asked.items) == 48


def test_the_own_group_is_always_an_option_and_no_text_explains_itself() -> None:
    material, _ = blobs(misplaced=6)
    asked = doubtful(material, 500)
    for item, options, texts in zip(asked.items.tolist(), asked.options.tolist(), asked.texts, strict=True):
        assert material.labels[item] in options
        assert len(set(options)) == len(options) == 4
        assert all(item not in of for of in texts)
        assert all(material.labels[i] == g for g, of in zip(options, texts, strict=True) for i in of)


def test_one_group_leaves_nothing_to_ask() -> None:
    material, _ = blobs(1, 12)
    assert len(doubtful(material, 5).items) == 0


def three() -> tuple[Material, Places]:
    """One item, three groups, votes that are known: 0.5, 0.3 and 0.2 of what its neighbours say."""
    material, _ = blobs(3, 10)
    votes = np.zeros((30, 3))
    votes[0] = [0.5, 0.3, 0.2]
    object.__setattr__(material, "votes", __import__("scipy.sparse", fromlist=["csr_matrix"]).csr_matrix(votes))
    return material, Places(items=np.asarray([0]), options=np.asarray([[0, 1, 2]]), texts=[[(1,), (11,), (21,)]])


def test_the_posterior_by_hand() -> None:
    material, places = three()
    # both orders say the second group; the likeliest rate of one answer that the votes contradict is 0, so the trust is half of the probe's 0.9
    moved = moves(material, places, [certain("B"), certain("B")], 0.9)
    assert moved.trust == pytest.approx(0.45, abs=0.03)
    prior = np.asarray([0.5, 0.3, 0.2]) + FLOOR
    weight = prior * np.where(np.arange(3) == 1, moved.trust, (1 - moved.trust) / 2)
    best = weight.max() / weight.sum()
    assert (moved.items.tolist() == [0]) == (weight.argmax() == 1 and best > 0.5)
    surely = moves(material, places, [certain("B"), certain("B")], 1.9)  # a trust of .95 or so, to see the other side
    assert surely.groups.tolist() == [1]
    weight = prior * np.where(np.arange(3) == 1, surely.trust, (1 - surely.trust) / 2)
    assert surely.probability[0] == pytest.approx(weight[1] / weight.sum())


def test_no_answer_moves_nothing() -> None:
    material, places = three()
    silent = [Answer(failure="cut off")] * 2
    assert len(moves(material, places, silent, 1.0).items) == 0
    assert changes(places, silent)[0].tolist() == [False]


def test_one_order_is_enough_and_is_read_in_its_own_order() -> None:
    _, places = three()
    assert changes(places, [Answer(failure="cut off"), certain("A")])[1].tolist() == [
        2
    ]  # the first of the reversed order is the last group
    assert changes(places, [certain("A"), Answer(failure="cut off")])[1].tolist() == [0]


@pytest.mark.parametrize("seed", range(10))
def test_the_likeliest_rate_is_that_of_a_fine_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.ones(4), 200)
    truth = np.asarray([rng.choice(4, p=row) for row in prior])
    answers = np.where(rng.random(200) < 0.75, truth, rng.integers(4, size=200))
    share = np.eye(4)[answers]
    grid = np.linspace(0.001, 0.999, 999)
    likelihood = [np.log((prior * (share * a + (1 - share) * (1 - a) / 3)).sum(axis=1)).sum() for a in grid]
    assert likeliest_rate(prior, share) == pytest.approx(grid[int(np.argmax(likelihood))], abs=0.01)


def test_a_teacher_that_knows_moves_the_misplaced_home() -> None:
    material, truth = blobs(8, 80, misplaced=6)
    stage = PlacesStage(session(material), 100)
    teacher = Simulated(truth=truth_of(material, truth))
    assert stage.prove(teacher.ask([q for part in stage.probe() for q in part])).accepted
    outcome = stage.conclude(teacher.ask(stage.questions()))
    recommended = [p for p in outcome.proposals if p.recommended]
    assert outcome.accepted
    assert len(recommended) >= 40
    for proposal in recommended:
        assert proposal.confidence >= SURE
        assert proposal.to == f"group {truth[int(proposal.what.removeprefix('row'))]}"


@pytest.mark.parametrize("seed", range(5))
def test_a_teacher_at_chance_has_nothing_recommended(seed: int) -> None:
    material, truth = blobs(8, 80, misplaced=6)
    stage = PlacesStage(session(material, seed), 100)
    teacher = Simulated(truth=truth_of(material, truth), right=0.25, seed=seed)
    assert not stage.prove(teacher.ask([q for part in stage.probe() for q in part])).accepted


def test_none_of_them_speaks_for_no_group_and_is_no_change() -> None:
    material, places = three()
    none = [certain("D"), certain("D")]
    assert changes(places, none)[0].tolist() == [False]
    assert len(moves(material, places, none, 1.9).items) == 0


def test_the_weight_of_none_is_spread_over_the_groups() -> None:
    material, places = three()
    leaning = Answer(labels={"": "B"}, shares={"": {"A": 0.1, "B": 0.5, "D": 0.4}})
    turned = Answer(labels={"": "B"}, shares={"": {"C": 0.1, "B": 0.5, "D": 0.4}})
    moved = moves(material, places, [leaning, turned], 1.9)
    share = np.asarray([0.1, 0.5, 0.0]) + 0.4 / 3
    weight = (np.asarray([0.5, 0.3, 0.2]) + FLOOR) * (share * moved.trust + (1 - share) * (1 - moved.trust) / 2)
    assert moved.groups.tolist() == [1]
    assert moved.probability[0] == pytest.approx(weight[1] / weight.sum())


def test_the_encoder_alone_moves_nothing() -> None:
    material, places = three()
    votes = material.votes.tolil()
    votes[0] = [0.05, 0.9, 0.05]  # the neighbours are all of the second group, and the item stands in the first
    object.__setattr__(material, "votes", votes.tocsr())
    assert len(moves(material, places, [certain("D"), certain("D")], 1.9).items) == 0
    assert moves(material, places, [certain("B"), certain("B")], 1.9).groups.tolist() == [1]
