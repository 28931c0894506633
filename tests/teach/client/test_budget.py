"""F2: no run costs more than its cap, whatever the endpoint does, and the cap refuses nothing that could be paid."""

from __future__ import annotations

import csv
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from builders.asking import client, journal, letters, right_labels, rows
from builders.endpoint import Asked, Fault, Knows, Loopback
from builders.endpoint_faults import FAULTS
from matomari.errors import InputError
from matomari.teach.client.budget import PRICES, Budget, Price, listed_price
from matomari.teach.client.dialect import Dialect
from matomari.teach.client.endpoint import CAP_REACHED
from matomari.teach.question import Block, Question

QUICK = [name for name in FAULTS if name not in ("silent", "drip", "drip head", "reset", "10 MB", "bomb", "many keys", "401", "403")]


@dataclass(frozen=True)
class Run:
    """One random run: what is asked, at what price, under which cap, and how often something goes wrong."""

    seed: int

    def __post_init__(self) -> None:
        rng = np.random.default_rng([2, self.seed])
        values = {
            "n": int(rng.integers(1, 16)),
            "price": Price(*(0.0 if rng.random() < 0.1 else float(10 ** rng.uniform(-2, 2)) for _ in range(2))),
            "parallel": int(rng.integers(1, 33)),
            "reasons": int(rng.integers(0, 200)) if rng.random() < 0.2 else 0,
            "form": str(rng.choice(["json_schema", "json_object", "prompt"])),
            "letters": bool(rng.random() < 0.3),
            "share": float(rng.choice([0.0, 0.3, 0.9])),
            "names": rng.choice(QUICK, 4).tolist(),
            "cap": float(rng.choice([0.0, 1e-6, *10 ** rng.uniform(-4, -1, 6), 100.0])),
        }
        vars(self).update(values)

    def questions(self) -> list[Question]:
        """Places of three texts or of one, and names."""
        names = [
            Question(kind="name", task="Name group A.", blocks=(Block("A", (f"row {i} 漢字 of beta",)),), longest=20) for i in range(self.n)
        ]
        return [[rows(i + 1)[i], letters(i + 1)[i], names[i]][(i + self.seed) % 3] for i in range(self.n)]

    def fault(self, asked: Asked) -> Fault | None:
        """Of the request with that number."""
        rng = np.random.default_rng([3, self.seed, asked.number])
        return FAULTS[str(rng.choice(self.names))] if rng.random() < self.share else None


@pytest.mark.parametrize("part", range(4))
def test_no_run_costs_more_than_its_cap(part: int, tmp_path: Path) -> None:
    reached = 0
    for seed in range(50 * part, 50 * part + 50):
        run = Run(seed)
        dialect = Dialect(form=run.form, letters=run.letters, thinks=run.reasons > 0)
        with Loopback(run.fault, Knows(reasons=run.reasons)) as endpoint:
            budget = Budget(run.cap)
            remembered = journal(tmp_path / str(seed), dialect)
            teacher = client(endpoint.url, recorded=remembered, budget=budget, price=run.price, parallel=run.parallel)
            answers = teacher.ask(run.questions())
            teacher.close()
            bill = sum(run.price.of(*usage) for usage in endpoint.bills)
        assert bill <= run.cap * (1 + 1e-12), seed
        assert bill <= budget.spent * (1 + 1e-12) and budget.spent <= run.cap * (1 + 1e-12), seed
        assert len(answers) == run.n and all(bool(answer.labels) != bool(answer.failure) for answer in answers)
        assert len(remembered) == 1 + sum(not answer.failure for answer in answers)
        reached += any(answer.failure == CAP_REACHED for answer in answers)
    assert 10 <= reached <= 45  # of fifty: the runs are neither all free nor all refused


def test_the_cap_ends_a_run_and_what_was_answered_is_kept() -> None:
    """Each question costs nearly the same, so it is known how many are answered."""
    price, remembered = Price(10.0, 0.0), journal()
    with Loopback() as endpoint:
        single = client(endpoint.url, recorded=journal(), price=price)
        single.ask(rows(1))
        each = single.budget.spent
        assert each == price.of(*endpoint.bills[0]) > 0
        poor = client(endpoint.url, recorded=remembered, price=price, budget=Budget(20 * each), parallel=3)
        answers = poor.ask(rows(60))
        answered = [i for i, answer in enumerate(answers) if not answer.failure]
        assert 10 <= len(answered) <= 20  # what is set aside is a few times what is paid
        assert {answer.failure for answer in answers if answer.failure} == {CAP_REACHED}
        assert all(answers[i].labels == right_labels(i) for i in answered)
        sent = len(endpoint.questions)
        rich = client(endpoint.url, recorded=remembered, price=price, budget=Budget(1.0))
        assert [answer.labels for answer in rich.ask(rows(60))] == [right_labels(i) for i in range(60)]
        assert len(endpoint.questions) == sent + 60 - len(answered)
        assert rich.spent.remembered == len(answered)
        for teacher in (single, poor, rich):
            teacher.close()


def test_calls_on_their_way_are_waited_for() -> None:
    """There is enough for the worst of one call at a time, and for what all of them really cost."""
    price = Price(0.0, 10.0)  # replies alone, for which far more is set aside than they take
    with Loopback(delay=0.002) as endpoint:
        teacher = client(endpoint.url, recorded=journal(dialect=Dialect(letters=False, thinks=True)), price=price, parallel=8)
        teacher.budget = Budget(0.06)  # the worst of one is 0.041, and all cost 0.0075
        answers = teacher.ask(rows(30))
        teacher.close()
    assert [answer.labels for answer in answers] == [right_labels(i) for i in range(30)]


def test_the_cap_is_named_before_the_first_question() -> None:
    with Loopback() as endpoint:
        teacher = client(endpoint.url, price=Price(1.0, 1.0), budget=Budget(0.0))
        with pytest.raises(InputError, match=r"the cap on the cost is reached\.\nhint: max_cost=2\.0") as caught:
            teacher.ask(rows(1))
        assert "is the endpoint running" not in str(caught.value)
        assert not endpoint.asked
        teacher.close()


def test_reserve_and_settle_by_a_plain_model() -> None:
    rng = np.random.default_rng(8)
    for _ in range(100):
        cap = Fraction(int(rng.integers(0, 64)), 4)  # quarters are exact in binary, so there is nothing to round
        budget, spent, flying = Budget(float(cap)), Fraction(0), []
        for _ in range(60):
            amount = Fraction(int(rng.integers(0, 20)), 4)
            if flying and rng.random() < 0.5:
                reserved = flying.pop(int(rng.integers(len(flying))))
                paid = reserved * int(rng.integers(0, 5)) / 4
                budget.settle(float(reserved), float(paid))
                spent += paid
            else:
                fits = spent + sum(flying) + amount <= cap
                assert budget.reserve(float(amount)) is fits
                flying += [amount] * fits
            assert budget.spent == spent
            assert spent + sum(flying) <= cap


def test_rounding_stays_nowhere() -> None:
    """What is added in one order and taken away in another leaves a rest in binary; when nothing is on its way, nothing is reserved."""
    budget, rng = Budget(1.0), np.random.default_rng(7)
    for _ in range(1000):
        amounts = rng.dirichlet(np.ones(4)) * 0.99
        assert all(budget.reserve(float(amount)) for amount in amounts)
        for amount in rng.permutation(amounts):
            budget.settle(float(amount), 0.0)
        assert budget.reserve(1.0, wait=True)
        budget.settle(1.0, 0.0)


def test_who_waits_goes_on_when_there_is_room_and_gives_up_when_there_is_none() -> None:
    budget, ends = Budget(1.0), []
    assert budget.reserve(0.9)
    waiting = [threading.Thread(target=lambda: ends.append(budget.reserve(0.5, wait=True))) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert not budget.reserve(1.1, wait=True)  # no call on its way can make room for that
    budget.settle(0.9, 0.5)  # 0.5 is left: for one, and the other waits for what it will cost
    while not ends:
        threading.Event().wait(0.001)
    assert ends == [True]
    budget.settle(0.5, 0.1)
    for thread in waiting:
        thread.join()
    assert ends == [True, False]


@pytest.mark.parametrize("cap", [-1.0, float("nan"), -0.001])
def test_a_cap_is_no_less_than_nothing(cap: float) -> None:
    with pytest.raises(InputError, match="'max_cost'"):
        Budget(cap)


def test_listed_prices() -> None:
    with PRICES.open(newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) >= 10
    for row in listed:
        expected = Price(float(row["read"]), float(row["written"])), row["as_of"]
        for name in (row["model"], row["model"].upper(), f"openai/{row['model']}", f"{row['model']}-2025-01-01"):
            assert listed_price(name) == expected
        assert 0 < expected[0].read < expected[0].written
        assert len(row["as_of"]) == 7
    assert listed_price("gpt-4o-mini") != listed_price("gpt-4o")
    assert listed_price("gpt-4o2") is listed_price("") is listed_price("my-gpt-4o") is None
