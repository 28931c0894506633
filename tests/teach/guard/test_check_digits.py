"""Check digits against plain formulas, and what they are for: one wrong digit is seen."""

from __future__ import annotations

import random

import pytest

from builders.personal import MAKERS
from matomari.teach.guard.recognise.checks import (
    french_nir,
    german_tax_id,
    luhn,
    mod97,
    my_number,
    national_insurance,
    social_security,
)
from matomari.teach.guard.recognise.spans import fold

CHECKS = {
    "card": (luhn, "US", "card"),
    "iban": (mod97, "DE", "iban"),
    "tax id": (german_tax_id, "DE", "national"),
    "nir": (french_nir, "FR", "national"),
    "individual number": (my_number, "JP", "national"),
}


def bare(text: str) -> str:
    return "".join(c for c in fold(text).text.upper() if c.isalnum())


@pytest.mark.parametrize("name", CHECKS)
def test_numbers_made_by_the_formula_pass(name: str) -> None:
    check, locale, kind = CHECKS[name]
    draw = random.Random(name)
    assert all(check(bare(MAKERS[kind](draw, locale))) for _ in range(500))


@pytest.mark.parametrize("name", CHECKS)
def test_one_wrong_digit_is_seen(name: str) -> None:
    check, locale, kind = CHECKS[name]
    draw = random.Random(name)
    wrong = 0
    for _ in range(500):
        number = bare(MAKERS[kind](draw, locale))
        at = draw.choice([i for i, c in enumerate(number) if c.isdigit() and i not in (5, 6)])  # 5 and 6 may be Corsica
        changed = number[:at] + draw.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]
        wrong += check(changed)
    assert wrong <= {"individual number": 25}.get(name, 0)  # its rest of 0 and of 1 have one check digit


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("86095742719", True),
        ("06095742719", False),
        ("12345678903", False),
        ("11112345674", False),
        ("47036892816", True),
        ("11233456784", False),
    ],
)
def test_german_tax_ids(number: str, expected: bool) -> None:
    assert german_tax_id(number) is expected


@pytest.mark.parametrize(("body", "key"), [("2550814168025", "38"), ("1850578006084", "91"), ("1850519006084", "")])
def test_french_keys(body: str, key: str) -> None:
    expected = key or f"{97 - int(body) % 97:02d}"
    assert french_nir(body + expected)


def test_corsica_counts_as_it_did_before_its_split() -> None:
    assert french_nir("185052A006084" + f"{97 - 1850519006084 % 97:02d}")
    assert french_nir("185052B006084" + f"{97 - 1850518006084 % 97:02d}")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("001", "01", "0001"), True),
        (("000", "01", "0001"), False),
        (("666", "01", "0001"), False),
        (("900", "01", "0001"), False),
        (("899", "00", "0001"), False),
        (("899", "01", "0000"), False),
    ],
)
def test_social_security_numbers(parts: tuple[str, str, str], expected: bool) -> None:
    assert social_security(*parts) is expected


@pytest.mark.parametrize(
    ("prefix", "expected"), [("AB", True), ("jn", True), ("DA", False), ("AO", False), ("GB", False), ("ZZ", False), ("OA", True)]
)
def test_national_insurance_prefixes(prefix: str, expected: bool) -> None:
    assert national_insurance(prefix) is expected
