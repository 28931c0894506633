"""The picture of docs/variants.md is what the program sees."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_picture_is_drawn_from_the_alignment() -> None:
    page = runpy.run_path(str(DOCS / "alignment.py"))
    assert (DOCS / "alignment.svg").read_text(encoding="utf-8") == page["drawn"]()
    assert [page["compared"](*pair)[2] for pair in page["PAIRS"]] == ["", "another quantity"]
