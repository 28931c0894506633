"""Whatever is asked for: the layers nest, the numbers fit, the model agrees, and what was decided holds."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matomari
from builders.edited import D, Hand, by_hand, together, unsound
from matomari.errors import InputError
from matomari.operate.apply.apply import apply

GROUPS, EACH = 5, 8


@cache
def built(kind: str) -> tuple[matomari.Grouping, Hand]:
    """Forty texts in five groups of two or three finer ones; of themes some are without a group. Each text stands in one or two rows."""
    rng = np.random.default_rng(1)
    rows: list[tuple[str, str, list[float], int, int]] = []
    for group in range(GROUPS):
        for number in range(EACH):
            vector = (3 * np.eye(D)[group] + rng.normal(size=D)).tolist()
            loose = kind == "themes" and number == EACH - 1 and group < 3
            finer = 3 * group + number % (3 if group else 2) - (group > 0)
            text = f"{'abcde'[group]} word{group} text{number}"
            rows += [
                (f"i{len(rows) + copy}", text, vector, -1 if loose else group, -1 if loose else finer) for copy in range(1 + number % 2)
            ]
    return by_hand(rows, [0, 0, 1, 1, 2], kind=kind)


groups = st.integers(0, GROUPS - 1).map(lambda n: f"#{n}")
finer = st.integers(0, 13).map(lambda n: f"#{n}")
items = st.integers(0, 59).map(lambda n: f"i{n}")
fresh = st.integers(0, 3).map(lambda n: f"name {n}")
edits = st.one_of(
    st.tuples(st.just("rename"), groups, fresh),
    st.tuples(st.just("merge"), groups, groups),
    st.tuples(st.just("split"), groups, finer),
    st.tuples(st.just("move"), items, groups),
    st.tuples(st.just("same"), items, items),
    st.tuples(st.just("different"), items, items),
)
often = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def taken(kind: str, rows: list[tuple[str, str, str]]) -> tuple[matomari.Grouping, list[tuple[str, str, str]]]:
    """The grouping after as many of the rows as do not contradict those before, and these rows."""
    before, _ = built(kind)
    accepted: list[tuple[str, str, str]] = []
    after = before
    for row in rows:
        try:
            after = apply(before, [dict(zip(("do", "what", "to"), each, strict=True)) for each in [*accepted, row]])
        except InputError as error:
            assert error.hint
            continue
        accepted.append(row)
    return after, accepted


@pytest.mark.parametrize("kind", ["themes", "variants"])
@given(rows=st.lists(edits, max_size=7))
@often
def test_edited_groupings_are_sound(kind: str, rows: list[tuple[str, str, str]]) -> None:
    after, accepted = taken(kind, rows)
    assert unsound(after) == []
    before, hand = built(kind)
    place = dict(zip(after.items["id"].to_pylist(), after.items["cluster"].to_pylist(), strict=True))
    for do, what, to in accepted:
        if do == "same":
            assert place[what] == place[to] >= 0
        if do == "different":
            assert place[what] != place[to] or place[what] < 0
    cells = after.items["wording"].to_pylist()
    if kind == "themes":
        assert after.assign(cells, encoder=hand)["cluster"].to_pylist() == after.items["cluster"].to_pylist()
    assert after.reference.labels[after.places].tolist() == after.items["cluster"].to_pylist()
    assert after.items.schema.equals(before.items.schema)
    assert after.groups.schema.equals(before.groups.schema)


@given(rows=st.lists(edits.filter(lambda row: row[0] in ("move", "merge", "split")), max_size=7))
@often
def test_groups_are_those_of_a_plain_loop(rows: list[tuple[str, str, str]]) -> None:
    after, accepted = taken("themes", rows)
    before, _ = built("themes")
    known = before.items.to_pylist()
    text = {row["id"]: row["wording"] for row in known}
    group = {row["id"]: row["cluster"] for row in known if row["cluster"] >= 0}
    part = {row["id"]: row["finer"] for row in known if row["cluster"] >= 0}
    for do, what, to in accepted:
        if do == "move":
            for id in text:
                if text[id] == text[what] and group.get(id) != int(to[1:]):
                    group[id], part[id] = int(to[1:]), -1
    into = {int(what[1:]): int(to[1:]) for do, what, to in accepted if do == "merge"}
    for id in group:
        while group[id] in into:
            group[id] = into[group[id]]
    for do, _, to in accepted:
        if do == "split":
            for id in group:
                if part[id] == int(to[1:]):
                    group[id] = 1000 + int(to[1:])
    expected = {frozenset(id for id in group if group[id] == number) for number in set(group.values())}
    assert together(after) == expected


@pytest.mark.parametrize("kind", ["themes", "variants"])
@given(rows=st.lists(edits, min_size=2, max_size=5))
@settings(often, max_examples=12)
def test_saved_and_loaded_is_the_same(kind: str, rows: list[tuple[str, str, str]]) -> None:
    after, _ = taken(kind, rows)
    with tempfile.TemporaryDirectory() as folder:
        again = matomari.Grouping.load(after.save(Path(folder) / "out"))
        assert again.items.equals(after.items)
        assert again.groups.equals(after.groups)
        assert dict(again.run) == dict(after.run)
        assert again.reference.labels.tolist() == after.reference.labels.tolist()
        assert again.report() == after.report()
