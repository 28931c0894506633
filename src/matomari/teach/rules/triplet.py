"""What the maker hands on: a triplet, or a sentence's negative that was dropped and why."""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("entity", "action", "attribute", "quantity", "negation", "role", "relation", "unit")


class Edit(NamedTuple):
    """An edited sentence: its text, and what was done, such as ``dog>cat``."""

    text: str
    made: str


class Triplet(NamedTuple):
    """A sentence with one that means the same and one that nearly does, but does not.

    Attributes
    ----------
    anchor, positive, negative : str
    kind : str
        What the negative changed: one of `KINDS`, or "refutation" where a teacher wrote it.
    made : str
        How both were made: ``negative: entity dog>cat; positive: synonym photo>picture, determiner a>the``.
    """

    anchor: str
    positive: str
    negative: str
    kind: str
    made: str


class Dropped(NamedTuple):
    """A candidate that did not pass, or a sentence of which nothing could be made.

    Attributes
    ----------
    anchor : str
    candidate : str
        Empty where there was none.
    kind : str
        Of the negative, or `positive`.
    reason : str
    made : str
    """

    anchor: str
    candidate: str
    kind: str
    reason: str
    made: str
