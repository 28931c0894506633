"""Replies: an answer from the closed set or a BadReply, never anything else, whatever is read."""

from __future__ import annotations

import json
import math
import string
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders.folders import json_values, mutate, often
from matomari.teach.ask.wording import refute_question
from matomari.teach.question import Answer, Block, Question, certain
from matomari.teach.replies import MAX_DEPTH, BadReply, read_json, read_letter, schema_of

BLOCKS = tuple(Block(mark, (f"text {mark}",)) for mark in "123")
ITEMS = Question(kind="place", task="Which?", blocks=BLOCKS, items=("1", "2", "3"), choices=("A", "B", "C"))
ONE = Question(kind="place", task="Which?", blocks=BLOCKS, choices=("A", "B", "C"))
NAME = Question(kind="name", task="Name group A of texts in two to five words, in their language.", blocks=BLOCKS)
JOINERS = dict.fromkeys([0x200C, 0x200D, 0xFE0F], "")
RIGHT = {"1": "A", "2": "B", "3": "A"}


def test_a_letter_and_its_weights_by_hand() -> None:
    top = [("A", math.log(0.5)), (" A", math.log(0.1)), ("B", math.log(0.2)), ("The", math.log(0.15)), ("b", math.log(0.05))]
    answer = read_letter(" A\n", top, ONE)
    assert answer.label == "A" and not answer.failure
    assert answer.shares[""] == pytest.approx({"A": 0.75, "B": 0.25, "C": 0.0})
    assert read_letter("C", [], ONE) == certain("C")
    assert read_letter("C", [("The", -1.0), ("", -1.0)], ONE) == certain("C")
    odd = [("A", float("nan")), ("B", float("-inf")), ("C", float("inf")), ("C", -1e308), ("B", 5.0)]
    assert read_letter("B", odd, ONE).shares[""] == {"A": 0.0, "B": 1.0, "C": 0.0}


def test_weights_by_a_plain_loop() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        top = [(str(rng.choice(["A", " A", "B", "C ", "D", "a", ""])), float(-rng.exponential(3))) for _ in range(int(rng.integers(1, 20)))]
        weights = {choice: sum(math.exp(weight) for token, weight in top if token.strip() == choice) for choice in "ABC"}
        total = sum(weights.values())
        if total > 0:
            assert read_letter("B", top, ONE).shares[""] == pytest.approx({choice: weights[choice] / total for choice in "ABC"})


@pytest.mark.parametrize("content", ["", "a", "D", "A B", "A.", "AB", "Answer: A", "\u200bA", "Ａ", "А", '"A"', '{"answer": "A"}'])
def test_what_is_no_letter(content: str) -> None:
    with pytest.raises(BadReply, match="the reply is none of the choices"):
        read_letter(content, [("A", -0.1)], ONE)


@pytest.mark.parametrize(
    "fence", ["{}", "```json\n{}\n```", "```\n{}\n```", " ```json \n{}\n  ```\n\n", "```json\n\n{}\n\n```", "\n\t{}\n"]
)
def test_items(fence: str) -> None:
    answer = read_json(fence.replace("{}", json.dumps(RIGHT, indent=1)), ITEMS)
    assert answer == Answer(labels=RIGHT, shares={item: {label: 1.0} for item, label in RIGHT.items()})
    assert list(read_json(json.dumps(dict(reversed(RIGHT.items()))), ITEMS).labels) == ["1", "2", "3"]
    assert read_json(fence.replace("{}", '{"answer": "C"}'), ONE) == certain("C")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not JSON"),
        ("A", "is not JSON"),
        ("{'1': 'A', '2': 'B', '3': 'A'}", "is not JSON"),
        (json.dumps(RIGHT) + " Done.", "is not JSON"),
        (f"Here:\n```json\n{json.dumps(RIGHT)}\n```", "is not JSON"),
        (f"```json\n{json.dumps(RIGHT)}\n```\nDone.", "is not JSON"),
        (f"```json\n{json.dumps(RIGHT)}", "is not JSON"),
        (f"```json {json.dumps(RIGHT)} ```", "is not JSON"),
        (f"```python\n{json.dumps(RIGHT)}\n```", "is not JSON"),
        (f"```json\n```json\n{json.dumps(RIGHT)}\n```\n```", "is not JSON"),
        (json.dumps(RIGHT)[:-1], "is not JSON"),
        ('{"1": "A", "2": "B", "3": "A", "1": "B"}', "is not JSON"),
        ('{"1": NaN, "2": "B", "3": "A"}', "is not JSON"),
        ('{"1": 1e999, "2": "B", "3": "A"}', "is not JSON"),
        ('{"1": -Infinity, "2": "B", "3": "A"}', "is not JSON"),
        ('{"1": ' + "9" * 5000 + "}", "is not JSON"),
        ("[" * 200_000, "is not JSON"),
        ("[" * MAX_DEPTH + "[]" + "]" * MAX_DEPTH, "is not JSON"),
        ("[" * (MAX_DEPTH - 1) + "[]" + "]" * (MAX_DEPTH - 1), "is not a JSON object"),
        ('"A"', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ('[{"1": "A", "2": "B", "3": "A"}]', "is not a JSON object"),
        ("{}", "leaves out 3 of 3 items"),
        ('{"1": "A", "2": "B"}', "leaves out 1 of 3 items"),
        ('{"1": "A", "2": "B", "4": "A"}', "leaves out 1 of 3 items"),
        ('{"1": "A", "2": "B", "3": "A", "4": "A"}', "has items that were not asked"),
        ('{"1": "A", "2": "B", "3": "A", "": "A"}', "has items that were not asked"),
        ('{"1": "A", "2": "B", "3": "a"}', "is none of the choices"),
        ('{"1": "A", "2": "B", "3": " A"}', "is none of the choices"),
        ('{"1": "A", "2": "B", "3": null}', "is none of the choices"),
        ('{"1": "A", "2": "B", "3": ["A"]}', "is none of the choices"),
        ('{"1": "A", "2": "B", "3": {"A": 1}}', "is none of the choices"),
        ('{"1": "A", "2": "B", "3": true}', "is none of the choices"),
    ],
)
def test_what_is_no_answer(content: str, reason: str) -> None:
    with pytest.raises(BadReply, match=f"^the reply {reason}$") as caught:
        read_json(content, ITEMS)
    assert caught.value.__cause__ is None and caught.value.__context__ is None  # they would quote the reply


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lost cards", "Lost cards"),
        ('  "Lost\n cards". ', "Lost cards"),
        ("**Lost cards**", "Lost cards"),
        ("# Lost cards", "Lost cards"),
        ("紛失したカード", "紛失したカード"),
        ("کارت‌های گم‌شده", "کارت‌های گم‌شده"),  # with joiners
        ("cards ❤️", "cards ❤️"),
        ("M8 × 20 (ISO 4017)", "M8 × 20 (ISO 4017)"),
        ("x" * 60, "x" * 60),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert read_json(json.dumps({"name": name}), NAME) == Answer(labels={"": expected})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({}, "holds no name"),
        ({"name": 7}, "holds no name"),
        ({"name": None}, "holds no name"),
        ({"title": "cards"}, "holds no name"),
        ({"name": "cards", "why": "because"}, "holds no name"),
        ({"name": ""}, "empty or too long"),
        ({"name": " … - "}, "empty or too long"),
        ({"name": "x" * 61}, "empty or too long"),
        ({"name": "cards\u200b lost"}, "is no name"),
        ({"name": "cards\u202e tsol"}, "is no name"),
        ({"name": "cards\ud800"}, "is no name"),
        ({"name": "cards\x1b[31m"}, "is no name"),
        ({"name": "cards \U000e0041"}, "is no name"),
        ({"name": "see http://evil.example"}, "is no name"),
        ({"name": "see www.evil.example"}, "is no name"),
        ({"name": "![x](y)"}, "is no name"),
        ({"name": "<img src=x>"}, "is no name"),
        ({"name": "<!-- x"}, "is no name"),
        ({"name": "NAME group A of texts, in two"}, "is no name"),
    ],
)
def test_what_is_no_name(value: Any, reason: str) -> None:
    with pytest.raises(BadReply, match=reason):
        read_json(json.dumps(value), NAME)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"text": "The dog did not run."}, ""),
        ({"text": "  The dog\n did not  run. "}, ""),  # a full stop stays, other than in a name
        ({"name": "The dog did not run."}, "no text"),
        ({"text": "a", "name": "b"}, "no text"),
        ({"text": ["a"]}, "no text"),
        ({"text": " "}, "empty or too long"),
        ({"text": "..."}, "empty or too long"),
        ({"text": "a" * 73}, "empty or too long"),
        ({"text": "see https://example.org"}, "no plain sentence"),
        ({"text": "a dog \u202eran"}, "no plain sentence"),
        ({"text": "Write one sentence in the language of text 1"}, "no plain sentence"),
    ],
)
def test_what_is_a_sentence(value: Any, reason: str) -> None:
    asked = refute_question("The dog ran")
    assert asked.longest == 72
    if reason:
        with pytest.raises(BadReply, match=reason):
            read_json(json.dumps(value), asked)
    else:
        assert read_json(json.dumps(value), asked).label == "The dog did not run."
    assert schema_of(asked)["properties"] == {"text": {"type": "string", "maxLength": 72}}


def test_five_words_of_ours_are_no_quotation() -> None:
    assert read_json('{"name": "group A of texts in"}', NAME).label == "group A of texts in"


def closed(content: str, question: Question) -> None:
    """An answer that the question allows, or BadReply."""
    try:
        answer = read_json(content, question)
    except BadReply as error:
        assert str(error) and len(str(error)) < 80
        return
    assert not answer.failure
    if question.choices:
        assert set(answer.labels) == set(question.items) == set(answer.shares)
        assert set(answer.labels.values()) <= set(question.choices)
        assert all(answer.shares[item] == {label: 1.0} for item, label in answer.labels.items())
    else:
        assert set(answer.labels) == {""} and 0 < len(answer.label) <= question.longest and answer.label.translate(JOINERS).isprintable()


@often
@given(st.text() | st.text(st.sampled_from('{}[]":,\\` \n\tABC123jsonanswername0eE.-+NaN\ud800')))
@example("```\n```")
@example("```json\n\n```")
@example('{"name": "\\ud800"}')
@example('{"name": "\\u0000"}')
def test_any_string(content: str) -> None:
    for question in (ITEMS, ONE, NAME):
        closed(content, question)


@often
@given(json_values)
def test_any_json(value: Any) -> None:
    content = json.dumps(value)
    for question in (ITEMS, ONE, NAME):
        closed(content, question)
        closed(json.dumps({"name": value}), NAME)
        closed(json.dumps({"answer": value, "1": value}), ONE)


@often
@given(st.dictionaries(st.sampled_from(["1", "2", "3", "4", "answer"]), st.sampled_from(["A", "B", "C", "D", "a", "", "AB"]), max_size=5))
def test_objects_by_a_plain_rule(value: dict[str, str]) -> None:
    if set(value) == {"1", "2", "3"} and set(value.values()) <= {"A", "B", "C"}:
        assert read_json(json.dumps(value), ITEMS).labels == value
    else:
        with pytest.raises(BadReply):
            read_json(json.dumps(value), ITEMS)


def test_mutations_of_a_right_reply() -> None:
    """Whatever one changed byte makes of it, it is read as JSON reads it, or not at all."""
    rng, whole, read = np.random.default_rng(9), json.dumps(RIGHT).encode(), 0
    for _ in range(2000):
        content = mutate(whole, rng).decode(errors="surrogateescape")
        closed(content, ITEMS)
        try:
            answer = read_json(content, ITEMS)
        except BadReply:
            continue
        assert answer.labels == json.loads(content)
        read += 1
    assert 5 < read < 1000


@often
@given(st.text(string.printable), st.lists(st.tuples(st.text(max_size=3), st.floats()), max_size=5))
def test_any_letter(content: str, top: list[tuple[str, float]]) -> None:
    try:
        answer = read_letter(content, top, ONE)
    except BadReply:
        assert content.strip() not in ONE.choices
        return
    assert answer.label == content.strip() and sum(answer.shares[""].values()) == pytest.approx(1.0)
    assert all(0 <= share <= 1 for share in answer.shares[""].values())


MANY_KEYS = "{" + ",".join(f'"{n}":1' for n in [*range(60_000), 59_999]) + "}"


@pytest.mark.parametrize(
    "content", [MANY_KEYS, "```" + "\n" * 1_000_000, "```json\n" + " \n" * 500_000 + "x", "`" * 1_000_000, "\n" * 1_000_000 + "```"]
)
def test_a_long_reply_takes_no_longer_than_its_length(content: str) -> None:
    start = time.monotonic()
    with pytest.raises(BadReply):
        read_json(content, ITEMS)
    assert time.monotonic() - start < 2


def test_the_schema_says_what_the_parser_takes() -> None:
    schema = schema_of(ITEMS)
    assert schema["required"] == list(schema["properties"]) == ["1", "2", "3"] and schema["additionalProperties"] is False
    assert all(value == {"type": "string", "enum": ["A", "B", "C"]} for value in schema["properties"].values())
    assert list(schema_of(ONE)["properties"]) == ["answer"]
    assert schema_of(NAME)["properties"] == {"name": {"type": "string", "maxLength": 60}}
