"""Numbers that a state gives its people, in five countries, with check digits where they have them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checks import french_nir, german_tax_id, my_number, national_insurance, social_security
from .spans import Span, digits, near, words

_BEFORE, _AFTER = r"(?<![A-Za-z0-9_])(?<![0-9][.\-/])", r"(?![A-Za-z0-9_]|[.\-/][0-9])"
SSN = re.compile(rf"{_BEFORE}([0-9]{{3}})([ \-])([0-9]{{2}})\2([0-9]{{4}}){_AFTER}")
NINO = re.compile(rf"{_BEFORE}([A-Za-z]{{2}})[ \-]?[0-9]{{2}}[ \-]?[0-9]{{2}}[ \-]?[0-9]{{2}}[ \-]?[A-Da-d]{_AFTER}")
TAX_ID = re.compile(rf"{_BEFORE}(?:[0-9]{{2}}([ /\-]?)[0-9]{{3}}\1[0-9]{{3}}\1[0-9]{{3}}){_AFTER}")
NIR = re.compile(
    rf"{_BEFORE}[1-478][ .\-]?[0-9]{{2}}[ .\-]?[0-9]{{2}}[ .\-]?(?:[0-9]{{2}}|2[ABab])[ .\-]?[0-9]{{3}}[ .\-]?[0-9]{{3}}[ .\-]?[0-9]{{2}}{_AFTER}"
)
MY_NUMBER = re.compile(rf"{_BEFORE}[0-9]{{4}}([ \-])[0-9]{{4}}\1[0-9]{{4}}(?![ \-][0-9]){_AFTER}")
NINE = re.compile(rf"(?<![0-9])[0-9]{{9}}{_AFTER}")
TWELVE = re.compile(rf"(?<![0-9])[0-9](?:[ \-]?[0-9]){{11}}{_AFTER}")
SSN_WORD = words(r"\bSSN\b|social[ \-]security|\bss ?#")
MY_NUMBER_WORD = words(r"マイナンバ|個人番号|my ?number|individual number")


def national(text: str) -> Iterator[Span]:
    """Social security and tax numbers of people in the US, the UK, Germany, France and Japan.

    Without separators, nine digits (US) and twelve (Japan) count only after their name: they are too often something else.

    Examples
    --------
    >>> [s.value for s in national("SSN 219-09-9999, NINO AB 12 34 56 C, 86 095 742 719, 2 55 08 14 168 025 38, 1234 5678 9018")]
    ['219099999', 'AB123456C', '86095742719', '255081416802538', '123456789018']
    """
    for match in SSN.finditer(text):
        if social_security(match[1], match[3], match[4]):
            yield _span(match, digits(match[0]))
    for match in NINO.finditer(text):
        if national_insurance(match[1]):
            yield _span(match, re.sub(r"[ \-]", "", match[0]).upper())
    for match in TAX_ID.finditer(text):
        if german_tax_id(digits(match[0])):
            yield _span(match, digits(match[0]))
    for match in NIR.finditer(text):
        if french_nir(number := re.sub(r"[ .\-]", "", match[0])):
            yield _span(match, number.upper())
    for match in MY_NUMBER.finditer(text):
        if my_number(digits(match[0])):
            yield _span(match, digits(match[0]))
    yield from _named(text)


def _named(text: str) -> Iterator[Span]:
    for match in near(text, SSN_WORD, NINE, 30):
        if social_security(match[0][:3], match[0][3:5], match[0][5:]):
            yield _span(match, match[0])
    for match in near(text, MY_NUMBER_WORD, TWELVE, 20):
        if my_number(digits(match[0])):
            yield _span(match, digits(match[0]))


def _span(match: re.Match[str], value: str) -> Span:
    return Span(match.start(), match.end(), "ID", value)
