"""Sockets that end on time: a timeout of each read alone would wait for ever for an endpoint that sends one byte a second."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore


class Deadlines(httpcore.SyncBackend):
    """Connections of which every wait ends with the deadline of the thread that waits, and that can be closed by another thread.

    Examples
    --------
    >>> deadlines = Deadlines()
    >>> with deadlines.within(2.0):
    ...     deadlines.left(1.0), deadlines.left(60.0) <= 2.0
    (1.0, True)
    """

    def __init__(self) -> None:
        self._own = threading.local()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """All that this thread reads and writes inside takes so long together, at most."""
        self._own.end = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._own.end

    def left(self, timeout: float | None) -> float | None:
        """The shorter of a timeout and of what is left; negative when nothing is."""
        end = getattr(self._own, "end", None)
        left = None if end is None else end - time.monotonic()
        return min((seconds for seconds in (timeout, left) if seconds is not None), default=None)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection that ends on time."""
        left = self.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ConnectTimeout
        return _Stream(super().connect_tcp(host, port, left, local_address=local_address, socket_options=socket_options), self)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadlines: Deadlines) -> None:
        self._inner, self._deadlines = inner, deadlines

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadlines.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._deadlines.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.WriteTimeout
        self._inner.write(buffer, left)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # closing alone does not wake a thread that reads
            self._inner.get_extra_info("socket").shutdown(2)
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadlines.left(timeout)), self._deadlines)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
