"""What several tests share: places in the repository, and programs that run in processes of their own."""

from __future__ import annotations

import os
from pathlib import Path

import matomari

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
SOURCE = ROOT / "src" / "matomari"
BUILDERS = TESTS / "builders"
EXAMPLE = ROOT / "examples" / "parts.csv"


def python_path() -> str:
    """PYTHONPATH for a child process: the builders, and the very package that this process tests."""
    tested = Path(str(matomari.__file__)).parents[1]
    return os.pathsep.join([str(TESTS), str(tested), *filter(None, [os.environ.get("PYTHONPATH")])])


def environment(**more: str) -> dict[str, str]:
    """The environment of a child process that may import the builders."""
    return {**os.environ, "PYTHONPATH": python_path(), **more}


def path_of(name: str) -> Path:
    """Of a test file by its name alone: names are unique below tests/."""
    (found,) = TESTS.rglob(name)
    return found
