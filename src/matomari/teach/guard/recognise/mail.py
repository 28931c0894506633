"""Mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .spans import Span

_LOCAL = r"A-Za-z0-9À-ɏ._%+'\-"
_PART = r"[A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ\-]{0,62})"
# Bounded parts and a start only where a run begins: no text can make it slow
MAIL = re.compile(rf"(?<![{_LOCAL}])[{_LOCAL}]{{1,64}}@(?:{_PART}\.){{1,8}}[A-Za-zÀ-ɏ]{{2,24}}(?![A-Za-z0-9À-ɏ])")


def mail(text: str) -> Iterator[Span]:
    """Mail addresses; upper and lower case are one value.

    Examples
    --------
    >>> [s.value for s in mail("Write to <Ann.Lee@Example.co.uk>.")]
    ['ann.lee@example.co.uk']
    """
    for match in MAIL.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip("'.-"))
        yield Span(start, match.end(), "EMAIL", text[start : match.end()].casefold())
