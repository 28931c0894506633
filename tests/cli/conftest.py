"""What several tests of the command line start from, made once."""

from __future__ import annotations

from builders.learning import pairs, start

__all__ = ["pairs", "start"]
