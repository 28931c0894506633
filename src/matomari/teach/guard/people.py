"""Names of people: what finds them, and the optional one that comes with the extra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class FindsPeople(Protocol):
    """Whatever says where names of people stand in a text."""

    def __call__(self, text: str) -> Sequence[tuple[int, int]]:
        """The start and end of each name."""
        ...
