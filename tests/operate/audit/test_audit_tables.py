"""The tables of an audit, by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matomari.learn.correction.matching import match
from matomari.learn.labels.doubt import Doubts
from matomari.operate.audit.judge import Judged
from matomari.operate.audit.tables import cells_table, classes_table, issues_table
from matomari.operate.items import TEXTS, Items, distinct_texts
from matomari.operate.labelled import LabelledItems
from matomari.rows.read import read


def test_classes_by_hand() -> None:
    """a owns 0 and 1; b owns 2, where two of a live, and the whole of c."""
    labels = [0] * 18 + [1] * 9 + [2] * 2 + [-1]
    found = match(np.array(labels), np.array([0] * 10 + [1] * 6 + [2] * 2 + [2] * 8 + [0] + [2] * 2 + [1]))
    issue = np.zeros(30, bool)
    issue[[16, 17, 26, 29]] = True
    rows = classes_table(["a", "b", "c"], found, issue).to_pylist()
    assert [row["label"] for row in rows] == ["c", "a", "b"]
    assert rows[0] | {"misclustered_rate": 1.0} == {
        "label": "c", "size": 2, "communities": [], "modes": 0, "misclustered": 2, "misclustered_rate": 1.0, "issues": 0, "confused_with": "b",
        "remark": "owns no community; shares a community with b",
    }  # fmt: skip
    assert rows[1] | {"misclustered_rate": 0} == {
        "label": "a", "size": 18, "communities": [0, 1], "modes": 2, "misclustered": 2, "misclustered_rate": 0, "issues": 2, "confused_with": "b",
        "remark": "several modes",
    }  # fmt: skip
    assert rows[1]["misclustered_rate"] == pytest.approx(2 / 18)
    assert (rows[2]["communities"], rows[2]["modes"], rows[2]["confused_with"]) == ([2], 1, "a")
    assert rows[2]["remark"] == "shares a community with c"
    assert cells_table(["a", "b", "c"], found).to_pylist() == [
        {"label": "a", "community": 0, "samples": 10, "owner": "a"},
        {"label": "a", "community": 1, "samples": 6, "owner": "a"},
        {"label": "a", "community": 2, "samples": 2, "owner": "b"},
        {"label": "b", "community": 0, "samples": 1, "owner": "a"},
        {"label": "b", "community": 2, "samples": 8, "owner": "b"},
        {"label": "c", "community": 2, "samples": 2, "owner": "b"},
    ]


@pytest.mark.parametrize(("second", "modes"), [(4, 1), (5, 2), (6, 2)])
def test_a_mode_needs_five_rows_and_a_tenth(second: int, modes: int) -> None:
    found = match(np.zeros(20 + second, np.int64), np.array([0] * 20 + [1] * second))
    assert classes_table(["a"], found, np.zeros(20 + second, bool))["modes"].to_pylist() == [modes]
    rare = match(np.zeros(206, np.int64), np.array([0] * 200 + [1] * 6))  # six of 206 are not a tenth
    assert classes_table(["a"], rare, np.zeros(206, bool))["modes"].to_pylist() == [1]


def test_the_rows_by_hand() -> None:
    """Row 2 was not judged; the others are told in another order than that of the input."""
    matching = match(np.array([1, 0, -1]), np.array([0, 0, 0]))  # b: 1 of 1, a: 1 of 1; a, the lower, owns
    doubts = Doubts(np.array([0.25, np.nan, np.nan]), np.array([0, 0, 1]), np.array([True, False, False]))
    judged = Judged(np.array([3, 0, 1]), matching, doubts, np.array([0, -1, -1]), np.array([0.5, np.nan, np.nan]))
    rows = read(pa.table({"key": list("wxyz"), "text": ["W", "X", "", "Z"]}), text="text", id="key")
    texts, place = distinct_texts(rows)
    items = Items(medium=TEXTS, rows=rows, names=texts, keys=texts, inputs=texts, letters=texts, place=place)
    data = LabelledItems(
        items=items, given=["a", None, "a", "b"], gold=[None] * 4, classes=["a", "b"], labels=np.array([0, -1, -1, 1]), origin={}
    )
    found = issues_table(data, judged, corrected=False).to_pylist()
    assert "gold_label" in issues_table(data, judged, corrected=True).column_names
    assert [row["id"] for row in found] == list("wxyz")
    assert found[3] == {
        "id": "z", "text": "Z", "given_label": "b", "suggested_label": "a", "is_label_issue": True, "label_score": 0.25, "community": 0,
        "is_misclustered": True, "nearest_correct_id": "w", "nearest_correct": "W", "nearest_correct_cosine": 0.5,
    }  # fmt: skip
    assert (found[0]["label_score"], found[0]["is_misclustered"], found[0]["nearest_correct_id"]) == (None, False, None)
    assert (found[1]["suggested_label"], found[1]["given_label"], found[1]["community"]) == ("b", None, 0)
    assert (found[2]["suggested_label"], found[2]["community"], found[2]["label_score"], found[2]["is_label_issue"]) == (
        "a",
        None,
        None,
        False,
    )
