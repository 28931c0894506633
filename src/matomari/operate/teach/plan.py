"""What would be asked, and what it would cost: counted without sending anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...teach.client.budget import Price
from ...teach.client.dialect import Dialect
from ...teach.estimate import OVERHEAD, tokens
from ...teach.guard.guard import Guard
from ...teach.prompt import Prompt, write
from ...teach.question import Question

SAMPLES = 5
NAME = 10  # tokens of a name in JSON
MARK = "7f3a9c"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The questions of a run, counted.

    Attributes
    ----------
    calls : dict of str to int
        Questions of each stage, its probe among them, if the teacher is accepted everywhere.
    read, written : int
        Tokens, estimated.
    cost : float or None
        US dollars; None where no price is known.
    masked : dict of str to int
        Distinct personal values of each kind.
    samples : list of str
        Prompts as they would be sent.
    notes : list of str
    """

    calls: dict[str, int]
    read: int
    written: int
    cost: float | None
    masked: dict[str, int]
    samples: list[str] = field(repr=False)
    notes: list[str]

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        cost = "" if self.cost is None else f", {self.cost:.4f} dollars"
        listed = ", ".join(f"{count:,} for {title}" for title, count in self.calls.items())
        return f"at most {sum(self.calls.values()):,} calls ({listed}), about {self.read:,} tokens read and {self.written:,} written{cost}"


def plan_of(
    listed: Sequence[tuple[str, Sequence[Question]]], guard: Guard, price: Price | None, *, marked: bool, notes: Sequence[str]
) -> Plan:
    """The plan of questions, stage by stage; `marked` as of `Endpoint`."""
    dialect, read, written = Dialect(), 0.0, 0.0
    prompts: list[list[Prompt]] = []
    for _, questions in listed:
        prompts.append([write(question, guard, letter=dialect.letter_for(question), marked=marked) for question in questions])
        for question, prompt in zip(questions, prompts[-1], strict=True):
            read += tokens_of(prompt)
            written += 1 if dialect.letter_for(question) else NAME
    some = [p for of in prompts for p in of[:: max(1, len(of) // 2)][:2]][:SAMPLES]
    return Plan(
        calls={title: len(questions) for title, questions in listed},
        read=round(read),
        written=round(written),
        cost=None if price is None else price.of(read, written),
        masked=guard.counts,
        samples=["\n".join(message["content"] for message in prompt.messages(MARK)) for prompt in some],
        notes=[*guard.notes, *notes],
    )


def tokens_of(prompt: Prompt) -> float:
    """About how many tokens a prompt has."""
    return OVERHEAD + sum(tokens(message["content"]) for message in prompt.messages(MARK))
