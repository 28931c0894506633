"""Names of people: what the lists and the words around them find, and what stays."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest

from matomari.errors import MachineError
from matomari.teach.guard import name_lists
from matomari.teach.guard.names_japanese import JapaneseNames
from matomari.teach.guard.names_western import WesternNames
from matomari.teach.guard.people import people_finder

LISTS = name_lists.NameLists(
    given=frozenset(["megan", "hannah", "jurgen", "marie", "max", "rose", "yoko", "mark"]),
    surnames=frozenset(["hollis", "muller", "dupont", "power", "sato", "mark"]),
    ordinary=frozenset(["power", "rose", "mark"]),
    japanese_given=frozenset(["太郎", "花子", "誠", "さくら"]),
    japanese_surnames=frozenset(["田中", "佐藤", "林", "長谷川", "神"]),
)


def western(text: str) -> list[str]:
    return [text[start:end] for start, end in WesternNames(LISTS)(text)]


def japanese(text: str) -> list[str]:
    return [text[start:end] for start, end in JapaneseNames(LISTS)(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw Megan Hollis there", ["Megan Hollis"]),
        ("I saw Megan Unlisted there", ["Megan Unlisted"]),
        ("I saw Megan K. Hollis there", ["Megan K. Hollis"]),
        ("I saw Jürgen Müller-Dupont there", ["Jürgen Müller-Dupont"]),
        ("I saw Marie de La Rose there", ["Marie de La Rose"]),
        ("I saw Hollis, Megan there", ["Hollis, Megan"]),
        ("I saw Sato Yoko there", ["Sato Yoko"]),
        ("I saw Max Power there", ["Max Power"]),
        ("It was Megan Hollis’s and Max Dupont's", ["Megan Hollis", "Max Dupont"]),
        ("Dr. Unlisted called", ["Unlisted"]),
        ("Frau Müller ruft an", ["Müller"]),
        ("Mme de La Unlisted appelle", ["de La Unlisted"]),
        ("my name is Unlisted", ["Unlisted"]),
        ("this is Unlisted Other speaking", ["Unlisted Other"]),
        ("Megan Hollis came. Then Hollis left.", ["Megan Hollis", "Hollis"]),
        ("I saw Rose Mark there", []),
        ("I saw Megan there", []),
        ("megan hollis was there", []),
        ("Mr. and so on", []),
        ("Megan Street in the north", []),
        ("Buy The New Silver Max Power Drill Now", []),
        ("Nachtrag Zur Bestellung: Hannah Unlisted", ["Hannah Unlisted"]),
    ],
)
def test_western_names(text: str, expected: list[str]) -> None:
    assert western(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("佐藤太郎です", ["佐藤太郎"]),
        ("佐藤 花子と", ["佐藤 花子"]),
        ("佐藤さくらの", ["佐藤さくら"]),
        ("田中様へ", ["田中"]),
        ("林誠 様", []),
        ("林 誠です", ["林 誠"]),
        ("担当は長谷川です", ["長谷川"]),
        ("田中市の駅", []),
        ("本田中太郎", []),
        ("神様と林の中", []),
        ("佐藤太郎丸", []),
        ("お客様", []),
    ],
)
def test_japanese_names(text: str, expected: list[str]) -> None:
    assert japanese(text) == expected


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.startswith("japanese_personal_name_dataset"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **options)

    name_lists.name_lists.cache_clear()
    monkeypatch.delitem(sys.modules, "japanese_personal_name_dataset", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MachineError) as error:
        people_finder()
    assert error.value.hint == "pip install 'matomari[people]'"
    name_lists.name_lists.cache_clear()


def test_the_lists_of_the_extra() -> None:
    pytest.importorskip("japanese_personal_name_dataset")
    lists = name_lists.name_lists()
    assert {"megan", "jurgen", "chloe", "yoko"} <= lists.given
    assert {"smith", "muller", "dubois", "sato"} <= lists.surnames
    assert "佐藤" in lists.japanese_surnames
    assert "太郎" in lists.japanese_given
    assert "people" in lists.ordinary
