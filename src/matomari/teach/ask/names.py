"""What is a group called? Asked beside its nearest sibling, so that the name tells the two apart.

What the texts are, such as questions to a bank, is not said here: small models put it into every name.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..question import Block, Question

PARTICULAR = "Say what, in two to six words that are as particular as the texts, in their language."
TASK = f"The texts of group A have something in common that those of group B have not. {PARTICULAR} Leave out what holds for both groups."
ALONE = f"The texts of group A have something in common. {PARTICULAR}"


def name_question(texts: Sequence[str], rivals: Sequence[str]) -> Question:
    """The question for the name of a group.

    Parameters
    ----------
    texts : sequence of str
        Of the group: from its centre and from its edge.
    rivals : sequence of str
        Of its nearest sibling; empty where it has none.

    Examples
    --------
    >>> [block.mark for block in name_question(["card lost"], ["top up failed"]).blocks]
    ['A', 'B']
    """
    blocks = Block("A", tuple(texts)), *([Block("B", tuple(rivals))] if rivals else [])
    return Question(kind="name", task=TASK if rivals else ALONE, blocks=blocks)
