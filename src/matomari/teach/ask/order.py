"""Which of two texts is nearer to a third? Asked in both orders."""

from __future__ import annotations

from collections.abc import Sequence

from ..question import Answer, Block, Question

TASK = "Which of the texts A and B is nearer to text 1 in what it means?"


def order_questions(anchor: str, first: str, second: str) -> list[Question]:
    """The same question twice, the two texts in either order.

    Examples
    --------
    >>> [q.blocks[1].texts[0] for q in order_questions("card lost", "my card is gone", "top up")]
    ['my card is gone', 'top up']
    """
    return [
        Question(kind="order", task=TASK, blocks=(Block("1", (anchor,)), Block("A", (a,)), Block("B", (b,))), choices=("A", "B"))
        for a, b in ((first, second), (second, first))
    ]


def order_share(answers: Sequence[Answer]) -> float | None:
    """How much of the weight of both orders says that the first text is nearer, in [0, 1]; None where both failed."""
    first = [answer.share(letter) for answer, letter in zip(answers, "AB", strict=True) if not answer.failure]
    return sum(first) / len(first) if first else None
