"""Mails: the message alone."""

from __future__ import annotations

import pytest

from matomari.rows.boilerplate.mail import message_of


@pytest.mark.parametrize(
    ("mail", "message"),
    [
        ("Hello team,\n\nmy card is lost\n\nKind regards\nJo Doe\nSales", "my card is lost"),
        ("Sehr geehrte Damen und Herren,\ndas Paket fehlt\nMit freundlichen Grüßen\nA. Beispiel", "das Paket fehlt"),
        ("Bonjour,\nma carte est perdue\nCordialement\nJ. Exemple", "ma carte est perdue"),
        ("yes, please\n\nOn Mon, 3 Feb 2025 Jo wrote:\n> shall we close it?\n> Jo", "yes, please"),
        ("yes, please\n> shall we close it?\nby Friday", "yes, please\nby Friday"),
        ("From: Jo\nSubject: card\n\nit is lost", "it is lost"),
        ("first line\nsecond line", "first line\nsecond line"),
        ("thanks", "thanks"),
        ("Hi,\nThanks", "Thanks"),
        ("> all\n> quoted", "> all\n> quoted"),
        ("my card is lost\nthanks for helping me with it, it is urgent", "my card is lost\nthanks for helping me with it, it is urgent"),
    ],
)
def test_the_message(mail: str, message: str) -> None:
    assert message_of(mail) == message


def test_a_sign_off_far_above_the_end_is_no_sign_off() -> None:
    long = "\n".join(["the printer jams", "thanks", *(f"it also shows error {word}" for word in "abcdefghijklmnop")])
    assert message_of(long) == long
