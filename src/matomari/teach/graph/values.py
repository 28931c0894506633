"""What else a quantity could say: the same amount in other words, or another amount that a list like this one may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from .quantities import Quantity
from .units import KANJI, SCALES, Unit, number_words, of_dimension

SMALL = 1000  # micrometres: from there on, people say millimetres
LONGEST_TIME = 60  # of any unit of time: nobody says 336 hours
_TERSE = frozenset({"sec", "min", "hr", "hrs", "yr", "mths", "dlrs", "stg", "pct", "pcs", "mln", "bln"})
DIGITS, DECIMALS = 4, 3  # a number that needs more is no longer the same to a reader
SHORTEST, LARGEST = Fraction(1, 20), 10_000  # nobody writes 0.001 km or 254,000 µm
NEAR = (1 / 3 - 1e-9, 3 + 1e-9)  # the other values lie within these shares of the value
CLEAR = 0.1 - 1e-9  # and at least this share of it away
_SHARES = [Fraction(n, 8) for n in range(1, 8)]
_STEPS = [Fraction(n, 100) for n in (50, 60, 75, 80, 120, 125, 150, 200, 250)]
_WIDE = str.maketrans("0123456789.,/", "０１２３４５６７８９．，／")


def number_text(value: Fraction, form: str, decimals: int = DECIMALS) -> str | None:
    """A number as it is written, or None where it cannot be written so exactly.

    Parameters
    ----------
    value : Fraction
        Not below zero.
    form : str
        digits, thousands, fraction, mixed, word or kanji.
    decimals : int
        Most digits after the point.

    Examples
    --------
    >>> number_text(Fraction(5, 2), "digits"), number_text(Fraction(5, 2), "mixed"), number_text(Fraction(1, 3), "digits")
    ('2.5', '2-1/2', None)
    >>> number_text(Fraction(12500), "thousands"), number_text(Fraction(3), "word")
    ('12,500', 'three')
    """
    if form in ("word", "kanji"):
        if value.denominator != 1:
            return None
        names = number_words() if form == "word" else KANJI
        return next((name for name, number in names.items() if number == value), None)
    if form in ("fraction", "mixed"):
        whole, part = divmod(value, 1)
        return f"{int(whole)}-{part}" if whole and part else str(value)
    scaled = value * 10**decimals
    if scaled.denominator != 1:
        return None
    text = f"{int(value):,}" if form == "thousands" else str(int(value))
    rest = f"{int(value % 1 * 10**decimals):0{decimals}d}".rstrip("0") if decimals else ""
    return f"{text}.{rest}" if rest else text


def _unit_text(unit: Unit, like: Quantity, value: Fraction) -> str | None:
    """How the unit follows its number, by the way the old one did; None where it cannot."""
    sign = not unit.written[-1].isalpha()
    ours = like.unit is not None and like.unit.japanese
    if (
        unit.style in ("before", "square")
        or (like.form == "kanji" and not unit.japanese)
        or (sign and (like.gap == "-" or like.form == "word"))
    ):
        return None
    if unit.style in ("singular", "plural", "short plural") and (ours or (unit.style == "singular") != (value == 1 or like.gap == "-")):
        return None
    glued = like.gap == "" and (like.unit is None or (like.unit.style != "before" and like.unit.written[-1].isalpha()))
    if unit.japanese or sign or (unit.style == "symbol" and glued):
        return unit.written
    return f"{like.gap or ' '}{unit.written}"


def equal_ways(quantity: Quantity, text: str) -> list[str]:
    """The same amount written otherwise: in another unit, by another name of the unit, in other scales.

    Parameters
    ----------
    quantity : Quantity
    text : str
        Where it stands: the ways keep its script and, where full-width digits stand there, these.

    Returns
    -------
    list of str
        Each can stand for the quantity, `text[quantity.start : quantity.end]`.

    Examples
    --------
    >>> from .quantities import quantities
    >>> equal_ways(quantities("100 cm")[0], "100 cm")[:3]
    ['1,000 mm', '1 m', '1,000 millimetres']
    >>> [way for way in equal_ways(quantities("$1.5 bln")[0], "$1.5 bln") if "mln" in way]
    ['1,500 mln dollars']
    """
    if quantity.unit is None or quantity.shares:
        return []
    japanese = quantity.unit.japanese or any("\u3040" <= c <= "\u9fff" for c in text)
    written = text[quantity.start : quantity.end]
    ways = []
    for unit in of_dimension(quantity.dimension):
        if (unit.written == quantity.unit.written and quantity.form not in ("fraction", "mixed")) or not _of_script(
            unit, japanese=japanese
        ):
            continue
        ratio = max(unit.factor / quantity.unit.factor, quantity.unit.factor / unit.factor)
        if ratio > (60 if unit.dimension == "time" else 1000) or not _usual(unit, quantity, text):
            continue
        for scale, value in _scaled(quantity, quantity.value * quantity.unit.factor / unit.factor):
            form = quantity.form if unit.unit == quantity.unit.unit and quantity.form in ("word", "kanji") else "digits"
            number = _short(value, form) if unit.unit == quantity.unit.unit or not scale else None
            after = _unit_text(unit, quantity, value * SCALES.get(scale, Fraction(1)))
            if number and after:
                ways.append(f"{number} {scale}{after if after[0] in ' -%' else ' ' + after}" if scale else number + after)
    wide = bool(re.search("[０-９]", written))
    return [way.translate(_WIDE) if wide else way for way in ways if way.lower() != written.lower()]


def _usual(unit: Unit, quantity: Quantity, text: str) -> bool:
    """Whether people would say it so: 14 days for two weeks, but neither 336 hours nor 0.5 days; hr and dlrs where words are short anyway."""
    terse = text.isupper() or (quantity.unit is not None and quantity.unit.written in _TERSE)
    if unit.written in _TERSE and not terse:
        return False
    if unit.unit == "µm" and quantity.unit is not None and quantity.value * quantity.unit.factor / unit.factor >= SMALL:
        return False
    if unit.dimension not in ("time", "months") or quantity.unit is None or unit.unit == quantity.unit.unit:
        return True
    value = quantity.value * quantity.unit.factor / unit.factor
    return value.denominator == 1 and value <= LONGEST_TIME


def _of_script(unit: Unit, *, japanese: bool) -> bool:
    """Whether a unit is written in texts of the script: mm in both, metres and yen in English alone."""
    if unit.japanese:
        return japanese
    if not japanese:
        return True
    return unit.style == "symbol" and not unit.dimension.startswith(("money", "pieces"))


def _scaled(quantity: Quantity, value: Fraction) -> Iterator[tuple[str, Fraction]]:
    """The number in its own scale, and in the scale a thousand times larger or smaller, where it has one."""
    yield quantity.scale, value
    other = {"mln": "bln", "bln": "mln", "million": "billion", "billion": "million"}.get(quantity.scale)
    if other:
        yield other, value * SCALES[quantity.scale] / SCALES[other]


def _short(value: Fraction, form: str) -> str | None:
    text = number_text(value, "thousands" if form != "word" and value >= 1000 else form)
    if text is None and form != "digits":
        text = number_text(value, "digits")
    if text is None or not SHORTEST <= value <= LARGEST:
        return None
    return text if len(re.sub(r"\D|^0\.0*|,|0+$", "", text)) <= DIGITS else None


def other_values(quantity: Quantity, observed: Iterable[Fraction] = ()) -> list[str]:
    """Other numbers that could stand there: near ones that the list holds with this unit, else sensible steps; never the same value.

    Parameters
    ----------
    quantity : Quantity
    observed : iterable of Fraction
        Values seen with this unit and scale.

    Returns
    -------
    list of str
        Each can stand for the number, `text[slice(*quantity.at)]`, full-width digits aside.

    Examples
    --------
    >>> from .quantities import quantities
    >>> other_values(quantities("20 mm")[0], map(Fraction, (10, 20, 25, 900)))
    ['10', '25']
    >>> other_values(quantities("1.50 pct")[0])[:3], other_values(quantities("two dogs")[0])
    (['0.75', '0.90', '1.12'], ['three', 'four', 'five'])
    >>> other_values(quantities("in 1986")[0])[:2]
    ['1981', '1983']
    """
    value, decimals = quantity.value, len(quantity.number.partition(".")[2])
    if quantity.unit is None and not quantity.scale and quantity.form == "digits" and 1900 <= value <= 2099 and value.denominator == 1:
        return [str(int(value) + step) for step in (-5, -3, -2, -1, 1, 2, 3, 5)]
    if value == 0 or (value == 1 and (quantity.unit is None or quantity.unit.style == "singular")):
        return []  # the words around it agree with one
    seen = sorted({other for other in observed if _fits(other, value)})
    texts = _texts(seen, quantity, decimals)
    if len(texts) < 2:
        texts = list(dict.fromkeys([*texts, *_texts(list(_steps(quantity)), quantity, decimals)]))
    return texts


def _fits(other: Fraction, value: Fraction) -> bool:
    ratio = float(other) / float(value)
    return NEAR[0] <= ratio <= NEAR[1] and abs(ratio - 1) >= CLEAR


def _texts(values: list[Fraction], quantity: Quantity, decimals: int) -> list[str]:
    """The numbers in the form of the quantity, with as many decimals; one thing stays one thing, so no other number becomes 1."""
    texts = []
    for value in values:
        text = number_text(value, quantity.form, decimals)
        many = quantity.form == "word" or quantity.unit is None or "plural" in quantity.unit.style
        if text is None or (value == 1 and quantity.value != 1 and many):
            continue
        if decimals and quantity.form in ("digits", "thousands"):
            whole, _, part = text.partition(".")
            text = f"{whole}.{part:0<{decimals}}"
        if quantity.number[0] == ".":
            text = text.removeprefix("0")
        texts.append(text)
    return texts


def _steps(quantity: Quantity) -> Iterator[Fraction]:
    value = quantity.value
    if quantity.form == "fraction":
        yield from (share for share in _SHARES if share != value and share.denominator <= max(4, value.denominator))
    elif quantity.form == "mixed":
        yield from (value + step for step in (-1, 1, 2) if value + step > 1)
    elif value.denominator == 1 and value <= 12:
        least = 2 if quantity.unit is None else 1
        yield from (value + step for step in (-3, -2, -1, 1, 2, 3) if value + step >= least)
    else:
        unit = Fraction(1, 10 ** len(quantity.number.partition(".")[2]))
        round_to = max(unit, Fraction(10) ** (len(str(int(value))) - 2)) if value >= 10 else unit
        for step in _STEPS:
            other = round(value * step / round_to) * round_to
            if _fits(other, value):
                yield other


def other_units(quantity: Quantity, text: str) -> list[str]:
    """The same number with another unit or scale of the same kind, so that it says a thousand times more or less, or other money.

    Parameters
    ----------
    quantity : Quantity
    text : str
        Where it stands.

    Returns
    -------
    list of str
        Each can stand for the quantity; its amount differs.

    Examples
    --------
    >>> from .quantities import quantities
    >>> other_units(quantities("500 g")[0], "500 g")
    ['500 mg', '500 kg', '500 lb', '500 oz']
    >>> other_units(quantities("5 mln dlrs")[0], "5 mln dlrs")
    ['5 bln dlrs', '5 mln yen', '5 mln stg']
    """
    if quantity.unit is None and not quantity.scale:
        return []
    written = text[quantity.start : quantity.end]
    number_at = (quantity.at[0] - quantity.start, quantity.at[1] - quantity.start)
    ways = []
    other = {"mln": "bln", "bln": "mln", "million": "billion", "billion": "million", "万": "億", "億": "万"}.get(quantity.scale)
    if other:
        ways.append(_put(written, number_at[1], quantity.scale, other))
    unit = quantity.unit
    if unit is not None and unit.style != "before":
        for name in _rivals(unit):
            ways.append(_put(written, number_at[1], unit.written, name))
    return [way for way in ways if way]


def _rivals(unit: Unit) -> list[str]:
    """Units written in the same style that a reader could take for it: of the same dimension and up to a thousand times larger or smaller."""
    money = [["dlrs", "yen", "stg"], ["dollars", "euros", "yen"], ["ドル", "円", "ユーロ"]]
    for family in money:
        if unit.written in family:
            return [name for name in family if name != unit.written]
    if unit.dimension.startswith("money"):
        return []
    style = {"short plural": "symbol"}.get(unit.style, unit.style)
    kana = ("kana", "kanji")
    rivals = []
    for other in of_dimension(unit.dimension):
        alike = (other.style == style and other.written[-1].isalpha()) or (other.style in kana and style in kana)
        ratio = other.factor / unit.factor
        if alike and other.unit != unit.unit and (Fraction(2) <= ratio <= 1000 or Fraction(2) <= 1 / ratio <= 1000):
            rivals.append(other.written)
    return rivals


def _put(written: str, after: int, old: str, new: str) -> str:
    """The quantity with one of its words changed, behind its number, in capitals where it was."""
    rest = written[after:]
    at = rest.lower().find(old.lower())
    if at < 0:
        return ""
    found = rest[at : at + len(old)]
    shown = new.upper() if found.isupper() and len(found) > 1 and new.isascii() else new
    return written[:after] + rest[:at] + shown + rest[at + len(old) :]
