"""All recognisers of values with a shape, over one folded text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .accounts import card, iban
from .keys import keys
from .keyworded import keyworded
from .mail import mail
from .national import national
from .network import addresses, links
from .phones import phones
from .spans import Span


def every(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Every value with a shape, overlapping ones too.

    Examples
    --------
    >>> sorted(s.kind for s in every("ann@example.org, 10.0.0.7, +81 3-1234-5678", ["US"]))
    ['EMAIL', 'IP', 'PHONE']
    """
    if any("0" <= c <= "9" for c in text):
        for recogniser in (card, iban, keyworded, national):
            yield from recogniser(text)
        yield from phones(text, regions)
    for recogniser in (mail, addresses, links, keys):
        yield from recogniser(text)
