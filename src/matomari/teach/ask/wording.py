"""How else is it said, and what would deny it? Two sentences that a teacher writes itself, one text at a time."""

from __future__ import annotations

from ..question import Block, Question

REWRITE = (
    "Say text 1 in other words, as one sentence in its language. Keep everything that it says: every thing, name, number and unit, every "
    "negation; add nothing."
)
REFUTE = (
    "Write one sentence in the language of text 1 that cannot be true where text 1 is true. It speaks of the same things, and is as long; "
    "change as little as you can."
)


def rewrite_question(text: str) -> Question:
    """The question for the same in other words.

    Examples
    --------
    >>> rewrite_question("a dog runs").field, rewrite_question("a dog runs").longest
    ('text', 70)
    """
    return _question("rewrite", REWRITE, text)


def refute_question(text: str) -> Question:
    """The question for what denies it.

    Examples
    --------
    >>> refute_question("a dog runs").kind
    'refute'
    """
    return _question("refute", REFUTE, text)


def _question(kind: str, task: str, text: str) -> Question:
    return Question(kind=kind, task=task, blocks=(Block("1", (text,)),), longest=2 * len(text) + 50)
