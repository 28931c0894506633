"""One typed token of a text."""

from __future__ import annotations

from typing import NamedTuple

WORD, NUMBER, QUANTITY, CODE, MEMBER, KANJI, STOP, FORM = "word", "number", "quantity", "code", "member", "kanji", "stop", "form"

OF_MODELS = ("sign", "size", "modifier")  # sets whose members tell models of a series apart: plus, XL, max


class Token(NamedTuple):
    """One token of a text.

    Attributes
    ----------
    kind : str
        "word", "number", "quantity", "code", "member", "kanji", "stop" or "form".
    key : str
        What it means; tokens of one kind with one key are the same.
    group : str
        The set of a member, the dimension of a quantity, else empty.
    value : float
        Of a number as written and of a quantity in its base unit; else 0.
    written : float
        The number of a quantity before its unit.
    text : str
        A quantity as it was written.
    spelt : str
        What stood for a word that means something else; else empty.
    column : int
        Where records have several: tokens of two columns are never the same.
    """

    kind: str
    key: str
    group: str = ""
    value: float = 0.0
    written: float = 0.0
    text: str = ""
    spelt: str = ""
    column: int = 0

    @property
    def said(self) -> str:
        """The token for a person."""
        return self.text or self.key.partition("#")[0]
