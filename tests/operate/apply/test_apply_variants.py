"""Every kind of edit on variants: names follow the usual spelling, and the tables beside stay true."""

from __future__ import annotations

import pytest

import matomari
from builders import EXAMPLE
from builders.edited import names, together, unsound, variants
from matomari.errors import InputError
from matomari.operate.apply.apply import apply

K, H, N = frozenset("1234"), frozenset("56"), frozenset("7")


@pytest.fixture(scope="module")
def before() -> matomari.Grouping:
    return variants()[0]


@pytest.fixture(scope="module")
def parts() -> matomari.Grouping:
    return matomari.group(EXAMPLE, text="name", kind="variants")


def edited(before: matomari.Grouping, *rows: tuple[str, str, str]) -> matomari.Grouping:
    after = apply(before, [dict(zip(("do", "what", "to"), row, strict=True)) for row in rows])
    assert unsound(after) == []
    return after


def spellings(grouping: matomari.Grouping) -> dict[str, str]:
    return {row["old"]: row["new"] for row in grouping.mapping.to_pylist()}


def test_the_grouping_by_hand_is_sound(before: matomari.Grouping) -> None:
    assert unsound(before) == []
    assert names(before) == ["Kessler Stahl", "Harlow Gears Ltd", "Nordmann"]  # two rows have Kessler Stahl
    assert before.run.finer_names == ["Kessler AG Bonn", "Kessler Stahl", "Harlow Gears Ltd", "Nordmann"]


def test_rename_changes_the_spelling_that_is_looked_up(before: matomari.Grouping) -> None:
    after = edited(before, ("rename", "Kessler Stahl", "Kessler Group"))
    assert spellings(after)["Kessler AG"] == "Kessler Group"
    again = edited(after, ("move", "Nordmann", "Kessler Group"), ("same", "5", "1"))
    assert set(spellings(again).values()) == {"Kessler Group"}  # a name given by hand stays


def test_merge_keeps_the_name_of_the_second(before: matomari.Grouping) -> None:
    after = edited(before, ("merge", "Kessler Stahl", "Nordmann"))
    assert together(after) == {K | N, H}
    assert names(after) == ["Harlow Gears Ltd", "Nordmann"]
    assert spellings(after)["Kessler AG"] == "Nordmann"


def test_split_names_both_sides_anew(before: matomari.Grouping) -> None:
    after = edited(before, ("split", "Kessler Stahl", "Kessler Stahl"))
    assert together(after) == {frozenset("12"), H, N, frozenset("34")}
    assert names(after) == ["Kessler AG Bonn", "Harlow Gears Ltd", "Nordmann", "Kessler Stahl"]
    assert spellings(after)["Kessler AG"] == "Kessler AG Bonn"
    assert after.groups["coarser_name"].to_pylist()[3] == after.groups["coarser_name"].to_pylist()[0]


def test_move_takes_the_name_along(before: matomari.Grouping) -> None:
    after = edited(before, ("move", "5", "Nordmann"))
    assert together(after) == {K, frozenset("6"), frozenset("57")}
    assert names(after) == ["Kessler Stahl", "Harlow Gears", "Nordmann"]
    assert after.run.finer_names[2] == "Harlow Gears"


def test_same_makes_one_group_of_two(before: matomari.Grouping) -> None:
    after = edited(before, ("same", "7", "6"))
    assert together(after) == {K, H | N}
    assert names(after) == ["Kessler Stahl", "Harlow Gears Ltd"]
    swapped = edited(before, ("same", "6", "7"))
    assert names(swapped) == ["Kessler Stahl", "Harlow Gears Ltd"]  # the usual spelling of all, whichever row was named first


def test_different_is_named_by_its_usual_spelling(before: matomari.Grouping) -> None:
    after = edited(before, ("different", "1", "4"))
    assert together(after) == {frozenset("12"), frozenset("34"), H, N}
    assert names(after) == ["Kessler AG Bonn", "Harlow Gears Ltd", "Nordmann", "Kessler Stahl"]


def test_a_chain_of_same_and_a_different(before: matomari.Grouping) -> None:
    after = edited(before, ("different", "1", "3"), ("same", "2", "3"), ("same", "7", "1"))
    assert together(after) == {frozenset("17"), frozenset("234"), H}


def test_a_name_that_is_made_anew_gives_way(before: matomari.Grouping) -> None:
    after = edited(before, ("rename", "Nordmann", "Harlow Gears"), ("different", "5", "6"))
    assert names(after) == ["Kessler Stahl", "Harlow Gears Ltd", "Harlow Gears", "Harlow Gears (2)"]


def test_the_two_who_are_alone_are_sure(before: matomari.Grouping) -> None:
    after = edited(before, ("different", "5", "6"))
    rows = {row["id"]: row for row in after.items.to_pylist()}
    assert rows["6"]["confidence"] == 1
    assert rows["5"]["confidence"] == 0.75  # it stayed


def test_merges_and_review_stay_true(parts: matomari.Grouping) -> None:
    assert parts.merges is not None
    assert parts.review is not None
    tie = parts.merges.to_pylist()[0]
    other = next(row for row in parts.review.to_pylist() if not row["together"])
    after = edited(parts, ("different", tie["id_a"], tie["id_b"]), ("same", other["id_a"], other["id_b"]))
    cluster = dict(zip(after.items["id"].to_pylist(), after.items["cluster"].to_pylist(), strict=True))
    assert after.merges is not None
    assert after.review is not None
    assert (tie["id_a"], tie["id_b"]) not in {(row["id_a"], row["id_b"]) for row in after.merges.to_pylist()}
    for row in after.merges.to_pylist():
        assert row["cluster"] == cluster[row["id_a"]] == cluster[row["id_b"]]
    for row in after.review.to_pylist():
        assert (row["cluster_a"], row["cluster_b"]) == (cluster[row["id_a"]], cluster[row["id_b"]])
        assert row["together"] == (row["cluster_a"] == row["cluster_b"])
    assert after.review.schema.equals(parts.review.schema)


def test_known_variants_are_assigned_to_their_edited_groups(parts: matomari.Grouping) -> None:
    first, second = parts.groups["name"].to_pylist()[:2]
    texts = parts.items["name"].to_pylist()
    after = edited(parts, ("merge", first, second), ("move", texts[5], "#7"))
    assert after.assign(texts, text=None)["cluster"].to_pylist() == after.items["cluster"].to_pylist()


def test_records_of_one_text_are_told_apart_by_id() -> None:
    rows = [
        ("p", "Ann Lee", "York"),
        ("q", "Ann Lee", "Bath"),
        ("r", "Bob Ray", "York"),
        ("s", "Bob Rae", "York"),
        ("t", "Cid Fox", "Hull"),
    ]
    import pyarrow as pa

    table = pa.table(dict(zip(("key", "name", "town"), map(list, zip(*rows, strict=True)), strict=True)))
    parts = matomari.group(table, text="name", id="key", kind="variants", block="town")
    place = dict(zip(parts.items["id"].to_pylist(), parts.items["cluster"].to_pylist(), strict=True))
    assert place["p"] != place["q"]
    moved = edited(parts, ("move", "q", f"#{place['t']}"))
    assert {"q", "t"} in together(moved)
    both = edited(parts, ("move", "Ann Lee", f"#{place['t']}"))
    assert {"p", "q", "t"} in together(both)
    parted = edited(edited(parts, ("same", "p", "q")), ("move", "q", "Cid Fox"))
    assert "Ann Lee" in names(parted)  # the text stays in the group of p
    with pytest.raises(InputError, match="which 2 records have as their text"):
        edited(parts, ("same", "Ann Lee", "r"))
