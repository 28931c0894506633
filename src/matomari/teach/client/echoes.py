"""What an endpoint repeats of our key: it goes no further than this."""

from __future__ import annotations

import json
import logging
from typing import Any

from ...logs import Secret

SHORTEST = 8  # a shorter key is a word such as "EMPTY", as servers without keys want it, and stands in ordinary texts
LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks")


class Echoes(logging.Filter):
    """Hides the key in what comes back, and in what the libraries of HTTP log of it.

    Parameters
    ----------
    key : Secret, optional

    Examples
    --------
    >>> Echoes(Secret("sk-12345678")).hidden({"error": ["no key sk-12345678"]})
    {'error': ['no key ***']}
    """

    def __init__(self, key: Secret | None) -> None:
        super().__init__()
        self._key = key if key is not None and len(key.reveal()) >= SHORTEST else None

    def hidden(self, value: Any) -> Any:
        """A JSON value without the key."""
        return value if self._key is None else self._hidden(value)

    def holds(self, text: str) -> bool:
        """Whether a text repeats the key."""
        if self._key is None:
            return False
        key = self._key.reveal()
        bare = key.strip("\"'.,;:*#`")  # as a name loses them at its ends
        return (bare if len(bare) >= SHORTEST else key) in text

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the key in a message; every message passes."""
        if self._key is not None:
            message, key = record.getMessage(), self._key.reveal()
            escaped = key.replace("\\", "\\\\")  # as repr writes it, which is how these libraries log headers
            for form in (escaped.replace("'", "\\'"), json.dumps(key)[1:-1], escaped, key):
                message = message.replace(form, "***")
            record.msg, record.args = message, ()
        return True

    def watch_logs(self) -> None:
        """Begin to filter; until `leave_logs`."""
        for name in LOGGERS if self._key is not None else ():
            logging.getLogger(name).addFilter(self)

    def leave_logs(self) -> None:
        """End to filter."""
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self)

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._hidden(name): self._hidden(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._hidden(inner) for inner in value]
        assert self._key is not None
        return value.replace(self._key.reveal(), "***") if isinstance(value, str) else value
