"""A stage of asking: what proves the teacher, what is asked then, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ....teach.question import Answer, Question
from ..proposals import Proposal
from .material import Material


@dataclass
class Session:
    """What the stages share while a teacher is asked.

    Attributes
    ----------
    material : Material
    about : str
        What the texts are, such as "questions to a bank".
    relation : str
        What makes two of them one, such as "ask for the same thing".
    by : str
        The teacher's name.
    seed : int
    names : list of str
        Of the groups, as questions call them; a stage may replace them by better ones.
    """

    material: Material
    about: str
    relation: str
    by: str
    seed: int = 0
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = list(self.material.names)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a stage.

    Attributes
    ----------
    title : str
    accepted : bool
        The teacher may propose by questions of this kind.
    open : bool
        The teacher seems to be better, but that may be chance: more cases may tell.
    sentences : list of str
        The figures, and what follows from them.
    figures : mapping
        The same as JSON values.
    proposals : list of Proposal
    """

    title: str
    accepted: bool
    open: bool = False
    sentences: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)


class Stage(Protocol):
    """One kind of question.

    Attributes
    ----------
    title : str
    needs_proof : bool
        A teacher has to be accepted by the probe before it is asked; else its outcome is judged.
    """

    title: str
    needs_proof: bool

    def probe(self) -> list[list[Question]]:
        """Cases whose answer the data gives, in portions: the next one is asked while the ones before leave the matter open."""
        ...

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """What the answers to the first portions of the probe say."""
        ...

    def questions(self) -> list[Question]:
        """What is asked of a teacher that was accepted."""
        ...

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """What follows from the answers."""
        ...


def one_order(questions: Sequence[Question]) -> list[Question]:
    """Of questions in pairs of both orders one each, the first and the second by turns, so that no bias adds up.

    Examples
    --------
    >>> one_order(["a", "A", "b", "B", "c", "C"])
    ['a', 'B', 'c']
    """
    return [questions[2 * i + i % 2] for i in range(len(questions) // 2)]


def both_orders(answers: Sequence[Answer]) -> list[Answer]:
    """The answers to what `one_order` left, each beside one that was not asked for, as they stand where both orders are asked.

    Examples
    --------
    >>> [answer.label for answer in both_orders([Answer(labels={"": "a"}), Answer(labels={"": "B"})])]
    ['a', '', '', 'B']
    """
    missing = Answer(failure="not asked")
    return [part for i, answer in enumerate(answers) for part in ((missing, answer) if i % 2 else (answer, missing))]


def counted(answers: Sequence[Answer]) -> list[str]:
    """How many questions had no answer, and why; nothing where all had one.

    Examples
    --------
    >>> counted([Answer(failure="the reply was cut off"), Answer(labels={"": "A"})])
    ['1 of 2 questions has no answer: the reply was cut off (1)']
    """
    reasons: dict[str, int] = {}
    for answer in answers:
        if answer.failure:
            reasons[answer.failure] = reasons.get(answer.failure, 0) + 1
    if not reasons:
        return []
    total = sum(reasons.values())
    listed = "; ".join(f"{reason} ({count:,})" for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1]))
    return [f"{total:,} of {len(answers):,} questions {'has' if total == 1 else 'have'} no answer: {listed}"]
