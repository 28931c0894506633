"""The command line: `main` is its entry point."""

from __future__ import annotations


def main() -> None:
    """Run one command; ends the process with its exit code."""
    from .app import run

    run()
