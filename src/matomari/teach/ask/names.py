"""What is a group called? Asked beside its nearest sibling, so that the name tells the two apart."""

from __future__ import annotations

from collections.abc import Sequence

from ..question import Block, Question

TASK = (
    "Name group A of {about} in two to five words, in the language of its texts. "
    "The name must fit all texts of group A; texts of group B must not fit it."
)
ALONE = "Name group A of {about} in two to five words, in the language of its texts. The name must fit all of them."


def name_question(texts: Sequence[str], rivals: Sequence[str], about: str) -> Question:
    """The question for the name of a group.

    Parameters
    ----------
    texts : sequence of str
        Of the group: from its centre and from its edge.
    rivals : sequence of str
        Of its nearest sibling; empty where it has none.
    about : str
        What the texts are.

    Examples
    --------
    >>> [block.mark for block in name_question(["card lost"], ["top up failed"], "texts").blocks]
    ['A', 'B']
    """
    blocks = Block("A", tuple(texts)), *([Block("B", tuple(rivals))] if rivals else [])
    return Question(kind="name", task=(TASK if rivals else ALONE).format(about=about), blocks=blocks)
