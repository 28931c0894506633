"""The command line as a user calls it, in this process."""

from __future__ import annotations

import sys

import pytest

from matomari.cli import main


def call(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of `matomari WORDS`."""
    monkeypatch.setattr(sys, "argv", ["matomari", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)
