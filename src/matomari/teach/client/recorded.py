"""Replies on disk, known again by what was asked: a killed run goes on and pays nothing twice, and a table can be made without an endpoint."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...store.journal import Journal


def key_of(model: str, request: Mapping[str, Any]) -> str:
    """What a reply is known again by: the model, and all of the request that can change a reply.

    Examples
    --------
    >>> key_of("m", {"a": 1, "b": 2}) == key_of("m", {"b": 2, "a": 1}) != key_of("n", {"a": 1, "b": 2})
    True
    """
    text = json.dumps([model, request], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Recorded:
    """A journal of replies; several threads may share it. Prompts are not in it, so it holds no text that was sent.

    Parameters
    ----------
    path : path, optional
        The file; in memory alone when left out.

    Raises
    ------
    InputError
        The file is a journal of something else.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = path
        # The file is made with the first reply: a run that cannot begin leaves nothing behind
        self._journal = Journal(path) if path is not None and os.path.lexists(path) else None
        self._replies: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        for entry in self._journal or ():
            if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or not isinstance(entry.get("reply"), dict):
                raise InputError(f"{path} is no journal of replies.", hint="give the replies a file of their own.")
            self._replies[entry["key"]] = entry["reply"]

    def __len__(self) -> int:
        return len(self._replies)

    def get(self, key: str) -> dict[str, Any] | None:
        """The reply of that key, if there is one."""
        with self._lock:
            return self._replies.get(key)

    def put(self, key: str, reply: dict[str, Any]) -> None:
        """Keep a reply; when this returns, it is on the disk."""
        with self._lock:
            if self._journal is None and self._path is not None:
                self._journal = Journal(self._path)
            if self._journal is not None:
                self._journal.append({"key": key, "reply": reply})
            self._replies[key] = reply
