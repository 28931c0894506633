"""30,000 personal values planted in sentences of five countries: none leaves unmasked that has a shape (F5)."""

from __future__ import annotations

import pytest

from builders.leaks import leaked
from builders.people import name_parts
from builders.personal import LOCALES, MAKERS, planted
from builders.unmasked import unmasked
from matomari.teach.guard.guard import Guard
from matomari.teach.guard.people import people_finder

COUNT = 400  # of each kind in each country
FLOOR, NAMES_FLOOR, FALSE = 0.995, 0.90, 0.02
SHAPED = [kind for kind in MAKERS if kind != "person"]


def outcome(kind: str, locale: str, guard: Guard, half: str = "test") -> tuple[float, bool]:
    """The share of values of which nothing is left, and whether all texts came back as they were."""
    rows = [(text, value, guard.mask(text)) for text, value in planted(kind, locale, COUNT, half)]
    hidden = sum(not leaked(kind, text, value, masked) for text, value, masked in rows)
    return hidden / len(rows), all(guard.unmask(masked) == text for text, _, masked in rows)


@pytest.mark.parametrize("half", ["test", "later"])
@pytest.mark.parametrize("kind", SHAPED)
def test_planted_values_are_masked_and_come_back(kind: str, half: str) -> None:
    seen = [outcome(kind, locale, Guard(), half) for locale in LOCALES]
    assert sum(share for share, _ in seen) / len(seen) >= FLOOR
    assert all(exact for _, exact in seen)


@pytest.mark.parametrize("half", ["test", "later"])
@pytest.mark.parametrize("locale", LOCALES)
def test_planted_names_are_masked_with_the_extra(locale: str, half: str) -> None:
    pytest.importorskip("japanese_personal_name_dataset")
    share, exact = outcome("person", locale, Guard(people=people_finder()), half)
    assert share >= NAMES_FLOOR
    assert exact


@pytest.mark.parametrize("regions", [("US", "GB", "DE", "FR", "JP"), ("DE",)])
def test_texts_full_of_other_numbers_stay(regions: tuple[str, ...]) -> None:
    guard, rows = Guard(regions=regions), unmasked(5000)
    assert sum(guard.mask(row) != row for row in rows) <= FALSE * len(rows)


def test_texts_full_of_other_numbers_stay_with_the_extra() -> None:
    pytest.importorskip("japanese_personal_name_dataset")
    guard, rows = Guard(people=people_finder()), unmasked(2000)
    assert sum(guard.mask(row) != row for row in rows) <= FALSE * len(rows)


# The measure itself: it sees a leak, and a part of one


def test_a_value_that_stays_is_seen() -> None:
    assert leaked("card", "pay 5105 1051 0510 5100", "5105 1051 0510 5100", "pay CARD_1 5100") == ["5100"]


def test_a_value_that_went_is_none() -> None:
    assert leaked("mail", "to ann@mail.org", "ann@mail.org", "to EMAIL_1") == []


def test_a_name_without_its_title_is_what_counts() -> None:
    assert name_parts("Dr. Hollis") == [] and name_parts("Dr. Haskins") == ["Haskins"]


def test_a_family_name_that_stays_is_seen() -> None:
    assert leaked("person", "担当は佐藤様", "佐藤様", "担当は佐藤様") == ["佐藤"]
