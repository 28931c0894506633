"""Where an endpoint is: nothing that only looks like this machine is taken for it, and httpx goes where we looked."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.folders import often
from matomari.errors import InputError
from matomari.teach.client.place import Place, place_of

HERE = [
    ("http://localhost/v1", "localhost"),
    ("http://LOCALHOST:8080/v1", "localhost"),
    ("http://localhost.:8080/v1", "localhost"),
    ("https://localhost", "localhost"),
    ("http://127.0.0.1:11434/v1", "127.0.0.1"),
    ("http://127.0.0.2/v1", "127.0.0.2"),
    ("http://127.255.255.254/v1", "127.255.255.254"),
    ("http://[::1]:8080/v1", "::1"),
    ("http://[0:0:0:0:0:0:0:1]/v1", "0:0:0:0:0:0:0:1"),
    ("  http://127.0.0.1/v1/\n", "127.0.0.1"),
]
ELSEWHERE = [
    "http://localhost.evil.com/v1",
    "http://localhost.localdomain/v1",
    "http://evil.localhost/v1",
    "http://127.0.0.1.nip.io/v1",
    "http://127.0.0.1.evil.com",
    "http://2130706433/v1",
    "http://0x7f000001/v1",
    "http://0x7f.0.0.1/v1",
    "http://0177.0.0.1/v1",
    "http://127.1/v1",
    "http://127.0.0.01/v1",
    "http://0.0.0.0:8000/v1",
    "http://[::]/v1",
    "http://[::ffff:8.8.8.8]/v1",
    "http://[fe80::1]/v1",
    "http://10.0.0.1/v1",
    "http://128.0.0.1/v1",
    "http://169.254.169.254/latest",
    "https://api.openai.com/v1",
    "http://xn--lcalhost-d1a.com/v1",
    "http://1ocalhost/v1",
    "http://localhost-/v1",
    "http://127.0.0.1%2eevil.com/v1",
    "http://localhost%00.evil.com/v1",
]
NO_ADDRESS = [
    "",
    "localhost:8080",
    "127.0.0.1",
    "ftp://localhost/v1",
    "file:///etc/passwd",
    "unix:///run/socket",
    "http://",
    "http:///v1",
    "http://:8080/v1",
    "http://localhost:port/v1",
    "http://localhost:99999/v1",
    "http://[::1/v1",
    "http://[localhost]/v1",
    "http://lоcalhost/v1",  # a Cyrillic о
    "http://ｌｏｃａｌｈｏｓｔ/v1",
    "http://127。0。0。1/v1",
    "http://①②⑦.0.0.1/v1",
    "http://localhost/v1\x00",
    "http://localhost/a\x07b",
]
LOGINS = [
    "http://user@localhost/v1",
    "http://user:secret@localhost/v1",
    "http://localhost@evil.com/v1",
    "http://127.0.0.1:80@evil.com/v1",
    "http://localhost\\@evil.com/v1",
    "http://:secret@localhost/v1",
    "http://@localhost/v1",
    "http://localhost/v1?key=secret",
    "http://localhost/v1#secret",
    "http://evil.com#@localhost/v1",
    "http://evil.com?@localhost/v1",
]


@pytest.mark.parametrize(("url", "host"), HERE)
def test_this_machine(url: str, host: str) -> None:
    place = place_of(url)
    assert place.local and place.host == host
    assert httpx.URL(place.url).host.rstrip(".") == host
    assert not place.url.endswith("/")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_another_machine(url: str) -> None:
    with pytest.raises(InputError, match="is not this machine: texts would leave it") as caught:
        place_of(url)
    host = url.split("/")[2].strip("[]").split(":8000")[0]
    assert f"allow_remote='{host}'" in caught.value.hint
    try:
        place = place_of(url, host)
    except InputError as error:
        assert "no http or https URL" in str(error)
    else:
        assert not place.local and place.host == host.lower()


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_no_address(url: str) -> None:
    with pytest.raises(InputError, match="no http or https URL"):
        place_of(url)


@pytest.mark.parametrize("url", LOGINS)
def test_a_login_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(InputError) as caught:
        place_of(url, "evil.com")
    assert "holds a login or a query" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_one_host_is_allowed() -> None:
    url = "https://api.example.org:8443/v1"
    assert place_of(url, "api.example.org") == place_of(url, "API.example.org.") == Place(url, "api.example.org", False)
    for other in ("example.org", "api.example.org.evil.com", "*", "", "org", "api.example.org:8443", "https://api.example.org"):
        with pytest.raises(InputError, match="is not this machine"):
            place_of(url, other)


def test_port_0_is_not_the_port_of_http() -> None:
    assert place_of("http://localhost:0/v1").url == "http://localhost:0/v1"


PIECES = [
    "http://",
    "https://",
    "localhost",
    "127.0.0.1",
    "evil.com",
    "[::1]",
    "@",
    ":",
    "/",
    "\\",
    "#",
    "?",
    "%00",
    "%2f",
    ".",
    "\t",
    "\n",
    " ",
]


@often
@given(st.lists(st.sampled_from(PIECES) | st.characters(max_codepoint=0x2FF), max_size=8).map("".join))
def test_httpx_goes_where_we_looked(rest: str) -> None:
    """Two parsers of one address are two opinions; ours is held against the one that connects."""
    try:
        place = place_of(f"http://{rest}")
    except InputError:
        return
    assert place.local
    try:
        url = httpx.URL(f"{place.url}/chat/completions")
    except httpx.InvalidURL:
        return  # nothing is sent
    assert url.host.rstrip(".") == place.host and not url.userinfo and url.scheme in ("http", "https")
    assert url.path.endswith("/chat/completions") and not url.query and not url.fragment
