"""Trying again: how often, after how long, and when it is no use."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from .transport import Unanswered

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """When a request is tried again.

    Parameters
    ----------
    tries : int
        At most so many.
    first : float
        Seconds before the second try; twice as many before each further one, less a random part of a half.
    longest : float
        Seconds; an endpoint that asks to wait for longer is not waited for.
    total : float
        Seconds from the first try; none begins later.

    Examples
    --------
    >>> def busy() -> int:
    ...     raise Unanswered("the endpoint has too much to do", again=True)
    >>> Patience(tries=2, first=0.01).run(busy)
    Traceback (most recent call last):
    matomari.teach.client.transport.Unanswered: the endpoint has too much to do; tried 2 times
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 120.0
    total: float = 300.0
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random

    def run(self, send: Callable[[], T]) -> T:
        """What `send` returns, tried again where it raises an Unanswered that says so."""
        start = self.clock()
        for done in range(1, self.tries + 1):
            try:
                return send()
            except Unanswered as error:
                if not error.again or self.stop.is_set():
                    raise
                pause = self.first * 2 ** (done - 1) * (1 - self.draw() / 2) if error.wait is None else error.wait
                if pause > self.longest:
                    raise self._ended(error, f"{error.reason}; it asks to wait for more than {self.longest:g} seconds") from error
                if done == self.tries or self.clock() + pause > start + self.total:
                    raise self._ended(error, f"{error.reason}; tried {done} time{'s' if done > 1 else ''}") from error
                if self.stop.wait(pause):
                    raise
        raise AssertionError("the last try returns or raises")

    @staticmethod
    def _ended(error: Unanswered, reason: str) -> Unanswered:
        return Unanswered(reason, status=error.status, billed=error.billed)
