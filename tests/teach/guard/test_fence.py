"""A cleaned text is one visible line, and a sign stands at every gap."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matomari.errors import InputError
from matomari.teach.guard.fence import LONGEST, Cleaned, clean, datamark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\r\n\r\nc\td", "a b c d"),
        ("a\u2028b\x85c\x0bd", "a b c d"),
        ("  a  b  ", "a b"),
        ("a\x00\x07\x1bb", "ab"),
        ("a\u200bb\u200cc\u200dd\ufeffe\u2060f", "abcdef"),
        ("a\u202eb\u2066c\u200fd\u061ce", "abcde"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("a\ufe0f\U000e0100b\u180bc", "abc"),
        ("a\u3164b\u115fc\uffa0d\u2800e", "abcde"),
        ("e\u0301 \u304b\u3099", "e\u0301 \u304b\u3099"),
        ("a\ud800b\ue000c\uffffd", "abcd"),
        ("a \u200b b", "a b"),
        ("日本語　です", "日本語 です"),
        ("\u0600\u0661", "\u0600\u0661"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_goes(text: str, expected: str) -> None:
    assert clean(text) == Cleaned(expected, 0)


def test_no_character_of_unicode_that_hides_is_left() -> None:
    hidden = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn")]
    assert "".join(clean("".join(hidden)).text.split()) == ""


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text).text
    assert clean(once) == Cleaned(once, 0)


@pytest.mark.parametrize(("longest", "expected"), [(3, Cleaned("abc", 2)), (5, Cleaned("abcde", 0)), (0, Cleaned("", 5))])
def test_a_long_text_is_cut_and_the_rest_counted(longest: int, expected: Cleaned) -> None:
    assert clean("abcde", longest) == expected


def test_texts_are_bounded_without_being_asked() -> None:
    assert clean("x" * (LONGEST + 7)) == Cleaned("x" * LONGEST, 7)


@pytest.mark.parametrize(("text", "expected"), [("a b  c", "a^b^c"), ("a", "a"), ("", ""), (" a ", "a"), ("a\u3000b", "a^b")])
def test_signs_stand_between_words(text: str, expected: str) -> None:
    assert datamark(text) == expected


@pytest.mark.parametrize("sign", ["", " ", "a b"])
def test_a_sign_of_whitespace_is_refused(sign: str) -> None:
    with pytest.raises(InputError, match="cannot stand between words"):
        datamark("a b", sign)
