"""What is turned round without a change of meaning, and where it would change."""

from __future__ import annotations

import pytest

from builders.rules import knowing, plain, said
from builders.wordnet import needs_wordnet, the_wordnet
from matomari.teach.rules.knowledge import Knowledge
from matomari.teach.rules.positives import clauses, phrases, wording
from matomari.teach.rules.statistics import Statistics


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The pump stops when it leaks.", "When it leaks, the pump stops."),
        ("Why did it stop when I opened the lid?", "When I opened the lid, why did it stop?"),
        ("If I lose the key, what happens?", "What happens if I lose the key?"),
        ("If the light is red, restart the pump.", "Restart the pump if the light is red."),
        ("I'm late because the bus was full.", "Because the bus was full, I'm late."),
        ("Anna slept because it was late.", "Because it was late, Anna slept."),
        ("A man smiles while holding a ball .", "While holding a ball, a man smiles ."),
        ("It does not start if the lid is open.", "If the lid is open, it does not start."),
        (
            "It is loud. The pump stopped after the fuse blew. Please help.",
            "It is loud. After the fuse blew, the pump stopped. Please help.",
        ),
    ],
)
def test_a_clause_is_put_in_front_or_behind(text: str, made: str) -> None:
    assert said(clauses.clause, knowing(), text) == {made}


@needs_wordnet
@pytest.mark.parametrize(
    "text",
    [
        "When the pump leaks, it stops.",  # it stops when the pump leaks: another it?
        "Tell me if it leaks.",
        "I wonder when it stops.",
        "I am not sure if it leaks.",
        "The worst is when it rains.",
        "I did not leave because it rained.",  # left, and for another reason
        "It was the day when it rained.",
        "It stopped before noon.",
        "He ran and fell when it rained.",
        "He said it broke because it rained.",
        "A man running while it rains",
        "I think the lid leaks when it rains.",  # thinks it then, or leaks then
        "If possible, restart it.",
    ],
)
def test_a_clause_that_belongs_where_it_is_stays(text: str) -> None:
    assert said(clauses.clause, knowing(), text) == set()


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The pump failed last week.", {"Last week, the pump failed."}),
        ("Yesterday I sold it. Why?", {"I sold it yesterday. Why?"}),
        ("COMPANY TO MEET TODAY", {"TODAY, COMPANY TO MEET"}),
        ("Today is a holiday.", set()),
        ("Was it sent yesterday?", set()),
        ("I lost the money that I sent last week.", set()),
        ("He lost the money I sent last week.", set()),
        ("It has been here since yesterday.", set()),
        ("This was last year.", set()),
        ("He said it failed yesterday.", set()),
    ],
)
def test_when_it_was_is_put_in_front_or_behind(text: str, made: set[str]) -> None:
    assert said(clauses.day, knowing(), text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A man and a woman smile at the camera .", {"A woman and a man smile at the camera ."}),
        ("Dogs and cats sleep.", {"Cats and dogs sleep."}),
        ("A man holds a dog and a cat.", {"A man holds a cat and a dog."}),
        ("A man holds a dog and a cat sleeps.", set()),
        ("A dog and a cat in a box", set()),
        ("A man in a hat and a woman smile", set()),
        ("Red hats and gloves", set()),
        ("A man and his dog sleep", set()),
        ("A man and another man sleep", set()),
        ("SMITH AND NEPHEW SELL", set()),
        ("A man and a woman holding a ball", set()),
        ("how to make mac and cheese", set()),
    ],
)
def test_two_things_stand_in_the_other_order(text: str, made: set[str]) -> None:
    assert said(phrases.conjuncts, knowing(), text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A man in a red shirt runs.", {"A man wearing a red shirt runs."}),
        ("A woman wearing a hat", {"A woman in a hat"}),
        ("A man in a red car", set()),
        ("A shirt in a box", set()),
        ("A hole in a shirt", set()),
        ("A man wearing it", set()),
    ],
)
def test_what_is_worn(text: str, made: set[str]) -> None:
    assert said(phrases.worn, knowing(), text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A man holding a ball smiles .", {"A man who is holding a ball smiles ."}),
        ("Two dogs running in a park are eating .", {"Two dogs that are running in a park are eating ."}),
        ("A man who is holding a ball is smiling .", {"A man holding a ball is smiling ."}),
        ("A man holding a ball .", set()),
        ("A man is holding a ball .", set()),
        ("place cleaning it on my list of things that I do", set()),
        ("what's my bill going to be if it breaks", set()),
    ],
)
def test_who_is_doing_it(text: str, made: set[str]) -> None:
    assert said(phrases.which_is, knowing(), text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("My father's car is red.", {"The car of my father is red."}),
        ("It is the pump's lid.", {"It is the lid of the pump."}),
        ("The men's room", set()),
        ("a child's toy", set()),
        ("The pump's leaking.", set()),
        ("It's open.", set()),
    ],
)
def test_whose_it_is(text: str, made: set[str]) -> None:
    assert said(phrases.owner, knowing(), text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A red dog sits there.", {"A red dog is sitting there."}),
        ("Two dogs sit there.", {"Two dogs are sitting there."}),
        ("A dog is sitting there.", {"A dog sits there."}),
        ("The dog sits there.", set()),  # it may do so every day
        ("A dog will sit there.", set()),
        ("A dog sat there.", set()),
    ],
)
def test_what_is_seen_is_done_now(text: str, made: set[str]) -> None:
    assert said(phrases.aspect, plain(), text) == made


@needs_wordnet
def test_short_forms_are_no_words() -> None:
    know = Knowledge(the_wordnet(), statistics=Statistics.of(["an ad, an advertisement, an advertising"] * 10))
    assert said(wording.synonym, know, "We had an ad there.")
    assert said(wording.synonym, know, "We had AD there.") == set()
    assert "The United Kingdom voted" in said(wording.synonym, knowing(), "The UK voted")
    assert not any("additional" in text for text in said(wording.synonym, knowing(), "It costs extra"))
