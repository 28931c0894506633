"""Everything that an endpoint can do wrong, by name, and how a question ends that meets nothing else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

from builders.endpoint import Fault

BUSY, SLOW, BROKEN = "the endpoint has too much to do", "the endpoint took too long", "the connection to the endpoint broke"
NOT_JSON, NO_COMPLETION = "the endpoint did not answer with JSON", "something that is no chat completion"
REPLY, CHOICE, MANY = "the reply is not JSON", "the reply is none of the choices", "; tried 5 times"


def refusals() -> list[Fault]:
    """Statuses."""
    ask_to_wait = "; it asks to wait for more than 120 seconds"
    waits = {
        "1": (MANY, 5),
        "120": ("; tried 3 times", 3),
        "121": (ask_to_wait, 1),
        "Wed, 21 Oct 2015 07:28:00 GMT": (MANY, 5),
        "Wed, 21 Oct 2199 07:28:00 GMT": (ask_to_wait, 1),
        "-1": (MANY, 5),
        "nan": (MANY, 5),
        "1e30": (ask_to_wait, 1),
        "soon": (MANY, 5),
        "Wed, 21 Oct 2015 07:28:00 +99999999999999": (MANY, 5),
    }
    faults = [Fault("429", BUSY, 5, 429)]
    faults += [
        Fault(f"429 wait {header}", f"quota of the key is used up (status 429){end}", tries, 429, (f"Retry-After: {header}",))
        for header, (end, tries) in waits.items()
    ]
    faults += [Fault(str(status), f"the endpoint failed (status {status}){MANY}", 5, status) for status in (500, 502, 503, 529)]
    faults += [Fault("504", f"the endpoint took too long (status 504){MANY}", 5, 504)]
    faults += [Fault("503 wait 2", f"(status 503){MANY}", 5, 503, ("Retry-After: 2",))]
    faults += [Fault("408", f"{SLOW} (status 408){MANY}", 5, 408), Fault("409", f"in conflict with itself (status 409){MANY}", 5, 409)]
    once = {400: "does not accept the request", 401: "does not accept the key", 402: "refused the request", 403: "does not allow this key"}
    once |= {404: "has no such model or path", 413: "is too long for the endpoint", 422: "does not accept the request", 425: "refused"}
    faults += [Fault(str(status), words, 1, status) for status, words in once.items()]
    faults += [
        Fault(f"{status} elsewhere", "to another address, which is not followed", 1, status, ("Location: http://elsewhere.example/v1",))
        for status in (301, 302, 307, 308)
    ]
    return [*faults, Fault("204", "the endpoint refused the request (status 204)", 1, 204, body=lambda body: b"")]


def connections() -> list[Fault]:
    """What breaks on the way."""
    return [
        Fault("silent", SLOW + MANY, 5, manner="silent"),
        Fault("drip", SLOW + MANY, 5, manner="drip"),
        Fault("drip head", SLOW + MANY, 5, manner="drip head"),
        Fault("reset", BROKEN + MANY, 5, manner="reset"),
        Fault("closed", BROKEN + MANY, 5, manner="closed"),
        Fault("short", BROKEN + MANY, 5, manner="short"),
        Fault("torn chunk", BROKEN + MANY, 5, manner="torn"),
        Fault("babble", BROKEN + MANY, 5, manner="babble"),
    ]


def bodies() -> list[Fault]:
    """What is no chat completion."""
    spoilt: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "empty": (NOT_JSON, lambda body: b""),
        "html": (NOT_JSON, lambda body: b"<!doctype html><title>502</title>"),
        "bad JSON": (NOT_JSON, lambda body: body[:-1]),
        "two values": (NOT_JSON, lambda body: body + body),
        "not UTF-8": (NOT_JSON, lambda body: body.replace(b"assistant", b"\xff\xfe")),
        "deep": (NOT_JSON, lambda body: b"[" * 100_000),
        "NaN": (NOT_JSON, lambda body: body.replace(b'"index": 0', b'"index": NaN')),
        "1e999": (NOT_JSON, lambda body: body.replace(b'"index": 0', b'"index": 1e999')),
        "a key twice": (NOT_JSON, lambda body: body.replace(b'"index": 0', b'"index": 0, "index": 0')),
        "many keys": (NOT_JSON, lambda body: b"{%s}" % b",".join(b'"%d":1' % n for n in [*range(30_000), 29_999])),
        "a long integer": (NOT_JSON, lambda body: body.replace(b'"index": 0', b'"index": ' + b"9" * 5000)),
        "10 MB": ("the reply of the endpoint is too long", lambda body: body[:-1] + b" " * 10_000_000 + body[-1:]),
        "a list": (NO_COMPLETION, lambda body: b"[1, 2]"),
        "null": (NO_COMPLETION, lambda body: b"null"),
        "an error": (NO_COMPLETION, lambda body: b'{"error": {"message": "no"}}'),
        "no choice": (NO_COMPLETION, lambda body: b'{"choices": []}'),
    }
    bomb = gzip.compress(b" " * 20_000_000)
    packed = Fault("bomb", "the endpoint packs its replies", 1, head=("Content-Encoding: gzip",), body=lambda body: bomb)
    return [Fault(name, ends, body=body) for name, (ends, body) in spoilt.items()] + [packed]


def contents() -> list[Fault]:
    """What the model writes instead of the right JSON."""
    spoilt: dict[str, tuple[str, Callable[[str], str]]] = {
        "fenced": ("", lambda text: f"```json\n{text}\n```"),
        "reordered": ("", lambda text: json.dumps(dict(reversed(json.loads(text).items())))),
        "prose behind": (REPLY, lambda text: f"{text} I hope that helps."),
        "prose before": (REPLY, lambda text: f"Here it is: {text}"),
        "another language": (REPLY, lambda text: "答えはAです。"),
        "nothing": (REPLY, lambda text: ""),
        "deep content": (REPLY, lambda text: '{"1":' * 50_000),
        "nested content": (REPLY, lambda text: '{"1":' * 17 + "1" + "}" * 17),
        "NaN content": (REPLY, lambda text: '{"1": NaN, "2": "A", "3": "A"}'),
        "1e999 content": (REPLY, lambda text: '{"1": 1e999, "2": "A", "3": "A"}'),
        "item twice": (REPLY, lambda text: text[:-1] + ', "1": "A"}'),
        "half a fence": (REPLY, lambda text: "```" + "\n" * 300_000),
        "a list of answers": ("the reply is not a JSON object", lambda text: '["A", "B", "A"]'),
        "a word": ("the reply is not a JSON object", lambda text: '"A"'),
        "item missing": ("the reply leaves out 1 of 3 items", lambda text: json.dumps(dict(list(json.loads(text).items())[:-1]))),
        "item too many": ("the reply has items that were not asked", lambda text: text[:-1] + ', "4": "A"}'),
        "no such choice": (CHOICE, lambda text: '{"1": "A", "2": "D", "3": "A"}'),
        "small letter": (CHOICE, lambda text: text.lower()),
        "number": (CHOICE, lambda text: '{"1": 1, "2": "A", "3": "A"}'),
        "half a character": (CHOICE, lambda text: '{"1": "\\ud800", "2": "A", "3": "A"}'),
        "several choices": (CHOICE, lambda text: '{"1": ["A", "B"], "2": "A", "3": "A"}'),
    }
    return [Fault(name, ends, content=content) for name, (ends, content) in spoilt.items()]


def _choice(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda payload: payload["choices"][0].update(values)


def _message(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda payload: payload["choices"][0]["message"].update(values)


def endings() -> list[Fault]:
    """Replies that say themselves that they are none, and fields that hold what they should not."""
    top = [{"token": "A", "logprob": "nan"}, {"token": "\ud800", "logprob": -1}]
    return [
        Fault("length", "the reply was cut off", change=_choice(finish_reason="length")),
        Fault("filter", "the endpoint filtered the reply", change=_choice(finish_reason="content_filter")),
        Fault("refusal", "the model refused to answer", change=_message(refusal="I cannot help with that.")),
        Fault("null content", REPLY, change=_message(content=None)),
        Fault("content in parts", NO_COMPLETION, change=_message(content=[{"type": "text", "text": "A"}])),
        Fault("no message", NO_COMPLETION, change=_choice(message=None)),
        Fault("strange finish", "", change=_choice(finish_reason="\ud800 done")),
        Fault("no usage", "", change=lambda payload: payload.update(usage=None)),
        Fault("usage of words", "", change=lambda payload: payload.update(usage={"prompt_tokens": "many", "completion_tokens": -1})),
        Fault("strange tokens", "", change=_choice(logprobs={"content": [{"top_logprobs": top}]})),
        Fault("huge logprob", "", change=_choice(logprobs={"content": [{"top_logprobs": [{"token": "A", "logprob": -(10**400)}]}]})),
        Fault(
            "huge thought",
            "",
            change=lambda payload: payload["usage"].update(completion_tokens_details={"reasoning_tokens": 10**4299}),
        ),
    ]


FAULTS = {fault.name: fault for fault in [*refusals(), *connections(), *bodies(), *contents(), *endings()]}
