"""Tokens and what slots they fill, by hand."""

from __future__ import annotations

import pytest

from matomari.rows.boilerplate.slots import has_word, tokens


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2024-10-02", ["date"]),
        ("02.10.2024", ["date"]),
        ("2 October 2024", ["date"]),
        ("Oct 2, 2024", ["date"]),
        ("2024年10月2日", ["date"]),
        ("9:00 pm", ["time"]),
        ("2024-10-02T09:15:01.123Z", ["date", "time"]),
        ("EUR 543.32", ["amount"]),
        ("$1,200.50", ["amount"]),
        ("5 €", ["amount"]),
        ("https://www.shop.example/c?id=a", ["address"]),
        ("www.example.org/x", ["address"]),
        ("jo.doe@example.org", ["mail"]),
        ("123e4567-e89b-12d3-a456-426614174000", ["identifier"]),
        ("9f86d081884c7d659a2feaa0c55ad015", ["identifier"]),
        ("TR45418604", ["code"]),
        ("M8x20", ["code"]),
        ("srv07", ["code"]),
        ("#33467", ["number"]),
        ("12/3", ["number"]),
        ("2021.4.689", ["number"]),
        ("don't", ["word"]),
        ("top-up", ["word"]),
        ("Größe", ["word"]),
        ("deadbeef", ["word"]),
        ("May I?", ["word", "word", "mark"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokens(text)] == kinds


def test_tokens_stand_where_they_are() -> None:
    text = "Ticket #42 (new): call Jo"
    for token in tokens(text):
        written = text[token.start : token.end]
        assert token.key == (written.casefold() if token.kind in ("word", "mark") else f"<{token.kind}>")
    assert "".join(text[t.start : t.end] for t in tokens(text)) == text.replace(" ", "")


@pytest.mark.parametrize(("text", "said"), [("a 12 !", False), ("ab", True), ("33 pF", True), ("退", True), ("", False)])
def test_what_holds_a_word(text: str, said: bool) -> None:
    assert has_word(text) is said
