"""HTTP, and nothing but: one request, bounded in time and in size, whose failure has a name and no word of the other side."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from ...errors import InputError
from ...logs import Secret
from ...store.strictjson import parse_json
from .deadline import Deadlines
from .echoes import Echoes
from .place import Place

MOST_BYTES = 4 << 20
CONNECT = 10.0  # seconds
AGAIN = frozenset({408, 409, 429, *range(500, 600)})
STATUS = {
    400: "the endpoint does not accept the request",
    401: "the endpoint does not accept the key",
    403: "the endpoint does not allow this key",
    404: "the endpoint has no such model or path",
    408: "the endpoint took too long",
    409: "the endpoint was in conflict with itself",
    413: "the question is too long for the endpoint",
    422: "the endpoint does not accept the request",
    429: "the endpoint has too much to do, or the quota of the key is used up",
    504: "the endpoint took too long",
    524: "the endpoint took too long",
}
KEYS = frozenset({401, 403})
GATEWAYS = frozenset({408, 504, 524})  # somebody before the model did not wait for it: it may have worked, and be paid


class Unanswered(Exception):
    """A request without a usable reply.

    Attributes
    ----------
    reason : str
        In our own words: what the other side wrote may hold the key or a text.
    again : bool
        Another try may help.
    wait : float or None
        Seconds that the endpoint asks to wait.
    status : int
        Of HTTP; 0 where there was none.
    billed : bool
        The endpoint may have counted the request.
    """

    def __init__(self, reason: str, *, again: bool = False, wait: float | None = None, status: int = 0, billed: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.again, self.wait, self.status, self.billed = reason, again, wait, status, billed


class Transport:
    """Requests to one endpoint; several threads may share it.

    Parameters
    ----------
    place : Place
    key : Secret, optional
        Sent as a bearer token.
    timeout : float
        Seconds from a request to the end of its reply.

    Raises
    ------
    InputError
        The key holds a character that cannot be sent.
    """

    def __init__(self, place: Place, key: Secret | None = None, *, timeout: float = 120.0) -> None:
        if key is not None and not all("!" <= character <= "~" for character in key.reveal()):
            raise InputError("OPENAI_API_KEY holds a character that cannot be sent.", hint="look for a line end or a blank in it.")
        self.place, self.timeout = place, timeout
        self.echoes = Echoes(key)
        self._deadlines = Deadlines()
        self._client = httpx.Client(
            # What is packed may be a thousand times as long unpacked
            headers={"User-Agent": "matomari", "Accept": "application/json", "Accept-Encoding": "identity"},
            auth=_bearer(key) if key is not None and key.reveal() else None,
            timeout=httpx.Timeout(timeout, connect=min(CONNECT, timeout)),
            follow_redirects=False,  # another host would receive the key and the texts
            trust_env=not place.local,  # a proxy has no business between this machine and itself
            limits=httpx.Limits(max_connections=64),
        )
        for transport in (self._client._transport, *self._client._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):  # httpx has no parameter for it
                transport._pool._network_backend = self._deadlines
        self.echoes.watch_logs()

    def close(self) -> None:
        """End all connections; requests on their way fail."""
        self._client.close()
        self.echoes.leave_logs()

    def get(self, path: str) -> Any:
        """The JSON at a path; raises Unanswered."""
        return self._send("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that comes back for a JSON body; raises Unanswered."""
        return self._send("POST", path, json.dumps(body, ensure_ascii=True).encode())

    def _send(self, method: str, path: str, body: bytes | None) -> Any:
        outcome = self._outcome(method, path, body)
        if isinstance(outcome, Unanswered):
            # Raised here and not where it happened: errors of httpx and of the parser hold the key and the reply, as causes or as locals
            raise outcome
        return outcome

    def _outcome(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            with (
                self._deadlines.within(self.timeout),
                self._client.stream(method, f"{self.place.url}{path}", content=body, headers=headers) as reply,
            ):
                data = _refusal(reply) or _body(reply)
        except httpx.ConnectError:
            return Unanswered("nothing answers at the address of the endpoint", again=True)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return Unanswered("the endpoint cannot be reached in time", again=True)
        except httpx.TimeoutException:
            return Unanswered("the endpoint took too long", again=True, billed=True)
        except (httpx.InvalidURL, UnicodeError):
            return Unanswered("the address of the endpoint cannot be looked up")
        except (httpx.HTTPError, httpx.StreamError, RuntimeError, OSError, ValueError):  # the last ones: closed by another thread
            return Unanswered("the connection to the endpoint broke", again=True, billed=True)
        if isinstance(data, Unanswered):
            return data
        try:
            return self.echoes.hidden(parse_json(data))
        except ValueError:  # decoding errors are ValueErrors, too
            return Unanswered("the endpoint did not answer with JSON", billed=True)


def _bearer(key: Secret) -> Callable[[httpx.Request], httpx.Request]:
    """Sets the key into a request that is about to be sent, so that nothing else holds it."""

    def authorised(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {key.reveal()}"
        return request

    return authorised


def _body(reply: httpx.Response) -> bytes | Unanswered:
    """The body, as far as it may be long."""
    if reply.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        return Unanswered("the endpoint packs its replies, although it was not asked to", billed=True)
    data = bytearray()
    for part in reply.iter_raw():
        data += part
        if len(data) > MOST_BYTES:
            return Unanswered("the reply of the endpoint is too long", billed=True)
    return bytes(data)


def _refusal(reply: httpx.Response) -> Unanswered | None:
    status = reply.status_code
    if status == 200:
        return None
    if 300 <= status < 400:
        return Unanswered("the endpoint sends its callers to another address, which is not followed", status=status)
    reason = STATUS.get(status, "the endpoint failed" if status >= 500 else "the endpoint refused the request")
    wait = waiting_time(reply.headers.get("Retry-After"))
    return Unanswered(f"{reason} (status {status})", again=status in AGAIN, wait=wait, status=status, billed=status in GATEWAYS)


def waiting_time(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; None where it is missing or makes no sense.

    Examples
    --------
    >>> waiting_time("2"), waiting_time("-1"), waiting_time("nan"), waiting_time("soon")
    (2.0, None, None, None)
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
