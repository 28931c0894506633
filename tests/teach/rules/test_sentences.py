"""Edits of sentences keep what they do not change; tags and parts of simple sentences."""

from __future__ import annotations

import pytest

from builders.wordnet import needs_wordnet, the_wordnet
from matomari.teach.rules.sentence import Sentence, cased
from matomari.teach.rules.tagging import Tagger, form_in_place, parts


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("A  dog, barking .", {1: "cat"}, "A  cat, barking ."),
        ("A dog barks.", {1: "elephant"}, "An elephant barks."),
        ("an apple", {1: "pear"}, "a pear"),
        ("THE DOG IS A PET", {1: "cat", 4: "animal"}, "THE CAT IS AN ANIMAL"),
        ("Dogs bark", {0: "cats"}, "Cats bark"),
        ("It is not here", {2: ""}, "It is here"),
        ("a 5 mm pin", {1: "8"}, "an 8 mm pin"),
        ("banana cat", {1: "owl"}, "banana owl"),
        ("A red, old car", {1: "orange", 3: "new"}, "An orange, new car"),
    ],
)
def test_words_are_changed_in_place(text: str, words: dict[int, str], expected: str) -> None:
    assert Sentence(text).with_words(words) == expected


def test_pieces_are_arranged() -> None:
    sentence = Sentence("A dog runs in the park .")
    assert sentence.arranged([sentence.piece(3, 6) + ",", sentence.piece(0, 3)]) == "In the park, a dog runs ."
    shouted = Sentence("IBM BUYS IT IN MAY")
    assert shouted.arranged([shouted.piece(3, 5) + ",", shouted.piece(0, 3)]) == "IN MAY, IBM BUYS IT"
    name = Sentence("IBM grows in May.")
    assert name.arranged([name.piece(2, 4) + ",", name.piece(0, 2)]) == "In May, IBM grows."


def test_case() -> None:
    assert [cased("cat", old) for old in ("DOG", "Dog", "dog", "A")] == ["CAT", "Cat", "cat", "Cat"]


def test_japanese_is_seen() -> None:
    assert [Sentence(text).japanese for text in ("ボルト M8", "bolt", "Müller")] == [True, False, False]


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("A black dog runs across the field .", "DET ADJ NOUN VERB PREP DET NOUN PUNCT"),
        ("Two men playing guitars", "NUM NOUN VERB NOUN"),
        ("BOARD REJECTS SALES TO NEW ENGLAND", "NOUN VERB NOUN PREP ADJ NOUN"),
        ("PAPERBOARD TO SELL NOTES", "NOUN TO VERB NOUN"),
        ("A running man is not amused", "DET ADJ NOUN AUX NEG VERB"),
        ("The man runs", "DET NOUN VERB"),
        ("Children are having a pillow fight", "NOUN AUX VERB DET NOUN NOUN"),  # a clause has one finite verb
        ("The runs are long", "DET NOUN AUX ADJ"),
    ],
)
def test_tags(text: str, tags: str) -> None:
    assert " ".join(Tagger(the_wordnet()).tags(Sentence(text))) == tags


@needs_wordnet
def test_parts_by_hand() -> None:
    sentence = Sentence("The small boy is chasing a cat in the park.")
    found = parts(sentence, Tagger(the_wordnet()).tags(sentence))
    assert (found.subject, found.action, found.object, found.state) == ((0, 3), 4, (5, 7), (7, 10))
    nothing = Sentence("Stop!")
    assert parts(nothing, Tagger(the_wordnet()).tags(nothing)).action is None


@pytest.mark.parametrize(("words", "form"), [("was cut", "en"), ("has cut", "en"), ("to cut", ""), ("they cut", "")])
def test_participles_that_look_like_the_verb(words: str, form: str) -> None:
    assert form_in_place(tuple(words.split()), 1, ("cut", "")) == form
