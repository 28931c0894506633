"""Forms of words against a list written by hand, and there and back."""

from __future__ import annotations

import pytest

from matomari.teach.graph.inflection import VERB_FORMS, article, noun_bases, noun_form, verb_bases, verb_form

PLURALS = "dog dogs, box boxes, city cities, boy boys, church churches, man men, fireman firemen, human humans, child children, sheep sheep, knife knives, roof roofs, potato potatoes, piano pianos, bus buses, ice cream ice creams"
VERBS = [
    "stop stops stopped stopping stopped",
    "carry carries carried carrying carried",
    "write writes wrote writing written",
    "lie lies lay lying lain",
    "see sees saw seeing seen",
    "fix fixes fixed fixing fixed",
    "visit visits visited visiting visited",
    "refer refers referred referring referred",
    "agree agrees agreed agreeing agreed",
    "quit quits quit quitting quit",
    "go goes went going gone",
    "play plays played playing played",
    "dye dyes dyed dyeing dyed",
]


@pytest.mark.parametrize("pair", PLURALS.split(", "))
def test_plurals(pair: str) -> None:
    words = pair.split()
    one, many = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    assert noun_form(one, "s") == many
    assert noun_form(one, "") == one


@pytest.mark.parametrize("row", VERBS)
def test_verbs_and_back(row: str) -> None:
    forms = row.split()
    assert [verb_form(forms[0], form) for form in VERB_FORMS] == forms
    for form, written in zip(VERB_FORMS[1:4], forms[1:4], strict=True):
        assert (forms[0], form) in list(verb_bases(written))


@pytest.mark.parametrize(("word", "base"), [("cities", "city"), ("boxes", "box"), ("men", "man"), ("wolves", "wolf"), ("dogs", "dog")])
def test_nouns_back(word: str, base: str) -> None:
    assert (base, "s") in list(noun_bases(word))


def test_what_is_no_plural() -> None:
    assert list(noun_bases("glass")) == [("glass", "")]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("apple", "an"),
        ("hour", "an"),
        ("honest", "an"),
        ("unit", "a"),
        ("uniform", "a"),
        ("unusual", "an"),
        ("uninhabited", "an"),
        ("umbrella", "an"),
        ("user", "a"),
        ("one-way", "a"),
        ("European", "a"),
        ("dog", "a"),
        ("8", "an"),
        ("18", "an"),
        ("80", "an"),
        ("11", "an"),
        ("12", "a"),
    ],
)
def test_articles(word: str, expected: str) -> None:
    assert article(word) == expected
