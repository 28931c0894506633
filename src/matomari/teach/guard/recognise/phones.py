"""Phone numbers of some regions, judged by the numbering plans of the phonenumbers library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .spans import Span, digits

CANDIDATE = re.compile(r"(?<![A-Za-z0-9_])(?:\+ ?|\(\+?|00)?[0-9](?:[ ().\-/]{0,3}[0-9]){5,16}(?![A-Za-z0-9_]|[.\-/][0-9])")
PHONE_WORD = re.compile(
    r"phone|\btel|mobile|\bcell\b|\bcall|\bfax|whats ?app|\bsms\b|\btext me|contact|hotline|dial|ring me|handy|rufnummer|mobil|\banruf|erreich"
    r"|t[ée]l[ée]ph|portable|appel|joindre|電話|携帯|連絡先|ファックス|お問い合わせ",
    re.IGNORECASE,
)
OTHER_WORD = re.compile(
    r"isbn|issn|\bean\b|\bupc\b|gtin|\basin\b|\bsku\b|part|\border|serial|invoice|model|\bitem|\bref|artikel|bestell|rechnung|facture"
    r"|commande|article|tracking|\bid\b|\bno\b\.?|\bnr\b\.?|number|nummer|num[ée]ro|version|注文|品番|型番|番号|請求",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}([.\-/ ])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([.\-/ ])[0-9]{1,2}\2(?:19|20)?[0-9]{2})(?:[ T\-/]{1,3}[0-9 ]{1,11})?"
)
AMOUNT = re.compile(r"[0-9]{1,3}(?:([. ])[0-9]{3})+")
YEARS = re.compile(r"\(?(?:19|20)[0-9]{2}\)?[ \-/]{1,3}\(?(?:19|20)[0-9]{2}\)?")
MONEY_BEFORE, MONEY_AFTER = re.compile(r"[$€£¥#=]\s?$"), re.compile(r"\s?(?:[$€£¥%円]|EUR\b|USD\b|GBP\b|JPY\b|km\b|mm\b|kg\b)")


def phones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Numbers that are valid in one of the regions, or in any country when they begin with a plus sign.

    A bare run of digits is a phone number only beside a word like phone, or with the zero that numbers of its region begin with; else order numbers
    would be taken for American phones.

    Examples
    --------
    >>> [s.value for s in phones("Call +49 30 901820 or (415) 555-2671; order 4155552671 of 2024-03-01", ["US"])]
    ['+4930901820', '+14155552671']
    """
    for match in CANDIDATE.finditer(text):
        written = match[0].rstrip(" (.-/")
        if written.count("(") == 1 and written.count(")") == 0 and written[0] == "(":
            written, start = written[1:], match.start() + 1
        else:
            start = match.start()
        if not _could_be(text, start, written):
            continue
        for region in [None] if written.startswith("+") else regions:
            number = _valid(written, region)
            if number:
                yield Span(start, start + len(written), "PHONE", number)
                break


def _could_be(text: str, start: int, written: str) -> bool:
    """Whether the shape and the words around allow a phone number."""
    before = text[max(0, start - 28) : start]
    if written.startswith(("+", "00")) and len(digits(written)) > 8:
        return True
    if DATE.fullmatch(written) or AMOUNT.fullmatch(written) or YEARS.fullmatch(written):
        return False
    if MONEY_BEFORE.search(before) or MONEY_AFTER.match(text, start + len(written)) or re.search(r"[A-Za-z0-9][\-/.:]$", before):
        return False
    named = [m.end() for m in PHONE_WORD.finditer(before)]
    other = [m.end() for m in OTHER_WORD.finditer(before)]
    if named and (not other or named[-1] >= other[-1] - 12):
        return True
    if other:
        return False
    groups = re.findall("[0-9]+", written)
    if len(groups) == 1:
        return written[0] == "0" and 10 <= len(written) <= 12
    return len(digits(written)) >= 9


def _valid(written: str, region: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or not _as_dialled(written, region):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _as_dialled(written: str, region: str | None) -> bool:
    """Whether a number without a country begins as it is dialled there: with a zero everywhere but in America."""
    return written.startswith(("+", "0", "(0", "(+")) or region in (
        "US",
        "CA",
        "ES",
        "IT",
        "DK",
        "NO",
        "PL",
        "CZ",
        "PT",
        "LU",
        "SG",
        "HK",
        None,
    )
