"""Phone numbers of some regions, judged by the numbering plans of the phonenumbers library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .spans import Span, words

CANDIDATE = re.compile(r"(?<![A-Za-z0-9_])(?:\+ ?|\(\+?|00)?[0-9](?:[ ().\-/]{0,3}[0-9]){5,16}(?![A-Za-z0-9_]|[.\-/][0-9])")
PHONE_WORD = words(
    r"(?<![A-Za-z])(?:tele)?phone|\btel|(?<![A-Za-z])mobil|\bcell\b|\bcall|\bfax|whats ?app|\bsms\b|\btext (?:me|us|to)\b|to text\b|contact|hotline|dial|ring me|handy|rufnummer|landline|festnetz|voice ?mail|\banruf|erreich"
    r"|t[ée]l[ée]ph|\btél|(?:num[ée]ro(?: de)?|n°(?: de)?|mon|son|leur|au) portable|portable ?(?::|=|au\b|est\b|n°|«)|appel|joindre|ligne fixe|電話|携帯|連絡先|ファックス|お問い合わせ"
)
OTHER_WORD = words(
    r"isbn|issn|\bean\b|\bupc\b|gtin|\basin\b|\bsku\b|part|\border|serial|invoice|model|\bitem|\bref|artikel|bestell|rechnung|facture"
    r"|commande|article|tracking|version|注文|品番|型番|請求"
)
NUMBER_WORD = words(r"\bid\b|\bno\b\.?|\bnr\b\.?|number|nummer|num[ée]ro|番号")
DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}([.\-/ ])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([.\-/])[0-9]{1,2}\2(?:19|20)?[0-9]{2})(?:[ T\-/]{1,3}[0-9 ]{1,11})?"
)
AMOUNT = re.compile(r"[0-9]{1,3}(?:([. ])[0-9]{3})+")
YEARS = re.compile(r"\(?(?:19|20)[0-9]{2}\)?[ \-/]{1,3}\(?(?:19|20)[0-9]{2}\)?")
MOBILE = re.compile("07[0-9]{9}|0[67][0-9]{8}|01[567][0-9]{8,9}|0[789]0[0-9]{8}")  # of the UK, France, Germany and Japan
# Where a number is dialled without a zero before it
WITHOUT_ZERO = frozenset(["US", "CA", "ES", "IT", "DK", "NO", "PL", "CZ", "PT", "LU", "SG", "HK", "GR"])
JOINED = re.compile(r"[0-9][\-/.:,]$|[A-Za-z][\-/]$")
SPACE, ALL = re.compile(" +"), re.compile(".+")
GROUP = re.compile("[0-9]+")
AFTER = 24  # … and behind it
WINDOW = 40  # characters before a number in which words count
MONEY_BEFORE, MONEY_AFTER = re.compile(r"[$€£¥#]\s?$"), re.compile(r"\s?(?:[$€£¥%円]|EUR\b|USD\b|GBP\b|JPY\b|km\b|mm\b|kg\b)")


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
        start, written = match.start(), match[0].rstrip(" (.-/")
        if written.count("(") != written.count(")"):
            start, written = start + 1, written[1:]
        for piece in _pieces(written):
            at = start + piece.start()
            if piece[0] != written and not _words_around(text, at, piece[0])[0]:
                continue
            number = _number(text, at, piece[0], regions=regions)
            if number:
                yield Span(at, at + len(piece[0]), "PHONE", number)
                break


def _pieces(written: str) -> Iterator[re.Match[str]]:
    """All that is written, then without its last words of digits, then without its first: a number beside may have been taken in."""
    gaps = list(SPACE.finditer(written))
    starts, ends = [0, *(m.end() for m in gaps)], [*(m.start() for m in gaps), len(written)]
    for first, last in ((0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (2, 0), (1, 1)):
        piece = ALL.match(written, starts[first], ends[-1 - last]) if first + last < len(starts) else None
        if piece:
            yield piece


def _number(text: str, start: int, written: str, *, regions: Sequence[str]) -> str:
    """The international form of what is written at `start`, or nothing where it is no phone number."""
    sure, allowed = _words_around(text, start, written)
    if not allowed or not (sure or _grouped(written)):
        return ""
    ways = [way for region in ([None] if written.startswith("+") else regions) if (way := _dialled(written, region, sure))]
    # The same digits can be valid in two countries: theirs who group them so
    groups = GROUP.findall(written)
    return next((number for number, grouped in ways if grouped == groups), ways[0][0] if ways else "")


def _words_around(text: str, start: int, written: str) -> tuple[bool, bool]:
    """Whether a plus sign or a word like phone makes it sure, and whether it can be a phone number at all."""
    if written.startswith("+"):
        return True, True
    before = text[max(0, start - WINDOW) : start]
    if DATE.fullmatch(written) or AMOUNT.fullmatch(written) or YEARS.fullmatch(written):
        return False, False
    if MONEY_BEFORE.search(before) or MONEY_AFTER.match(text, start + len(written)) or JOINED.search(before):
        return False, False
    named = [m.end() for m in PHONE_WORD.finditer(before)]
    other = [m.end() for m in OTHER_WORD.finditer(before)]
    behind = start + len(written)
    sure = (bool(named) and (not other or named[-1] >= other[-1])) or (not other and bool(PHONE_WORD.search(text, behind, behind + AFTER)))
    return sure, sure or not (other or (written.isdigit() and NUMBER_WORD.search(before)))


def _grouped(written: str) -> bool:
    """Whether digits are grouped as phone numbers are; without any groups only mobile numbers with their zero count."""
    sizes = [len(group) for group in GROUP.findall(written)]
    if len(sizes) == 1:
        return bool(MOBILE.fullmatch(written))
    if written.startswith("00") or sizes in ([3, 3, 4], [1, 3, 3, 4]):
        return True
    if re.fullmatch(r"[0-9]+\.[0-9]+", written):  # a decimal
        return False
    first, last = sizes[0], sizes[-1]
    return written.lstrip("(").startswith("0") and 2 <= first <= 5 and (last >= 3 or set(sizes) == {2})


def _dialled(written: str, region: str | None, sure: bool) -> tuple[str, list[str]] | None:
    """The number in its international form and the groups of its national form; a sure one need only be possible."""
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    fits = phonenumbers.is_possible_number(number) if sure else phonenumbers.is_valid_number(number)
    if not fits or len(str(number.national_number)) < 7 or not (written.startswith(("+", "0", "(0", "(+")) or region in WITHOUT_ZERO):
        return None
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), GROUP.findall(national)
