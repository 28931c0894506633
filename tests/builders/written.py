"""What is written down of a run, with a few keys that matter."""

from __future__ import annotations

from typing import Any, TypeVar

from matomari.operate.run import Run

Written = TypeVar("Written", bound=Run)


def run_with(kind: type[Written], **keys: Any) -> Written:
    """A run of that verb in which every other key is None."""
    return kind.of(dict.fromkeys(kind.required()) | {"notes": []} | keys)
