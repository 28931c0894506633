"""Sentences of a text, and whether they state, ask or deny."""

from __future__ import annotations

import pytest

from matomari.teach.rules.sentence import Sentence
from matomari.teach.rules.speech import Span, asks, denies, span_at, spans


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is open", [(0, 3)]),
        ("It is open. Is it?", [(0, 4), (4, 7)]),
        ("Stop!!! He said so.", [(0, 4), (4, 8)]),
        ("", []),
        ("...", [(0, 3)]),
    ],
)
def test_sentences(text: str, found: list[tuple[int, int]]) -> None:
    assert [tuple(span) for span in spans(Sentence(text))] == found


def test_the_sentence_of_a_token() -> None:
    sentence = Sentence("It is open. Is it?")
    assert [span_at(sentence, i) for i in (3, 4)] == [Span(0, 4), Span(4, 7)]


@pytest.mark.parametrize(
    ("text", "question", "denial"),
    [
        ("is it open", True, False),
        ("Isn't it open", True, True),
        ("in which box is it", True, False),
        ("tell me how it works", True, False),
        ("it works?", True, False),
        ("the man who waits is here", False, False),
        ("when it rains it rains", False, False),
        ("nobody was hurt", False, True),
        ("it can’t be", False, True),
    ],
)
def test_questions_and_denials(text: str, question: bool, denial: bool) -> None:
    sentence = Sentence(text)
    (span,) = spans(sentence)
    assert (asks(sentence, span), denies(sentence, span)) == (question, denial)
