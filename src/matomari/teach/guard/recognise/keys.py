"""Secrets of programs: API keys, tokens, private keys, and what stands after "password"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .spans import Span, words

KEY = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:"
    r"sk-[A-Za-z0-9_\-]{20,300}|(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,300}|gh[pousr]_[A-Za-z0-9]{30,300}|github_pat_[A-Za-z0-9_]{40,300}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}|xox[a-z]-[A-Za-z0-9\-]{10,300}|xapp-[A-Za-z0-9\-]{20,300}|AIza[A-Za-z0-9_\-]{35}|ya29\.[A-Za-z0-9_\-]{20,300}"
    r"|glpat-[A-Za-z0-9_\-]{20,300}|hf_[A-Za-z0-9]{30,300}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{40,300}|dckr_pat_[A-Za-z0-9_\-]{20,300}"
    r"|SG\.[A-Za-z0-9_\-]{16,40}\.[A-Za-z0-9_\-]{16,80}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sq0[a-z]{3}-[A-Za-z0-9_\-]{20,60}"
    r")(?![A-Za-z0-9_\-])"
)
JWT = re.compile(r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]+)?")
BEARER = words(r"\b(?:Bearer|Basic)[ :]{1,3}([A-Za-z0-9._~+/\-]{15,4000}[A-Za-z0-9_~+/\-]={0,2})")
SET = words(
    r"(?<![A-Za-z])(?:pass ?word|passwd|pwd|passwort|kennwort|mot de passe|api[_ \-]?key|secret(?:[_ \-]?key)?|access[_ \-]?(?:key|token)|auth[_ \-]?token"
    r"|client[_ \-]?secret|パスワード|暗証番号)[\"']? ?[:=] ?[\"']?([^\s\"',;]{4,200})"
)
PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE|MESSAGE)(?: BLOCK)?-----")
PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,60}-----")


def keys(text: str) -> Iterator[Span]:
    """Keys by how their issuers begin them, JSON web tokens, bearer tokens, PEM blocks, and values set for "password" or "api key".

    Examples
    --------
    >>> [s.value for s in keys("AWS AKIAIOSFODNN7EXAMPLE, Authorization: Bearer abcdef0123456789xyz, password: hunter22, my secret: none")]
    ['AKIAIOSFODNN7EXAMPLE', 'abcdef0123456789xyz', 'hunter22']
    """
    for pattern in (KEY, JWT):
        for match in pattern.finditer(text):
            yield Span(*match.span(), "SECRET", match[0])
    for match in BEARER.finditer(text):
        if re.search("[0-9=]", match[1]):
            yield Span(*match.span(1), "SECRET", match[1])
    for match in SET.finditer(text):
        if _dense(match[1]):
            yield Span(*match.span(1), "SECRET", match[1])
    done = 0
    for match in PEM.finditer(text):
        if match.start() < done:
            continue
        closing = PEM_END.search(text, match.end())
        done = closing.end() if closing else len(text)
        yield Span(match.start(), done, "SECRET", text[match.start() : done])


def _dense(value: str) -> bool:
    """Whether it holds a digit or a sign, as words do not."""
    return any(not c.isalpha() for c in value.rstrip(".!?)"))
