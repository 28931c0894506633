"""Each operation of the positives: what it says, and where it must keep silent."""

from __future__ import annotations

import pytest

from builders.rules import knowing, plain, said
from builders.wordnet import needs_wordnet
from matomari.teach.rules.positives import frame, japanese, order, wording


def test_synonyms_of_the_table() -> None:
    assert said(wording.synonym, plain(), "PROFITS UP 5 MLN DLRS") == {"PROFITS UP 5 MILLION DLRS", "PROFITS UP 5 MLN DOLLARS"}
    assert said(wording.synonym, plain(), "nothing here") == set()


@needs_wordnet
def test_synonyms_by_wordnet_need_one_sense() -> None:
    assert "The bike is here" in said(wording.synonym, knowing(), "The bicycle is here")
    assert said(wording.synonym, knowing(), "The bucket is here") == set()  # a pail, or what a pail holds
    assert said(wording.synonym, knowing(), "DEBT WAS CUT") == {"DEBT WAS REDUCED"}
    assert said(wording.synonym, knowing(), "There is little room") == set()


def test_japanese_qualities_by_another_word() -> None:
    assert said(wording.synonym, plain(), "トレー ﾎﾜｲﾄ 縦") == {"トレー 白 縦", "トレー 白色 縦"}
    assert said(wording.synonym, plain(), "面白い鉄板") == set()


def test_a_size_is_not_torn_apart() -> None:
    assert said(order.part, plain(), "ボルト M8 × 20mm") == set()
    assert said(wording.unit, plain(), "pipe 60 mm x 20") == said(wording.number, plain(), "20 x 5 millimetres") == set()


def test_aliases() -> None:
    assert said(wording.alias, plain(), "Hex bolts 5 mm") == {"Hexagon bolts 5 mm"}
    assert said(wording.alias, plain(), "六角ねじ M8") == {"六角ナット M8"}


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [("3 dogs run", {"three dogs run"}), ("Twelve dogs", {"12 dogs"}), ("37 dogs", set()), ("4 on a list", set()), ("bolt 3 mm", set())],
)
def test_numbers_as_words(text: str, made: set[str]) -> None:
    assert said(wording.number, knowing(), text) == made


def test_equal_amounts_in_other_units() -> None:
    assert {"rope, 1 m", "rope, 1 metre"} <= said(wording.unit, plain(), "rope, 100 cm", range(60))
    assert said(wording.unit, plain(), "RATE OF 5 PCT") == {"RATE OF 5%", "RATE OF 5 PERCENT"}
    assert said(wording.unit, plain(), "釘 10円") == {"釘 10円"} - {"釘 10円"}


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A dog sleeps", {"The dog sleeps", "One dog sleeps"}),
        ("An old dog sleeps", {"The old dog sleeps", "One old dog sleeps"}),
        ("The old dog sleeps", set()),
        ("A lot of dogs", set()),
        ("A horses race", set()),
    ],
)
def test_determiners(text: str, made: set[str]) -> None:
    assert said(wording.determiner, knowing(), text, range(30)) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The dog is chasing the cat in a park.", {"In a park, the dog is chasing the cat."}),
        ("A dog with a hat in the park.", set()),
        ("RATES FELL ON MONDAY", set()),
        ("I am chasing the cat in a park.", {"In a park, I am chasing the cat."}),
        ("The man said that the dog is chasing the cat in a park.", set()),
        ("Where is the dog chasing the cat in a park", set()),
        ("The dog is chasing the cat in a park. Can I?", {"In a park, the dog is chasing the cat. Can I?"}),
        ("I am sure the dog is chasing it in a park.", set()),
        ("I am doing an in country transfer.", set()),
    ],
)
def test_fronting(text: str, made: set[str]) -> None:
    assert said(order.front, plain(), text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The lid does not fit", {"The lid doesn't fit"}),
        ("The lid doesn’t fit", {"The lid does not fit"}),
        ("I am sure it cannot open", {"I'm sure it cannot open", "I am sure it can't open"}),
        ("Why isn't it open", set()),
        ("That is how we are.", set()),
        ("FORD DOES NOT BUY", set()),
    ],
)
def test_contractions(text: str, made: set[str]) -> None:
    assert said(wording.contraction, plain(), text, range(40)) == made


@needs_wordnet
@pytest.mark.parametrize(
    "text",
    ["How many dogs", "so many dogs", "a little while", "a little more", "by and large", "a near miss", "an apr rate", "start over again"],
)
def test_words_that_are_another_word_there(text: str) -> None:
    assert said(wording.synonym, knowing(), text) == set()


def test_amounts_that_nobody_would_write_so() -> None:
    for text in ("paid within 14 hours", "19 years old", "12 hours ago", "a iPhone 3G", "79G-00007", "8 minutes", "$30 usd"):
        assert said(wording.unit, plain(), text, range(60)) == set(), text
    for text in ("a discount of ten percent", "a drill of 6 mm for steel"):
        assert not any("%" in other or "µ" in other for other in said(wording.unit, plain(), text, range(60))), text
    assert said(wording.unit, plain(), "a 12 mm hole", range(60)) == {"a 1.2 cm hole", "a 0.012 m hole"} - {"a 0.012 m hole"}
    assert said(wording.unit, plain(), "within 2 weeks") == {"within 14 days"}
    assert said(wording.unit, plain(), "a rate of 50%") == {"a rate of 50 percent", "a rate of 50 pct"} - {"a rate of 50 pct"}
    assert said(wording.number, knowing(), "at 5 pm") == set()


@needs_wordnet
def test_what_is_bitten_at_is_not_put_in_front() -> None:
    assert said(order.front, knowing(), "Eat a cat in a park .") == set()  # where to sit
    assert said(order.front, knowing(), "A dog sleeps on a cat .") == set()
    assert said(order.front, knowing(), "A dog sleeps in a park .") == {"In a park, a dog sleeps ."}


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A dog is chasing two cats.", {"Two cats are being chased by a dog."}),
        ("A dog chases the cat in a park.", {"The cat is chased by a dog in a park."}),
        ("FORD BUYS HERTZ", {"HERTZ IS BOUGHT BY FORD"}),
        ("FORD TO BUY HERTZ", {"HERTZ TO BE BOUGHT BY FORD"}),
        ("A dog chases its tail", set()),
        ("A dog sleeps", set()),
    ],
)
def test_the_passive(text: str, made: set[str]) -> None:
    assert said(order.passive, knowing(), text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("bolt M8 20 mm", {"20 mm bolt, M8"}),
        ("bolt 20x30 mm", set()),
        ("The bolt of 20 mm is here", set()),
        ("ステンレスボルト M8 20mm", {"20mm ステンレスボルト M8"}),
        ("ボルトがある 20mm", set()),
    ],
)
def test_the_order_of_a_parts_name(text: str, made: set[str]) -> None:
    assert said(order.part, plain(), text) == made


@needs_wordnet
def test_frames() -> None:
    assert said(frame.frame, knowing(), "A dog running home") == {
        "A photo of a dog running home",
        "This is a picture of a dog running home",
        "There is a dog running home",
        "The image shows a dog running home",
    }
    assert said(frame.frame, knowing(), "A dog runs home") == set()  # a photo of a dog runs home
    assert said(frame.frame, knowing(), "A dog running home?") == set()
    assert said(frame.frame, knowing(), "7.0 cu.ft. dog dryer for home") == {
        "Item: 7.0 cu.ft. dog dryer for home",
        "Listed: 7.0 cu.ft. dog dryer for home",
    }
    assert said(frame.plain, plain(), "FORD BUYS HERTZ") == {"NOTE: FORD BUYS HERTZ", "NOTED: FORD BUYS HERTZ"}
    assert said(frame.plain, plain(), "Is it open") == {"Question: Is it open", "Asked: Is it open"}


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A dog running home", {"A dog is running home"}),
        ("Two people waiting", {"Two people are waiting"}),
        ("A man mountain biking", set()),
        ("A dog is running", set()),
    ],
)
def test_whole_sentences(text: str, made: set[str]) -> None:
    assert said(frame.there_is, knowing(), text) == made


@pytest.mark.parametrize(("text", "made"), [("犬が走っています。", "犬が走っている。"), ("箱がない", "箱がありません"), ("猫です", "猫だ")])
def test_manners(text: str, made: str) -> None:
    assert said(japanese.manner, plain(), text) == {made}
    assert said(japanese.manner, plain(), "猫がいますので") == set()
    assert said(japanese.width, plain(), "２０ミリ") == {"20ミリ"}
    assert said(japanese.manner, plain(), "bolt 5 mm") == said(japanese.width, plain(), "bolt 5 mm") == set()
