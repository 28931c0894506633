"""The data of a small report, and a block of a page read back."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from matomari.operate.group.page import ReportData


def make(n: int = 12, k: int = 3, **changes: Any) -> ReportData:
    rng = np.random.default_rng(0)
    labels = np.arange(n) % max(k, 1) if k else np.full(n, -1)
    fields: dict[str, Any] = {
        "title": "parts.csv",
        "ids": [str(i) for i in range(n)],
        "texts": [f"text {i}" for i in range(n)],
        "labels": labels,
        "confidence": rng.random(n),
        "margin": rng.random(n),
        "runner_up": rng.integers(-1, max(k, 1), n) if k else labels,
        "xy": rng.normal(size=(n, 2)),
        "finer": rng.integers(-1, 4, n),
        "coarser": rng.integers(0, 2, k),
        "groups": [
            {
                "name": f"group {g}",
                "keywords": ["a", "b"],
                "size": int((labels == g).sum()),
                "cohesion": 0.5,
                "stability": 0.75,
                "examples": [0],
            }
            for g in range(k)
        ],
        "coarser_names": ["north", "south"],
        "finer_names": ["p", "q", "r", "s"],
        "facts": {"rows": str(n)},
        "notes": ["No row was dropped."],
    }
    return ReportData(**(fields | changes))


def block(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])
