"""Numbers and units as people write them, each case read by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matomari.teach.graph.quantities import quantities, times_around
from matomari.teach.graph.units import SCALES, number_words, of_dimension, units

Read = list[tuple[str, str, str, str]]


def read(text: str) -> Read:
    return [(text[q.start : q.end], str(q.value), q.scale, q.unit.unit if q.unit else "") for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5 parts", [("1,234.5", "2469/2", "", "")]),
        ("bolt 10 mm", [("10 mm", "10", "", "mm")]),
        ("bolt M8 20mm", [("20mm", "20", "", "mm")]),
        ("a 3/4 in pipe", [("3/4 in", "3/4", "", "in")]),
        ("2-1/2 inches", [("2-1/2 inches", "5/2", "", "in")]),
        ("three dogs", [("three", "3", "", "")]),
        ("5 % of it", [("5 %", "5", "", "%")]),
        ("$5 mln loan", [("$5 mln", "5", "mln", "usd")]),
        ("7.5 BLN DLRS", [("7.5 BLN DLRS", "15/2", "bln", "usd")]),
        ("two hundred people", [("two hundred", "2", "hundred", "")]),
        ("12V fuse, 5A", [("12V", "12", "", "v"), ("5A", "5", "", "a")]),
        ("a two-year-old", [("two-year", "2", "", "yr")]),
        ("20x30 mm", [("20", "20", "", "mm"), ("30 mm", "30", "", "mm")]),
        ("SHR .5 CTS", [(".5 CTS", "1/2", "", "usc")]),
        ("10 kΩ", [("10 kΩ", "10", "", "kohm")]),
        ("２０ミリ 100本 三個", [("２０ミリ", "20", "", "mm"), ("100本", "100", "", "hon"), ("三個", "3", "", "pc")]),
        ("3万円", [("3万円", "3", "万", "jpy")]),
        ("in 1986 year", [("1986", "1986", "", "")]),
        ("10 \u00b5m", [("10 \u00b5m", "10", "", "\u00b5m")]),
        ("10 \u03bcm", [("10 \u03bcm", "10", "", "\u00b5m")]),  # Greek, as most keyboards write it
    ],
)
def test_what_is_a_quantity(text: str, expected: Read) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the 4th of it",
        "12:30",
        "on 3/4/1986",
        "1986-87",
        "M8",
        "A4 paper",
        "part 0012",
        "jan 31",
        "IN MARCH 11 WEEK",
        "one dog",
        "twenty-one",
        "12345678",
        "747s",
    ],
)
def test_what_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [("2 in a boat", ""), ("two in the water", ""), ("5 a day", ""), ("pipe, 2 in", "in"), ("2in pipe", "in"), ("two second graders", "")],
)
def test_words_that_are_units_too(text: str, unit: str) -> None:
    assert read(text)[0][3] == unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("100 cm", "1 m"),
        ("500 g", "0.5 kg"),
        ("1.5 bln dlrs", "$1,500 mln"),
        ("34 cts", "0.34 dlrs"),
        ("２０ミリ", "2 cm"),
        ("12 in", "1 ft"),
        ("2 years", "24 months"),
    ],
)
def test_equal_amounts(one: str, other: str) -> None:
    a, b = quantities(one)[0], quantities(other)[0]
    assert (a.dimension, a.amount) == (b.dimension, b.amount)


def test_different_dimensions_are_never_equal() -> None:
    assert quantities("1 m")[0].dimension != quantities("1 kg")[0].dimension
    assert quantities("3")[0].dimension == "count"


def test_the_table_holds_factors_that_are_exact() -> None:
    assert units()["inch"].factor == Fraction("0.0254")
    assert units()["mpa"].written == "MPa"
    assert len({(u.unit, u.factor, u.dimension) for u in units().values()}) == len({u.unit for u in units().values()})
    assert all(any(u.factor == 1 for u in of_dimension(d)) for d in {u.dimension for u in units().values()})


LOOK_ALIKE = {"i": "\u0130\u0131", "s": "\u017f", "k": "\u212a", "\u00b5": "\u03bc\u039c", "\u03a9": "\u2126\u03c9", "\u00b0": "\u00ba"}


def test_letters_that_only_look_alike_end_no_run() -> None:
    """A pattern that ignores case takes more for a letter than small letters do."""
    words = [*(unit.written for unit in units().values()), *number_words(), *SCALES]
    for word in words:
        for letter, others in LOOK_ALIKE.items():
            for other in others if letter in word.lower() else ():
                strange = word.lower().replace(letter, other)
                for text in (f"5 {strange}", f"{strange} 5", f"{strange} bolts", f"5 {strange} yen", strange.upper()):
                    for quantity in quantities(text):
                        assert quantity.start < quantity.end <= len(text) and quantity.scale in ("", *SCALES)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("20×60mm", ["0.02", "0.06"]),
        ("20 x 60 x 5 cm", ["0.2", "0.6", "0.05"]),
        ("M10X25ミリ", ["0.025"]),
        ("20cm x 60mm", ["0.2", "0.06"]),
        ("60mm x 20", ["0.06", "20"]),
        ("3 x 50 g", ["3", "0.05"]),
        ("20 x big 60 mm", ["20", "0.06"]),
    ],
)
def test_a_size_names_its_unit_once(text: str, amounts: list[str]) -> None:
    assert [q.amount for q in quantities(text)] == [Fraction(amount) for amount in amounts]


def test_times_around() -> None:
    text = "4 dogs x 60 mm * 3"
    assert [times_around(q, text) for q in quantities(text)] == [(False, False), (False, True), (True, False)]
