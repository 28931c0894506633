"""To which of a few groups does a text belong? Asked in both orders, because teachers like one letter better than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ..question import Answer, Block, Question

LETTERS = "ABCDEFGHI"  # of eight groups at most, and of none
TASK = "Below are groups of {about}, each with a letter, and text 1. To which group does text 1 belong by what it means? {none} if to none of them."


@dataclass(frozen=True)
class Group:
    """A group as a question shows it: its name and a few of its texts."""

    name: str
    texts: tuple[str, ...]


def place_questions(text: str, groups: Sequence[Group], about: str) -> list[Question]:
    """The same question twice, the groups in this order and in the reverse one; "none of them" is a choice as well.

    Parameters
    ----------
    text : str
    groups : sequence of Group, length m
        Two to eight.
    about : str
        What the texts are, such as "questions to a bank".

    Raises
    ------
    InputError
        There are fewer than two groups, or more than eight.

    Examples
    --------
    >>> first, second = place_questions("card lost", [Group("cards", ("my card",)), Group("rates", ("the rate",))], "texts")
    >>> [block.title for block in second.blocks]
    ['rates', 'cards', '']
    """
    if not 2 <= len(groups) < len(LETTERS):
        raise InputError(f"a text is to be placed among {len(groups)} groups.", hint=f"ask with two to {len(LETTERS) - 1}.")
    letters, none = tuple(LETTERS[: len(groups)]), LETTERS[len(groups)]
    orders = list(groups), list(reversed(groups))
    return [
        Question(
            kind="place",
            task=TASK.format(about=about, none=none),
            blocks=(*(Block(a, g.texts, g.name) for a, g in zip(letters, order, strict=True)), Block("1", (text,))),
            choices=(*letters, none),
        )
        for order in orders
    ]


def place_shares(answers: Sequence[Answer], m: int) -> NDArray[np.float64] | None:
    """What both orders together say of each of m groups and, last, of none of them: shape (m + 1,) with sum 1; None where both failed.

    Examples
    --------
    >>> from matomari.teach.question import certain
    >>> place_shares([certain("A"), certain("A")], 2).tolist()  # the first of either order: no opinion
    [0.5, 0.5, 0.0]
    """
    rows = [[answer.share(letter) for letter in LETTERS[: m + 1]] for answer in answers]
    rows = [row if i == 0 else [*row[:m][::-1], row[m]] for i, row in enumerate(rows)]
    usable = [row for row, answer in zip(rows, answers, strict=True) if not answer.failure]
    if not usable:
        return None
    shares = np.sum(usable, axis=0)
    return np.asarray(shares / shares.sum(), np.float64)
