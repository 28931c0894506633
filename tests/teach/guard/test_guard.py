"""A guard masks the same value in the same way, and gives back exactly what was there."""

from __future__ import annotations

import itertools
import random
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.personal import LOCALES, MAKERS, planted
from matomari.errors import InputError
from matomari.teach.guard.guard import Guard
from matomari.teach.guard.recognise.spans import RANK, Span, fold, settle


def masked(text: str, **options: object) -> str:
    return Guard(**options).mask(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.org, c@d.org, a@b.org", "EMAIL_1, EMAIL_2, EMAIL_1"),
        ("a@b.org A@B.ORG a@b.org", "EMAIL_1 EMAIL_1b EMAIL_1"),
        ("+81 3-5555-1234 or 03-5555-1234", "PHONE_1 or PHONE_1b"),
        ("4111 1111 1111 1111 / 4111111111111111", "CARD_1 / CARD_1b"),
        ("a@b.org 10.0.0.1 c@d.org", "EMAIL_1 IP_1 EMAIL_2"),
        ("tel 415 555 2671 1999 2000", "tel PHONE_1 1999 2000"),
        ("tel 12 345 415 555 2671", "tel 12 345 PHONE_1"),
        ("nothing at all", "nothing at all"),
        ("", ""),
    ],
)
def test_one_value_has_one_number_and_each_way_to_write_it_a_letter(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_numbers_go_on_from_text_to_text() -> None:
    guard = Guard()
    assert [guard.mask(t) for t in ("a@b.org", "c@d.org", "a@b.org!")] == ["EMAIL_1", "EMAIL_2", "EMAIL_1!"]


def test_a_number_is_not_read_as_the_beginning_of_another() -> None:
    guard = Guard()
    mails = [f"u{n}@b.org" for n in range(1, 31)]
    masks = [guard.mask(m) for m in mails]
    assert guard.unmask(" ".join(reversed(masks))) == " ".join(reversed(mails))


def test_a_model_may_put_letters_behind_a_mask() -> None:
    guard = Guard()
    guard.mask("a@b.org")
    assert guard.unmask("two EMAIL_1s") == "two a@b.orgs"


def test_a_mask_that_was_never_given_stays() -> None:
    assert Guard().unmask("EMAIL_7 and PHONE_1b") == "EMAIL_7 and PHONE_1b"


@pytest.mark.parametrize(
    "text", ["EMAIL_1 writes to a@b.org", "xEMAIL_1y", "LITERAL_1 LITERAL_2b", "EMAIL_a@b.org_1", "a@b.org EMAIL_1 EMAIL_12"]
)
def test_a_text_that_holds_masks_comes_back(text: str) -> None:
    guard = Guard()
    assert guard.unmask(guard.mask(text)) == text


def test_a_masked_text_may_be_masked_again() -> None:
    guard = Guard()
    once = guard.mask("a@b.org or 10.0.0.1")
    twice = guard.mask(once)
    assert guard.unmask(twice) == once


def test_no_name_of_a_kind_ends_in_another() -> None:
    assert [(a, b) for a, b in itertools.permutations(RANK, 2) if a.endswith(b)] == []


_PIECES = st.one_of(
    st.sampled_from(
        ["EMAIL_1", "EMAIL", "_1", "LITERAL_2", "a@b.org", "A@b.org", "10.0.0.1", "+49 30 901820", "4111111111111111", "ä", "1", "x", "_"]
    ),
    st.sampled_from(
        [
            "０９０－１２３４－５６７８",
            "光電社",
            "acme",
            "\u200b",
            "\U0001d7d8",
            " ",
            "\n",
            "DE89370400440532013000",
            "password: a1b2c3",
            "TERM_1b",
        ]
    ),
    st.text(max_size=6),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=9).map("".join), min_size=1, max_size=4))
def test_every_text_comes_back(texts: list[str]) -> None:
    guard = Guard(dictionary=["Acme", "光電社"])
    masks = [guard.mask(t) for t in texts]
    assert [guard.unmask(m) for m in masks] == texts


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["a@b.org", "4111 1111 1111 1111", "EMAIL_1"]), st.text(max_size=40))
def test_every_text_around_a_value_comes_back(before: str, value: str, after: str) -> None:
    guard = Guard()
    assert guard.unmask(guard.mask(before + value + after)) == before + value + after


def test_threads_agree() -> None:
    guard = Guard()
    texts = [text for kind in ("mail", "card") for text, _ in planted(kind, "US", 60)]
    seen: list[list[str]] = []

    def work(seed: int) -> None:
        order = random.Random(seed).sample(texts, len(texts))
        made = {t: guard.mask(t) for t in order}
        seen.append([made[t] for t in texts])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [seen[0]] * 6
    assert [guard.unmask(m) for m in seen[0]] == texts


# Overlaps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://ann:pw@b.org/x", "URL_1"),
        ("tel +49 30 901820 and VAT DE123456789", "tel PHONE_1 and VAT TAX_1"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN IBAN_1"),
        ("00:1a:2b:3c:4d:5e", "MAC_1"),
        ("Falcon Nine and Falcon", "TERM_1 and TERM_2"),
    ],
)
def test_the_longer_value_wins(text: str, expected: str) -> None:
    assert masked(text, dictionary=["Falcon", "Falcon Nine"]) == expected


def test_what_overlaps_in_part_is_masked_in_whole() -> None:
    spans = [Span(2, 6, "PHONE", "x"), Span(4, 9, "EMAIL", "y")]
    assert settle(spans, "0123456789") == [Span(2, 9, "EMAIL", "2345678")]


def test_of_two_kinds_of_one_length_the_more_specific_wins() -> None:
    assert settle([Span(0, 3, "PHONE", "x"), Span(0, 3, "ID", "y")], "abc") == [Span(0, 3, "ID", "y")]


def test_touching_values_are_two() -> None:
    assert len(settle([Span(0, 3, "IP", "x"), Span(3, 5, "IP", "y")], "abcde")) == 2


# Forms of characters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("電話は０９０－１２３４－５６７８です", "電話はPHONE_1です"),
        ("電話は090ー1234ー5678です", "電話はPHONE_1です"),
        ("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇへ", "EMAIL_1へ"),
        ("card ٤١١١ ١١١١ ١١١١ ١١١١", "card CARD_1"),
        ("a\u200bnn@exam\u200bple.org", "EMAIL_1"),
        ("\u200b-\u200b (a@b.org) and more", "\u200b-\u200b (EMAIL_1) and more"),
    ],
)
def test_wide_and_foreign_digits_and_hidden_characters_do_not_hide_a_value(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_folding_keeps_places() -> None:
    folded = fold("あ\u200b１")
    assert (folded.text, folded.places) == ("あ1", [0, 2])


# What the user sees


def test_distinct_values_are_counted_by_kind() -> None:
    guard = Guard()
    guard.mask("a@b.org A@b.org c@d.org 10.0.0.1")
    assert guard.counts == {"EMAIL": 2, "IP": 1}


def test_notes_say_what_was_masked_and_that_it_is_no_anonymity() -> None:
    guard = Guard()
    guard.mask("a@b.org c@d.org 10.0.0.1")
    assert guard.notes[0] == "Masked before anything was sent: 2 mail addresses, 1 network address."
    assert guard.notes[1] == "Names of people were not looked for."
    assert guard.notes[2].startswith("Masking is not anonymity")


def test_notes_of_nothing() -> None:
    assert Guard(people=lambda text: []).notes[0] == "No personal values were seen, so nothing was masked."


def test_names_come_from_the_callable() -> None:
    assert masked("Ann Lee and Bo", people=lambda text: [(0, 7), (12, 14)]) == "PERSON_1 and PERSON_2"


def test_places_beside_the_text_are_left_out() -> None:
    assert masked("Ann", people=lambda text: [(0, 9), (3, 5), (2, 1), (-1, 2)]) == "PERSON_1"


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(InputError, match="region 'UK' is unknown"):
        Guard(regions=("UK",))


def test_a_dictionary_of_one_string_is_refused() -> None:
    with pytest.raises(InputError, match="one string"):
        Guard(dictionary="Acme")


def test_what_was_planted_is_in_sentences_of_each_country() -> None:
    assert all(value in text for kind in MAKERS for locale in LOCALES for text, value in planted(kind, locale, 3))
