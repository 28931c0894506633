"""The user's own terms: what they are called, of which type they are, and by which other names; found in texts, the longest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from ...errors import InputError
from ...rows.files.spool import gather
from ...rows.read import open_source
from ...wording import did_you_mean

COLUMNS = ("term", "type", "aliases")
_BETWEEN = re.compile(r"[|;]")
_VOICED = "\uff9e\uff9f"  # the marks of half-width kana


class Term(NamedTuple):
    """A term of the user, or of a language that no lexical file is read of.

    Attributes
    ----------
    name, type : str
    aliases : tuple of str
        Other names of the same thing.
    source : str
        user or corpus.
    """

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    source: str = "user"


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
    def read(cls, source: Any) -> Vocabulary:
        """From a table with the columns term, type and, if there are any, aliases, which `|` or `;` separates.

        Parameters
        ----------
        source : path, "-" or table
            Whatever `matomari.rows.read.read` takes that has columns: CSV in any usual encoding, xlsx, Parquet …

        Raises
        ------
        InputError
            When it cannot be read so; the message names the row.
        """
        reading, name = open_source(source)
        return cls(_checked(gather(reading.schema, reading.batches, None), name))

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
        small, places = _small(text)
        found, at = [], 0
        while at < len(small):
            hit = self._longest(small, at) if _begins(small, at) else None
            if hit:
                found.append(Found(places[hit.start], places[hit.end], hit.term))
            at = hit.end if hit else at + 1
        return found

    def _longest(self, small: str, at: int) -> Found | None:
        for length in self._lengths.get(small[at : at + 2], self._lengths.get(small[at : at + 1], [])):
            for extra in ("", "s"):  # an English plural
                end = at + length + len(extra)
                name = small[at : at + length]
                if (
                    len(name) == length
                    and name in self._named
                    and small[at:end] == name + extra
                    and (not extra or name[-1].isascii())
                    and _ends(small, end)
                ):
                    return Found(at, end, self._named[name])
        return None


def _small(text: str) -> tuple[str, Sequence[int]]:
    """Small letters and narrow forms, each with the place where it stands in the text, and the end of the text behind them.

    Of two signs that are one letter, as in ﾎﾞﾙﾄ, the first place counts; where a sign would become several letters, it stays as it is.
    """
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    letters, places = list[str](), list[int]()
    for at, sign in enumerate(text):
        whole = unicodedata.normalize("NFKC", text[at - 1] + sign) if sign in _VOICED and at else ""
        if len(whole) == 1:
            letters[-1] = whole
            continue
        new = unicodedata.normalize("NFKC", sign).casefold()
        letters.append(new if len(new) == 1 else sign)
        places.append(at)
    return "".join(letters), [*places, len(text)]


def _word(character: str) -> bool:
    return character.isalnum() and character < "\u3000"  # Japanese stands without spaces


def _begins(text: str, at: int) -> bool:
    return not (_word(text[at]) and at and _word(text[at - 1]))


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not (_word(text[end - 1]) and _word(text[end]))


def _checked(table: pa.Table, name: str) -> Iterator[Term]:
    header = {column.strip().casefold(): column for column in reversed(table.column_names)}
    for column in COLUMNS[:2]:
        if column not in header:
            raise InputError(
                f"{name} has no column {column!r}: {', '.join(table.column_names) or 'it is empty'}.",
                hint=did_you_mean(column, list(header) or list(COLUMNS)),
            )
    cells = {column: table[header[column]].to_pylist() for column in COLUMNS if column in header}
    seen: dict[str, int] = {}
    for row in range(len(table)):
        values = {column: str("" if cell[row] is None else cell[row]) for column, cell in cells.items()}
        if any(value.strip() for value in values.values()):
            where = f"row {row + 1} of {name}"
            term = _term(where, values)
            _names_are_new(where, term, seen, row=row + 1)
            yield term


def _term(where: str, row: dict[str, str]) -> Term:
    name, kind = row.get("term", "").strip(), row.get("type", "").strip()
    if not name:
        raise InputError(f"{where} has no term.", hint="give the term, or delete the row.")
    if not kind:
        raise InputError(
            f"{where} gives no type for {name!r}.", hint="terms of one type are swapped for each other: say fastener, material, town …"
        )
    aliases = [" ".join(alias.split()) for alias in _BETWEEN.split(row.get("aliases", "") or "")]
    return Term(" ".join(name.split()), kind, tuple(dict.fromkeys(alias for alias in aliases if alias and folded(alias) != folded(name))))


def _names_are_new(where: str, term: Term, seen: dict[str, int], row: int) -> None:
    for name in (term.name, *term.aliases):
        other = seen.setdefault(folded(name), row)
        if other != row:
            raise InputError(f"{where} names {name!r}, which row {other} names, too.", hint="let one row hold a term with all its aliases.")
