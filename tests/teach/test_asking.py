"""Questions in both orders: whoever answers by the place of a choice has no opinion, and whoever reads has one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from builders.asking import client, journal
from builders.endpoint import Loopback
from matomari.errors import InputError
from matomari.teach.ask.names import name_question
from matomari.teach.ask.order import order_share
from matomari.teach.ask.place import LETTERS, Group, place_questions, place_shares
from matomari.teach.ask.same import same_questions, same_share
from matomari.teach.client.dialect import Dialect
from matomari.teach.question import Answer, Question, certain

FAILED = Answer(failure="the reply was cut off")


def weighed(**shares: float) -> Answer:
    return Answer(labels={"": max(shares, key=lambda letter: shares[letter])}, shares={"": shares})


def groups(m: int) -> list[Group]:
    return [Group(f"name {i}", (f"text {i}", f"also {i}")) for i in range(m)]


@pytest.mark.parametrize("letter", ["A", "B"])
def test_one_letter_always_is_no_opinion(letter: str) -> None:
    both = [certain(letter)] * 2
    assert same_share(both) == order_share(both) == 0.5
    assert place_shares(both, 2) == pytest.approx([0.5, 0.5, 0])


@pytest.mark.parametrize("m", range(2, 9))
def test_the_first_always_is_half_the_first_and_half_the_last(m: int) -> None:
    shares = place_shares([certain("A")] * 2, m)
    assert shares == pytest.approx([0.5, *[0.0] * (m - 2), 0.5, 0])


def test_whoever_reads_has_an_opinion() -> None:
    assert same_share([certain("A"), certain("B")]) == 1.0  # the letters are turned round in the second
    assert same_share([certain("B"), certain("A")]) == 0.0
    assert order_share([certain("A"), certain("B")]) == 1.0
    assert place_shares([certain("B"), certain("C")], 4) == pytest.approx([0, 1, 0, 0, 0])


def test_one_failure_leaves_the_other_order() -> None:
    assert same_share([FAILED, certain("B")]) == order_share([FAILED, certain("B")]) == 1.0
    assert same_share([certain("B"), FAILED]) == order_share([certain("B"), FAILED]) == 0.0
    assert place_shares([FAILED, certain("A")], 3) == pytest.approx([0, 0, 1, 0])
    assert same_share([FAILED] * 2) is order_share([FAILED] * 2) is place_shares([FAILED] * 2, 3) is None


def test_shares_by_a_plain_loop() -> None:
    """A teacher that leans to the first letter by any amount says the same as one that does not, where both orders weigh alike."""
    rng = np.random.default_rng(5)
    for _ in range(200):
        m = int(rng.integers(2, 9))
        first, second = rng.dirichlet(np.ones(m + 1)), rng.dirichlet(np.ones(m + 1))  # the last is "none of them" in either order
        answers = [weighed(**dict(zip(LETTERS, row, strict=False))) for row in (first, second)]
        shares = place_shares(answers, m)
        assert shares == pytest.approx([*((first[i] + second[m - 1 - i]) / 2 for i in range(m)), (first[m] + second[m]) / 2])
        assert math.isclose(float(np.sum(shares)), 1.0)
        a, b = rng.random(2)
        two = [weighed(A=a, B=1 - a), weighed(A=b, B=1 - b)]
        assert same_share(two) == order_share(two) == pytest.approx((a + 1 - b) / 2)


@pytest.mark.parametrize("m", range(2, 9))
def test_a_place_is_asked_in_both_orders(m: int) -> None:
    first, second = place_questions("card lost", groups(m), "questions to a bank")
    assert [block.mark for block in first.blocks] == [*LETTERS[:m], "1"] == [block.mark for block in second.blocks]
    assert (
        [block.title for block in first.blocks[:m]] == [block.title for block in second.blocks[:m]][::-1] == [f"name {i}" for i in range(m)]
    )
    assert first.blocks[m] == second.blocks[m] and first.blocks[m].texts == ("card lost",)
    assert first.choices == second.choices == tuple(LETTERS[: m + 1]) and first.items == ("",)
    assert first.task == second.task and "questions to a bank" in first.task and f"{LETTERS[m]} if to none of them." in first.task


@pytest.mark.parametrize("m", [0, 1, 9])
def test_a_place_among_too_few_or_too_many(m: int) -> None:
    with pytest.raises(InputError):
        place_questions("card lost", groups(m), "texts")


def test_sameness_is_asked_with_the_letters_turned_round() -> None:
    for one, two in ((["a"], ["b"]), (["a", "b"], ["c"])):
        first, second = same_questions(one, two, "name one thing", "parts")
        assert [block.texts for block in first.blocks] == [tuple(one), tuple(two)] == [block.texts for block in second.blocks][::-1]
        assert first.task.endswith(" A: yes. B: no.") and second.task.endswith(" A: no. B: yes.")
        assert first.task[:-15] == second.task[:-15] and "name one thing" in first.task
    assert "two groups of parts" in first.task


def test_names_are_asked_for_beside_the_sibling() -> None:
    both, alone = name_question(["a"], ["b"]), name_question(["a"], [])
    assert [block.mark for block in both.blocks] == ["A", "B"] and "Leave out what holds for both groups" in both.task
    assert [block.mark for block in alone.blocks] == ["A"] and "group B" not in alone.task
    assert both.choices == alone.choices == ()


@pytest.mark.parametrize("letters", [True, False])
def test_through_an_endpoint(letters: bool) -> None:
    """From the question to the share: the endpoint reads what stands in the texts (row … of beta)."""
    many = [Group(word, (f"{word} {word}",)) for word in ("alpha", "beta", "gamma", "delta")]
    questions: list[Question] = []
    for i in range(12):
        questions += place_questions(f"row {i} of {many[i % 4].name}", many, "texts")
        questions += same_questions([f"row {i} of alpha"], [f"line {i} of {many[i % 2].name}"], "end alike")
    with Loopback() as endpoint:
        teacher = client(endpoint.url, recorded=journal(dialect=Dialect(letters=letters)), marked=True)
        answers = teacher.ask(questions)
        teacher.close()
    for i in range(12):
        assert place_shares(answers[4 * i : 4 * i + 2], 4) == pytest.approx(np.eye(5)[i % 4])
        assert same_share(answers[4 * i + 2 : 4 * i + 4]) == float(i % 2 == 0)
