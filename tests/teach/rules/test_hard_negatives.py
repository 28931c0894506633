"""Each family of hard negatives: what it must make, and what it must never make."""

from __future__ import annotations

import pytest

from builders.rules import edits, knowing, plain
from builders.wordnet import needs_wordnet, the_wordnet
from matomari.teach.rules.knowledge import Knowledge
from matomari.teach.rules.negatives import action, attribute, entity, negation, quantity, relation, role, unit
from matomari.teach.rules.statistics import Statistics


def test_a_users_term_is_swapped_for_another_of_its_type_and_never_for_an_alias() -> None:
    assert edits(entity.edits, plain(), "Hexagon bolts, 20 mm") == {"Rivets, 20 mm"}  # nor for a bolt, which a hex bolt is
    assert edits(entity.edits, plain(), "oak board") == set()
    assert edits(entity.edits, plain(), "六角ねじ M8") == {"座金 M8"}


@needs_wordnet
def test_co_hyponyms() -> None:
    made = edits(entity.edits, knowing(), "The dog sleeps on a street .")
    assert "The cat sleeps on a street ." in made
    assert all("street" in text or "dog" in text for text in made)  # one at a time
    assert not any("road" in text for text in made)  # said of the same thing
    assert edits(entity.edits, knowing(), "A hill with a guitar case") == set()  # no mountain, and no part of a longer name


@needs_wordnet
def test_no_person_is_swapped_by_gender_or_nation() -> None:
    for text in ("A man sleeps .", "The French woman waits .", "An American talks"):
        assert edits(entity.edits, knowing(), text) == set()


def test_balanced_swaps_go_both_ways() -> None:
    know = plain("a man and a woman", balanced=True)
    assert edits(entity.edits, know, "A man sleeps") == {"A woman sleeps"}
    assert edits(entity.edits, know, "Two women wait") == {"Two men wait"}
    assert edits(entity.edits, know, "A man and his dog") == set()  # his would have to change, too
    uneven = plain(*["a man"] * 40, "a woman", balanced=True)
    assert len(edits(entity.edits, uneven, "A woman sleeps")) == 1
    swapped = sum(bool(edits(entity.edits, uneven, "A man sleeps", [seed])) for seed in range(400))
    assert 1 <= swapped <= 30  # about one in forty


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made", "never"),
    [
        ("FORD TO RAISE PRICES", "FORD TO CUT PRICES", "lift"),
        ("A man is walking .", "A man is running .", "strolling"),
        ("A girl sits on a chair .", "A girl stands on a chair .", "rests"),
        ("PROFITS RISE", "", "rise"),
    ],
)
def test_actions(text: str, made: str, never: str) -> None:
    found = edits(action.edits, knowing(), text)
    assert made in found or not made
    assert not any(never in other.lower().split() for other in found)


@needs_wordnet
def test_a_verb_with_its_particle_is_left_alone() -> None:
    assert edits(action.edits, knowing(), "The dog sits by a street") != set()
    assert edits(action.edits, knowing(), "The dog sits up by a street") == set()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A stainless bolt", {"A galvanized bolt"}),
        ("An old nut", {"A new nut", "A young nut"}),
        ("The lower arm", {"The upper arm", "The higher arm"}),
    ],
)
def test_qualities(text: str, made: set[str]) -> None:
    assert edits(attribute.edits, plain(), text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("How old is the dog", set()),
        ("The dog lives in High Street near a cat", set()),
        ("High Roof", {"Low Roof"}),
        ("a small dog, no big dog", set()),
        ("is it more or less", set()),
        ("the dog is happy", {"the dog is sad"}),
    ],
)
def test_where_a_quality_is_none(text: str, made: set[str]) -> None:
    know = Knowledge(the_wordnet(), statistics=Statistics.of(["high low old new big small more less happy sad"] * 9))
    assert edits(attribute.edits, know, text) == made


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [("FORD AGREES TO SELL UNIT", {"FORD REFUSES TO SELL UNIT"}), ("STATES AGREE TO TARIFFS", set()), ("I agree that it runs", set())],
)
def test_only_what_is_to_be_done_is_refused(text: str, made: set[str]) -> None:
    know = Knowledge(the_wordnet(), statistics=Statistics.of(["agree refuse"] * 9))
    assert {other for other in edits(negation.edits, know, text) if "refuse" in other.lower()} == made


@needs_wordnet
def test_the_window_is_open() -> None:
    know = Knowledge(the_wordnet(), statistics=Statistics.of(["open opens close closes the window"] * 9))
    assert edits(action.edits, know, "The window is open") == set()
    assert edits(action.edits, know, "He opens the window") == {"He closes the window"}


@needs_wordnet
def test_colours_that_may_be_taken_for_each_other_are_no_negatives() -> None:
    made = edits(attribute.edits, knowing(), "A red hat", range(60))
    assert {"A blue hat", "A green hat"} <= made
    assert not made & {"An orange hat", "A pink hat", "A purple hat"}
    assert edits(attribute.edits, knowing(), "white water") == set()  # one word of the dictionary


def test_quantities_come_from_the_list() -> None:
    know = plain("bolt 20 mm", "bolt 25 mm", "bolt 30 mm", "bolt 900 mm")
    assert edits(quantity.edits, know, "nut, 25 mm") == {"nut, 20 mm", "nut, 30 mm"}
    assert edits(quantity.edits, plain("２０ミリ", "３０ミリ", "４０ミリ"), "釘 ２０ミリ") == {"釘 ３０ミリ", "釘 ４０ミリ"}
    assert edits(quantity.edits, plain(), "a nut") == set()


@pytest.mark.parametrize("text", ["when the load is below 20 mm", "larger than 20 mm", "up to 20 mm", "at least 20 mm", "about 20 mm"])
def test_bounds_are_no_quantities_to_change(text: str) -> None:
    assert edits(quantity.edits, plain("10 mm", "20 mm", "25 mm", "30 mm"), text) == set()


@needs_wordnet
def test_only_the_living_do_something_else() -> None:
    assert edits(action.edits, knowing(), "The truck walks home") == set()
    assert edits(action.edits, knowing(), "The dog walks home") != set()


def test_colours_of_a_short_list() -> None:
    assert "a red jacket" in edits(attribute.edits, plain("a blue jacket"), "a blue jacket", range(40))


def test_units() -> None:
    assert "flour, 500 kg" in edits(unit.edits, plain(), "flour, 500 g")
    assert edits(unit.edits, plain(), "LOAN OF 5 MLN YEN") >= {"LOAN OF 5 BLN YEN", "LOAN OF 5 MLN DLRS"}
    assert "釘 20センチ" in edits(unit.edits, plain(), "釘 20ミリ")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The dog is running.", "The dog is not running."),
        ("The dog is not running.", "The dog is running."),
        ("The dog does not run.", "The dog runs."),
        ("FORD TO SELL UNIT", "FORD NOT TO SELL UNIT"),
        ("FORD REFUSES OFFER", "FORD ACCEPTS OFFER"),
        ("It isn't open", "It is open"),
        ("MOODY MAY LOWER RATINGS", "MOODY WILL NOT LOWER RATINGS"),
        ("It might not come", "It would come"),
        ("未使用品", "使用済み品"),
        ("箱なし", "箱あり"),
        ("犬が走っています。", "犬が走っていません。"),
        ("水がない", "水がある"),
        ("使用不可", "使用可"),
    ],
)
def test_negations(text: str, made: str) -> None:
    know = plain("accepts")
    assert made in edits(negation.edits, know, text) or made in edits(negation.edits, plain(), text)


@needs_wordnet
@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A dog runs in the park .", {"A dog does not run in the park .", "A dog never runs in the park ."}),
        ("Two dogs run .", {"Two dogs do not run ."}),
        ("A dog running home", {"A dog not running home"}),
        ("There are no dogs", {"There are some dogs"}),
        ("A dog has a ball", {"A dog does not have a ball"}),
        ("A dog has jumped", {"A dog has not jumped"}),
        ("A dog has been there", {"A dog has not been there"}),
        ("Why is a dog running", set()),
        ("Is a dog running?", set()),
        ("A dog is running, nobody sits", set()),
        ("There are a few dogs", set()),
        ("It sits. Is a dog running?", {"It does not sit. Is a dog running?", "It never sits. Is a dog running?"}),
        ("A dog does not have any hat", {"A dog does have some hat"}),
        ("It has not run yet", {"It has run already"}),
        ("A dog has a street running home", {"A dog does not have a street running home"}),
    ],
)
def test_negations_of_finite_verbs(text: str, made: set[str]) -> None:
    assert edits(negation.edits, knowing(), text, range(40)) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("アングル 右用 M6", {"アングル 左用 M6"}),
        ("置台 縦 新品", {"置台 横 新品", "置台 縦 中古", "置台 縦 中古品"}),
        ("面白い黒板", set()),
        ("白 と 黒", set()),
        ("黒染めボルト", set()),
    ],
)
def test_japanese_qualities(text: str, made: set[str]) -> None:
    assert edits(attribute.edits, plain(), text) == made


def test_another_colour_is_none_of_its_own_names() -> None:
    found = edits(attribute.edits, plain(), "トレー ﾎﾜｲﾄ", range(60))
    assert "トレー 黒" in found and not found & {"トレー 白", "トレー 白色", "トレー ホワイト"}


@pytest.mark.parametrize("text", ["塗装された柱", "話なしで", "可能な品", "少ない水", "置いてあり、"])
def test_japanese_words_that_only_look_like_a_negation(text: str) -> None:
    assert edits(negation.edits, plain(), text) == set()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("FORD SUES HERTZ", {"HERTZ SUES FORD"}),
        ("The dog is chasing the cat.", {"The cat is chasing the dog."}),
        ("A red hat on a blue box", {"A blue hat on a red box"}),
        ("A red car and a blue car", set()),
        ("A black and white dog with a red ball", set()),
        ("FORD MEETS HERTZ", set()),
        ("Ivan will sue the man whether we pay", set()),
        ("The dog is chasing his cat.", set()),
    ],
)
def test_roles(text: str, made: set[str]) -> None:
    assert edits(role.edits, plain(), text) == made


@needs_wordnet
def test_what_is_owned_does_not_change_places() -> None:
    assert edits(role.edits, knowing(), "A dog chases a cat .") == {"A cat chases a dog ."}
    assert edits(role.edits, knowing(), "A dog chases his cat .") == set()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The dog is behind the car.", {"The dog is in front of the car."}),
        ("The dog is in front of the car.", {"The dog is behind the car."}),
        ("PROFITS UP 5 PCT", {"PROFITS DOWN 5 PCT"}),
        ("a cup on the table", {"a cup under the table"}),
        ("a cup on the wall", set()),
        ("without a hat he waits", set()),
        ("He waits without a hat", {"He waits with a hat"}),
        ("He came after 2 weeks", set()),
        ("He came after the dog", {"He came before the dog"}),
        ("Rates fell below 5 pct", set()),
        ("He went up 5 steps", {"He went down 5 steps"}),
        ("Rates stay below 5 pct", {"Rates stay above 5 pct"}),
    ],
)
def test_relations(text: str, made: set[str]) -> None:
    assert edits(relation.edits, plain(), text) == made


@needs_wordnet
def test_what_is_topped_up_is_not_topped_down() -> None:
    assert edits(relation.edits, knowing(), "Oil topped up 2 litres") == set()
    assert edits(relation.edits, knowing(), "The dog went up 2 steps") == {"The dog went down 2 steps"}


@needs_wordnet
def test_relations_that_mean_the_same_both_ways_are_left_alone() -> None:
    assert edits(relation.edits, knowing(), "A man walks down the street .") == set()
    assert edits(relation.edits, knowing(), "A man walks down the stairs .") == {"A man walks up the stairs ."}
