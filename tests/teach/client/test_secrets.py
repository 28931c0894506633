"""F6: the key is in the requests, and nowhere else, whatever the endpoint repeats of it and wherever one looks."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import pickle
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from builders.asking import client, journal, letters
from builders.endpoint import Loopback
from builders.secret_shapes import SHAPES, echoes
from matomari.errors import InputError
from matomari.logs import Secret
from matomari.teach.client.dialect import Dialect
from matomari.teach.client.echoes import SHORTEST, Echoes
from matomari.teach.client.endpoint import Endpoint
from matomari.teach.client.place import place_of
from matomari.teach.client.recorded import Recorded
from matomari.teach.client.transport import Transport
from matomari.teach.question import Block, Question

NAME = Question(kind="name", task="Name group A.", blocks=(Block("A", ("my card of beta",)),))
KINDS = {
    "log",
    "record",
    "repr",
    "vars",
    "traceback",
    "locals",
    "chain",
    "args",
    "sentence",
    "answer",
    "journal",
    "pickle",
    "copy",
    "stdout",
    "stderr",
}
Sinks = dict[str, list[str]]


def written(key: str) -> set[str]:
    """The key, and what JSON, repr and the repr of bytes make of it."""
    return {key, json.dumps(key)[1:-1], repr(key)[1:-1], repr(key.encode())[2:-1]}


def errors_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error, its causes and its contexts, also those that would not be shown."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            waiting += [link.__cause__, link.__context__]
            yield link


def outcome(call: Callable[[], Any]) -> Any:
    """What a call returns or raises; this frame is a part of the traceback, so it holds nothing."""
    try:
        return call()
    except Exception as error:
        return error


def note_errors(sinks: Sinks, call: Callable[[], Any]) -> None:
    """What a call tells by what it returns or raises."""
    error = outcome(call)
    if not isinstance(error, Exception):
        sinks["answer"].append(repr(error))
    else:
        sinks["sentence"].append(str(error))
        sinks["traceback"].append("".join(traceback.format_exception(error)))
        sinks["locals"].append("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()))
        for link in errors_of(error):
            sinks["args"] += [repr(link.args), repr(vars(link))]
            sinks["chain"] += traceback.TracebackException.from_exception(link, capture_locals=True).format(chain=False)


def note_copies(sinks: Sinks, thing: object) -> None:
    """What copies hold, and what was written of those that fail."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for pickler in (pickle.Pickler, pickle._Pickler):  # type: ignore[attr-defined]
            file = io.BytesIO()
            with contextlib.suppress(TypeError, pickle.PicklingError, AttributeError):
                pickler(file, protocol).dump(thing)
            sinks["pickle"].append(file.getvalue().decode("latin-1"))
    note_errors(sinks, lambda: repr(vars(copy.deepcopy(thing))))
    sinks["copy"].append(repr(copy.copy(thing)))


def note_objects(sinks: Sinks, teacher: Endpoint) -> None:
    """All that belongs to a client."""
    transport = teacher.transport
    assert transport is not None
    for thing in (teacher, transport, transport.place, transport.echoes, teacher.budget, teacher.recorded, teacher.spent, teacher.patience):
        sinks["repr"] += [repr(thing), str(thing), f"{thing}", ascii(thing)]
        sinks["vars"].append(repr(vars(thing)) if hasattr(thing, "__dict__") else "")
    note_copies(sinks, transport)
    note_copies(sinks, transport.echoes)


@pytest.mark.parametrize("shape", SHAPES)
def test_nowhere(shape: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    sinks: Sinks = defaultdict(list)
    caplog.set_level(logging.DEBUG)
    every_echo(sinks, Secret(SHAPES[shape]), tmp_path)
    sinks["log"] += [caplog.text]
    sinks["record"] += [repr(vars(record)) for record in caplog.records]
    out, err = capfd.readouterr()
    sinks["stdout"], sinks["stderr"] = [out], [err]
    assert set(sinks) == KINDS and len(sinks["record"]) > 100 and "receive_response_headers" in caplog.text
    for sink, texts in sinks.items():
        for text in texts:
            assert not [form for form in written(SHAPES[shape]) if form in text], sink


def every_echo(sinks: Sinks, key: Secret, path: Path) -> None:
    """A client meets an endpoint that repeats its key in all its ways."""
    faults = echoes(key.reveal())
    with Loopback(lambda asked: faults[0]) as endpoint:
        transport = Transport(place_of(endpoint.url), key)
        while faults:
            teacher = client("", transport=transport, recorded=journal(path / str(len(faults)), Dialect()), parallel=2)
            sinks["answer"].append(repr(teacher.ask([NAME, *letters(2)])))
            note_errors(sinks, teacher.models)
            note_errors(sinks, client("", transport=transport, recorded=Recorded()).dialect)
            sinks["journal"].append((path / str(len(faults))).read_bytes().decode())
            faults.pop(0)
        note_objects(sinks, teacher)
        teacher.close()
        heads = [b"bearer " + key.reveal().lower().encode() in asked.head.lower() for asked in endpoint.asked]
        assert all(heads) and len(heads) > 100  # so it was sent: all this would hold of a client that never sends it


def test_the_logs_are_watched_while_a_client_is_open(caplog: pytest.LogCaptureFixture) -> None:
    loggers = [logging.getLogger(name) for name in ("httpx", "httpcore.http11", "httpcore.connection")]
    before = [logger.filters[:] for logger in loggers]
    key = SHAPES["openai"]
    transports = [Transport(place_of("http://localhost/v1"), Secret(key)) for _ in range(2)]
    transports[0].close()
    with caplog.at_level(logging.DEBUG):
        for logger in loggers:
            logger.info("a head of %r", key.encode())
    assert key not in caplog.text and caplog.text.count("a head of b'***'") == 3
    transports[1].close()
    assert [logger.filters for logger in loggers] == before


def test_a_word_as_a_key_changes_nothing() -> None:
    """Servers without keys want some word, which may stand in any reply."""
    for word in ("EMPTY", "none", "A", "beta", "x" * (SHORTEST - 1)):
        echoed = Echoes(Secret(word))
        assert echoed.hidden({word: [word]}) == {word: [word]} and not echoed.holds(word)
    with Loopback() as endpoint:
        teacher = client(endpoint.url, key="beta", recorded=journal())
        assert teacher.ask([NAME])[0].label == "beta"
        teacher.close()


def test_keys_of_stars_do_not_refuse_all_names() -> None:
    assert not Echoes(Secret("********")).holds("cards and accounts")
    assert Echoes(Secret("***abcdefgh")).holds("cards abcdefgh")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_key_that_is_refused(shape: str) -> None:
    """The error tells what is wrong and shows nothing of it."""
    sinks: Sinks = defaultdict(list)
    key = Secret(SHAPES[shape] + "\n")
    note_errors(sinks, lambda: Transport(place_of("http://localhost/v1"), key))
    assert "cannot be sent" in sinks["sentence"][0]
    assert not [text for texts in sinks.values() for text in texts if any(form in text for form in written(SHAPES[shape]))]


def test_what_a_leak_looks_like() -> None:
    """The sinks see a key where there is one: in locals, in causes that are not shown, in arguments, in copies."""
    secret = SHAPES["both quotes"]

    def leak() -> None:
        header = f"Bearer {secret}"
        try:
            raise ValueError(header)
        except ValueError:
            raise InputError("the endpoint is gone") from None

    sinks: Sinks = defaultdict(list)
    note_errors(sinks, leak)
    note_copies(sinks, {"header": secret, "lock": io.StringIO()})
    leaking = {sink for sink, texts in sinks.items() for text in texts if any(form in text for form in written(secret))}
    assert leaking >= {"locals", "chain", "args", "pickle", "copy"}
    assert "sentence" not in leaking and "traceback" not in leaking
