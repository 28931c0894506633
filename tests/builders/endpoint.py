"""An OpenAI-compatible endpoint on this machine, in plain sockets: it answers rightly, or as badly as it is told to.

It keeps every raw request, counts tokens in its own way, and notes what it would bill. What is right stands in the texts: an item that ends
in the word "beta" belongs to the group whose first word is "beta".
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MODEL = "loopback-1"
TEMPLATE = 4  # tokens that its chat template adds to each message
DRIP = 0.01  # seconds between two bytes of a slow reply
_TOKEN = re.compile(r"\w{1,4}|[^\w\s]|\s+")
_BLOCK = re.compile(r"^([A-Z]|[0-9]+): (.*)$")


@dataclass(frozen=True)
class Knows:
    """What of OpenAI's API an endpoint understands; the rest it refuses, or ignores."""

    forms: tuple[str, ...] = ("json_schema", "json_object")
    logprobs: bool = True
    limits: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    temperature: bool = True
    reasons: int = 0  # tokens of hidden thought
    thinks: str = ""  # thought before the reply, in the reply
    ignores: bool = False  # what it does not know it passes over
    refuses: int = 400


@dataclass(frozen=True)
class Fault:
    """One way to answer badly, and how a question must end that is always answered so.

    Parameters
    ----------
    name : str
    ends : str
        What the failure says; empty where the question is answered all the same.
    tries : int
        Requests for one question.
    status, head, body
        What is sent: the status, further lines of the head, and what becomes of the right body.
    change : callable
        Alters the right reply in place.
    content : callable
        Alters what the model wrote.
    manner : str
        How it is sent.
    """

    name: str
    ends: str
    tries: int = 1
    status: int = 200
    head: tuple[str, ...] = ()
    body: Callable[[bytes], bytes] | None = None
    change: Callable[[dict[str, Any]], None] | None = None
    content: Callable[[str], str] | None = None
    manner: str = "whole"
    reason: str = "Some"

    @property
    def processed(self) -> bool:
        """The model worked, so the request is billed: also where the reply is lost, or a gateway did not wait for it."""
        return self.status in (200, 408, 504)


@dataclass
class Asked:
    """One request as it came."""

    number: int
    head: bytes
    raw: bytes

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw) if self.raw else {}

    @property
    def text(self) -> str:
        return "\n".join(message["content"] for message in self.body.get("messages", ()))

    @property
    def probe(self) -> bool:
        """It asks for what the endpoint understands."""
        return "in the alphabet" in self.text


def tokens(text: str) -> int:
    return len(_TOKEN.findall(text))


def right(text: str) -> dict[str, str]:
    """The right answer to a prompt: the letter or word for each item, or under "" where there is one."""
    if "in the alphabet" in text:
        return {"": "A" if "first in the alphabet" in text else "B"}
    lines = text.replace("^", " ").split("\n")
    blocks = {match[1]: match[2] for line in lines if (match := _BLOCK.match(line))}
    if '"name"' in text:
        return {"": blocks["A"].split(" | ")[0].split()[-1]}
    items = {mark: line.split()[-1] for mark, line in blocks.items() if mark.isdigit()}
    if "A: yes" in text or "B: yes" in text:
        return {"": "A" if (items["1"] == items["2"]) == ("A: yes" in text) else "B"}
    groups = {re.split(r"\W", line)[0]: mark for mark, line in blocks.items() if not mark.isdigit()}
    answers = {mark: groups.get(word, "A") for mark, word in items.items()}
    return answers if "an entry for every item" in text else {"": answers["1"]}


@dataclass
class Loopback:
    """The endpoint; a context manager.

    Parameters
    ----------
    fault : callable
        Of a request: what goes wrong with it, if anything.
    answers : callable
        Of a prompt: the right answer.
    """

    fault: Callable[[Asked], Fault | None] = lambda asked: None
    knows: Knows = field(default_factory=Knows)
    models: tuple[str, ...] = (MODEL,)
    delay: float = 0.0
    answers: Callable[[str], dict[str, str]] = right
    asked: list[Asked] = field(default_factory=list)
    bills: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Loopback:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._accepting = threading.Thread(target=self._accept, name="loopback")
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    @property
    def questions(self) -> list[Asked]:
        """The requests that were no probes."""
        return [asked for asked in self.asked if asked.raw and not asked.probe]

    def left_open(self, seconds: float = 3.0) -> int:
        """Connections that nobody closed, after a moment."""
        end = time.monotonic() + seconds
        while self._open and time.monotonic() < end:
            time.sleep(0.005)
        return len(self._open)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), name="loopback")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        waiting = bytearray()
        try:
            while self._exchange(connection, waiting):
                pass
        except OSError:
            pass  # the other side went
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _exchange(self, connection: socket.socket, waiting: bytearray) -> bool:
        """One request and its reply; False when the connection is at its end."""
        while b"\r\n\r\n" not in waiting:
            if not (part := connection.recv(65536)):
                return False
            waiting += part
        head, _, rest = bytes(waiting).partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        size = int(length[1]) if length else 0
        while len(rest) < size:
            if not (part := connection.recv(65536)):
                return False
            rest += part
        waiting[:] = rest[size:]
        with self._lock:
            asked = Asked(len(self.asked), head, rest[:size])
            self.asked.append(asked)
        if self.delay:
            time.sleep(self.delay)
        status, payload, usage = self._answer(asked)
        fault = self.fault(asked) or Fault("none", "", status=status)
        if usage and fault.processed:
            with self._lock:
                self.bills.append(usage)
        return send(connection, fault, payload)

    def _answer(self, asked: Asked) -> tuple[int, dict[str, Any], tuple[int, int] | None]:
        if not asked.raw:
            return 200, {"object": "list", "data": [{"id": model, "object": "model"} for model in self.models]}, None
        body, knows = asked.body, self.knows
        form = body.get("response_format", {}).get("type")
        limits = [name for name in ("max_tokens", "max_completion_tokens") if name in body]
        strange = [name for name in limits if name not in knows.limits]
        strange += ["response_format"] if form and form not in knows.forms else []
        strange += ["logprobs"] if body.get("logprobs") and not knows.logprobs else []
        strange += ["temperature"] if "temperature" in body and not knows.temperature else []
        if strange and not knows.ignores:
            return knows.refuses, {"error": {"message": f"unknown parameter {strange[0]}"}}, None
        return self._completion(asked, form if form in knows.forms else None, int(body[limits[0]]))

    def _completion(self, asked: Asked, form: str | None, limit: int) -> tuple[int, dict[str, Any], tuple[int, int]]:
        body, knows = asked.body, self.knows
        ours = body["messages"][0]["content"]  # texts of users may speak of letters and names, too
        answer = right(asked.text) if asked.probe else self.answers(asked.text)
        key = next((field for field in ("name", "text") if f'"{field}": ' in ours), "answer")
        written = json.dumps({item or key: word for item, word in answer.items()}, ensure_ascii=False)
        if "one letter" in ours:
            written = answer[""]
        elif form is None and "JSON" not in ours:
            written = f"The answer is {answer}."
        room = limit - min(limit, knows.reasons)
        pieces = _TOKEN.findall(knows.thinks + written)
        finish = "stop" if len(pieces) <= room else "length"
        choice: dict[str, Any] = {"index": 0, "message": {"role": "assistant", "content": "".join(pieces[:room])}, "finish_reason": finish}
        if body.get("logprobs") and knows.logprobs:
            top = [{"token": pieces[0], "logprob": -0.1}, {"token": "Z", "logprob": -2.5}]
            choice["logprobs"] = {"content": [{"token": pieces[0], "logprob": -0.1, "top_logprobs": top}]}
        read = tokens(asked.text) + TEMPLATE * len(body["messages"]) + tokens(json.dumps(body.get("response_format", "")))
        usage = read, min(limit, knows.reasons) + len(pieces[:room])
        counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        counts["completion_tokens_details"] = {"reasoning_tokens": min(limit, knows.reasons)}  # type: ignore[assignment]
        return 200, {"id": "1", "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": counts}, usage


def send(connection: socket.socket, fault: Fault, payload: dict[str, Any]) -> bool:
    """Send a reply in the manner of a fault; False where the connection ends with it."""
    if "choices" in payload:
        message = payload["choices"][0]["message"]
        message["content"] = message["content"] if fault.content is None else fault.content(message["content"])
        if fault.change is not None:
            fault.change(payload)
    body = json.dumps(payload).encode()
    body = body if fault.body is None else fault.body(body)
    length = [] if fault.manner == "torn" else [f"Content-Length: {len(body)}"]
    lines = [f"HTTP/1.1 {fault.status} {fault.reason}", "Content-Type: application/json", *length, *fault.head]
    head = "\r\n".join([*lines, "", ""]).encode()
    match fault.manner:
        case "whole":
            connection.sendall(head + body)
            return True
        case "silent":
            while connection.recv(65536):
                pass
        case "drip" | "drip head":
            connection.sendall(b"" if fault.manner == "drip head" else head)
            for byte in (head + body) if fault.manner == "drip head" else body:
                connection.sendall(bytes([byte]))
                time.sleep(DRIP)
        case "reset":
            connection.sendall(head + body[: len(body) // 2])
            time.sleep(0.01)  # so that the half arrives before the reset overtakes it
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        case "short":
            connection.sendall(head + body[: len(body) // 2])
        case "torn":
            half = body[: len(body) // 2]
            connection.sendall(head[:-2] + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(body) + half)
        case "babble":
            connection.sendall(b"220 mail.example ESMTP\r\n")
        case "closed":
            pass
    return False
