"""Endpoints that know only a part of OpenAI's API: each ends in a dialect in which questions are answered rightly."""

from __future__ import annotations

import pytest

from builders.asking import client, letters, right_labels, rows
from builders.endpoint import Asked, Fault, Knows, Loopback
from builders.endpoint_faults import FAULTS
from matomari.errors import InputError, MachineError, MatomariError
from matomari.teach.client.dialect import THINKING, Dialect
from matomari.teach.client.recorded import Recorded
from matomari.teach.question import Block, Question

MODERN = ("max_completion_tokens",)
CASES = {
    "all": (Knows(), Dialect()),
    "no schema": (Knows(forms=("json_object",)), Dialect(form="json_object")),
    "no form": (Knows(forms=()), Dialect(form="prompt")),
    "schema alone": (Knows(forms=("json_schema",)), Dialect()),
    "no log-probabilities": (Knows(logprobs=False), Dialect(letters=False)),
    "no form and no log-probabilities": (Knows(forms=(), logprobs=False), Dialect(form="prompt", letters=False)),
    "another limit": (Knows(limits=MODERN), Dialect(limit="max_completion_tokens")),
    "no temperature": (Knows(limits=("max_tokens",), temperature=False), Dialect(steady=False)),
    "another limit and no temperature": (Knows(limits=MODERN, temperature=False), Dialect(limit="max_completion_tokens", steady=False)),
    "status 422": (Knows(forms=(), logprobs=False, refuses=422), Dialect(form="prompt", letters=False)),
    "ignores forms": (Knows(forms=(), ignores=True), Dialect()),
    "ignores all": (Knows(forms=(), logprobs=False, ignores=True), Dialect(letters=False)),
    "few hidden thoughts": (Knows(reasons=9), Dialect(thinks=True, letters=False)),
    "hidden thoughts": (
        Knows(limits=MODERN, temperature=False, logprobs=False, reasons=900),
        Dialect(limit="max_completion_tokens", steady=False, letters=False, thinks=True),
    ),
    "long thoughts": (Knows(thinks="<think>" + "Now let me see. " * 60 + "</think>\n"), Dialect(thinks=True, letters=False)),
    "short thoughts": (Knows(thinks="<think>\n\n</think>\n\n"), Dialect(letters=False)),
    "ollama": (Knows(forms=("json_object",), logprobs=False), Dialect(form="json_object", letters=False)),
}
NAME = Question(kind="name", task="Name group A.", blocks=(Block("A", ("card of beta",)),))


@pytest.mark.parametrize("case", CASES)
def test_a_dialect_that_works(case: str) -> None:
    knows, expected = CASES[case]
    with Loopback(knows=knows) as endpoint:
        teacher = client(endpoint.url, recorded=Recorded())
        dialect = teacher.dialect()
        probes = len(endpoint.asked)
        assert dialect == expected
        assert probes <= 12 and all(asked.probe for asked in endpoint.asked)
        answers = teacher.ask([*rows(3), *letters(3), NAME])
        teacher.close()
    assert [answer.labels for answer in answers] == [*map(right_labels, range(3)), {"": "A"}, {"": "B"}, {"": "C"}, {"": "beta"}]
    sure = [max(answer.shares[""].values()) == 1 for answer in answers[3:6]]
    assert sure == [True] * 3  # one choice alone is among the tokens of this endpoint
    assert len(endpoint.asked) == probes + 7


def test_what_a_request_holds() -> None:
    """Each dialect asks in its words, and leaves out what its endpoint does not know."""
    question, single = rows(1)[0], letters(1)[0]
    messages = [{"role": "user", "content": "x"}]
    body = Dialect().request(question, messages, letter=False)
    assert set(body) == {"messages", "max_tokens", "temperature", "response_format"}
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["1", "2", "3"]
    body = Dialect(form="prompt", steady=False, limit="max_completion_tokens", thinks=True).request(question, messages, letter=False)
    assert body == {"messages": messages, "max_completion_tokens": THINKING + 16 + 36}
    body = Dialect(form="json_object").request(question, messages, letter=False)
    assert body["response_format"] == {"type": "json_object"}
    body = Dialect().request(single, messages, letter=True)
    assert body == {"messages": messages, "max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": 20}


def test_which_questions_are_answered_by_a_letter() -> None:
    assert Dialect().letter_for(letters(1)[0])
    assert not Dialect(letters=False).letter_for(letters(1)[0])
    assert not Dialect().letter_for(rows(1)[0]) and not Dialect().letter_for(NAME)


@pytest.mark.parametrize("case", CASES)
def test_a_dialect_survives_the_journal(case: str) -> None:
    dialect = CASES[case][1]
    assert Dialect.of(dialect.record()) == dialect
    for strange in ({"form": "xml"}, {"limit": "temperature"}, {"letters": "yes"}, {"thinks": None}):
        assert Dialect.of({**dialect.record(), **strange}) is None
    assert Dialect.of({}) is None


def test_the_dialect_is_found_once() -> None:
    recorded = Recorded()
    with Loopback(knows=Knows(forms=())) as endpoint:
        for _ in range(2):
            teacher = client(endpoint.url, recorded=recorded)
            assert teacher.dialect() is teacher.dialect()
            teacher.close()
            probes = len(endpoint.asked)
            assert probes == len({asked.number for asked in endpoint.asked}) <= 12
        assert len(endpoint.asked) == probes


@pytest.mark.parametrize(
    ("name", "kind", "hint"),
    [
        ("401", InputError, "OPENAI_API_KEY"),
        ("403", InputError, "OPENAI_API_KEY"),
        ("404", InputError, "/v1"),
        ("400", InputError, "name another one with llm=…"),
        ("422", InputError, "name another one with llm=…"),
        ("500", MachineError, "is the endpoint running"),
        ("429", MachineError, "is the endpoint running"),
        ("html", MachineError, "is the endpoint running"),
        ("closed", MachineError, "is the endpoint running"),
        ("302 elsewhere", MachineError, "is the endpoint running"),
    ],
)
def test_an_endpoint_that_answers_nothing(name: str, kind: type[MatomariError], hint: str) -> None:
    recorded = Recorded()
    with Loopback(lambda asked: FAULTS[name]) as endpoint:
        teacher = client(endpoint.url, recorded=recorded)
        with pytest.raises(kind) as caught:
            teacher.ask(rows(1))
        assert hint in caught.value.hint and len(recorded) == 0
        assert len(endpoint.asked) <= 5
        teacher.close()


def test_a_form_on_which_the_endpoint_breaks_is_left_out() -> None:
    """Some servers fail with status 500 on a parameter that they do not know, while plain questions work."""

    def breaks(asked: Asked) -> Fault | None:
        return FAULTS["500"] if asked.body.get("response_format", {}).get("type") == "json_schema" or "logprobs" in asked.body else None

    with Loopback(breaks) as endpoint:
        teacher = client(endpoint.url, recorded=Recorded())
        assert teacher.dialect() == Dialect(form="json_object", letters=False)
        assert [answer.labels for answer in teacher.ask(rows(3))] == [right_labels(i) for i in range(3)]
        teacher.close()
