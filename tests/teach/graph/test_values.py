"""Other ways to say an amount, and other amounts: the first are equal, the second never."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matomari.teach.graph.quantities import quantities
from matomari.teach.graph.values import equal_ways, number_text, other_units, other_values

TEXTS = [
    "100 cm",
    "12V",
    "3/4 in",
    "1.5 bln dlrs",
    "$5 mln",
    "two-year",
    "20 mm",
    "２０ミリ",
    "3万円",
    "8-1/4 pct",
    "0.25 kg",
    "five hours",
    "1,200 kg",
    "34 cts",
]


@pytest.mark.parametrize("text", TEXTS)
def test_equal_ways_are_equal(text: str) -> None:
    quantity = quantities(text)[0]
    for way in equal_ways(quantity, text):
        again = quantities(way)[0]
        assert (again.dimension, again.amount) == (quantity.dimension, quantity.amount), way
        assert way.lower() != text


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("100 cm", "1 m"),
        ("500 g", "0.5 kg"),
        ("3/4 in", "0.75 in"),
        ("5 pct", "5%"),
        ("12 V", "12 volts"),
        ("２０ミリ", "２センチ"),
        ("100 cm", "1 metre"),
        ("20 mm", "20 millimetres"),
    ],
)
def test_ways_that_must_be_there(text: str, way: str) -> None:
    assert way in equal_ways(quantities(text)[0], text)


@pytest.mark.parametrize(
    ("text", "way"), [("100 cm", "1 metres"), ("100 cm", "100 センチ"), ("三個", "三 pcs"), ("1 mm", "0.001 m"), ("10円", "10 yen")]
)
def test_ways_that_must_not(text: str, way: str) -> None:
    assert way not in equal_ways(quantities(text)[0], text)


@pytest.mark.parametrize("text", [*TEXTS, "two dogs", "in 1986", "6.1 pct", "1,000,000 shares", "３個"])
def test_other_values_differ_and_keep_the_form(text: str) -> None:
    quantity = quantities(text)[0]
    others = other_values(quantity)
    assert others
    start, end = quantity.at
    for other in others:
        changed = quantities(text[:start] + other + text[end:])[0]
        assert changed.amount != quantity.amount, other
        assert {changed.form, quantity.form} in ({quantity.form}, {"digits", "thousands"}, {"mixed", "fraction"})
        assert Fraction(1, 3) <= changed.value / quantity.value <= 3


def test_the_list_decides_where_it_has_near_values() -> None:
    assert other_values(quantities("20 mm")[0], map(Fraction, (10, 20, 21, 25, 900))) == ["10", "25"]


def test_nothing_becomes_one_where_many_stand() -> None:
    assert "one" not in other_values(quantities("two dogs")[0])
    assert other_values(quantities("1 dog")[0]) == []
    assert "1" not in other_values(quantities("3 hours")[0])


def test_decimals_stay_as_many() -> None:
    assert all(len(v.split(".")[1]) == 2 for v in other_values(quantities("1.50 pct")[0]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500 g", ["500 mg", "500 kg", "500 lb", "500 oz"]),
        ("20 MLN DLRS", ["20 BLN DLRS", "20 MLN YEN", "20 MLN STG"]),
        ("two-year", ["two-month"]),
        ("two dogs", []),
        ("5 pct", []),
        ("20センチ", ["20ミリ", "20メートル", "20インチ"]),
    ],
)
def test_other_units(text: str, expected: list[str]) -> None:
    quantity = quantities(text)[0]
    assert other_units(quantity, text) == expected
    assert all(quantities(way)[0].amount != quantity.amount or quantities(way)[0].dimension != quantity.dimension for way in expected)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("5/2", "digits", "2.5"),
        ("1/3", "digits", None),
        ("12500", "thousands", "12,500"),
        ("13", "word", None),
        ("5/2", "mixed", "2-1/2"),
        ("3", "kanji", "三"),
    ],
)
def test_numbers_are_written_exactly(value: str, form: str, text: str | None) -> None:
    assert number_text(Fraction(value), form) == text
