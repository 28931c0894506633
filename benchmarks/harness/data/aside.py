"""Sets kept aside: no constant was chosen on them, and no decision of the program was looked at on them before it stood.

They are public and none of them is part of this project. MATOMARI_ASIDE names the folder (by default .cache/aside): `so_titles.txt` and
`so_labels.txt` (StackOverflow, jacoxu/StackOverflow), `GoogleNews.txt` and `Biomedical.txt` with their labels (qiang2100/STTM), `HWU64.txt`
and `SNIPS.txt` with their labels (jianguoz/Few-Shot-Intent-Detection; train, valid and test one after another).
"""

from __future__ import annotations

import os
from pathlib import Path

from harness.data.development import Draws, some
from harness.data.files import CACHE, TextSet, coded

ASIDE = Path(os.environ.get("MATOMARI_ASIDE", CACHE / "aside"))
FILES = {
    "StackOverflow": ("so_titles.txt", "so_labels.txt"),
    "GoogleNews": ("GoogleNews.txt", "GoogleNews_LABEL.txt"),
    "HWU64": ("HWU64.txt", "HWU64_label.txt"),
    "Biomedical": ("Biomedical.txt", "Biomedical_label.txt"),
    "SNIPS": ("SNIPS.txt", "SNIPS_label.txt"),
}


def _lines(name: str) -> list[str]:
    return (ASIDE / name).read_text(encoding="utf-8", errors="replace").rstrip("\n").split("\n")


def aside(name: str) -> TextSet:
    """All rows of a set with a text."""
    texts, labels = (_lines(file) for file in FILES[name])
    rows = [(text.strip(), label.strip()) for text, label in zip(texts, labels, strict=True) if text.strip()]
    return coded([text for text, _ in rows], [label for _, label in rows])


def draws_of(name: str, rows: int = 6_000) -> Draws:
    """Draws of so many rows of a set."""
    return lambda draw: some(aside(name), rows, draw)
