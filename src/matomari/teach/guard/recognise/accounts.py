"""Bank accounts and cards, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checks import luhn, mod97
from .spans import Span, digits, words

# How long an IBAN is, by country, from the registry of ISO 13616
_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 "
    "FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 "
    "ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 "
    "ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ \-]?[A-Za-z0-9])")
CARD = re.compile(r"(?<![A-Za-z0-9_])(?<![0-9][.\-])[0-9](?:[ \-]?[0-9]){12,18}(?![A-Za-z0-9_]|[.\-][0-9])")
_SHAPE = re.compile(r"\d+|\d{4}([ \-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ \-])\d{6}\2\d{4,5}")
ISSUER = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[123])\d{9,15}"
)
CARD_WORD = words(r"card|visa|credit|debit|kart|carte|カード|bleue")


def iban(text: str) -> Iterator[Span]:
    """IBANs, written in one piece, in fours or with dashes.

    Examples
    --------
    >>> [s.value for s in iban("to DE89 3704 0044 0532 0130 00 BIC COBADEFF")]
    ['DE89370400440532013000']
    """
    for match in IBAN_START.finditer(text):
        length = LENGTHS.get(match[0][:2].upper())
        if length is None:
            continue
        end, written = match.start(), ""
        while end < len(text) and len(written) < length and (text[end].isascii() and (text[end].isalnum() or text[end] in " -")):
            written += text[end] if text[end].isalnum() else ""
            end += 1
        alone = end == len(text) or not (text[end].isascii() and text[end].isalnum())
        if len(written) == length and alone and mod97(written):
            yield Span(match.start(), end, "IBAN", written.upper())


def card(text: str) -> Iterator[Span]:
    """Card numbers with the beginning of a known issuer and a right last digit, in one piece or in the groups printed on cards.

    Thirteen digits alone are mostly the EAN of an article, so they count only after a word like card.

    Examples
    --------
    >>> [s.value for s in card("4111 1111 1111 1111, 3782-822463-10005, 4111111111111112")]
    ['4111111111111111', '378282246310005']
    """
    for match in CARD.finditer(text):
        number = digits(match[0])
        if ISSUER.fullmatch(number) and luhn(number) and _SHAPE.fullmatch(match[0]):
            if len(number) == 13 and not CARD_WORD.search(text, max(0, match.start() - 30), match.start()):
                continue
            yield Span(*match.span(), "CARD", number)
