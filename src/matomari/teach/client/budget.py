"""Money: reserved before a question is sent, settled after, so that no run can pass its cap."""

from __future__ import annotations

import csv
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...errors import InputError, setting

PRICES = Path(__file__).parent / "prices.csv"
OVERHEAD = 64  # tokens that a chat template may add to two messages


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens.

    Examples
    --------
    >>> Price(0.15, 0.60).of(1_000_000, 500_000)
    0.45
    """

    read: float
    written: float

    def of(self, read: float, written: float) -> float:
        """What so many tokens of prompts and of replies cost, in US dollars."""
        return (read * self.read + written * self.written) / 1e6

    def worst(self, prompt: str, longest: int) -> float:
        """The most that one call can cost: no token is shorter than a byte, and no reply longer than its limit."""
        return self.of(len(prompt.encode("utf-8", "surrogatepass")) + OVERHEAD, longest)


FREE = Price(0.0, 0.0)


@cache
def _listed() -> dict[str, tuple[float, float, str]]:
    with PRICES.open(encoding="utf-8", newline="") as file:
        return {row["model"]: (float(row["read"]), float(row["written"]), row["as_of"]) for row in csv.DictReader(file)}


def listed_price(model: str) -> tuple[Price, str] | None:
    """The list price of a well-known model and the month that it is of; of names that begin alike, the longest counts.

    Examples
    --------
    >>> listed_price("gpt-4o-mini-2024-07-18")[0]
    Price(read=0.15, written=0.6)
    >>> listed_price("my-own-model") is None
    True
    """
    name = model.rpartition("/")[2].casefold()
    known = [prefix for prefix in _listed() if name == prefix or name.startswith(f"{prefix}-")]
    if not known:
        return None
    read, written, month = _listed()[max(known, key=len)]
    return Price(read, written), month


class Budget:
    """What may be spent, what is reserved for calls on their way, and what was spent; several threads may share it.

    Parameters
    ----------
    cap : float, optional
        US dollars; no limit when left out.

    Examples
    --------
    >>> budget = Budget(1.0)
    >>> budget.reserve(0.6), budget.reserve(0.6)
    (True, False)
    >>> budget.settle(0.6, 0.1)
    >>> budget.reserve(0.6), budget.spent
    (True, 0.1)
    """

    def __init__(self, cap: float | None = None) -> None:
        if cap is not None and not cap >= 0:
            raise InputError(
                f"The 'max_cost' parameter must be 0 or more. Got {cap!r} instead.", hint=f"{setting('max_cost', 2.0)} is two dollars."
            )
        self.cap = cap
        self._spent = self._reserved = 0.0
        self._flying = 0
        self._lock = threading.Condition()

    @property
    def spent(self) -> float:
        """US dollars that were spent."""
        with self._lock:
            return self._spent

    def reserve(self, amount: float, *, wait: bool = False) -> bool:
        """Set the amount aside for a call; False where the cap does not allow it.

        Parameters
        ----------
        amount : float
            US dollars.
        wait : bool
            Wait for calls on their way where they may leave enough: most cost far less than what is set aside for them.
        """
        with self._lock:
            while self.cap is not None and self._spent + self._reserved + amount > self.cap:
                if not wait or not self._flying or self._spent + amount > self.cap:
                    return False
                self._lock.wait()
            self._reserved += amount
            self._flying += 1
            return True

    def settle(self, reserved: float, paid: float) -> None:
        """A call that `reserved` was set aside for has cost `paid`."""
        with self._lock:
            self._flying -= 1
            self._reserved = self._reserved - reserved if self._flying else 0.0  # exactly: rounding must not stay reserved
            self._spent += paid
            self._lock.notify_all()
