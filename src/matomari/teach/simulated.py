"""A teacher made of a known truth and of chosen faults, to find out what a teacher of that quality would do."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError
from .question import Answer, Block, Question, certain

FAULTS = ("merge", "split", "move", "drop", "granularity")


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Answers from the truth, with faults at known rates; the same question has the same answer in any order of its texts.

    Where several choices are of the class that is asked for, each has the same weight; where none is, the answer is "none of them" if that is a
    choice.

    Parameters
    ----------
    truth : mapping of str to str
        The true class of each text.
    right : float
        Share of the questions that are answered as this teacher sees the truth; the others get any other choice.
    faults : mapping of str to float
        How it sees the truth, rates in [0, 1]: "merge" (a class is taken for another one), "split" (a class is taken for two), "move" (a text
        is taken for one of another class), "granularity" (a class is seen as its coarser one); and "drop" (no answer comes).
    coarser : mapping of str to str
        The coarser class of each class.
    seed : int

    Raises
    ------
    InputError
        A rate is outside [0, 1], or a fault is unknown.

    Examples
    --------
    >>> from matomari.teach.ask.same import same_questions, same_share
    >>> perfect = Simulated(truth={"a": "x", "b": "x", "c": "y"})
    >>> same_share(perfect.ask(same_questions(["a"], ["b"], "…"))), same_share(perfect.ask(same_questions(["a"], ["c"], "…")))
    (1.0, 0.0)
    """

    truth: Mapping[str, str]
    right: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    coarser: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    name: str = "simulated"

    def __post_init__(self) -> None:
        for fault, rate in {"right": self.right, **self.faults}.items():
            if fault not in ("right", *FAULTS):
                raise InputError(f"a simulated teacher has no fault {fault!r}.", hint=f"choose among {', '.join(FAULTS)}.")
            if not 0 <= rate <= 1:
                raise InputError(f"the rate {fault!r} must lie in [0, 1]. Got {rate!r} instead.", hint="0.1 is one of ten.")

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: Question) -> Answer:
        texts = sorted(text for block in question.blocks for text in block.texts)
        rng = self._rng(question.kind, *texts)
        if rng.random() < self.faults.get("drop", 0.0):
            return Answer(failure="the simulated teacher dropped the question")
        wrong = rng.random() >= self.right
        blocks = {block.mark: block for block in question.blocks}
        if question.kind == "name":
            name = self._class_of(blocks["A"])
            return certain(self._other(name, rng) if wrong else name)
        if question.kind == "same":
            same = (self._class_of(blocks["1"]) == self._class_of(blocks["2"])) != wrong
            return certain("A" if same == question.task.endswith("A: yes. B: no.") else "B")
        options = sorted((block for mark, block in blocks.items() if mark != "1"), key=lambda block: block.texts)  # whatever their order
        fitting = [block.mark for block in options if self._class_of(block) == self._class_of(blocks["1"])]
        none = [choice for choice in question.choices if choice not in blocks]
        best = fitting or none or [options[int(rng.integers(len(options)))].mark]
        if not wrong:
            return Answer(labels={"": best[0]}, shares={"": dict.fromkeys(best, 1 / len(best))})
        others = [mark for mark in (*(block.mark for block in options), *none) if mark not in best]
        return certain(others[int(rng.integers(len(others)))] if others else best[0])

    def _class_of(self, block: Block) -> str:
        """The class that most texts of a block seem to have."""
        seen = Counter(self._seen(text) for text in block.texts)
        return min(seen, key=lambda name: (-seen[name], name))

    def _seen(self, text: str) -> str:
        name = self.truth[text]
        if self._hit("move", text):
            name = self._other(name, self._rng("moved", text))
        if self._hit("merge", name):
            name = self._other(name, self._rng("merged", name))
        if self._hit("granularity", name):
            name = self.coarser.get(name, name)
        if self._hit("split", name):
            name = f"{name} {self._rng('half', text).integers(2)}"
        return name

    def _other(self, name: str, rng: np.random.Generator) -> str:
        """Any class but this one: drawn among all, a fault would be none as often as there are few classes."""
        others = sorted(set(self.truth.values()) - {name})
        return str(rng.choice(others)) if others else name

    def _hit(self, fault: str, what: str) -> bool:
        rate = self.faults.get(fault, 0.0)
        return rate > 0 and bool(self._rng(fault, what).random() < rate)

    def _rng(self, *parts: str) -> np.random.Generator:
        digest = hashlib.sha256("\0".join([str(self.seed), *parts]).encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "little"))
