"""Where an endpoint is, whether it is this machine, and whether the user allowed it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...errors import InputError, setting


@dataclass(frozen=True)
class Place:
    """The address of an endpoint, without any login in it.

    Attributes
    ----------
    url : str
        Scheme, host, port and path, such as ``http://localhost:8080/v1``.
    host : str
    local : bool
        The host is this machine by its address or by the name localhost.
    """

    url: str
    host: str
    local: bool


def place_of(url: str, allowed: str | None = None) -> Place:
    """The place that a URL names, if it is this machine or the one that the user allows.

    Parameters
    ----------
    url : str
        As in OPENAI_BASE_URL.
    allowed : str, optional
        The one other host that texts may be sent to.

    Raises
    ------
    InputError
        It is no http address, holds a login, or is another machine that was not allowed.

    Examples
    --------
    >>> place_of("http://localhost:8080/v1/")
    Place(url='http://localhost:8080/v1', host='localhost', local=True)
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not (url.isascii() and url.strip().isprintable() and " " not in url.strip()):
        raise InputError(
            "the address of the endpoint is no http or https URL.", hint="OPENAI_BASE_URL=http://localhost:8080/v1, for example."
        )
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise InputError(
            f"the address of the endpoint at {host} holds a login or a query.",
            hint="put the key into OPENAI_API_KEY and leave it out there.",
        )
    local = _loopback(host)
    if not local and (allowed or "").casefold().rstrip(".") != host:
        raise InputError(
            f"the endpoint is {host}, which is not this machine: texts would leave it.",
            hint=f"{setting('allow_remote', host)} allows that.",
        )
    shown = f"[{host}]" if ":" in host else host
    return Place(f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}", host, local)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
