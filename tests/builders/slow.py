"""A slow encoder that counts what it is asked, and the vectors it gives."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from matomari.encode.cache import text_digest

PRINT = "ab" * 32


def vectors_of(texts: list[str], d: int = 8) -> np.ndarray:
    """A vector for each text that nothing but the text decides."""
    rows = [np.frombuffer(text_digest(text), "<u2")[:d].astype(np.float32) for text in texts]
    return np.array(rows, np.float32).reshape(len(texts), d)


class Slow:
    """Counts what it is asked, and says so in a file that outlives it."""

    fingerprint, dimension = PRINT, 8

    def __init__(self, log: Path | None = None, wait: float = 0) -> None:
        self.asked: list[str] = []
        self.log, self.wait = log, wait

    def encode(self, texts: list[str]) -> np.ndarray:
        time.sleep(self.wait)
        self.asked.extend(texts)
        return vectors_of(texts)
