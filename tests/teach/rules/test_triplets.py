"""Vetoes, the comparison that knows no rule, and the maker: determinism, provenance, kinds, and what is dropped."""

from __future__ import annotations

import tracemalloc
from collections import Counter

import pytest

from builders.rules import CORPUS, knowing, plain
from builders.wordnet import needs_wordnet, the_wordnet
from matomari.teach.graph.vocabulary import Term, Vocabulary
from matomari.teach.rules.check import Check
from matomari.teach.rules.maker import NEGATIVES, Rules
from matomari.teach.rules.triplet import KINDS, Dropped, Triplet
from matomari.teach.rules.vetoes import Vetoes

CAPTIONS = [
    "A black dog is chasing a white cat in the park .",
    "Two boys sit on a bench in front of a house .",
    "A man riding a red bicycle down a steep hill .",
    "Three children jump into the pool .",
    "A girl in a green dress holds a guitar .",
]
NEWS = ["FORD TO BUY HERTZ FOR 500 MLN DLRS", "OIL PRICES RISE 5 PCT IN MAY", "BANK REFUSES OFFER", "PROFITS UP 7.5 PCT", "GM SELLS UNIT"]


@needs_wordnet
@pytest.mark.parametrize(
    ("one", "other", "pos", "why"),
    [
        ("dog", "cat", "n", ""),
        ("dog", "animal", "n", "hypernym"),
        ("animal", "dog", "n", "hypernym"),
        ("auto", "automobile", "n", "synonym"),
        ("street", "road", "n", "said of the same thing"),
        ("parisian", "dog", "n", "people by origin"),
        ("frenchman", "dog", "n", "people by nationality"),
        ("woman", "dog", "n", "people by gender"),
        ("big", "small", "a", ""),
        ("big", "large", "a", "said of the same thing"),
    ],
)
def test_vetoes(one: str, other: str, pos: str, why: str) -> None:
    assert Vetoes(the_wordnet()).why(one, other, pos) == why


@pytest.mark.parametrize(
    ("anchor", "candidate", "reason"),
    [
        ("rope, 100 cm", "rope of 1 m", ""),
        ("rope, 100 cm", "rope of 2 m", "numbers differ"),
        ("two hex bolts", "2 hexagon bolts", ""),
        ("ten percent off", "10 percent off", ""),
        ("two hex bolts", "two rivets", "entities differ: hex bolt / rivet"),
        ("It is open", "It is not open", "negations differ"),
        ("FORD ACCEPTS IT", "FORD REJECTS IT", "negations differ"),
        ("It is  open", "it is open", "it is the anchor"),
        ("犬が走っています", "犬が走っている", ""),
        ("犬が走っています", "犬が走っていない", "negations differ"),
    ],
)
def test_a_positive_agrees_in_all(anchor: str, candidate: str, reason: str) -> None:
    assert Check(plain()).positive(anchor, candidate).startswith(reason)
    assert bool(Check(plain()).positive(anchor, candidate)) == bool(reason)


@pytest.mark.parametrize(
    ("anchor", "candidate", "kind", "reason"),
    [
        ("hex bolt 5 mm", "rivet 5 mm", "entity", ""),
        ("hex bolt 5 mm", "rivet 6 mm", "entity", "numbers differ"),
        ("hex bolt on oak", "rivet on oak", "entity", ""),
        ("hex bolt", "hexagon bolt", "entity", "no entity differs"),
        ("hex bolt on oak", "rivet on 座金", "entity", "entities differ otherwise"),
        ("hex bolt 5 mm", "hex bolt 6 mm", "quantity", ""),
        ("hex bolt 100 cm", "hex bolt 1 m", "quantity", "no number differs"),
        ("5 mm and 6 kg", "7 mm and 8 kg", "quantity", "more than a number differs"),
        ("hex bolt 5 mm", "rivet 6 mm", "quantity", "entities differ"),
        ("5 g of it", "5 kg of it", "unit", ""),
        ("It is open", "It is not open", "negation", ""),
        ("It is open", "It is shut", "negation", "the negations are as many"),
        ("a hits b", "b hits a", "role", ""),
        ("a hits b", "b hits c", "role", "not the same words"),
        ("it is up", "it is down", "relation", ""),
        ("it is up", "it is not down", "relation", "negations differ"),
        ("it is red", "so we went on to say what it was", "attribute", "words differ"),
    ],
)
def test_a_negative_differs_in_what_its_kind_says(anchor: str, candidate: str, kind: str, reason: str) -> None:
    found = Check(plain()).negative(anchor, candidate, kind)
    assert reason in found
    assert bool(found) == bool(reason)


@needs_wordnet
def test_synonyms_agree_and_swaps_do_not() -> None:
    check = Check(knowing())
    assert check.positive("A boy on a bicycle in the United States", "A boy on a bike in the U.S.") == ""
    assert check.positive("The dog sleeps", "A photo of the dog that sleeps") == ""
    assert check.negative("The dog sleeps", "The cat sleeps", "entity") == ""


@needs_wordnet
def test_every_kind_is_made_and_says_how() -> None:
    rules = Rules.of(CAPTIONS * 8 + NEWS * 8 + [CORPUS] * 8, wordnet=the_wordnet(), per_sentence=len(KINDS))
    made = [t for t in rules.make(CAPTIONS + NEWS) if isinstance(t, Triplet)]
    assert set(NEGATIVES) == set(KINDS) == {t.kind for t in made}
    assert rules.notes == []
    for triplet in made:
        assert len({triplet.anchor, triplet.positive, triplet.negative}) == 3
        assert triplet.made.startswith(f"negative: {triplet.kind} ")
        assert "; positive: " in triplet.made
    assert max(Counter((t.anchor, t.kind) for t in made).values()) == 1


def test_the_text_and_the_seed_decide_and_nothing_else() -> None:
    texts = [f"hex bolt M{n} {n * 5} mm" for n in range(2, 40)]
    rules = Rules.of(texts, wordnet=None, vocabulary=Vocabulary([Term("hex bolt", "part"), Term("rivet", "part")]))
    whole = list(rules.make(texts))
    assert list(rules.make(texts[:7])) + list(rules.make(texts[7:])) == whole
    assert list(rules.make(texts[::-1])) != whole
    assert sorted(map(str, rules.make(texts[::-1]))) == sorted(map(str, whole))
    other = Rules.of(texts, wordnet=None, vocabulary=rules.know.vocabulary, seed=1)
    assert list(other.make(texts)) != whole


def test_each_text_has_draws_of_its_own() -> None:
    words = Vocabulary(
        [Term("hex bolt", "part", ("hexagon bolt",)), *(Term(name, "part") for name in ("rivet", "nail", "stud", "dowel", "pin"))]
    )
    texts = [f"hex bolt {letter}" for letter in "bcdfghjklmnpqrtvwz"]
    made = [t.negative.split()[0] for t in Rules.of(texts, wordnet=None, vocabulary=words).make(texts) if isinstance(t, Triplet)]
    assert len(made) == len(texts)
    assert len(set(made)) > 2


def test_without_wordnet_it_works_and_says_what_is_missing() -> None:
    texts = [
        "bolt 20 mm",
        "bolt 30 mm",
        "The dog is chasing the cat.",
        "A stainless bolt 5 cm",
        "a galvanized bolt",
        "FORD TO BUY HERTZ",
        "二個の箱 20センチ",
        "箱なし 5個",
    ]
    rules = Rules.of(texts, wordnet=None, per_sentence=8)
    made = [t for t in rules.make(texts) if isinstance(t, Triplet)]
    assert {"quantity", "unit", "negation", "action", "attribute", "role"} <= {t.kind for t in made}
    assert rules.notes == ["WordNet is not there: entities are the user's terms alone, actions and qualities those of our tables."]


def test_what_cannot_be_made_is_told() -> None:
    rules = Rules.of(["x"], wordnet=None)
    (dropped,) = rules.make(["", "  ", "Hm !"])
    assert dropped == Dropped("Hm !", "", "negative", reason="no rule makes a negative", made="")
    assert not rules.usable("Hm !")
    assert rules.usable("bolt 20 mm")


@needs_wordnet
def test_what_the_check_refuses_is_dropped_with_its_reason() -> None:
    rules = Rules.of(NEWS, wordnet=the_wordnet())
    refused = [d for d in rules.make([f"{n} BANK REFUSES {n} PCT" for n in range(3, 60)] + NEWS) if isinstance(d, Dropped)]
    assert all(d.reason and (d.made or not d.candidate) for d in refused)


def test_memory_is_flat() -> None:
    texts = [f"bolt {n} mm" for n in range(5, 25)]
    rules = Rules.of(texts, wordnet=None)

    def peak(times: int) -> int:
        tracemalloc.start()
        for _ in rules.make(text for _ in range(times) for text in texts):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(3)
    assert peak(60) < 1.5 * peak(6)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        ("plate 20x60 in, 5 kg", ""),
        ("plate 20x60 in, 5 lb", "more than a number differs"),
        ("plate 60 in, 5 kg", "more than a number differs"),
    ],
)
def test_one_unit_of_a_size_may_change_several_numbers(candidate: str, reason: str) -> None:
    assert Check(plain()).negative("plate 20x60 mm, 5 kg", candidate, "unit").startswith(reason or "") is True
    assert bool(Check(plain()).negative("plate 20x60 mm, 5 kg", candidate, "unit")) is bool(reason)
