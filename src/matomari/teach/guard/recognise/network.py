"""Addresses in a network: IPv4, IPv6, MAC, and links that carry a login or a token."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from .spans import Span, words

IP4 = re.compile(r"(?<![0-9A-Za-z_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z_]|\.[0-9])")
IP6 = re.compile(r"(?<![0-9A-Za-z_:.])[0-9A-Fa-f:]{3,39}(?:\.[0-9]{1,3}){0,3}(?![0-9A-Za-z_:])")
MAC = re.compile(
    r"(?<![0-9A-Za-z_:.\-])(?:[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z_:\-])"
)
LINK = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.\-]{1,19}://[!#-;=?-~]{4,4000}")
VERSION = words(r"(?:\bv|\bver|version|build|release|firmware|driver|バージョン)[\s.:=]{0,3}$")
SECRET_NAMES = words(
    r"(?:^|[_\-.])(?:token|key|apikey|secret|password|passwd|pwd|pass|auth|authorization|sig|signature|session|sid|sessionid|jwt|code|credential)s?$"
)


def addresses(text: str) -> Iterator[Span]:
    """IPv4, IPv6 and MAC addresses; four numbers after "version" are none.

    Examples
    --------
    >>> [s.kind for s in addresses("10.1.2.3 2001:db8::1 00:1A:2b:3c:4d:5e version 1.2.3.4")]
    ['IP', 'IP', 'MAC']
    """
    for match in IP4.finditer(text):
        if _valid(match[0]) and match[0][0] != "0" and not VERSION.search(text, max(0, match.start() - 16), match.start()):
            yield Span(*match.span(), "IP", match[0])
    for match in IP6.finditer(text):
        written = match[0]
        if written.count(":") >= 2 and re.search("[0-9A-Fa-f]", written) and _valid(written) and len(written) > 3:
            yield Span(*match.span(), "IP", ipaddress.ip_address(written).compressed)
    for match in MAC.finditer(text):
        yield Span(*match.span(), "MAC", re.sub(r"[:.\-]", "", match[0]).lower())


def _valid(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def links(text: str) -> Iterator[Span]:
    """Links with a login before the host or a token among their parameters; other links are no secret.

    Examples
    --------
    >>> [s.value for s in links("https://ann:pw@example.org/x, https://example.org/?page=2&api_key=K7 https://example.org/a")]
    ['https://ann:pw@example.org/x', 'https://example.org/?page=2&api_key=K7']
    """
    for match in LINK.finditer(text):
        link = match[0].rstrip(".,;:!?)]}'*")
        rest = link.partition("://")[2]
        place, _, behind = rest.partition("?")
        login = "@" in re.split("[/?#]", rest, maxsplit=1)[0]
        asked = f"{behind.replace('#', '&')}&{place.partition('#')[2]}"
        if login or any(value and SECRET_NAMES.search(name) for name, value in parse_qsl(asked, max_num_fields=None)):
            yield Span(match.start(), match.start() + len(link), "URL", link)
