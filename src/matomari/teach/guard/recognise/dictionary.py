"""The user's own words: names of customers, projects, products that must not leave the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .spans import Span, fold

# A letter of a script that puts spaces between words; Japanese and Chinese words have no borders
_LETTER = re.compile(
    r"[^\W\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


class Dictionary:
    """Words to be masked wherever they stand, in whatever case; the longest first.

    Examples
    --------
    >>> words = Dictionary(["Acme", "Acme Rail", "光電社"])
    >>> [s.value for s in words("ACME RAIL and acme, not acmeist; 東京光電社の")]
    ['acme rail', 'acme', '光電社']
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for word in sorted({_lower(fold(w.strip()).text) for w in words} - {""}, key=lambda w: (-len(w), w)):
            self._by_start.setdefault(word[:2], []).append(word)

    def __call__(self, text: str) -> Iterator[Span]:
        """The spans of the words in a folded text."""
        if not self._by_start:
            return
        lower, after = _lower(text), 0
        for start in range(len(lower)):
            if start < after:
                continue
            starts = self._by_start.get(lower[start : start + 2], []) + self._by_start.get(lower[start], [])
            for word in dict.fromkeys(starts):
                after = start + len(word)
                if lower.startswith(word, start) and not self._inside(lower, start, after):
                    yield Span(start, after, "TERM", word)
                    break
            else:
                after = start

    @staticmethod
    def _inside(text: str, start: int, end: int) -> bool:
        """Whether the word goes on in letters on either side."""
        pairs = [text[start - 1 : start + 1] if start else "", text[end - 1 : end + 1]]
        return any(len(pair) == 2 and _LETTER.match(pair[0]) and _LETTER.match(pair[1]) for pair in pairs)


def _lower(text: str) -> str:
    """Lower case with every character at its place; İ would become two."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
