"""For every test: no network, random numbers drawn from the beginning, and the logger left as it was."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from builders import draws

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as shells start what runs in the background; every child would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anywhere but this machine fails the test (E3)."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield


@pytest.fixture(autouse=True)
def same_draws() -> None:
    """Each test draws from the beginning, in whatever order they run."""
    draws.from_the_beginning()


@pytest.fixture(autouse=True)
def logger_as_it_was() -> Iterator[None]:
    """The command line sets our logger up for one process; here many tests share one."""
    logger = logging.getLogger("matomari")
    before, level = logger.handlers[:], logger.level
    yield
    logger.handlers[:] = before
    logger.setLevel(level)
