"""Numbers in a text with their units: what they amount to, however they are written."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .units import KANJI, SCALES, Unit, number_words, units

_NARROW = str.maketrans("０１２３４５６７８９．，／％－", "0123456789.,/%-")
_DIGIT = re.compile("[0-9]")
_MONTHS = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december"
_NUMBER = r"""
    (?P<mixed>\d{1,3}[ -]\d{1,2}/\d{1,2}(?![\d/]))
  | (?P<fraction>\d{1,2}/\d{1,2}(?![\d/]))
  | (?P<thousands>\d{1,3}(?:,\d{3})+(?:\.\d+)?)
  | (?P<digits>\d+(?:\.\d+)?|\.\d+)
"""
_TIMES = re.compile(r"\s*[x×*＊]\s*(?=\d|$)", re.IGNORECASE)
_TIMES_BEFORE = re.compile(r"\d\s?[^\W\d_]{0,2}\s*[x×*＊]\s*$", re.IGNORECASE)
_AFTER_NUMBER = r"(?!\d)(?![.,:/]\d)(?!:)(?!-\d)"


def _longest_first(written: list[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(written, key=len, reverse=True))


def _unit_pattern() -> str:
    """A unit after a number: words end where no letter follows, signs and Japanese units anywhere."""
    behind = [unit for unit in units().values() if unit.style != "before"]
    ours = [unit.written for unit in behind if unit.japanese]
    words = [unit.written for unit in behind if not unit.japanese and unit.written[-1].isalpha()]
    signs = [unit.written for unit in behind if not unit.japanese and not unit.written[-1].isalpha()]
    return rf"(?:(?P<gap>[ ]?|-)(?P<unit>(?:{_longest_first(words)})(?![^\W_])(?!-\d)|(?:{_longest_first(signs)})|(?:{_longest_first(ours)})(?!目)))?"


@lru_cache(maxsize=1)
def _digits() -> re.Pattern[str]:
    signs = _longest_first([unit.written for unit in units().values() if unit.style == "before"])
    scales = _longest_first([scale for scale in SCALES if scale.isascii()])
    scale = rf"(?:[ -]?(?P<scale>(?:{scales})\b|[万億]))?"
    start = rf"(?P<before>(?:{signs})\s?)?(?<![\d.,/:])(?<![A-WYZa-wyz])(?<!\d-)(?<![A-Za-z]-)"
    return re.compile(rf"{start}(?:{_NUMBER}){_AFTER_NUMBER}{scale}{_unit_pattern()}", re.VERBOSE | re.IGNORECASE)


@lru_cache(maxsize=1)
def _spelt() -> re.Pattern[str]:
    words = _longest_first([word for word in number_words() if word not in ("zero", "one")])
    scales = _longest_first([scale for scale in SCALES if scale.isascii()])
    kanji, ours = "".join(KANJI), _longest_first([unit.written for unit in units().values() if unit.japanese])
    english = rf"(?P<word>{words})\b(?!-(?:{words}|one)\b)(?:[ -](?P<scale>{scales})\b)?"
    return re.compile(rf"(?<![^\W_])(?<!-)(?:{english}|(?P<kanji>[{kanji}])(?=(?:{ours}))){_unit_pattern()}", re.VERBOSE | re.IGNORECASE)


@lru_cache(maxsize=1)
def _spelt_hint() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(number_words())})\b|[{''.join(KANJI)}]", re.IGNORECASE)


class Quantity(NamedTuple):
    """A number with its unit, where it stands.

    Attributes
    ----------
    start, end : int
        Of the number with its unit and any sign before it.
    number : str
        As it is written, full-width digits made narrow.
    form : str
        digits, thousands, fraction, mixed, word or kanji.
    value : Fraction
        The number alone.
    scale : str
        thousand, mln, bln …, or nothing.
    unit : Unit or None
        None where there is none, as in "two dogs"; of sizes such as 20×60 mm both numbers have the one that is written once.
    at : tuple of int
        Start and end of the number alone.
    gap : str
        What stands between number and unit.
    """

    start: int
    end: int
    number: str
    form: str
    value: Fraction
    scale: str
    unit: Unit | None
    at: tuple[int, int]
    gap: str

    @property
    def shares(self) -> bool:
        """Whether its unit is written behind a later number only: 20 in 20×60 mm."""
        return self.unit is not None and (self.start, self.end) == self.at

    @property
    def dimension(self) -> str:
        """What it measures; `count` without a unit."""
        return self.unit.dimension if self.unit else "count"

    @property
    def amount(self) -> Fraction:
        """The value in the first unit of the dimension: what 100 cm and 1 m have in common."""
        return self.value * SCALES.get(self.scale, Fraction(1)) * (self.unit.factor if self.unit else 1)


@lru_cache(maxsize=20_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order. Ordinals, times, dates with slashes, ranges and codes are none; "one" is no number here.

    Parameters
    ----------
    text : str
        English or Japanese; digits may be full-width.

    Examples
    --------
    >>> [(str(q.value), q.scale, q.unit.unit if q.unit else None) for q in quantities("two 3/4 in bolts, $1,234.5 mln, ５００円, the 4th M8")]
    [('2', '', None), ('3/4', '', 'in'), ('2469/2', 'mln', 'usd'), ('500', '', 'jpy')]
    >>> quantities("100 cm")[0].amount == quantities("1 m")[0].amount
    True
    >>> [float(q.amount) for q in quantities("plate 20×60 mm, 5 pcs")]
    [0.02, 0.06, 5.0]
    """
    narrow = text if text.isascii() else text.translate(_NARROW)
    found = []
    if _DIGIT.search(narrow):
        found = [q for match in _digits().finditer(narrow) if (q := _read(match, narrow))]
    if _spelt_hint().search(narrow):
        taken = [(q.start, q.end) for q in found]
        spelt = [q for match in _spelt().finditer(narrow) if (q := _read(match, narrow))]
        found += [q for q in spelt if not any(start < q.end and q.start < end for start, end in taken)]
    return _with_shared_units(sorted(found), narrow)


def times_around(quantity: Quantity, text: str) -> tuple[bool, bool]:
    """Whether a sign of times stands before a quantity and behind it, as in a size of several numbers.

    Examples
    --------
    >>> text = "plate 20 x 60 mm"
    >>> [times_around(quantity, text) for quantity in quantities(text)]
    [(False, True), (True, False)]
    """
    return bool(_TIMES_BEFORE.search(text[: quantity.start])), bool(_TIMES.match(text, quantity.end))


def _with_shared_units(found: list[Quantity], text: str) -> tuple[Quantity, ...]:
    """A size such as 20×60 mm names its unit once: the numbers before it are of that unit, too."""
    for i in range(len(found) - 2, -1, -1):
        one, after = found[i], found[i + 1]
        if one.unit is None and not one.scale and after.dimension == "length" and _TIMES.fullmatch(text[one.end : after.start]):
            found[i] = one._replace(unit=after.unit)
    return tuple(found)


def _read(match: re.Match[str], text: str) -> Quantity | None:
    groups = match.groupdict()
    form = next(name for name in ("mixed", "fraction", "thousands", "digits", "word", "kanji") if groups.get(name))
    number = groups[form]
    at = match.span(form)
    if form == "digits" and re.fullmatch(r"\d{8,}|0\d.*", number):
        return None  # a code
    if text[at[0] - 1 : at[0]] in ("x", "X") and not text[at[0] - 2 : at[0] - 1].isdigit():
        return None  # x30, but not 20x30
    written = (groups["unit"] or "").casefold()  # the micro sign and the Greek letter are one
    end = match.end()
    if written and not (written in units() and _is_unit(match, text)):  # a pattern that ignores case takes İ for i, and no table has it
        written, end = "", (match.end("scale") if groups.get("scale") else at[1])
    if units().get(written) and units()[written].dimension in ("time", "months") and re.fullmatch(r"(?:19|20)\d\d", number):
        written, end = "", at[1]  # the year 1986
    sign = (groups.get("before") or "").strip()
    if not written and end < len(text) and _glued(text, end):
        return None
    timed = not written or units()[written].dimension in ("time", "months")
    if form == "digits" and timed and not sign and re.search(rf"\b(?:{_MONTHS})\.? $", text[: at[0]], re.IGNORECASE):
        return None  # a day of a month
    value = _value(number, form)
    if value is None:
        return None
    unit = units().get(sign.casefold() or written)
    start, scale = match.start() if sign else at[0], (groups.get("scale") or "").casefold()
    return Quantity(
        start, end, number, form, value=value, scale=scale if scale in SCALES else "", unit=unit, at=at, gap=groups["gap"] or ""
    )


def _glued(text: str, end: int) -> bool:
    """Whether a letter follows that makes a code of the number: 4GB5, 747s; a sign of times as in 20x30 makes none."""
    rest = text[end : end + 2]
    if re.match(r"[x×]\d", rest):
        return False
    return rest[0].isascii() and rest[0].isalpha()


def _is_unit(match: re.Match[str], text: str) -> bool:
    """Letters that are words, too, are units only where no sentence goes on after them: 2 in the water, 5 a day."""
    written, gap, after = match["unit"], match["gap"], text[match.end() :].lstrip()
    if written == "G" and not gap and match["digits"] in ("2", "3", "4", "5"):
        return False  # of a telephone
    if written.lower() == "a":
        return (written == "A" and not gap) or not after
    if written.lower() == "in":
        return (
            gap in ("", "-")
            or not after
            or after[0] in ",;.)x×"
            or bool(match.groupdict().get("mixed") or match.groupdict().get("fraction"))
        )
    return not (written.lower() == "second" and gap == " ")  # two second graders


def _value(number: str, form: str) -> Fraction | None:
    if form == "word":
        known = number_words().get(number.casefold())  # İ again
        return None if known is None else Fraction(known)
    if form == "kanji":
        return Fraction(KANJI[number])
    if form == "mixed":
        whole, part = re.split("[ -]", number)
        return None if part.endswith("/0") else int(whole) + Fraction(part)
    if form == "fraction":
        return None if re.search("/0+$", number) else Fraction(number)
    return Fraction(number.replace(",", ""))
