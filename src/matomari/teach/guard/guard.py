"""Replace personal values by surrogates before a text leaves the machine, and put them back into what returns."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence

from ...errors import InputError
from ...wording import did_you_mean
from .people import FindsPeople
from .recognise.dictionary import Dictionary
from .recognise.every import every
from .recognise.spans import RANK, Folded, Span, fold, settle

SURROGATE = re.compile(rf"({'|'.join(RANK)})_([0-9]+)([a-z]*)")
_GROWN = re.compile("[a-z0-9]+")
_WORDS = {
    "EMAIL": ("mail address", "mail addresses"),
    "PHONE": ("phone number", "phone numbers"),
    "IBAN": ("bank account", "bank accounts"),
    "CARD": ("card number", "card numbers"),
    "IP": ("network address", "network addresses"),
    "MAC": ("device address", "device addresses"),
    "URL": ("link with a login or token", "links with a login or token"),
    "ID": ("national id", "national ids"),
    "TAX": ("tax number", "tax numbers"),
    "PASSPORT": ("passport number", "passport numbers"),
    "BIRTHDATE": ("date of birth", "dates of birth"),
    "SECRET": ("key or password", "keys or passwords"),
    "TERM": ("word of your dictionary", "words of your dictionary"),
    "PERSON": ("name of a person", "names of people"),
    "LITERAL": ("text that looked like a mask", "texts that looked like a mask"),
}


class Guard:
    """Masks personal values with surrogates such as EMAIL_3, the same for the same value, and unmasks them exactly.

    A value that is written in a second way keeps its number and gets a letter, so that a model sees one thing and `unmask` still
    returns what was there: +81 3-5555-1234 is PHONE_1 and 03-5555-1234 PHONE_1b.

    Parameters
    ----------
    people : callable, optional
        What finds names of people, as `people_finder()` makes it; without it names stay.
    dictionary : iterable of str
        Words to be masked wherever they stand as whole words, in any case.
    regions : sequence of str
        Countries (ISO 3166, two letters) whose phone numbers are known without their country code.

    Raises
    ------
    InputError
        When a region is unknown, or the dictionary is a string.

    Examples
    --------
    >>> guard = Guard(dictionary=["Falcon"])
    >>> guard.mask("Ann@example.org asks about Falcon; cc ann@example.org")
    'EMAIL_1 asks about TERM_1; cc EMAIL_1b'
    >>> guard.unmask("TERM_1: answer EMAIL_1"), guard.counts
    ('Falcon: answer Ann@example.org', {'EMAIL': 1, 'TERM': 1})
    """

    def __init__(
        self,
        *,
        people: FindsPeople | None = None,
        dictionary: Iterable[str] = (),
        regions: Sequence[str] = ("US", "GB", "DE", "FR", "JP"),
    ) -> None:
        if isinstance(dictionary, str):
            raise InputError("dictionary is one string, not a list of words.", hint=f"use dictionary=[{dictionary!r}].")
        self._people = people
        self._terms = Dictionary(dictionary)
        self._regions = _known(regions)
        self._lock = threading.Lock()
        self._numbers: dict[str, dict[str, int]] = {}
        self._forms: dict[tuple[str, int], dict[str, str]] = {}  # what is written -> its surrogate, per value
        self._written: dict[str, str] = {}  # surrogate -> what was written

    def mask(self, text: str) -> str:
        """The text with every personal value replaced by its surrogate."""
        parts, after = [], 0
        for span in self._spans(text):
            parts += [text[after : span.start], self._surrogate(span, text[span.start : span.end])]
            after = span.end
        return "".join([*parts, text[after:]])

    def unmask(self, text: str) -> str:
        """The text with every surrogate of this guard replaced by what was there; one it never made stays."""
        return SURROGATE.sub(self._restored, text)

    @property
    def counts(self) -> dict[str, int]:
        """How many distinct values of each kind were masked so far."""
        with self._lock:
            return {kind: len(self._numbers[kind]) for kind in RANK if kind in self._numbers}

    @property
    def notes(self) -> list[str]:
        """Sentences for the user: what was masked, and what that is worth."""
        counts = self.counts
        masked = ", ".join(f"{count:,} {_WORDS[kind][count != 1]}" for kind, count in counts.items())
        notes = [f"Masked before anything was sent: {masked}." if masked else "No personal values were seen, so nothing was masked."]
        if self._people is None:
            notes.append("Names of people were not looked for.")
        return [
            *notes,
            "Masking is not anonymity: what is left of a text can still tell who it is about, and a value in an unusual form can pass.",
        ]

    def _spans(self, text: str) -> list[Span]:
        folded = fold(text)
        spans = [*every(folded.text, self._regions), *self._terms(folded.text)]
        spans += (Span(start, end, "PERSON", _one_name(folded.text[start:end])) for start, end in self._names(folded))
        own = [Span(*m.span(), "LITERAL", m[0]) for m in SURROGATE.finditer(text)]
        grown = [_grow(span, text) for span in [*map(folded.back, spans), *own]]
        return settle(grown, text)

    def _names(self, folded: Folded) -> list[tuple[int, int]]:
        names = self._people(folded.text) if self._people else []
        return [(start, min(end, len(folded.text))) for start, end in names if 0 <= start < min(end, len(folded.text))]

    def _surrogate(self, span: Span, written: str) -> str:
        with self._lock:
            numbers = self._numbers.setdefault(span.kind, {})
            number = numbers.setdefault(span.value, len(numbers) + 1)
            forms = self._forms.setdefault((span.kind, number), {})
            if written not in forms:
                forms[written] = f"{span.kind}_{number}{_letters(len(forms))}"
                self._written[forms[written]] = written
            return forms[written]

    def _restored(self, match: re.Match[str]) -> str:
        whole = self._written.get(match[0])
        if whole is not None:
            return whole
        # A model may put letters of its own behind: two EMAIL_1s
        stem = self._written.get(f"{match[1]}_{match[2]}")
        return match[0] if stem is None else stem + match[3]


def surrogates(text: str) -> set[tuple[str, str]]:
    """The kind and number of each surrogate in a text.

    Examples
    --------
    >>> sorted(surrogates("EMAIL_1b asks EMAIL_2 about TERM_1, and EMAIL_1 answers"))
    [('EMAIL', '1'), ('EMAIL', '2'), ('TERM', '1')]
    """
    return {(match[1], match[2]) for match in SURROGATE.finditer(text)}


def _known(regions: Sequence[str]) -> tuple[str, ...]:
    import phonenumbers

    for region in regions:
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise InputError(f"region {region!r} is unknown.", hint=did_you_mean(region, sorted(phonenumbers.SUPPORTED_REGIONS)))
    return tuple(regions)


def _grow(span: Span, text: str) -> Span:
    """The span with the small letters and digits behind it, which would else be read as part of its surrogate."""
    behind = _GROWN.match(text, span.end)
    return span._replace(end=behind.end(), value=text[span.start : behind.end()]) if behind else span


def _letters(form: int) -> str:
    """Nothing for the first way to write a value, then b, c, … z, and so on with more letters."""
    if form == 0:
        return ""
    return "abcdefghijklmnopqrstuvwxyz"[form] if form < 26 else "z" + _letters(form - 25)


def _one_name(name: str) -> str:
    return " ".join(name.casefold().split())
