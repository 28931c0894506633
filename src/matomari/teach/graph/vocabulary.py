"""The user's own terms: what they are called, of which type they are, and by which other names; found in texts, the longest first."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import InputError
from ...wording import did_you_mean

COLUMNS = ("term", "type", "aliases")
_BETWEEN = re.compile(r"[|;]")


class Term(NamedTuple):
    """A term of the user.

    Attributes
    ----------
    name, type : str
    aliases : tuple of str
        Other names of the same thing.
    """

    name: str
    type: str
    aliases: tuple[str, ...] = ()


class Found(NamedTuple):
    """Where a term stands in a text."""

    start: int
    end: int
    term: Term


def folded(text: str) -> str:
    """A name in small letters and narrow forms, with single spaces: what two ways to write it have in common.

    Examples
    --------
    >>> folded("Ｈex  Bolt")
    'hex bolt'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Vocabulary:
    """Terms by their names and aliases.

    Parameters
    ----------
    terms : iterable of Term

    Raises
    ------
    InputError
        When one name belongs to two terms.

    Examples
    --------
    >>> words = Vocabulary([Term("hex bolt", "fastener", ("hexagon bolt",)), Term("bolt", "fastener"), Term("六角ナット", "fastener")])
    >>> [(found.start, found.term.name) for found in words.find("Hexagon bolt, bolts and 六角ナットM8")]
    [(0, 'hex bolt'), (14, 'bolt'), (24, '六角ナット')]
    >>> [term.name for term in words.of_type("fastener")]
    ['hex bolt', 'bolt', '六角ナット']
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self.terms = tuple(terms)
        self._named: dict[str, Term] = {}
        for term in self.terms:
            for name in dict.fromkeys(folded(name) for name in (term.name, *term.aliases)):
                if self._named.setdefault(name, term) is not term:
                    raise InputError(
                        f"the name {name!r} belongs to two terms, {self._named[name].name!r} and {term.name!r}.",
                        hint="let one row hold the term, and all its other names as aliases.",
                    )
        self._types: dict[str, tuple[Term, ...]] = {}
        for term in self.terms:
            self._types[term.type] = (*self._types.get(term.type, ()), term)
        lengths: dict[str, set[int]] = {}
        for name in self._named:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: sorted(many, reverse=True) for start, many in lengths.items()}

    def __len__(self) -> int:
        return len(self.terms)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Vocabulary:
        """From a CSV file with the columns term, type and, if there are any, aliases, which `|` or `;` separates.

        Raises
        ------
        InputError
            When the file cannot be read so; the message names the line.
        """
        place = Path(path)
        try:
            text = place.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise InputError(
                f"{place} cannot be read: {error.strerror}.", hint="name a CSV file with the columns term, type, aliases."
            ) from error
        except UnicodeDecodeError as error:
            raise InputError(f"{place} is not UTF-8 (byte {error.start}).", hint="save it as UTF-8.") from error
        return cls(_checked(place, text))

    def named(self, name: str) -> Term | None:
        """The term of that name or alias."""
        return self._named.get(folded(name))

    def of_type(self, kind: str) -> tuple[Term, ...]:
        """All terms of a type, in their order."""
        return self._types.get(kind, ())

    def find(self, text: str) -> list[Found]:
        """Where terms stand, none inside another: from the left, the longest that fits."""
        if not self._named:
            return []
        small = _same_length(text)
        found, at = [], 0
        while at < len(small):
            hit = self._longest(small, at) if _begins(small, at) else None
            if hit:
                found.append(hit)
            at = hit.end if hit else at + 1
        return found

    def _longest(self, small: str, at: int) -> Found | None:
        for length in self._lengths.get(small[at : at + 2], self._lengths.get(small[at : at + 1], [])):
            for extra in ("", "s"):  # an English plural
                end = at + length + len(extra)
                name = small[at : at + length]
                if name in self._named and small[at:end] == name + extra and (not extra or name[-1].isascii()) and _ends(small, end):
                    return Found(at, end, self._named[name])
        return None


def _same_length(text: str) -> str:
    """Small letters and narrow forms, character by character, so that places stay what they are."""
    if text.isascii():
        return text.lower()
    narrow = (unicodedata.normalize("NFKC", c).casefold() for c in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(narrow, text, strict=True))


def _word(character: str) -> bool:
    return character.isalnum() and character < "\u3000"  # Japanese stands without spaces


def _begins(text: str, at: int) -> bool:
    return not (_word(text[at]) and at and _word(text[at - 1]))


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not (_word(text[end - 1]) and _word(text[end]))


def _checked(place: Path, text: str) -> Iterator[Term]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
    except csv.Error as error:
        raise InputError(f"{place}, line 1, is no CSV: {error}.", hint="the first line is: term,type,aliases.") from error
    for column in COLUMNS[:2]:
        if column not in header:
            raise InputError(
                f"{place}, line 1, has no column {column!r}: {', '.join(header) or 'it is empty'}.",
                hint=did_you_mean(column, header or list(COLUMNS)),
            )
    seen: dict[str, int] = {}
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise InputError(f"{place}, line {rows.line_num}, is no CSV: {error}.", hint="close every quote.") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            term = _term(f"{place}, line {rows.line_num},", dict(zip(header, cells, strict=False)))
            _names_are_new(f"{place}, line {rows.line_num},", term, seen, line=rows.line_num)
            yield term


def _term(where: str, row: dict[str, str]) -> Term:
    name, kind = row.get("term", "").strip(), row.get("type", "").strip()
    if not name:
        raise InputError(f"{where} has no term.", hint="give the term, or delete the line.")
    if not kind:
        raise InputError(
            f"{where} gives no type for {name!r}.", hint="terms of one type are swapped for each other: say fastener, material, town …"
        )
    aliases = [" ".join(alias.split()) for alias in _BETWEEN.split(row.get("aliases", "") or "")]
    return Term(" ".join(name.split()), kind, tuple(dict.fromkeys(alias for alias in aliases if alias and folded(alias) != folded(name))))


def _names_are_new(where: str, term: Term, seen: dict[str, int], line: int) -> None:
    for name in (term.name, *term.aliases):
        other = seen.setdefault(folded(name), line)
        if other != line:
            raise InputError(
                f"{where} names {name!r}, which line {other} names, too.", hint="let one line hold a term with all its aliases."
            )
