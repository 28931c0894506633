"""The table of units: how each is written, what it measures, and how much of it."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Unit(NamedTuple):
    """One way to write a unit.

    Attributes
    ----------
    written : str
        As a rule writes it; any case is read.
    unit : str
        The unit itself, the same for all its ways.
    dimension : str
        What it measures: values of one dimension can be compared.
    factor : Fraction
        One of it in the first unit of its dimension.
    style : str
        symbol, singular, plural, short plural, before (a sign before the number), kana, kanji, or square (many letters in one, read but not made).
    """

    written: str
    unit: str
    dimension: str
    factor: Fraction
    style: str

    @property
    def japanese(self) -> bool:
        """Whether it is written in Japanese."""
        return self.style in ("kana", "kanji", "square")


@cache
def units() -> dict[str, Unit]:
    """All ways to write all units, by how they are written, with their case folded.

    Examples
    --------
    >>> units()["cm"].factor == 10 * units()["mm"].factor, units()["円"].unit
    (True, 'jpy')
    """
    with (Path(__file__).parent / "tables" / "units.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["written"].casefold(): Unit(
                row["written"], row["unit"], row["dimension"], factor=Fraction(row["factor"]), style=row["style"]
            )
            for row in csv.DictReader(file)
        }


@cache
def of_dimension(dimension: str) -> tuple[Unit, ...]:
    """All ways to write the units that measure one thing.

    Examples
    --------
    >>> [unit.written for unit in of_dimension("money in yen")]
    ['¥', 'yen', '円']
    """
    return tuple(unit for unit in units().values() if unit.dimension == dimension)


KANJI = {character: value for value, character in enumerate("〇一二三四五六七八九十")}
SCALES = {
    "hundred": Fraction(100),
    "thousand": Fraction(10**3),
    "mln": Fraction(10**6),
    "million": Fraction(10**6),
    "bln": Fraction(10**9),
    "billion": Fraction(10**9),
    "trillion": Fraction(10**12),
    "万": Fraction(10**4),
    "億": Fraction(10**8),
}


@cache
def number_words() -> dict[str, int]:
    """English words for numbers.

    Examples
    --------
    >>> number_words()["twelve"]
    12
    """
    with (Path(__file__).parent / "tables" / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: int(row["value"]) for row in csv.DictReader(file)}
