"""HTTP alone: proxies, redirects, keys, times to wait."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.asking import NoTime, client, journal, rows
from builders.endpoint import Fault, Loopback
from builders.endpoint_faults import FAULTS
from builders.folders import often
from matomari.errors import InputError, MachineError
from matomari.logs import Secret
from matomari.teach.client.endpoint import choose_model
from matomari.teach.client.patience import Patience
from matomari.teach.client.place import Place, place_of
from matomari.teach.client.transport import Transport, Unanswered, waiting_time

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_request_as_it_is_sent() -> None:
    with Loopback() as endpoint:
        teacher = client(endpoint.url, key="sk-key", recorded=journal())
        teacher.models()
        teacher.ask(rows(1))
        teacher.close()
        listing, question = endpoint.asked
    assert listing.path == "/v1/models" and question.path == "/v1/chat/completions"
    for asked in (listing, question):
        head = asked.head.decode().casefold().split("\r\n")
        assert "authorization: bearer sk-key" in head and "accept-encoding: identity" in head and "user-agent: matomari" in head
    assert question.raw.isascii()
    assert set(question.body) == {"model", "messages", "max_tokens", "temperature", "response_format"}


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_no_header_is_sent(key: str | None) -> None:
    with Loopback() as endpoint:
        teacher = client(endpoint.url, key=key)
        assert teacher.models() == ["loopback-1"]
        teacher.close()
        assert b"authorization" not in endpoint.asked[0].head.lower()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_no_proxy_stands_between_this_machine_and_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Loopback() as endpoint, Loopback() as proxy:
        monkeypatch.setenv(name, proxy.url)
        teacher = client(endpoint.url)
        assert teacher.models() == ["loopback-1"]
        teacher.close()
        assert len(endpoint.asked) == 1 and not proxy.asked


def test_a_proxy_of_the_environment_is_used_for_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the test above sees what it says: the same settings do send requests elsewhere."""
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Loopback() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        transport = Transport(place_of("http://models.example/v1", "models.example"), timeout=5.0)
        assert transport.get("/models")["data"]
        transport.close()
        assert proxy.asked[0].path == "http://models.example/v1/models"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with Loopback() as elsewhere:
        location = f"Location: {elsewhere.url}/chat/completions"
        with Loopback(lambda asked: Fault("", "", status=status, head=(location,))) as endpoint:
            teacher = client(endpoint.url, recorded=journal(), key="sk-key")
            (answer,) = teacher.ask(rows(1))
            with pytest.raises(MachineError, match="not followed"):
                teacher.models()
            teacher.close()
            assert len(endpoint.asked) == 2 and not elsewhere.asked
    assert answer.failure == "the endpoint sends its callers to another address, which is not followed"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", " ", "\t", "\0", "\x7f", "é", "鍵", "\u2028"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(end: str) -> None:
    for key in (f"sk-secret{end}", f"{end}sk-secret", f"sk-{end}secret"):
        with pytest.raises(InputError, match="OPENAI_API_KEY holds a character that cannot be sent") as caught:
            Transport(place_of("http://localhost/v1"), Secret(key))
        assert "secret" not in str(caught.value) and "sk-" not in repr(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("7", 7.0),
        ("1.5", 1.5),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("1e30", 1e30),
        ("soon", None),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 01:00:30 +0100", 30.0),
        ("Thu, 01 Jan 2026 00:00:30", 30.0),
        ("Wed, 31 Dec 2025 23:59:00 GMT", 0.0),
        ("Thu, 01 Jan 99999 00:00:00 GMT", None),
        ("Thu, 99999999999999999999 Jan 2026 00:00:00 GMT", None),
        ("Thu, 01 Jan 2026 00:00:00 +9999999999999", None),
    ],
)
def test_what_retry_after_asks_for(header: str | None, seconds: float | None) -> None:
    assert waiting_time(header, NOW) == seconds


@often
@given(st.text(max_size=40) | st.from_regex(r"\A\w{3}, \d{1,4} \w{3} \d{1,6} \d\d?:\d\d?:\d\d? ?[-+]?\d{0,12}\Z"))
def test_no_retry_after_raises(header: str) -> None:
    seconds = waiting_time(header, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


def test_a_slow_head_ends_on_time() -> None:
    """Each byte comes soon, but all of them would take a second."""
    with Loopback(lambda asked: FAULTS["drip head"]) as endpoint:
        transport = Transport(place_of(endpoint.url), timeout=0.2)
        start = time.monotonic()
        with pytest.raises(Unanswered, match="took too long"):
            transport.get("/models")
        assert time.monotonic() - start < 0.6
        transport.close()


def test_closing_ends_what_is_on_its_way() -> None:
    with Loopback(lambda asked: FAULTS["silent"]) as endpoint:
        transport, ends = Transport(place_of(endpoint.url), timeout=60.0), []

        def get() -> None:
            try:
                transport.get("/models")
            except Unanswered as error:
                ends.append(error.reason)

        threads = [threading.Thread(target=get) for _ in range(3)]
        for thread in threads:
            thread.start()
        while len(endpoint.asked) < 3:
            time.sleep(0.005)
        transport.close()
        for thread in threads:
            thread.join(5.0)
            assert not thread.is_alive()
        assert ends == ["the connection to the endpoint broke"] * 3
        with pytest.raises(Unanswered, match="broke"):
            transport.get("/models")
        transport.close()


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "bad..example", "xn--a.example", "-.example", "a_b\\c"])
def test_an_address_that_cannot_be_looked_up_has_a_name(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(Place(f"http://{host}/v1", host, False), timeout=1.0)
    with pytest.raises(Unanswered) as caught:
        transport.get("/models")
    assert caught.value.reason in ("the address of the endpoint cannot be looked up", "nothing answers at the address of the endpoint")
    transport.close()


def test_a_stopped_wait_is_not_followed_by_a_try() -> None:
    """Ctrl-C comes while a thread waits for its second try."""
    stop, sent = threading.Event(), []

    def send() -> None:
        sent.append(time.monotonic())
        threading.Timer(0.05, stop.set).start()
        raise Unanswered("busy", again=True, wait=30.0)

    with pytest.raises(Unanswered, match="busy"):
        Patience(stop=stop).run(send)
    assert len(sent) == 1


def test_pauses_grow_and_are_drawn() -> None:
    """By hand: 0.5, 1, 2, 4 seconds, less up to a half."""
    for draw, expected in ((0.0, [0.5, 1.0, 2.0, 4.0]), (1.0, [0.25, 0.5, 1.0, 2.0]), (0.5, [0.375, 0.75, 1.5, 3.0])):
        stop = NoTime()
        patience = Patience(stop=stop, clock=stop.now, draw=lambda draw=draw: draw)

        def send() -> None:
            raise Unanswered("busy", again=True)

        with pytest.raises(Unanswered, match="busy; tried 5 times"):
            patience.run(send)
        assert stop.waits == expected


@pytest.mark.parametrize(
    "listing",
    [b"[]", b"{}", b'{"data": null}', b'{"data": 5}', b'{"data": [1]}', b'{"data": ["a"]}', b'{"data": [{"name": "a"}]}', b"null"],
)
def test_a_listing_that_is_none(listing: bytes) -> None:
    with Loopback(lambda asked: Fault("", "", body=lambda body: listing)) as endpoint:
        teacher = client(endpoint.url)
        with pytest.raises(MachineError, match="does not list its models"):
            teacher.models()
        teacher.close()


def test_which_model_is_asked() -> None:
    assert choose_model(["a"], None) == "a" and choose_model(["a", "b"], "b") == "b" and choose_model([], "b") == "b"
    with pytest.raises(InputError, match="the endpoint has 2 models") as caught:
        choose_model(["a", "b"], None)
    assert "a, b" in caught.value.hint
    with pytest.raises(InputError, match="the endpoint has 0 models"):
        choose_model([], None)
    with pytest.raises(InputError, match="the endpoint has no model 'qwem'") as caught:
        choose_model(["qwen", "llama"], "qwem")
    assert "'qwen'" in caught.value.hint
