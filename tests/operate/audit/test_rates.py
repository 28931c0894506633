"""Rates of an audit: a published example, and groups of values by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matomari.errors import InputError
from matomari.metrics.intervals import newcombe, wilson
from matomari.operate.audit.rates import grouped, rates


def test_the_table_by_hand() -> None:
    """Fisher's tea: 3 of 4 against 1 of 4 has p = 34/70."""
    cups = pa.chunked_array([["milk"] * 4, ["tea"] * 4 + ["milk"]])
    told = np.array([True] * 8 + [False])  # the last row has no label and counts nowhere
    bad = np.array([True, True, True, False, True, False, False, False, True])
    issue = np.array([True, True, False, False, False, False, False, True, True])
    milk, tea = rates({"first": cups}, told, bad, issue).to_pylist()
    assert {key: milk[key] for key in ("attribute", "value", "rows", "misclustered", "rate", "issues", "issue_rate", "difference")} == {
        "attribute": "first", "value": "milk", "rows": 4, "misclustered": 3, "rate": 0.75, "issues": 2, "issue_rate": 0.5, "difference": 0.5
    }  # fmt: skip
    assert (tea["rows"], tea["misclustered"], tea["issues"], tea["difference"]) == (4, 1, 1, -0.5)
    assert milk["p"] == pytest.approx(34 / 70)
    assert milk["p_holm"] == pytest.approx(68 / 70)
    assert (milk["low"], milk["high"]) == pytest.approx(wilson(3, 4))
    assert (milk["difference_low"], milk["difference_high"]) == pytest.approx(newcombe(3, 4, 1, 4))


def test_each_attribute_is_corrected_by_itself() -> None:
    bad = np.array([True] * 3 + [False] * 5)
    halves, quarters = ["a"] * 4 + ["b"] * 4, ["a"] * 4 + ["b"] * 2 + ["c"] * 2
    found = rates({"two": pa.chunked_array([halves]), "three": pa.chunked_array([quarters])}, np.ones(8, bool), bad, bad).to_pylist()
    assert [row["attribute"] for row in found] == ["two"] * 2 + ["three"] * 3
    p = found[0]["p"]
    assert found[0]["p_holm"] == pytest.approx(2 * p)
    assert found[2]["p"] == pytest.approx(p)
    assert found[2]["p_holm"] == pytest.approx(3 * p)


def test_one_value_has_nothing_to_differ_from() -> None:
    (row,) = rates({"one": pa.chunked_array([["a"] * 5])}, np.ones(5, bool), np.zeros(5, bool), np.zeros(5, bool)).to_pylist()
    assert row["rate"] == 0
    assert row["low"] == 0
    assert [row[key] for key in ("difference", "difference_low", "difference_high", "p", "p_holm")] == [None] * 5


def test_many_numbers_are_cut_into_quarters() -> None:
    values, codes = grouped("age", pa.chunked_array([pa.array([str(n) for n in range(100, 0, -1)] + [None])]))
    assert values == ["1 to 25", "26 to 50", "51 to 75", "76 to 100", None]
    assert np.bincount(codes).tolist() == [25, 25, 25, 25, 1]
    assert codes[0] == 3
    assert codes[99] == 0
    assert codes[100] == 4


def test_few_numbers_are_values_in_their_order() -> None:
    values, codes = grouped("floor", pa.chunked_array([pa.array([10, 9, None, 10], pa.int64())]))
    assert values == ["9", "10", None]
    assert codes.tolist() == [1, 0, 2, 1]
    assert grouped("part", pa.chunked_array([pa.array([1.5, float("nan")])]))[1].tolist() == [0, 1]


def test_many_equal_numbers_stay_together() -> None:
    values, codes = grouped("x", pa.chunked_array([pa.array([0] * 80 + list(range(1, 31)), pa.int64())]))
    assert values[0] == "0 to 0"
    assert len(set(codes[:80].tolist())) == 1
    assert sum(np.bincount(codes)) == 110


def test_many_words_are_refused() -> None:
    with pytest.raises(InputError, match="column 'name' has 51 different values, and rates are compared for at most 50"):
        grouped("name", pa.chunked_array([[f"n{i}" for i in range(51)]]))
    assert len(grouped("name", pa.chunked_array([[f"n{i}" for i in range(50)]]))[0]) == 51
