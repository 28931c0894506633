"""What of a planted value can still be read in a masked text."""

from __future__ import annotations

import re

from builders.people import name_parts

_MASK = re.compile("[A-Z]+_[0-9]+[a-z]*")


def leaked(kind: str, text: str, value: str, masked: str) -> list[str]:
    """The pieces of a value, of four letters or digits at least, that stand in the masked text and nowhere else in the sentence."""
    left = _MASK.sub("", masked)
    if kind == "person":
        return [part for part in name_parts(value) if part in left]
    frame = text.replace(value, "") + " Bearer"  # the word before a token is no secret
    pieces = [p for p in re.findall(r"[^\W_]{4,}", value) if p not in frame]
    return [p for p in [*pieces, value] if p in left]
