"""The command line: `main` is its entry point."""

from .app import app, main

__all__ = ["app", "main"]
