"""The user's own stop words."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ...errors import InputError, setting


def read_stop_words(given: str | Path | Collection[str] | None) -> frozenset[str]:
    """The words of a file, in any number of lines, or those that were given; InputError where the file cannot be read as UTF-8.

    Examples
    --------
    >>> sorted(read_stop_words(["please", "team"]))
    ['please', 'team']
    """
    if given is None:
        return frozenset()
    if not isinstance(given, str | Path):
        return frozenset(given)
    try:
        return frozenset(Path(given).read_text(encoding="utf-8-sig").split())
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(
            f"the stop words {str(given)!r} cannot be read: {said}.", hint=f"{setting('stop_words')} takes a text file of words."
        ) from error
