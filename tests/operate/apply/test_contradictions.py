"""Rows that cannot both be so name one another."""

from __future__ import annotations

import pytest

import matomari
from builders.edited import names, themes, together, variants
from matomari.errors import InputError
from matomari.operate.apply.apply import apply


def refused(before: matomari.Grouping, rows: list[str]) -> str:
    with pytest.raises(InputError) as error:
        apply(before, [dict(zip(("do", "what", "to"), row.split(","), strict=True)) for row in rows])
    assert error.value.hint
    return error.value.message.replace(" of the list of edits", "")


THEMES = {
    "two places": (["move,a1,#1", "move,apple pie,#2"], "row 2 moves 'apple pie' to '#2', and row 1 moves it to '#1'."),
    "two names": (["rename,#0,x", "rename,0,y"], "row 2 renames '0' to 'y', and row 1 renames it to 'x'."),
    "two targets": (["merge,#0,#1", "merge,#0,#2"], "row 2 merges '#0' into '#2', and row 1 merges it into '#1'."),
    "a circle": (["merge,#0,#1", "merge,#1,#0"], "row 2 merges '#1' into '#0', which makes a circle with row 1."),
    "a longer circle": (
        ["merge,#0,#1", "merge,#1,#2", "merge,#2,#0"],
        "row 3 merges '#2' into '#0', which makes a circle with rows 1 and 2.",
    ),
    "renamed and merged": (["rename,#0,x", "merge,#0,#1"], "row 2 merges '#0' into '#1', and row 1 renames '#0'."),
    "merged and renamed": (["merge,#0,#1", "rename,#0,x"], "row 2 renames '#0', and row 1 merges '#0' into '#1'."),
    "same and different": (
        ["same,a1,a2", "different,a2,a1"],
        "row 2 and row 1 contradict one another: 'a2' and 'a1' cannot be the same and different.",
    ),
    "different and same": (
        ["different,a1,a2", "same,a2,a1"],
        "row 2 and row 1 contradict one another: 'a1' and 'a2' cannot be the same and different.",
    ),
    "a chain of same": (
        ["same,a1,a2", "different,a1,a3", "same,a3,a2"],
        "row 3 and rows 1 and 2 contradict one another: 'a1' and 'a3' cannot be the same and different.",
    ),
    "moved apart": (
        ["move,a1,#1", "move,a2,#2", "same,a1,a2"],
        "row 3 calls 'a1' and 'a2' the same, and rows 1 and 2 move them apart.",
    ),
    "moved together": (["move,b1,#0", "different,a1,b1"], "row 2 parts 'b1' from its group, and row 1 moves it there."),
    "renamed and empty": (
        ["move,c1,#0", "move,c2,#0", "rename,#2,x"],
        "row 3 renames '#2', of which nothing is left.",
    ),
    "split and empty": (["move,a3,#1", "move,a4,#1", "split,#0,#1"], "row 3 splits off '#1', of which nothing is left."),
}


@pytest.mark.parametrize("case", THEMES)
def test_contradictions_of_themes(case: str) -> None:
    rows, message = THEMES[case]
    assert refused(themes()[0], rows) == message


def test_two_without_a_group_cannot_be_the_same() -> None:
    from builders.edited import by_hand, spot

    before, _ = by_hand([("u1", "u", spot(0), -1, -1), ("u2", "v", spot(1), -1, -1), ("a1", "w", spot(2), 0, 0)], [0])
    assert refused(before, ["same,u1,u2"]) == "row 1 calls 'u1' and 'u2' the same, and neither has a group."
    assert apply(before, [{"do": "same", "what": "u1", "to": "u2"}, {"do": "move", "what": "u2", "to": "#0"}]).run.unassigned == 0


def test_two_names_for_groups_that_become_one() -> None:
    message = refused(variants()[0], ["rename,#0,x", "rename,#1,y", "same,1,5"])
    assert message == "row 2 renames '#1' to 'y', and row 1 renames the same group to 'x'."
    assert names(apply(variants()[0], [{"do": "rename", "what": "#0", "to": "x"}, {"do": "same", "what": "1", "to": "5"}]))[0] == "x"


def test_the_same_row_twice_is_no_contradiction() -> None:
    rows = [("rename", "#0", "x"), ("move", "a1", "#1"), ("merge", "#2", "#1"), ("split", "#0", "#1"), ("different", "b1", "b2")] * 2
    after = apply(themes()[0], [dict(zip(("do", "what", "to"), row, strict=True)) for row in rows])
    assert together(after) == {
        frozenset({"a2"}),
        frozenset({"a3", "a4"}),
        frozenset({"a1", "a5", "b1", "b3", "c1", "c2"}),
        frozenset({"b2"}),
    }


@pytest.mark.parametrize("kind", ["renamed", "swapped", "split", "different"])
def test_two_groups_with_one_name(kind: str) -> None:
    before, _ = themes()
    second = names(before)[1]
    juice = before.run.finer_names[1]
    if kind == "renamed":
        message = refused_rows(before, [("rename", "#0", second)])
        assert message == f"row 1 leaves two groups with the name {second!r}: '#0', which row 1 renames, and group 1, which is called so."
    elif kind == "swapped":
        message = refused_rows(before, [("rename", "#0", "x"), ("rename", "#1", "x")])
        assert message == "row 2 leaves two groups with the name 'x': '#0', which row 1 renames, and '#1', which row 2 renames."
    elif kind == "split":
        renamed = apply(before, [{"do": "rename", "what": "#1", "to": juice}])
        message = refused_rows(renamed, [("split", "#0", "#1")])
        assert message == f"row 1 leaves two groups with the name {juice!r}: group 1, which is called so, and the group that row 1 makes."
    else:
        renamed = apply(before, [{"do": "rename", "what": "#1", "to": "apple cake"}])
        message = refused_rows(renamed, [("different", "a1", "a2")])
        assert message == "row 1 leaves two groups with the name 'apple cake': group 1, which is called so, and the group that row 1 makes."


def refused_rows(before: matomari.Grouping, rows: list[tuple[str, str, str]]) -> str:
    with pytest.raises(InputError) as error:
        apply(before, [dict(zip(("do", "what", "to"), row, strict=True)) for row in rows])
    return error.value.message.replace(" of the list of edits", "")
