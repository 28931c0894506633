"""Lists of given names and surnames, read from two packages of the extra `people`."""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_LOCALES = [
    "en_US",
    "en_GB",
    "en_IE",
    "en_IN",
    "en_NZ",
    "de_DE",
    "de_AT",
    "de_CH",
    "fr_FR",
    "fr_CH",
    "fr_CA",
    "es_ES",
    "es_MX",
    "it_IT",
    "pt_PT",
    "pt_BR",
    "nl_NL",
    "nl_BE",
    "pl_PL",
    "tr_TR",
    "sv_SE",
    "da_DK",
    "no_NO",
    "fi_FI",
    "cs_CZ",
    "hu_HU",
    "ro_RO",
    "hr_HR",
    "vi_VN",
    "en",
    "en_KE",
    "en_NG",
    "en_PK",
    "es_AR",
    "es_CL",
    "es_CO",
    "fr_BE",
    "ga_IE",
    "id_ID",
    "lt_LT",
    "sk_SK",
    "sl_SI",
]
_ORDINARY = ("en_US", "de_DE", "fr_FR")


class NameLists(NamedTuple):
    """Names by their plain form (`plain`): western and romanised ones; Japanese ones as they are written; and ordinary words among them."""

    given: frozenset[str]
    surnames: frozenset[str]
    ordinary: frozenset[str]
    japanese_given: frozenset[str]
    japanese_surnames: frozenset[str]


def plain(name: str) -> str:
    """A name in small letters without accents.

    Examples
    --------
    >>> plain("Jürgen"), plain("Groß")
    ('jurgen', 'gross')
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    return bare.replace("ı", "i").replace("’", "'")


@cache
def name_lists() -> NameLists:
    """All lists, read once; an ImportError tells which package is missing."""
    given, surnames = set(), set()
    for locale in _LOCALES:
        first, last = _western(locale)
        given |= first
        surnames |= last
    names = importlib.import_module("japanese_personal_name_dataset")
    men, women, last_names = names.load_dataset("org", include_last_names=True)
    kanji = {k for half in (men, women) for reading, entry in half.items() for k in (reading, *entry["kanji"])}
    given |= {way for half in (men, women) for entry in half.values() for way in _romanised(entry["en"])}
    surnames |= {way for entry in last_names.values() for way in _romanised(entry["en"])}
    ordinary = {plain(word) for locale in _ORDINARY for word in _provider("lorem", locale).word_list}
    return NameLists(frozenset(given), frozenset(surnames), frozenset(ordinary), frozenset(kanji), frozenset(last_names))


def _romanised(name: str) -> list[str]:
    """A Japanese name in Latin letters, its long vowels written in full and as short ones; nothing for the shortest."""
    return [plain(name), re.sub("o[ou]", "o", plain(name)).replace("uu", "u")] if len(name) > 2 else []


def _western(locale: str) -> tuple[set[str], set[str]]:
    lists = vars(_provider("person", locale))
    given = {plain(n) for name, values in lists.items() if name.startswith("first_name") for n in _names(values)}
    surnames = {plain(n) for name, values in lists.items() if name.startswith("last_name") for n in _names(values)}
    return given, surnames


def _provider(kind: str, locale: str) -> type:
    return importlib.import_module(f"faker.providers.{kind}.{locale}").Provider  # type: ignore[no-any-return]


def _names(values: object) -> Iterator[str]:
    if isinstance(values, list | tuple | dict | set):
        for value in values:
            if isinstance(value, str) and len(value) > 1:
                yield value
