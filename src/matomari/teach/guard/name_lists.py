"""Lists of given names and surnames, read from two packages of the extra `people`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
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
    "fr_DZ",
    "de_LU",
    "et_EE",
    "lv_LV",
    "zh_CN",
    "ig_NG",
    "yo_NG",
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
    from japanese_personal_name_dataset import load_dataset

    given, surnames = set(), set()
    for locale in _LOCALES:
        lists = _lists(locale, "person")
        given |= {plain(n) for name, values in lists.items() if name.startswith(("first_name", "first_romanized")) for n in _names(values)}
        surnames |= {plain(n) for name, values in lists.items() if name.startswith(("last_name", "last_romanized")) for n in _names(values)}
    men, women, last_names = load_dataset("org", include_last_names=True)
    kanji = {k for half in (men, women) for reading, entry in half.items() for k in (reading, *entry["kanji"])}
    given |= {way for half in (men, women) for entry in half.values() for way in _romanised(entry["en"])}
    surnames |= {way for entry in last_names.values() for way in _romanised(entry["en"])}
    ordinary = {plain(word) for locale in _ORDINARY for word in _names(_lists(locale, "lorem")["word_list"])}
    return NameLists(
        given=frozenset(given),
        surnames=frozenset(surnames),
        ordinary=frozenset(ordinary),
        japanese_given=frozenset(kanji),
        japanese_surnames=frozenset(last_names),
    )


def _lists(locale: str, kind: str) -> Mapping[str, object]:
    """What Faker draws from for a locale, by the name of each list."""
    from faker import Faker

    (provider,) = Faker(locale, providers=[f"faker.providers.{kind}"]).get_providers()
    lists: Mapping[str, object] = vars(type(provider))
    return lists


def _romanised(name: str) -> list[str]:
    """A Japanese name in Latin letters, its long vowels written in full and as short ones; nothing for the shortest."""
    return [plain(name), re.sub("o[ou]", "o", plain(name)).replace("uu", "u")] if len(name) > 2 else []


def _names(values: object) -> Iterator[str]:
    if isinstance(values, list | tuple | dict | set):
        for value in values:
            if isinstance(value, str) and len(value) > 1 and value[0] < "\u0250":  # in Latin letters
                yield value
