"""Triplets that a teacher writes: the same in other words, and what denies it; the rules check both, and fill in where one of them does not pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .ask.wording import refute_question, rewrite_question
from .prompt import LONGEST
from .question import Answer, Question, Teacher
from .rules.check import Check
from .rules.maker import Rules
from .rules.triplet import Dropped, Triplet


def write_triplets(texts: Sequence[str], teacher: Teacher, rules: Rules) -> Iterator[Triplet | Dropped]:
    """A triplet of each text of which the teacher says at least one side rightly; whatever is refused is told, with the reason.

    Parameters
    ----------
    texts : sequence of str
        Those of more than 600 characters are not sent.
    teacher : Teacher
    rules : Rules
        Check what the teacher wrote, and give the other side where only one passes.

    Examples
    --------
    >>> from .question import certain
    >>> class Terse:
    ...     name = "terse"
    ...     def ask(self, questions):
    ...         return [certain("Hex bolt of 20 mm" if question.kind == "rewrite" else "No hex bolt, 20 mm") for question in questions]
    >>> rules = Rules.of(["hex bolt, 20 mm"], wordnet=None)
    >>> [(t.positive, t.negative, t.kind) for t in write_triplets(["hex bolt, 20 mm"], Terse(), rules)]
    [('Hex bolt of 20 mm', 'No hex bolt, 20 mm', 'refutation')]
    """
    anchors = askable(texts)
    answers = iter(teacher.ask(questions_of(anchors)))
    check = Check(rules.know)
    for anchor in anchors:
        rewrite, refutation = next(answers), next(answers)
        wrong = rewrite.failure or check.rewrite(anchor, rewrite.label), refutation.failure or check.refutation(anchor, refutation.label)
        for answer, kind, reason in zip((rewrite, refutation), ("positive", "refutation"), wrong, strict=True):
            if reason:
                yield Dropped(anchor, answer.label, kind, reason=reason, made=f"by {teacher.name}")
        made = _together(anchor, None if wrong[0] else rewrite, None if wrong[1] else refutation, rules=rules, by=teacher.name)
        if made is not None:
            yield made


def askable(texts: Sequence[str]) -> list[str]:
    """The texts that are sent: those that are short enough to be sent whole, in one line each."""
    lines = [" ".join(text.split()) for text in texts]
    return [line for line in lines if 0 < len(line) <= LONGEST]


def questions_of(anchors: Sequence[str]) -> list[Question]:
    """Two questions of each text: the same in other words, then what denies it."""
    return [question(anchor) for anchor in anchors for question in (rewrite_question, refute_question)]


def _together(anchor: str, rewrite: Answer | None, refutation: Answer | None, *, rules: Rules, by: str) -> Triplet | None:
    """A triplet of what passed, its other side by the rules where they have one."""
    ours = None
    if rewrite is None or refutation is None:
        ours = next((made for made in rules.make([anchor]) if isinstance(made, Triplet)), None)
    if (rewrite is None and refutation is None) or (ours is None and (rewrite is None or refutation is None)):
        return None
    negative_by_rules, _, positive_by_rules = ours.made.partition("; ") if ours else ("", "", "")
    positive = rewrite.label if rewrite else ours.positive if ours else ""
    negative = refutation.label if refutation else ours.negative if ours else ""
    if positive == negative:
        return None
    made = [
        f"negative: refutation by {by}" if refutation else negative_by_rules,
        f"positive: rewrite by {by}" if rewrite else positive_by_rules,
    ]
    return Triplet(anchor, positive, negative, kind="refutation" if refutation or ours is None else ours.kind, made="; ".join(made))
