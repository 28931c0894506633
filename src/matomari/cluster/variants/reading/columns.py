"""Take records of several cells apart: each column is a list of its own, and its tokens are not those of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .token import Token
from .tokens import Tokeniser
from .vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class ColumnTokeniser:
    """Takes records apart, cell by cell, with the readings that suit each column.

    Attributes
    ----------
    columns : tuple of Tokeniser
        One per column.

    Examples
    --------
    >>> records = [("Anchor Inn", "5 Mill Ln"), ("Inn", "")]
    >>> [(token.key, token.column) for token in ColumnTokeniser.of(records)(records[0])]
    [('anchor', 0), ('inn', 0), ('5', 1), ('mill', 1), ('lane', 1)]
    """

    columns: tuple[Tokeniser, ...]

    @classmethod
    def of(cls, records: Sequence[Sequence[str]], vocabulary: Vocabulary | None = None) -> ColumnTokeniser:
        """For a list of records, all of as many cells."""
        return cls(tuple(Tokeniser.of(cells, vocabulary) for cells in zip(*records, strict=True)))

    @property
    def notes(self) -> list[str]:
        """What was guessed about written forms in each column, and how many of the user's own words were met in any."""
        seen = frozenset[str]().union(*(column.seen for column in self.columns))
        guessed = dict.fromkeys(note for column in self.columns for note in column.guesses)
        return [*guessed, *self.columns[0].vocabulary.met(seen)]

    def __call__(self, record: Sequence[str]) -> tuple[Token, ...]:
        """The tokens of a record, column after column, each with its column."""
        return tuple(
            token._replace(column=number)
            for number, (read, cell) in enumerate(zip(self.columns, record, strict=True))
            for token in read(cell)
        )
