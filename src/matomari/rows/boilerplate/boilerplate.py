"""Boilerplate: what nearly all rows of a column share, and what is new in every row, says nothing of what a text is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .mail import message_of, opens_or_closes
from .markup import is_html, text_of
from .shared import FEWEST, shared_edge, shared_lines, without_edge, without_lines
from .slots import ALWAYS, RARELY, has_word, series_of, tokens

SAMPLE = 5_000  # texts that it is learnt from, evenly spread
MARKED_UP = 0.05  # share of texts with a tag or an entity from which a column is HTML
RARE = 2  # rows: a number or code that stands in no more of them tells nothing of a group …
SERIES = 0.02  # … if it is one of a series that so large a share of the texts have, and four of them; else it is a word: H264, V4L2
TEMPLATE, TEMPLATE_WORDS = 3, 2  # texts, and words in each, from which those that differ only in their slots are a template
READABLE = 0.8  # share of texts that must still hold a word without their slots
SHOWN = 60  # characters of an example


@dataclass(frozen=True, kw_only=True)
class Boilerplate:
    """What is taken off the texts of one column before they are compared.

    Attributes
    ----------
    markup : bool
        Tags and entities.
    mail : bool
        Quoted mails, greetings, and sign-offs with what follows them.
    lines : frozenset of str
        Keys of lines that many rows share.
    start, end : tuple of str
        Keys of the tokens that nearly all rows begin and end with.
    slots : bool
        Addresses, dates, times and identifiers, and the amounts, numbers and codes of a series that stand in one row or two.
    series : frozenset of str
        What many rows have one of: "0" are whole numbers, "tk-0" the codes from TK-1 on.
    known : frozenset of str
        The amounts, numbers and codes that stand in more rows, and are kept …
    templates : frozenset of str
        … except in texts that differ from others in nothing but what fills their slots.

    Examples
    --------
    >>> texts = [f"Ticket #{n}: my {thing}" for n, thing in enumerate(["card is lost", "top up failed", "bill is wrong", "app is slow"], 412)]
    >>> learnt = Boilerplate.learn(texts)
    >>> learnt.content(texts[0]), Boilerplate.of(learnt.record()) == learnt
    ('card is lost', True)
    """

    markup: bool = False
    mail: bool = False
    lines: frozenset[str] = field(default_factory=frozenset)
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    slots: bool = False
    series: frozenset[str] = field(default_factory=frozenset)
    known: frozenset[str] = field(default_factory=frozenset)
    templates: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Boilerplate:
        """What the texts of a column share, layer by layer: HTML, mails, lines, beginnings and ends, then what is new in each."""
        step = max(1, len(texts) // SAMPLE)
        sample = list(texts[::step])
        markup = bool(sample) and sum(map(is_html, sample)) >= max(2, MARKED_UP * len(sample))
        found = cls(markup=markup)
        plain = [found.frame(text) for text in sample]
        found = replace(
            found,
            mail=any(message_of(text) != text for text in plain),
            lines=frozenset(key for key in shared_lines(plain) if not opens_or_closes(key)),
        )
        plain = [found.frame(text) for text in sample]
        start = shared_edge(plain, end=False)
        plain = [without_edge(text, start, end=False) for text in plain]
        end = shared_edge(plain, end=True)
        plain = [without_edge(text, end, end=True) for text in plain]
        values = [{_value(text[t.start : t.end]) for t in tokens(text) if t.kind in RARELY} for text in plain]
        series = Counter(one for held in values for one in set(map(series_of, held)))
        framed = replace(found, start=start, end=end)
        whole = replace(
            framed,
            slots=True,
            series=frozenset(one for one, n in series.items() if n >= max(FEWEST, SERIES * len(plain))),
            known=frozenset(value for value, n in Counter(value for held in values for value in held).items() if n > RARE),
            templates=_templates(plain),
        )
        bare = [whole._bare(text) for text in plain]
        changed = [after for before, after in zip(plain, bare, strict=True) if before != after]
        return whole if changed and sum(map(has_word, changed)) >= READABLE * len(changed) else framed

    def __bool__(self) -> bool:
        return bool(self.markup or self.mail or self.lines or self.start or self.end or self.slots)

    def frame(self, text: str) -> str:
        """The text without what it shares with the others; its numbers and codes still tell it apart."""
        for _, taken_off in self._steps():
            text = taken_off(text)
        return text

    def _steps(self) -> list[tuple[str, Callable[[str], str]]]:
        """What is taken off, in this order, each in words and as a function that never empties a text."""
        return [
            ("HTML", lambda text: (text_of(text) if self.markup and is_html(text) else "") or text),
            ("lines of forms and lines that many rows share", lambda text: without_lines(text, self.lines)),
            ("quoted mails, greetings and signatures", lambda text: message_of(text) if self.mail else text),
            (
                "how nearly all rows begin or end",
                lambda text: without_edge(without_edge(text, self.start, end=False), self.end, end=True),
            ),
        ]

    def content(self, text: str) -> str:
        """What the text is about: the frame without dates, addresses and the like, and without numbers and codes of one row alone."""
        framed = self.frame(text)
        if not self.slots:
            return framed
        bare = self._bare(framed)
        return bare if has_word(bare) else framed

    def _bare(self, text: str) -> str:
        """The text without what its slots are filled with, except numbers and codes that other rows hold in other words."""
        found = tokens(text)
        template = " ".join(token.key for token in found) in self.templates

        def new_in_each(written: str) -> bool:
            value = _value(written)
            return template or (value not in self.known and series_of(value) in self.series)

        pieces, last = [], 0
        for token in found:
            if token.kind in ALWAYS or (token.kind in RARELY and new_in_each(text[token.start : token.end])):
                pieces.append(text[last : token.start])
                last = token.end
        return _tidy(" ".join([*pieces, text[last:]])) if pieces else text

    def framed(self) -> Boilerplate:
        """The same, but numbers and codes stay: they tell one thing from another."""
        return replace(self, slots=False, series=frozenset(), known=frozenset(), templates=frozenset())

    def of_cells(self) -> Boilerplate:
        """The same for single cells of the texts: how the texts begin and end is none of theirs."""
        return replace(self, start=(), end=())

    def frames(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Several cells, each without what it shares with others."""
        return tuple(self.frame(cell) if cell else "" for cell in cells)

    def record(self) -> dict[str, Any]:
        """As JSON, for run.json."""
        return {
            "markup": self.markup,
            "mail": self.mail,
            "lines": sorted(self.lines),
            "start": list(self.start),
            "end": list(self.end),
            "slots": self.slots,
            "series": sorted(self.series),
            "known": sorted(self.known),
            "templates": sorted(self.templates),
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Boilerplate:
        """Read back from its record."""
        sets = {name: frozenset(record[name]) for name in ("lines", "series", "known", "templates")}
        return cls(
            markup=record["markup"],
            mail=record["mail"],
            start=tuple(record["start"]),
            end=tuple(record["end"]),
            slots=record["slots"],
            **sets,
        )

    def note(self, texts: Sequence[str], contents: Sequence[str]) -> str:
        """One sentence on what was taken off these texts, with an example; empty where their contents are the texts."""
        changed = [(text, content) for text, content in zip(texts, contents, strict=True) if text.split() != content.split()]
        if not changed:
            return ""
        example, content = min(changed, key=lambda pair: len(pair[0]))
        what = ", ".join(self._taken_off([text for text, _ in changed]))
        from_here = _first_difference(example, content)
        return (
            f"taken off {len(changed):,} of {len(texts):,} texts before they were compared: {what}; "
            f"{_short(example, from_here)!r} counts as {_short(content, from_here)!r}"
        )

    def _taken_off(self, texts: Sequence[str]) -> list[str]:
        """What was found in these texts, in words; a thousand of them tell."""
        some, found = list(texts[:: max(1, len(texts) // 1_000)]), []
        for words, taken_off in self._steps():
            after = [taken_off(text) for text in some]
            found += [words] if any(a.split() != b.split() for a, b in zip(after, some, strict=True)) else []
            some = after
        rest = "dates, addresses, and amounts, numbers and codes of a series that stand in a row or two"
        return found + ([rest] if (self.slots and any(self._bare(text) != text for text in some)) or not found else [])


NO_BOILERPLATE = Boilerplate()


def _templates(texts: Sequence[str]) -> frozenset[str]:
    """The keys of texts with slots that several texts share: log lines and notifications, which say the same of another thing each time."""
    counts: Counter[str] = Counter()
    for text in texts:
        found = tokens(text)
        words = sum(token.kind == "word" for token in found)
        if words >= TEMPLATE_WORDS and len(found) > words:
            counts[" ".join(token.key for token in found)] += 1
    return frozenset(key for key, n in counts.items() if n >= TEMPLATE and "<" in key)


def _value(written: str) -> str:
    return written.casefold().lstrip("#№")


def _tidy(text: str) -> str:
    """Without the marks and spaces that stood around what was taken out."""
    lines = (re.sub(r"\s+([,.;:!?)\]])", r"\1", " ".join(line.split())) for line in text.split("\n"))
    text = "\n".join(re.sub(r"([(\[])\s*[)\]]|^[,.;:)\]\s–-]+|[,:;(\[\s–-]+$", "", line) for line in lines)
    return text.strip()


def _first_difference(text: str, content: str) -> int:
    """Where an example has to begin so that what was taken off can be seen; 0 where it is seen from the beginning."""
    one, other = (" ".join(whole.split()) for whole in (text, content))
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return 0 if same < SHOWN // 2 else one.rfind(" ", 0, same - SHOWN // 4) + 1


def _short(text: str, start: int = 0) -> str:
    line = " ".join(text.split())[start:]
    line = f"…{line}" if start else line
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
