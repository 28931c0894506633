"""Logging: one logger for all messages, and a type for secrets that keeps them out of it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

log = logging.getLogger("matomari")
log.addHandler(logging.NullHandler())


class Secret:
    """A string that prints as ``***`` in repr, str, format and errors.

    Examples
    --------
    >>> key = Secret("sk-123")
    >>> f"{key} {key!r}", key.reveal()
    ("*** Secret('***')", 'sk-123')
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; call it only where the value is sent."""
        return self._value

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret('***')"

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return Secret, ("***",)  # a copy written to disk or to another process carries nothing


def progress(items: Iterable[T], total: int | None = None, what: str = "", enabled: bool | None = None) -> Iterator[T]:
    """Pass `items` through, with a progress bar on stderr if that is a terminal, or as `enabled` says."""
    from tqdm import tqdm

    shown = sys.stderr.isatty() if enabled is None else enabled
    yield from tqdm(items, total=total, desc=what, disable=not shown, file=sys.stderr, mininterval=0.5)
