"""Are two texts, or two groups of texts, one thing? Asked in both orders, with the letters turned round, too."""

from __future__ import annotations

from collections.abc import Sequence

from ..question import Answer, Block, Question

PAIR = "Do texts 1 and 2 {relation}?"
GROUPS = "Below are two groups of {about}, 1 and 2. Do their texts {relation}, so that they should be one group?"
YES_FIRST, NO_FIRST = " A: yes. B: no.", " A: no. B: yes."


def same_questions(one: Sequence[str], two: Sequence[str], relation: str, about: str = "texts") -> list[Question]:
    """The same question twice: one against two with A for yes, and two against one with A for no.

    Parameters
    ----------
    one, two : sequence of str
        A text each, or several texts of a group each.
    relation : str
        What makes them one, such as "name the same product".
    about : str
        What the texts are.

    Examples
    --------
    >>> first, second = same_questions(["bolt M8"], ["M8 bolt"], "name the same thing")
    >>> first.task, second.blocks[0].texts
    ('Do texts 1 and 2 name the same thing? A: yes. B: no.', ('M8 bolt',))
    """
    task = (PAIR if len(one) == len(two) == 1 else GROUPS).format(relation=relation, about=about)
    sides = tuple(one), tuple(two)
    return [
        Question(kind="same", task=task + letters, blocks=(Block("1", first), Block("2", second)), choices=("A", "B"))
        for letters, (first, second) in ((YES_FIRST, sides), (NO_FIRST, sides[::-1]))
    ]


def same_share(answers: Sequence[Answer]) -> float | None:
    """How much of the weight of both orders says yes, in [0, 1]; None where both failed.

    Examples
    --------
    >>> from matomari.teach.question import certain
    >>> same_share([certain("A"), certain("B")]), same_share([certain("A"), certain("A")])
    (1.0, 0.5)
    """
    yes = [answer.share(letter) for answer, letter in zip(answers, "AB", strict=True) if not answer.failure]
    return sum(yes) / len(yes) if yes else None
