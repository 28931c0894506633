"""Questions whose right answers stand in their texts, and a client whose waiting takes no time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from builders.endpoint import MODEL
from matomari.logs import Secret
from matomari.teach.client.budget import Budget
from matomari.teach.client.dialect import Dialect
from matomari.teach.client.endpoint import Endpoint
from matomari.teach.client.patience import Patience
from matomari.teach.client.place import place_of
from matomari.teach.client.recorded import Recorded, key_of
from matomari.teach.client.transport import Transport
from matomari.teach.guard.guard import Guard
from matomari.teach.question import Block, Question

WORDS = ("alpha", "beta", "gamma")
GROUPS = tuple(Block(letter, (f"{word} {word}",)) for letter, word in zip("ABC", WORDS, strict=True))


def rows(n: int) -> list[Question]:
    """One question per row, with three items each."""
    return [
        Question(
            kind="place",
            task="To which group belongs each text?",
            blocks=(*GROUPS, *(Block(str(k + 1), (f"row {i} of {WORDS[(i + k) % 3]}",)) for k in range(3))),
            items=("1", "2", "3"),
            choices=("A", "B", "C"),
        )
        for i in range(n)
    ]


def letters(n: int) -> list[Question]:
    """One question per row, with one answer each."""
    return [
        Question(
            kind="place",
            task="To which group belongs text 1?",
            blocks=(*GROUPS, Block("1", (f"row {i} of {WORDS[i % 3]}",))),
            choices=("A", "B", "C"),
        )
        for i in range(n)
    ]


def right_labels(i: int) -> dict[str, str]:
    """The right answer to `rows(n)[i]`."""
    return {str(k + 1): "ABC"[(i + k) % 3] for k in range(3)}


class NoTime(threading.Event):
    """Waits at once, and keeps for how long it would have waited; each thread has a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._own = threading.local()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        self._own.now = self.now() + timeout
        return self.is_set()

    def now(self) -> float:
        return float(getattr(self._own, "now", 0.0))


def patience(stop: threading.Event | None = None) -> Patience:
    """Patience in no time."""
    false = stop or NoTime()
    return Patience(stop=false, clock=false.now if isinstance(false, NoTime) else lambda: 0.0, draw=lambda: 0.5)


def journal(path: Path | None = None, dialect: Dialect | None = None, model: str = MODEL) -> Recorded:
    """A journal that knows the dialect already."""
    recorded = Recorded(path)
    recorded.put(key_of(model, {"dialect": 1}), (dialect or Dialect(letters=False)).record())
    return recorded


def client(url: str, **settings: Any) -> Endpoint:
    """A client of an endpoint on this machine; `key` and `timeout` go to its transport."""
    key, timeout = settings.pop("key", None), settings.pop("timeout", 20.0)
    if "transport" not in settings:
        settings["transport"] = Transport(place_of(url), None if key is None else Secret(key), timeout=timeout)
    return Endpoint(**{"model": MODEL, "guard": Guard(), "patience": patience(), "budget": Budget(), **settings})
