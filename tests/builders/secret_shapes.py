"""Keys of every shape that a header can hold, and the ways in which an endpoint can repeat one."""

from __future__ import annotations

import json
import random
import string

from builders.endpoint import Fault

_DRAW = random.Random(6)


def _word(n: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_DRAW.choice(alphabet) for _ in range(n))


SHAPES = {
    "openai": f"sk-{_word(48)}",
    "project": f"sk-proj-{_word(70)}_{_word(40)}-{_word(36)}",
    "short": "k3y-9Xq!",
    "hex": _word(32, "0123456789abcdef"),
    "uuid": "3f2b8c1e-77aa-4d0e-9c55-1b6f0d2e9a41",
    "token": f"eyJhbGciOiJIUzI1NiJ9.{_word(60)}.{_word(43)}",
    "base64": "c2VjcmV0+a/2V5LXdpdGg/cGFk+GluZw==",
    "percent": "p%40ss%20word%2Fx",
    "both quotes": "a\"b'c\"d'e-quoted",
    "single quotes": "'it's'a'key'",
    "double quotes": '"say"the"key"',
    "backslashes": "a\\b\\\\c\\n\\x41key",
    "escapes": "\\u0041\\u0042\\u0073ecret",
    "braces": "{key}{0}{mark}%s",
    "format": "%s%d%n%(key)s%%",
    "html": "<b>key</b>&amp;&lt;",
    "shell": "$HOME${KEY}`id`$(id)",
    "separators": ",;:key:;,key=|",
    "dash": "--key=--secret",
    "bearer": "Bearer-Bearer-Bearer",
    "digits": _word(20, string.digits),
    "long": _word(4000),
    "url": "https://user:pass@host/path",
    "json": '{"key":"value","n":1}',
    "pattern": "(a+)+$^[key]*.?",
    "stars": "***key-in-stars***",
    "carets": "ab^cd^ef^gh^ij",
}


def echoes(key: str) -> list[Fault]:
    """Replies that hold the key, somewhere."""
    text = json.dumps(key)
    error = f'{{"error": {{"message": {json.dumps("Incorrect API key provided: " + key)}}}}}'.encode()
    escaped = '{"name": "' + "".join(f"\\u{ord(c):04x}" for c in key) + '"}'
    top = [{"token": key, "logprob": -0.1}, {"token": f" {key}", "logprob": -0.2}]
    place = {"content": [{"token": key, "logprob": -0.1, "top_logprobs": top}]}
    return [
        *(Fault(f"error {status}", "", status=status, body=lambda body: error) for status in (400, 401, 404, 418, 500)),
        Fault("error 200", "", body=lambda body: error),
        Fault("heads", "", head=(f"X-Key: {key}", f"Set-Cookie: key={key}", f"WWW-Authenticate: Bearer {key}")),
        Fault("location", "", status=302, head=(f"Location: http://elsewhere.example/?{key}",)),
        Fault("reason", "", reason=key),
        Fault("reason 500", "", status=500, reason=key),
        Fault("broken head", "", head=(f"{key} and no colon",)),
        Fault("retry", "", status=429, head=(f"Retry-After: {key}",)),
        Fault("page", "", body=lambda body: f"<html>{key}</html>".encode()),
        Fault("cut off", "", body=lambda body: error[:-1]),
        Fault("twice", "", body=lambda body: f"{{{text}: 1, {text}: 2}}".encode()),
        Fault("model", "", body=lambda body: f'{{"data": [{{"id": {text}}}, {{"id": {text}}}, {{"key": {text}}}]}}'.encode()),
        Fault("name", "", content=lambda written: json.dumps({"name": key})),
        Fault("name in name", "", content=lambda written: json.dumps({"name": f"cards {key}"})),
        Fault("escaped name", "", content=lambda written: escaped),
        Fault("content", "", content=lambda written: f"{written} {key}"),
        Fault("item", "", content=lambda written: json.dumps({key: "A"})),
        Fault("choice", "", content=lambda written: json.dumps({"answer": key})),
        Fault("item twice", "", content=lambda written: f"{{{text}: 1, {text}: 2}}"),
        Fault("finish", "", change=lambda payload: payload["choices"][0].update(finish_reason=key)),
        Fault("tokens", "", change=lambda payload: payload["choices"][0].update(logprobs=place)),
        Fault("refusal", "", change=lambda payload: payload["choices"][0]["message"].update(refusal=key)),
        Fault("message", "", change=lambda payload: payload["choices"][0].update(message=[key])),
        Fault("closed", "", manner="closed"),
        Fault("babble", "", manner="babble"),
    ]
