"""Each recogniser on values worked out by hand, and on what only looks like one."""

from __future__ import annotations

import pytest

from matomari.teach.guard.guard import Guard
from matomari.teach.guard.recognise.dictionary import Dictionary

MASKED = {
    "EMAIL": ["ann@example.org", "o'neil+x@sub.example.co.uk", "JÖRG@firma.de", "a_b.c-d@x1.museum"],
    "PHONE": [
        "+1 415-555-2671",
        "(415) 555-2671",
        "number (415) 555-2671",
        "4155552671 is my phone",
        "020 7946 0958",
        "06 12 34 56 78",
        "03-5555-1234",
        "tel 4155552671",
        "07911123456",
        "Tel:030 901820",
        "phone=4155552671",
        "電話／03-5555-1234",
        "0171/2345678",
    ],
    "IBAN": ["GB29 NWBK 6016 1331 9268 19", "de89370400440532013000", "FR14-2004-1010-0505-0001-3M02-606"],
    "CARD": ["5555 5555 5555 4444", "3782-822463-10005", "30569309025904", "6011111111111117", "card 4222222222222", "Nr.4111111111111111"],
    "IP": ["192.168.0.17", "2001:db8::ff00:42:8329", "fe80::1ff:fe23:4567:890a", "::ffff:192.0.2.128"],
    "MAC": ["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e"],
    "URL": ["ftp://ann:pw@files.example.org/a", "https://x.example/cb?code=9f8a7", "https://x.example/#access_token=abc"],
    "ID": [
        "219-09-9999",
        "AB123456C",
        "AB 12 34 56 C",
        "86095742719",
        "マイナンバー／123456789018",
        "SSN219099999",
        "2 55 08 14 168 025 38",
        "マイナンバー 123456789018",
        "1234-5678-9018",
    ],
    "TAX": [
        "VAT no. GB 123 4567 82",
        "USt-IdNr. DE123456789",
        "EIN: 12-3456789",
        "12-3456789 (EIN)",
        "法人番号 1234567890123",
        "うちのVATはDE123456789",
    ],
    "PASSPORT": ["passport C01X00T47", "Passport No: 123456789", "旅券番号TK1234567", "passeport n° 12AB34567"],
    "BIRTHDATE": [
        "born 3 March 1985",
        "DOB: 03/12/1985",
        "geb. 3.12.1985",
        "né le 12 mars 1985",
        "生年月日 昭和60年3月12日",
        "1985年3月12日生まれ",
    ],
    "SECRET": [
        "sk-abcdefghijklmnopqrstuvwx",
        "ghp_" + "a1B2" * 9,
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefABCDEF",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Bearer abcdef0123456789ABCDEF",
        "鍵はBearer abcdef0123456789ABCDEF",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "password: hunter22",
    ],
}
UNMASKED = [
    "ann@example", "@handle", "a@b", "ISBN 978-3-16-148410-0", "order 4155552671", "4155552671", "2024-03-01", "01.02.2024", "1.234.567,00", "v1.2.3.4",
    "version 10.0.0.1", "10.0.19041.1", "1.2.3", "300.1.1.1", "std::vector", "12:30:45", "4111111111111112", "1234567812345670", "4006381333931",
    "DE88 3704 0044 0532 0130 00", "GB29NWBK", "666-12-3456", "219-00-9999", "BG123456A", "AB123456E", "86095742718", "255081416802539", "1234-5678-9012",
    "123456789", "123456789018", "https://example.org/a?page=2", "https://example.org/@ann", "due on 3 March 2025", "passport photo 35 x 45 mm", "C01X00T47",
    "DE123456789", "task-force sk-learn", "the bearer of this letter", "password reset", "api key rotation", "0.5871234", "00:1A:2B", "059.887.123",
    "0-7356-0592-0", "931633-0403", "$4155552671", "$415-555-2671", "0171 2345678 EUR", "4222222222222", "DE89370400440532013000X", "password: required", "Basic understanding_of things", "1999-2004", "ein 12345678 Teil", "il ne vient pas le 12/03/2024", "the siren 12345678", "051-79139-00", "GSM 850/900/1800/1900",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in MASKED.items() for text in texts])
def test_what_is_personal_is_masked(kind: str, text: str) -> None:
    guard = Guard()
    assert guard.mask(text).endswith(f"{kind}_1") or guard.mask(f"({text})").startswith(f"({kind}_1")


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in MASKED.items() for text in texts])
def test_nothing_but_one_value_is_masked(kind: str, text: str) -> None:
    guard = Guard()
    guard.mask(text)
    assert guard.counts == {kind: 1}


@pytest.mark.parametrize("text", UNMASKED)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert Guard().mask(text) == text


def test_a_key_that_does_not_end_is_masked_to_the_end() -> None:
    assert Guard().mask("x -----BEGIN PRIVATE KEY-----\nMIIE and so on") == "x SECRET_1"


def test_the_code_of_a_bank_after_an_iban_stays() -> None:
    assert Guard().mask("DE89 3704 0044 0532 0130 00 BIC COBADEFF") == "IBAN_1 BIC COBADEFF"


def test_a_full_stop_after_a_link_stays() -> None:
    assert Guard().mask("See https://a:b@c.org/d.") == "See URL_1."


# Words of the user


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["Acme"], "ACME, acme; acmeist, bigacme", ["acme", "acme"]),
        (["光電社", "光電"], "東京光電社と光電", ["光電社", "光電"]),
        (["光電社"], "光電社Acme", ["光電社"]),
        (["Acme"], "Acme社", ["acme"]),
        (["a b"], "A\u3000B", ["a b"]),
        (["C++"], "in C++ or C", ["c++"]),
        (["x"], "x xx X", ["x", "x"]),
        (["İzmir"], "in İzmir now", ["İzmir"]),
        ([""], "anything", []),
    ],
)
def test_words_of_the_user(words: list[str], text: str, expected: list[str]) -> None:
    guard = Guard(dictionary=words)
    masked = guard.mask(text)
    assert masked.count("TERM_") == len(expected)
    assert guard.unmask(masked) == text


def test_the_longest_word_wins() -> None:
    assert [s.value for s in Dictionary(["rail", "acme rail", "acme"])("Acme Rail")] == ["acme rail"]
