"""The simulated teacher: each fault at its rate, and one opinion whatever the order."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matomari.errors import InputError
from matomari.teach.ask.names import name_question
from matomari.teach.ask.order import order_questions, order_share
from matomari.teach.ask.place import Group, place_questions, place_shares
from matomari.teach.ask.same import same_questions, same_share
from matomari.teach.question import Answer
from matomari.teach.simulated import FAULTS, Simulated

N = 1000
FEW = {f"text {i}": "wxyz"[i % 4] for i in range(N)}  # four classes
MANY = {f"text {i}": f"class {i}" for i in range(N)}  # a class for each text
PAIRS = {f"text {i} {j}": f"class {i}" for i in range(N) for j in range(2)}


def near(count: int, rate: float, n: int = N) -> bool:
    """Within four standard deviations of a binomial count."""
    return abs(count - n * rate) <= 4 * math.sqrt(n * rate * (1 - rate)) + 1e-9


def seen(teacher: Simulated, texts: list[str]) -> list[str]:
    """The class that a teacher takes each text for, as it names a group of that text alone."""
    return [answer.label for answer in teacher.ask([name_question([text], []) for text in texts])]


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_faults_at_their_rates(rate: float, seed: int) -> None:
    """A text that is moved and a class that is merged are taken for another one; so the rate is what is seen."""
    moved = Simulated(truth=FEW, faults={"move": rate}, seed=seed)
    assert near(sum(name != FEW[text] for name, text in zip(seen(moved, [*FEW]), FEW, strict=True)), rate)
    merged = Simulated(truth=MANY, faults={"merge": rate}, seed=seed)
    names = seen(merged, [*MANY])
    assert near(sum(name != MANY[text] for name, text in zip(names, MANY, strict=True)), rate)
    assert set(names) <= set(MANY.values())
    coarse = Simulated(
        truth=MANY, faults={"granularity": rate}, coarser={name: f"half {len(name) % 2}" for name in MANY.values()}, seed=seed
    )
    assert near(sum(name.startswith("half") for name in seen(coarse, [*MANY])), rate)
    dropping = Simulated(truth=FEW, faults={"drop": rate}, seed=seed)
    answers = dropping.ask([name_question([text], []) for text in FEW])
    assert near(sum(bool(answer.failure) for answer in answers), rate)
    assert all(answer.label == FEW[text] for answer, text in zip(answers, FEW, strict=True) if not answer.failure)


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_a_split_class_falls_into_two_halves(rate: float) -> None:
    teacher = Simulated(truth=PAIRS, faults={"split": rate})
    names = dict(zip(PAIRS, seen(teacher, [*PAIRS]), strict=True))
    split = [i for i in range(N) if names[f"text {i} 0"] != f"class {i}"]
    assert near(len(split), rate)
    assert {names[f"text {i} {j}"] for i in split for j in range(2)} <= {f"class {i} {half}" for i in range(N) for half in range(2)}
    if split:
        apart = sum(names[f"text {i} 0"] != names[f"text {i} 1"] for i in split)
        assert near(apart, 0.5, len(split))


def every_question(text: str, other: str, third: str) -> list[float | None]:
    """What a teacher says to each kind of question, as one number; 1 for the last two where both orders agree."""
    groups, silent = [Group("", (other,)), Group("", (third,))], Answer(failure="not asked")
    answers = TEACHER.ask(place_questions(text, groups, "texts"))
    order = TEACHER.ask(order_questions(text, other, third))
    nearer = [order_share([order[0], silent]), order_share([silent, order[1]])]
    either = [place_shares([answers[0], silent], 2), place_shares([silent, answers[1]], 2)]
    return [
        same_share(TEACHER.ask(same_questions([text], [other], "name one thing"))),
        None if nearer[0] is nearer[1] is None else float(nearer[0] == nearer[1]),
        None if either[0] is either[1] is None else float(np.array_equal(either[0], either[1])),
    ]


TEACHER = Simulated(truth=FEW, right=0.7, faults={"move": 0.2, "merge": 0.2, "split": 0.2, "drop": 0.1}, seed=3)


def test_both_orders_have_one_answer() -> None:
    """A thousand questions of each kind to a teacher with all faults."""
    rng, texts = np.random.default_rng(1), list(FEW)
    values = [every_question(*(texts[i] for i in rng.choice(N, 3, replace=False))) for _ in range(N)]
    for kind in range(3):
        column = [value[kind] for value in values]
        assert set(column) == ({0.0, 1.0, None} if kind == 0 else {1.0, None})
        assert near(column.count(None), 0.1)
    assert values[:50] != values[50:100]


@pytest.mark.parametrize("right", [1.0, 0.8, 0.0])
def test_how_often_it_is_right(right: float) -> None:
    """Against the truth: with no other fault, the share of right answers is the parameter, for each kind."""
    teacher, rng, texts = Simulated(truth=FEW, right=right), np.random.default_rng(2), list(FEW)
    counts = np.zeros(4, int)
    for i in rng.permutation(N):
        text, twin, other = texts[i], texts[(i + 4) % N], texts[(i + 1) % N]
        counts[0] += same_share(teacher.ask(same_questions([text], [twin], "…"))) == 1.0
        counts[1] += order_share(teacher.ask(order_questions(text, other, twin))) == 0.0
        shares = place_shares(teacher.ask(place_questions(text, [Group("", (texts[4 + k],)) for k in range(4)], "texts")), 4)
        assert shares is not None
        counts[2] += shares[i % 4] == 1.0
        counts[3] += teacher.ask([name_question([text], [])])[0].label == FEW[text]
    assert all(near(int(count), right) for count in counts), counts


def test_the_same_seed_is_the_same_teacher() -> None:
    faults = {"move": 0.5, "merge": 0.5}
    first, again, other = (seen(Simulated(truth=FEW, faults=faults, seed=seed), list(FEW)[:100]) for seed in (1, 1, 2))
    assert first == again != other


def test_a_group_is_what_most_of_its_texts_are() -> None:
    teacher = Simulated(truth={"a": "x", "b": "x", "c": "y", "d": "y"})
    assert teacher.ask([name_question(["c", "a", "b"], ["d"])])[0].label == "x"
    assert same_share(teacher.ask(same_questions(["a", "b", "c"], ["c", "d"], "…"))) == 0.0


@pytest.mark.parametrize("faults", [{"sleep": 0.1}, {"": 0.1}, {"Merge": 0.1}])
def test_an_unknown_fault_is_refused(faults: dict[str, float]) -> None:
    with pytest.raises(InputError, match="a simulated teacher has no fault") as caught:
        Simulated(truth=FEW, faults=faults)
    assert all(fault in caught.value.hint for fault in FAULTS)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_rate_is_a_share(rate: float) -> None:
    for settings in ({"faults": {"drop": rate}}, {"right": rate}):
        with pytest.raises(InputError, match="must lie in"):
            Simulated(truth=FEW, **settings)


def test_none_of_them_is_right_where_no_group_is_of_the_class_and_equal_groups_share() -> None:
    teacher = Simulated(truth={"a": "x", "b": "x", "c": "x", "d": "y", "e": "z"})
    strange = place_shares(teacher.ask(place_questions("a", [Group("", ("d",)), Group("", ("e",))], "texts")), 2)
    equal = place_shares(teacher.ask(place_questions("a", [Group("", ("b",)), Group("", ("d",)), Group("", ("c",))], "texts")), 3)
    assert strange is not None and equal is not None
    assert strange.tolist() == [0, 0, 1]
    assert equal.tolist() == [0.5, 0, 0.5, 0]
