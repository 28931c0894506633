"""F3: what was answered is never asked again, not even by a process that was killed, and the journal holds no text."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders import environment
from builders.asking import client, journal, letters, right_labels, rows
from builders.endpoint import Asked, Fault, Knows, Loopback
from builders.endpoint_faults import FAULTS
from matomari.errors import InputError
from matomari.store.journal import Journal
from matomari.teach.client.dialect import Dialect
from matomari.teach.client.endpoint import Endpoint
from matomari.teach.client.recorded import Recorded, key_of
from matomari.teach.guard.guard import Guard
from matomari.teach.question import Answer, Block, Question

ROW = re.compile(r"row (\d+) of")


def test_the_same_questions_again_make_no_request(tmp_path: Path) -> None:
    questions = [*rows(5), *letters(5)]
    with Loopback() as endpoint:
        first = client(endpoint.url, recorded=Recorded(tmp_path / "replies"))
        answers = first.ask(questions)
        sent = len(endpoint.asked)
        assert sent == 10 + sum(asked.probe for asked in endpoint.asked)
        assert first.ask(questions) == answers and first.spent.remembered == 10
        first.close()
        second = client(endpoint.url, recorded=Recorded(tmp_path / "replies"))
        assert second.ask(questions) == answers
        assert (second.spent.calls, second.spent.remembered) == (0, 10)
        second.close()
        assert len(endpoint.asked) == sent
    third = Endpoint(transport=None, model="loopback-1", guard=Guard(), recorded=Recorded(tmp_path / "replies"))
    assert third.ask(questions) == answers
    assert third.ask(rows(6))[5] == Answer(failure="the journal holds no reply")


def test_without_endpoint_and_without_journal_there_is_an_error() -> None:
    with pytest.raises(InputError, match="the journal holds no replies of this model"):
        Endpoint(transport=None, model="other", guard=Guard(), recorded=journal()).ask(rows(1))


def test_a_question_that_stands_twice_is_sent_once() -> None:
    questions = [*rows(3), *rows(3), *rows(2)]
    with Loopback(delay=0.01) as endpoint:
        teacher = client(endpoint.url, recorded=journal(), parallel=8)
        answers = teacher.ask(questions)
        teacher.close()
        assert len(endpoint.questions) == 3
    assert [answer.labels for answer in answers] == [right_labels(i) for i in (0, 1, 2, 0, 1, 2, 0, 1)]


def test_what_makes_another_key() -> None:
    """Everything that may change a reply does, and the random mark of a run does not."""
    question = rows(1)[0]
    dialects = [Dialect(letters=False), Dialect(letters=False, form="json_object"), Dialect(letters=False, steady=False)]
    dialects += [Dialect(letters=False, limit="max_completion_tokens"), Dialect(letters=False, thinks=True)]
    others = [rows(2)[1], Question(kind="place", task="Another task.", blocks=question.blocks, items=("1", "2"), choices=("A", "B"))]
    with Loopback() as endpoint:
        remembered = journal()
        teachers = [client(endpoint.url, recorded=remembered) for _ in range(3)]
        for teacher in teachers:
            teacher.ask([question])
        assert len(endpoint.questions) == 1 and len(remembered) == 2
        teachers += [client(endpoint.url, recorded=remembered, marked=True)]
        teachers[-1].ask([question])
        teachers[0].ask(others)
        assert len(endpoint.questions) == 4
        for dialect in dialects[1:]:
            remembered.put(key_of("loopback-1", {"dialect": 1}), dialect.record())
            teachers += [client(endpoint.url, recorded=remembered)]
            teachers[-1].ask([question])
        assert len(endpoint.questions) == 8
        other = journal(model="loopback-2")
        teachers += [client(endpoint.url, recorded=other, model="loopback-2")]
        remembered.put(key_of("loopback-2", {"dialect": 1}), dialects[0].record())
        teachers += [client(endpoint.url, recorded=remembered, model="loopback-2")]
        teachers[-1].ask([question])
        assert len(endpoint.questions) == 9
        for teacher in teachers:
            teacher.close()


def test_a_model_elsewhere_is_asked_anew_how_it_speaks() -> None:
    """The same name may be served by two programs, of which one gives log-probabilities."""
    remembered = Recorded()
    with Loopback() as one, Loopback(knows=Knows(logprobs=False)) as other:
        for endpoint, letters in ((one, True), (one, True), (other, False)):
            teacher = client(endpoint.url, recorded=remembered)
            assert teacher.spoken is None
            assert teacher.dialect().letters is letters
            assert teacher.spoken == teacher.dialect()
            teacher.close()
        replayed = Endpoint(transport=None, model="loopback-1", guard=Guard(), recorded=remembered)
        assert replayed.dialect() == Dialect(letters=False)  # of the one that was asked last


def test_how_an_endpoint_answers_is_said_in_a_sentence() -> None:
    assert Dialect(letters=False, form="json_object").sentence == "it answers with a JSON object"
    assert Dialect(thinks=True).sentence.startswith(
        "it answers with one letter with its log-probabilities where a choice is asked for, else JSON"
    )
    assert Dialect(thinks=True).sentence.endswith("by a schema, after some thinking")


def test_the_random_mark_is_no_part_of_the_key(tmp_path: Path) -> None:
    with Loopback() as endpoint:
        for run in range(3):
            teacher = client(endpoint.url, recorded=journal(tmp_path / str(run)))
            teacher.ask(rows(1))
            teacher.close()
        marks = {asked.body["messages"][1]["content"].split("\n")[0] for asked in endpoint.questions}
    assert len(marks) == 3 and all(re.fullmatch("[0-9a-f]{6}", mark) for mark in marks)
    assert len({list(Journal(tmp_path / str(run)))[1]["key"] for run in range(3)}) == 1


def test_a_failure_is_asked_again() -> None:
    failing = True
    with Loopback(lambda asked: FAULTS["length"] if failing else None) as endpoint:
        teacher = client(endpoint.url, recorded=journal())
        assert {answer.failure for answer in teacher.ask(rows(4))} == {"the reply was cut off"}
        failing = False
        assert [answer.labels for answer in teacher.ask(rows(4))] == [right_labels(i) for i in range(4)]
        teacher.close()
        assert len(endpoint.questions) == 8


def test_no_text_is_in_the_journal(tmp_path: Path) -> None:
    """Neither what was sent nor what was masked; of a name the reply is remembered, with its mask."""
    texts = ("Kestrelberg pays ann.lee@example.org", "Quillfeather invoice 4471")
    questions = [
        Question(kind="name", task="Name the group Zanzibarian.", blocks=(Block("A", texts, "Umbrellasmith"),)),
        Question(kind="place", task="Which?", blocks=(Block("A", texts), Block("B", texts), Block("1", texts)), choices=("A", "B")),
    ]

    def named(asked: Asked) -> Fault | None:
        return Fault("", "", content=lambda text: '{"name": "bills of EMAIL_1"}') if '"name"' in asked.text else ONE

    ONE = Fault("", "", content=lambda text: '{"answer": "A"}')
    with Loopback(named) as endpoint:
        teacher = client(endpoint.url, recorded=journal(tmp_path / "replies"))
        answers = teacher.ask(questions)
        teacher.close()
        sent = " ".join(asked.text for asked in endpoint.questions)
    assert [answer.label for answer in answers] == ["bills of ann.lee@example.org", "A"]
    assert all(word in sent for word in ("Kestrelberg", "Zanzibarian", "Umbrellasmith"))
    data = (tmp_path / "replies").read_bytes().decode()
    assert "bills of EMAIL_1" in data
    words = {word for word in re.findall(r"\w{5,}", sent) if not word.startswith("EMAIL")} - {"answer"} | {"ann.lee"}
    assert len(words) >= 15
    assert not [word for word in words if word in data]


def test_only_tokens_that_are_choices_are_kept(tmp_path: Path) -> None:
    top = [{"token": token, "logprob": -1.0} for token in ("A", " B", "Kestrel", "\ud800")]

    def changed(asked: Asked) -> Fault | None:
        return Fault("", "", change=lambda payload: payload["choices"][0].update(logprobs={"content": [{"top_logprobs": top}]}))

    with Loopback(changed) as endpoint:
        teacher = client(endpoint.url, recorded=journal(tmp_path / "replies", Dialect()))
        (answer,) = teacher.ask(letters(1))
        teacher.close()
    assert answer.shares == {"": {"A": 0.5, "B": 0.5, "C": 0.0}}
    assert list(Journal(tmp_path / "replies"))[-1]["reply"]["top"] == [["A", -1.0], [" B", -1.0]]


CHILD = """
import json, sys
from builders.asking import client, letters
from matomari.teach.client.recorded import Recorded
teacher = client(sys.argv[1], recorded=Recorded(sys.argv[2]), parallel=4)
print(json.dumps([answer.label for answer in teacher.ask(letters(200))]))
teacher.close()
"""


@pytest.mark.long
def test_killed_at_twenty_points_each_row_is_paid_once(tmp_path: Path) -> None:
    """One labelling of 200 rows, killed twenty times: all that is paid twice was on its way when a process was killed."""
    draw = np.random.default_rng(4)

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", CHILD, endpoint.url, str(tmp_path / "replies")]
        return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)

    with Loopback(delay=0.004) as endpoint:
        for kill in range(20):
            process = start()
            enough = len(endpoint.asked) + int(draw.integers(1, 17))
            while len(endpoint.asked) < enough:
                assert process.poll() is None, "it ended before it was killed"
                time.sleep(0.0005 * draw.random())
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
            process.stdout.close()  # type: ignore[union-attr]
            endpoint.left_open()
            counts = Counter(int(ROW.findall(asked.text)[0]) for asked in endpoint.questions)
            assert sum(n - 1 for n in counts.values()) <= 4 * (kill + 1)
        output, _ = start().communicate()
        counts = Counter(int(ROW.findall(asked.text)[0]) for asked in endpoint.questions)
        bills = len(endpoint.bills)
    assert json.loads(output) == ["ABC"[i % 3] for i in range(200)]
    assert sorted(counts) == list(range(200))
    assert sum(n - 1 for n in counts.values()) <= 4 * 20 and max(counts.values()) <= 1 + 20  # at each kill it may have been on its way
    probes = sum(asked.probe for asked in endpoint.asked)
    assert 200 <= bills - probes <= 200 + 4 * 20


@pytest.mark.parametrize("entry", [{"content": "A"}, {"content": "D", "finish": "stop", "refused": False, "top": []}, {"form": "xml"}])
def test_what_another_version_wrote_is_asked_again(entry: dict[str, Any], tmp_path: Path) -> None:
    """An entry that cannot be read is as good as none: of a reply as of a dialect."""
    with Loopback() as endpoint:
        remembered = journal(tmp_path / "replies", Dialect())
        teacher = client(endpoint.url, recorded=remembered)
        assert teacher.ask(letters(1))[0].label == "A"
        teacher.close()
        key = list(Journal(tmp_path / "replies"))[1]["key"]
        remembered.put(key, entry)
        remembered.put(key_of("loopback-1", {"dialect": 1}), {**Dialect().record(), **({"form": "xml"} if "form" in entry else {})})
        teacher = client(endpoint.url, recorded=remembered)
        assert teacher.ask(letters(1))[0].label == "A" and len(endpoint.questions) == 2
        teacher.close()


@pytest.mark.parametrize("entry", [1, ["key"], {"key": 1, "reply": {}}, {"key": "a", "reply": "b"}, {"step": 3}])
def test_a_journal_of_something_else_is_refused(entry: Any, tmp_path: Path) -> None:
    Journal(tmp_path / "steps").append(entry)
    with pytest.raises(InputError, match="steps is no journal of replies"):
        Recorded(tmp_path / "steps")
