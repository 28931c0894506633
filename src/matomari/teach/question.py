"""What is asked of a teacher, what it answers, and the Protocol of whoever answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import InputError

WRITTEN = ("rewrite", "refute")  # questions that are answered with a sentence


@dataclass(frozen=True)
class Block:
    """A few texts of the user that a question speaks of under one mark.

    Parameters
    ----------
    mark : str
        How the question calls it: "A", "B" … for a group that can be chosen, "1", "2" … for an item.
    texts : tuple of str
        Untrusted: masked, cleaned and fenced before it is sent.
    title : str
        The name of a group, which was made of its texts and is as untrusted.
    """

    mark: str
    texts: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: our words, texts of the user, and all that a reply may say.

    Parameters
    ----------
    kind : str
        "name", "place", "same", "merge", "split", "order", "rewrite" or "refute".
    task : str
        Our instruction; no text of the user is in it.
    blocks : tuple of Block
    items : tuple of str
        Marks that get an answer each; ("",) where the whole question gets one.
    choices : tuple of str
        The closed set that every answer comes from; empty where a name or a sentence is asked for.
    longest : int
        Characters of a name, or of a sentence.

    Raises
    ------
    InputError
        A mark stands twice, an item is no block, or a closed question has fewer than two choices.

    Examples
    --------
    >>> texts = Block("1", ("card lost",)), Block("2", ("where is my card",))
    >>> Question(kind="same", task="Do both ask for the same?", blocks=texts, choices=("A", "B")).items
    ('',)
    """

    kind: str
    task: str
    blocks: tuple[Block, ...]
    items: tuple[str, ...] = ("",)
    choices: tuple[str, ...] = ()
    longest: int = 60

    def __post_init__(self) -> None:
        marks = [block.mark for block in self.blocks]
        for name, values in (("blocks", marks), ("items", self.items), ("choices", self.choices)):
            if len(set(values)) != len(values):
                raise InputError(f"a question has a mark twice among its {name}: {', '.join(values)}.", hint="give each its own mark.")
        if self.items != ("",) and not set(self.items) <= set(marks):
            raise InputError("a question asks for an item that it does not show.", hint="give every item a block.")
        if len(self.choices) == 1:
            raise InputError("a question has a single choice.", hint="give two or more, or none for a name.")

    @property
    def field(self) -> str:
        """What the answer to an open question is called: a name, or a text that the teacher writes."""
        return "text" if self.kind in WRITTEN else "name"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a teacher said to one question, or why it said nothing.

    Attributes
    ----------
    labels : mapping of str to str
        The choice for each item, or the name or the sentence under "".
    shares : mapping of str to mapping
        How the teacher weighs the choices of each item, in [0, 1] with sum 1; 1 for the label where it gives no probabilities.
    failure : str
        Why there is no answer; empty where there is one.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    failure: str = ""

    @property
    def label(self) -> str:
        """The answer to a question that has one."""
        return self.labels.get("", "")

    def share(self, choice: str, item: str = "") -> float:
        """How much of the weight a choice has; 0 where there is no answer.

        Examples
        --------
        >>> certain("A").share("A"), certain("A").share("B"), Answer(failure="the reply was cut off").share("A")
        (1.0, 0.0, 0.0)
        """
        return self.shares.get(item, {}).get(choice, 0.0)


def certain(label: str) -> Answer:
    """The answer of a teacher that gives no probabilities, to a question that has one."""
    return Answer(labels={"": label}, shares={"": {label: 1.0}})


class Teacher(Protocol):
    """Whoever answers questions about texts.

    Attributes
    ----------
    name : str
        Stands in every proposal that rests on an answer.
    """

    name: str

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in the order given; a failure is an answer that says why."""
        ...
