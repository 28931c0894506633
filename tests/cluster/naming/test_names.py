"""Names: short, unlike every other's and unlike the parent's."""

from __future__ import annotations

from matomari.cluster.naming.names import LONGEST_NAME, names, shortened


def test_the_first_two_keywords_make_the_name() -> None:
    assert names([["lost my card", "bank", "stolen"]], ["x"]) == ["lost my card, bank"]
    assert names([["card", "lost", "bank"]], ["x"]) == ["card, lost, bank"]
    assert names([["card", "lost"]], ["x"]) == ["card, lost"]


def test_names_are_unique_by_other_keywords_first() -> None:
    made = names([["my old card", "lost", "bank"], ["my old card", "lost", "shop"], ["card", "lost"], ["card", "lost"]], list("abcd"))
    assert made == ["my old card, lost", "my old card, shop", "card, lost", "card"]
    assert len(set(names([["card"]] * 3, ["a", "a", "a"]))) == 3


def test_no_group_is_called_like_its_parent() -> None:
    assert names([["card", "lost", "bank"]], ["x"], parents=["card, lost, bank"]) == ["card, lost"]


def test_what_most_rows_say_is_the_name_even_below_itself() -> None:
    assert names([["n", "a"]], ["x"], usual=["n/a"], parents=["n/a"]) == ["n/a"]


def test_a_group_without_words_is_called_by_its_central_text() -> None:
    assert names([[], []], ["!!", ""]) == ["!!", "(no words)"]


def test_long_texts_are_cut() -> None:
    assert shortened("a  b\nc") == "a b c"
    assert len(shortened("word " * 50)) <= LONGEST_NAME
