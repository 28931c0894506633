"""Values that only a word beside them gives away: VAT and company tax numbers, passports, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .spans import Span, near, words

_LATE = r"(?![A-Za-z0-9_])"
TAX_WORD = words(
    r"\bVAT\b|\bUSt-?(?:Id)?\b|USt-?Id(?:Nr|\.)|Umsatzsteuer|\bTVA\b|\b(?-i:EIN|TIN|ITIN|UTR|SIREN|SIRET)\b|employer identification|tax (?:id|number|payer|ref)|taxpayer|Steuernummer|Steuer-?Nr"
    r"|(?:num[ée]ro|identifiant) fiscal|法人番号|登録番号|インボイス番号|納税者番号"
)
TAX = re.compile(rf"(?<![A-Za-z0-9])(?:[A-Za-z]{{2}}[ \-]?|T)?[0-9][0-9A-Za-z]?(?:[ .\-/]?[0-9]){{6,12}}{_LATE}")
PASSPORT_WORD = words(r"passport|Reisepass|Pass-?(?:nummer|Nr)|passeport|旅券|パスポート")
PASSPORT = re.compile(
    rf"(?<![A-Za-z0-9])(?:[0-9]{{9}}|[A-Za-z]{{1,2}}[0-9]{{6,8}}|[0-9]{{2}}[A-Za-z]{{2}}[0-9]{{5}}|[C-Zc-z](?=[0-9A-Za-z]{{0,6}}[0-9])[0-9C-Zc-z]{{8}}){_LATE}"
)
BIRTH_WORD = words(
    r"\bborn\b|\bbirth|\bDOB\b|D\.O\.B|\bgeb\b\.?|geboren|Geburts(?:datum|tag)|\bnée?\b|\bnée?\(e\)|naiss|anniversaire|生年月日|誕生日|生まれ"
)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|fév|avr|juin|juil|août|aout|déc)[a-zéûäöü]{0,7}\\.?"
BIRTHDAY = words(
    r"(?<![0-9A-Za-z])(?:"
    r"(?:18|19|20)[0-9]{2} ?([.\-/年]) ?[0-9]{1,2} ?[.\-/月] ?[0-9]{1,2}日?"
    r"|[0-9]{1,2} ?([.\-/]) ?[0-9]{1,2} ?\2 ?(?:18|19|20)?[0-9]{2}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.)? ?(?:of )?{_MONTH},? ?(?:18|19|20)[0-9]{{2}}"
    rf"|{_MONTH} ?[0-9]{{1,2}}(?:st|nd|rd|th)?,? ?(?:18|19|20)[0-9]{{2}}"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r")(?![0-9A-Za-z])"
    r"|(?:明治|大正|昭和|平成|令和|[MTSHR])(?:[0-9]{1,2}|元) ?[年.\-/] ?[0-9]{1,2} ?[月.\-/] ?[0-9]{1,2}日?"
)
BORN_AFTER = words(r"[ 　(]{0,2}(?:生まれ|生\b|geboren|born\b)")


def keyworded(text: str) -> Iterator[Span]:
    """Tax numbers of firms, passport numbers and dates of birth, each near the word for it.

    Examples
    --------
    >>> [s.kind for s in keyworded("VAT DE123456789, passport no. C01X00T47, born on 3 March 1985, due on 4 March 2025")]
    ['TAX', 'PASSPORT', 'BIRTHDATE']
    """
    for match in near(text, TAX_WORD, TAX, 48):
        yield Span(*match.span(), "TAX", re.sub("[^0-9A-Z]", "", match[0].upper()))
    for match in near(text, PASSPORT_WORD, PASSPORT, 48):
        if sum(c.isdigit() for c in match[0]) >= 3:
            yield Span(*match.span(), "PASSPORT", match[0].upper())
    for match in near(text, BIRTH_WORD, BIRTHDAY, 32):
        yield Span(*match.span(), "BIRTHDATE", match[0].casefold())
    for match in BIRTHDAY.finditer(text):
        if BORN_AFTER.match(text, match.end()):
            yield Span(*match.span(), "BIRTHDATE", match[0].casefold())
