"""What every table consists of: a section, a grid, a verdict, and numbers as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from harness.results import read

NOT_MEASURED = "not measured yet"
Figures = dict[str, Any]


def section(title: str, *files: str) -> Callable[[Callable[..., Iterable[str]]], Callable[[], str]]:
    """Make a section of a function that takes the figures of these files and gives the rest of the title and the paragraphs."""

    def decorated(write: Callable[..., Iterable[str]]) -> Callable[[], str]:
        @wraps(write)
        def text() -> str:
            figures = [read(name) for name in files]
            if not all(figures):
                return f"### {title}\n\n{NOT_MEASURED}"
            rest, *paragraphs = write(*figures)
            return "\n\n".join([f"### {title}{rest}", *(p for p in paragraphs if p)])

        return text

    return decorated


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def goals(rows: Iterable[tuple[str, str, str, bool | None]]) -> str:
    """A table of measures: each with its value, its goal where it has one, and whether that is met."""
    return grid(["measure", "value", "goal", ""], [[name, value, goal, "" if ok is None else met(ok)] for name, value, goal, ok in rows])


def listed(lines: Iterable[str]) -> str:
    """A list in Markdown, without the lines that are empty."""
    return "\n".join(f"- {line}" for line in lines if line)


def met(value: bool) -> str:
    """The verdict on a goal."""
    return "met" if value else "**missed**"


def spread(figure: Figures, form: str = ".3f") -> str:
    """Mean and standard deviation."""
    return f"{figure['mean']:{form}} ± {figure['sd']:{form}}"


def extent(values: Sequence[float], middle: float) -> str:
    """A middle value, and from where to where the values go."""
    return f"{middle:.2f} (from {min(values):.2f} to {max(values):.2f})"


def interval(ends: Sequence[float], form: str = "+.3f") -> str:
    """From the lower to the upper end."""
    return f"{ends[0]:{form}} to {ends[1]:{form}}"


def gain(figure: Figures, form: str = "+.3f") -> str:
    """A mean difference and its 95 % interval."""
    return f"{figure['mean']:{form}} ({interval(figure['interval'], form)})"


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean, summed from the left."""
    values = list(values)
    return sum(values) / len(values)
