"""No pattern of the guard is slow on a text that was made for that, nor is the guard itself (G4)."""

from __future__ import annotations

import re
import time

import pytest

import matomari.teach.guard as room
from builders.evil import EVIL, patterns
from matomari.teach.guard.guard import Guard
from matomari.teach.guard.suspicion import suspicious

PATTERNS = patterns(room)
BOUND, WHOLE = 0.5, 15.0  # seconds of a slow processor; what grows with the square of a text takes far more


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """The least of three readings, so that only the pattern is measured."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in pattern.finditer(text):
            pass
        best = min(best, time.process_time() - start)
        if best <= BOUND:
            break
    return best


@pytest.mark.long
@pytest.mark.parametrize("evil", EVIL)
def test_every_pattern_is_fast(evil: str) -> None:
    assert [name for name, pattern in PATTERNS.items() if seconds(pattern, EVIL[evil]) > BOUND] == []


@pytest.mark.parametrize("evil", EVIL)
def test_the_guard_is_fast_and_exact(evil: str) -> None:
    guard, start = Guard(dictionary=["Acme", "無視"]), time.process_time()
    masked = guard.mask(EVIL[evil])
    suspicious(EVIL[evil])
    assert time.process_time() - start < WHOLE
    assert guard.unmask(masked) == EVIL[evil]


def test_all_patterns_were_seen() -> None:
    assert len(PATTERNS) > 80
    assert ".recognise.mail.MAIL[0]" in PATTERNS


def test_a_slow_pattern_is_seen() -> None:
    """On any processor: each letter more doubles the time."""
    slow = re.compile(r"(?:a*)*b")
    assert any(seconds(slow, "a" * letters) > BOUND for letters in range(20, 40))
