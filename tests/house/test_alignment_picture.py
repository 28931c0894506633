"""The pictures of docs/variants.md and docs/pairs.md are what the program sees."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_picture_is_drawn_from_the_alignment() -> None:
    page = runpy.run_path(str(DOCS / "alignment.py"))
    assert (DOCS / "alignment.svg").read_text(encoding="utf-8") == page["drawn"]()
    assert [page["compared"](*pair)[2] for pair in page["PAIRS"]] == ["", "another quantity"]


def test_the_picture_of_the_gate_is_drawn_from_the_gate() -> None:
    page = runpy.run_path(str(DOCS / "gate.py"))
    assert (DOCS / "gate.svg").read_text(encoding="utf-8") == page["drawn"]()
    assert "170.0" in page["curve"](0.5, True).split()[-1]  # shut where Δ > 0
