"""Every kind of edit on themes, against tables worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matomari
from builders.edited import Hand, cluster_of, names, themes, together, unsound
from matomari.cluster.communities.graph import PLAIN_SHARE, memberships
from matomari.operate.apply.apply import apply


@pytest.fixture(scope="module")
def built() -> tuple[matomari.Grouping, Hand]:
    return themes()


@pytest.fixture
def before(built: tuple[matomari.Grouping, Hand]) -> matomari.Grouping:
    return built[0]


def edited(before: matomari.Grouping, *rows: tuple[str, str, str]) -> matomari.Grouping:
    after = apply(before, [dict(zip(("do", "what", "to"), row, strict=True)) for row in rows])
    assert unsound(after) == []
    return after


A, B, C = frozenset({"a1", "a2", "a3", "a4", "a5"}), frozenset({"b1", "b2", "b3"}), frozenset({"c1", "c2"})


def test_the_grouping_by_hand_is_sound(before: matomari.Grouping) -> None:
    assert unsound(before) == []
    assert together(before) == {A, B, C}


@pytest.mark.parametrize("called", ["#1", "1", "name"])
def test_rename(before: matomari.Grouping, called: str) -> None:
    old = names(before)
    after = edited(before, ("rename", old[1] if called == "name" else called, "  Bolts and   nuts "))
    assert names(after) == [old[0], "Bolts and nuts", old[2]]
    assert cluster_of(after)["b3"] == "Bolts and nuts"
    assert together(after) == together(before)
    unchanged = [c for c in before.items.column_names if c not in ("cluster_name", "runner_up_name")]
    assert after.items.select(unchanged).equals(before.items.select(unchanged))
    assert after.groups.drop_columns(["name"]).equals(before.groups.drop_columns(["name"]))
    assert after.reference is before.reference


def test_a_name_of_digits_comes_before_a_number(before: matomari.Grouping) -> None:
    renamed = edited(before, ("rename", "#0", "2"))
    assert names(edited(renamed, ("rename", "2", "first")))[0] == "first"
    assert names(edited(renamed, ("rename", "#2", "last")))[2] == "last"


def test_two_groups_change_their_names(before: matomari.Grouping) -> None:
    first, second, third = names(before)
    assert names(edited(before, ("rename", first, second), ("rename", second, first))) == [second, first, third]


def test_merge(before: matomari.Grouping) -> None:
    after = edited(before, ("merge", "#0", "#2"))
    assert together(after) == {B, A | C}
    assert names(after) == names(before)[1:]
    assert dict(zip(*(after.items[c].to_pylist() for c in ("id", "finer_name")), strict=True)) == dict(
        zip(*(before.items[c].to_pylist() for c in ("id", "finer_name")), strict=True)
    )
    assert set(after.groups["coarser_name"].to_pylist()) == set(before.run.coarser_names)
    row = after.groups.to_pylist()[1]
    assert row["coarser_name"] == before.groups["coarser_name"][2].as_py()
    assert row["size"] == 7


def test_who_stays_keeps_the_confidence_also_without_the_runner_up(before: matomari.Grouping) -> None:
    rows = {row["id"]: row for row in edited(before, ("merge", "#0", "#2")).items.to_pylist()}
    assert rows["c1"]["confidence"] == 0.75  # its runner-up was the group that joined
    assert rows["c1"]["runner_up"] == 0
    assert rows["a1"]["confidence"] != 0.75


def test_what_is_split_off_a_merged_group_is_beside_that(before: matomari.Grouping) -> None:
    after = edited(before, ("split", "#0", "#1"), ("merge", "#0", "#2"))
    assert together(after) == {B, C | A - {"a3", "a4"}, frozenset({"a3", "a4"})}
    assert after.groups["coarser_name"].to_pylist() == [before.run.coarser_names[number] for number in (0, 1, 1)]


def test_a_chain_of_merges_in_either_order(before: matomari.Grouping) -> None:
    for rows in ([("merge", "#0", "#1"), ("merge", "#1", "#2")], [("merge", "#1", "#2"), ("merge", "#0", "#1")]):
        after = edited(before, *rows)
        assert together(after) == {A | B | C}
        assert names(after) == [names(before)[2]]
        assert after.items["runner_up"].to_pylist().count(0) == 1  # that of the row without a group: no other group is left
        assert after.run.coarser_names == [before.run.coarser_names[1]]


@pytest.mark.parametrize("called", ["name", "#1"])
def test_split(before: matomari.Grouping, called: str) -> None:
    juice = before.run.finer_names[1]
    after = edited(before, ("split", "#0", juice if called == "name" else called))
    assert together(after) == {A - {"a3", "a4"}, B, C, frozenset({"a3", "a4"})}
    assert names(after) == [*names(before), juice]
    assert after.groups["coarser"].to_pylist() == [0, 0, 1, 0]
    assert after.run.finer_names == before.run.finer_names


def test_a_group_all_of_which_is_split_off_is_gone(before: matomari.Grouping) -> None:
    first, second = before.run.finer_names[:2]
    after = edited(before, ("split", "#0", first), ("split", "#0", second))
    assert names(after) == [*names(before)[1:], first, second]


def test_what_is_split_off_can_be_renamed(before: matomari.Grouping) -> None:
    juice = before.run.finer_names[1]
    assert names(edited(before, ("rename", juice, "Drinks"), ("split", "#0", juice)))[3] == "Drinks"


def test_move_takes_all_rows_of_the_text(before: matomari.Grouping) -> None:
    for what in ("a1", "apple pie", "a5"):
        after = edited(before, ("move", what, "#1"))
        assert together(after) == {A - {"a1", "a5"}, B | {"a1", "a5"}, C}
        finer = dict(zip(*(after.items[c].to_pylist() for c in ("id", "finer")), strict=True))
        assert finer["a1"] == finer["b1"]  # the nearest in the new group: cosines to b1, b2, b3 by hand are .099, .098, .092


def test_the_moved_one_is_as_sure_as_its_neighbours_say(before: matomari.Grouping) -> None:
    after = edited(before, ("move", "u1", "#1"))
    row = next(row for row in after.items.to_pylist() if row["id"] == "u1")
    assert row["cluster"] == 1
    assert after.run.unassigned == 1  # the row without a word
    X, labels = before.reference.unit, before.reference.labels
    cosine = (X @ X[-1])[:-1]
    order = np.argsort(-cosine)
    votes = memberships(1 - cosine[order][None])[0] + PLAIN_SHARE
    assert row["confidence"] == pytest.approx(votes[labels[order] == 1].sum() / votes.sum(), abs=1e-5)
    stays = [r["confidence"] for r in after.items.to_pylist() if r["id"] not in ("u1", "x1")]
    assert stays == [0.75] * 10


def test_same_moves_the_first_to_the_group_of_the_second(before: matomari.Grouping) -> None:
    assert together(edited(before, ("same", "a4", "card lost"))) == {A - {"a4"}, B, C | {"a4"}}
    assert together(edited(before, ("same", "c1", "u1"))) == {A, B, C | {"u1"}}  # who has no group comes to who has one
    chained = edited(before, ("same", "a4", "b1"), ("same", "b1", "c1"))
    assert together(chained) == {A - {"a4"}, B - {"b1"}, C | {"a4", "b1"}}  # what is the same stays together


def test_same_does_not_take_back_a_move(before: matomari.Grouping) -> None:
    after = edited(before, ("move", "a4", "#2"), ("same", "a4", "b1"))
    assert together(after) == {A - {"a4"}, B - {"b1"}, C | {"a4", "b1"}}


def test_different_parts_a_group_by_who_is_nearer(before: matomari.Grouping) -> None:
    after = edited(before, ("different", "a1", "apple cider"))
    assert together(after) == {A - {"a3", "a4"}, B, C, frozenset({"a3", "a4"})}  # a3 leans to axis 2 as a4 does
    assert names(after) == [*names(before), "apple cider"]
    crossed = edited(before, ("different", "a1", "a2"))
    assert together(crossed) == {A - {"a2"}, B, C, frozenset({"a2"})}  # of a3 and a4 the cosines to a1 are higher
    assert len(crossed.run.finer_names) == len(before.run.finer_names) + 1


def test_different_keeps_together_what_is_the_same(before: matomari.Grouping) -> None:
    for order in (1, -1):
        rows = [("different", "a1", "a4"), ("same", "a3", "a1")][::order]
        assert together(edited(before, *rows)) == {A - {"a4"}, B, C, frozenset({"a4"})}


def test_different_leaves_where_it_is_what_was_moved(before: matomari.Grouping) -> None:
    after = edited(before, ("move", "c1", "#0"), ("different", "a1", "a3"))  # c1 is nearer to a3
    assert together(after) == {A - {"a3", "a4"} | {"c1"}, B, C - {"c1"}, frozenset({"a3", "a4"})}


def test_different_groups_stay_as_they_are(before: matomari.Grouping) -> None:
    after = edited(before, ("different", "a1", "b1"))
    assert after.items.equals(before.items)
    assert after.notes[-1] == "applied 1 edit of the list of edits: 1 asked for what was so already"


def test_what_did_not_change_keeps_everything(before: matomari.Grouping) -> None:
    after = edited(before, ("move", "a4", "#2"))
    unchanged: list[dict[str, Any]] = [table.groups.to_pylist()[1] for table in (before, after)]
    assert unchanged[0] == unchanged[1]
    assert after.groups["stability"][0].as_py() != 0.5
    map_columns = ["id", "wording", "x", "y", "neighbors"]
    assert after.items.select(map_columns).equals(before.items.select(map_columns))


def test_changed_groups_are_described_anew(before: matomari.Grouping) -> None:
    after = edited(before, ("merge", "#2", "#1"))
    row = after.groups.to_pylist()[1]
    X, labels = after.reference.unit, after.reference.labels
    center = X[labels == 1].mean(axis=0)
    center /= np.linalg.norm(center)
    assert row["cohesion"] == pytest.approx(float((X[labels == 1] @ center).mean()), abs=1e-5)
    assert {"card", "bolt"} <= set(row["keywords"])
    order = np.argsort(-(X @ center)[labels == 1])[:3]
    texts = np.asarray(after.reference.keys)[labels == 1]
    assert set(row["examples"]) == set(texts[order].tolist())


def test_known_texts_are_assigned_to_their_edited_groups(built: tuple[matomari.Grouping, Hand]) -> None:
    before, hand = built
    after = edited(before, ("move", "a1", "#2"), ("split", "#1", before.run.finer_names[3]), ("same", "b2", "a2"))
    placed = after.assign(after.items["wording"].to_pylist(), encoder=hand)
    assert placed["cluster"].to_pylist() == after.items["cluster"].to_pylist()


def test_the_old_grouping_is_untouched(before: matomari.Grouping) -> None:
    items, groups, notes = before.items, before.groups, before.notes
    edited(before, ("merge", "#0", "#1"), ("move", "c1", "#1"))
    assert before.items is items
    assert before.groups is groups
    assert before.notes == notes
    assert before.reference.labels.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2, -1]


def test_order_of_kinds_is_not_that_of_the_rows(before: matomari.Grouping) -> None:
    after = edited(before, ("rename", "#1", "B"), ("split", "#0", "#1"), ("merge", "#0", "#1"), ("move", "c1", "#0"))
    assert together(after) == {B | (A - {"a3", "a4"}) | {"c1"}, C - {"c1"}, frozenset({"a3", "a4"})}
    assert names(after) == ["B", names(before)[2], before.run.finer_names[1]]
