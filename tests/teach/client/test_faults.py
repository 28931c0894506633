"""F1: whatever an endpoint does, every question ends once, as an answer or as a failure with the right name, and nothing is left over."""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builders.asking import NoTime, client, journal, patience, right_labels, rows
from builders.endpoint import Asked, Fault, Loopback
from builders.endpoint_faults import FAULTS, bodies, connections
from matomari.store.journal import Journal
from matomari.teach.client.budget import Budget, Price
from matomari.teach.client.endpoint import GIVEN_UP
from matomari.teach.client.patience import Patience
from matomari.teach.question import Answer

ROW = re.compile(r"row (\d+) of")
GONE = {fault.name for fault in [*connections(), *bodies()]} | {"content in parts", "no message"}  # a few of these, and no more is sent
TIMED = {"silent", "drip", "drip head"}  # each try of these takes the whole timeout


def tries(endpoint: Loopback) -> Counter[int]:
    """Requests for each row."""
    return Counter(int(ROW.findall(asked.text)[0]) for asked in endpoint.questions)


def check(answers: list[Answer], fault: Fault) -> None:
    """Each answer is right, or a failure with the name that the fault should have."""
    for i, answer in enumerate(answers):
        if fault.ends:
            assert fault.ends in answer.failure, answer
            assert not answer.labels and not answer.shares
        else:
            assert answer == Answer(labels=right_labels(i), shares={m: {c: 1.0} for m, c in right_labels(i).items()})


def no_threads() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name.startswith("teacher")]


def test_there_are_enough_faults() -> None:
    assert len(FAULTS) >= 60
    assert {"429", "408", "409", "500", "502", "503", "529", "400", "401", "403", "404", "413", "silent", "reset", "drip"} <= set(FAULTS)


@pytest.mark.parametrize("parallel", [1, 8])
@pytest.mark.parametrize("name", FAULTS)
def test_every_request_fails(name: str, parallel: int, tmp_path: Path) -> None:
    fault, stop = FAULTS[name], NoTime()
    n = 2 if name in TIMED else 10
    with Loopback(lambda asked: fault) as endpoint:
        teacher = client(
            endpoint.url,
            recorded=journal(tmp_path / "replies"),
            parallel=parallel,
            patience=patience(stop),
            timeout=0.1 if name in TIMED else 20.0,
        )
        answers = teacher.ask(rows(n))
        teacher.close()
        assert len(answers) == n
        check(answers, fault)
        sent = tries(endpoint)
        assert max(sent.values()) == fault.tries
        if fault.status in (401, 403):  # concerns them all: what was not yet on its way stays
            assert sum(sent.values()) <= parallel
        elif name in GONE:
            assert GIVEN_UP * fault.tries * (n >= GIVEN_UP) <= sum(sent.values()) <= (GIVEN_UP + parallel) * fault.tries
        else:
            assert sent == Counter(dict.fromkeys(range(n), fault.tries))
        assert all(0 <= wait <= 120 for wait in stop.waits) and sum(stop.waits) <= 300 * n
        assert len(list(Journal(tmp_path / "replies"))) == 1 + (0 if fault.ends else n)
        assert endpoint.left_open() == 0 and no_threads()


@contextmanager
def full_queue() -> Iterator[str]:
    """An address that takes no further connection, and does not say so."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(address)
            waiting.append(caller)
        yield f"http://127.0.0.1:{address[1]}/v1"
        for caller in waiting:
            caller.close()


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@pytest.mark.parametrize("parallel", [1, 8])
def test_nobody_is_there(parallel: int) -> None:
    with nobody() as url:
        teacher = client(url, recorded=journal(), parallel=parallel, budget=Budget(1.0), price=Price(1.0, 1.0))
        answers = teacher.ask(rows(30))
        teacher.close()
    assert {answer.failure for answer in answers} == {"nothing answers at the address of the endpoint; tried 5 times"}
    assert teacher.budget.spent == 0  # nothing was sent
    assert no_threads()


@pytest.mark.parametrize("parallel", [1, 8])
def test_nobody_takes_the_connection(parallel: int) -> None:
    with full_queue() as url:
        teacher = client(url, recorded=journal(), parallel=parallel, timeout=0.1)
        answers = teacher.ask(rows(3))
        teacher.close()
    assert {answer.failure for answer in answers} == {"the endpoint cannot be reached in time; tried 5 times"}
    assert no_threads()


@pytest.mark.parametrize("parallel", [1, 8])
@pytest.mark.parametrize(
    "name", ["500", "401", "429 wait 121", "html", "item missing", "fenced", "reset", "silent", "length", "10 MB", "torn chunk"]
)
def test_every_third_row_fails(name: str, parallel: int, tmp_path: Path) -> None:
    fault = FAULTS[name]

    def third(asked: Asked) -> Fault | None:
        return fault if int(ROW.findall(asked.text)[0]) % 3 == 2 else None

    with Loopback(third) as endpoint:
        settings = {"parallel": parallel, "timeout": 0.2 if name == "silent" else 20.0}
        teacher = client(endpoint.url, recorded=journal(tmp_path / "replies"), **settings)
        answers = teacher.ask(rows(9))
        teacher.close()
        assert endpoint.left_open() == 0 and no_threads()
    for i, answer in enumerate(answers):
        if fault.ends and i % 3 == 2:
            assert fault.ends in answer.failure
        elif name == "401" and answer.failure:  # the key is no good for the others either
            assert fault.ends in answer.failure and i > 2
        else:
            assert answer.labels == right_labels(i)
    entries = 1 + sum(not answer.failure for answer in answers)
    assert len(list(Journal(tmp_path / "replies"))) == entries


@pytest.mark.parametrize("name", ["429", "429 wait 1", "500", "503 wait 2", "409", "reset", "closed", "torn chunk", "silent"])
def test_the_second_try_is_answered(name: str) -> None:
    """Each row meets the fault once."""
    seen: Counter[str] = Counter()

    def first(asked: Asked) -> Fault | None:
        row = ROW.findall(asked.text)[0]
        seen[row] += 1
        return FAULTS[name] if seen[row] == 1 else None

    with Loopback(first) as endpoint:
        teacher = client(endpoint.url, recorded=journal(), parallel=8, timeout=1.0 if name == "silent" else 20.0)
        answers = teacher.ask(rows(6))
        teacher.close()
        assert [answer.labels for answer in answers] == [right_labels(i) for i in range(6)]
        assert set(tries(endpoint).values()) == {2}


def test_an_interrupt_drops_what_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while eight requests wait for an endpoint that never answers."""

    def interrupted(futures: object, **_: object) -> Iterator[object]:
        while len(endpoint.asked) < 8:
            threading.Event().wait(0.01)
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("matomari.teach.client.endpoint.progress", interrupted)
    with Loopback(lambda asked: FAULTS["silent"]) as endpoint:
        teacher = client(endpoint.url, recorded=journal(), parallel=8, patience=Patience(), timeout=60.0)
        with pytest.raises(KeyboardInterrupt):
            teacher.ask(rows(20))
        for _ in range(300):
            if no_threads():
                break
            threading.Event().wait(0.01)
        assert no_threads()
        assert endpoint.left_open() == 0 and len(endpoint.asked) == 8
