"""What a grouping knows of its items, by their place in the model: their rows, ids, texts, and three layers of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...errors import DamagedError
from ...vectors import Floats, Ints
from ..group.grouping import Grouping
from ..group.tables import texts_of
from ..items import shortened
from ..tables import numbers, strings


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """The items of a grouping.

    Attributes
    ----------
    grouping : Grouping
    ids : list of str, length n
        Of the rows.
    texts : list of str, length n
        The text of each row; of an image its path.
    place : array of int64, shape (n,)
        Which item each row has; -1 for a row without a word.
    first : array of int64, shape (u,)
        The first row of each item.
    """

    grouping: Grouping
    ids: list[str] = field(repr=False)
    texts: list[str] = field(repr=False)
    place: Ints = field(repr=False)
    first: Ints = field(repr=False)

    @classmethod
    def of(cls, grouping: Grouping) -> Known:
        """The items of a grouping; DamagedError where its tables and its model do not belong together."""
        u = len(grouping.reference.keys)
        place = grouping.places if grouping.medium.has_words else _places_on_the_map(grouping)
        first = np.full(u, -1, np.int64)
        spoken = np.flatnonzero(place >= 0)[::-1]
        if len(spoken) and place.max() < u:
            first[place[spoken]] = spoken
        labels = numbers(grouping.items, "cluster")
        if (first < 0).any() or (labels[first] != grouping.reference.labels).any():
            raise DamagedError("the items of this grouping do not fit its model.", hint="run matomari group again.")
        texts = texts_of(grouping.items, grouping.run.text_columns)
        return cls(grouping=grouping, ids=strings(grouping.items, "id"), texts=texts, place=place, first=first)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def is_variants(self) -> bool:
        """Whether the groups are spellings of one thing, which are called by their usual spelling."""
        return self.grouping.run.kind == "variants"

    @cached_property
    def weight(self) -> Ints:
        """How many rows have each item, shape (u,)."""
        return np.bincount(self.place[self.place >= 0], minlength=len(self))

    @cached_property
    def names(self) -> list[str]:
        """What each item is called: its text; of an image the end of its path."""
        whole = [self.texts[row] for row in self.first.tolist()]
        return whole if self.grouping.medium.has_words else [shortened(path) for path in whole]

    @property
    def X(self) -> Floats:
        """The vectors at unit length, shape (u, d)."""
        return self.grouping.reference.unit

    @property
    def labels(self) -> Ints:
        """Group of each item, shape (u,); -1 for none."""
        return self.grouping.reference.labels

    @cached_property
    def finer(self) -> Ints:
        """Finer group of each item, shape (u,)."""
        return np.where(self.labels >= 0, numbers(self.grouping.items, "finer")[self.first], -1)

    @cached_property
    def coarser(self) -> Ints:
        """Coarser group of each group, shape (k,)."""
        return np.asarray(numbers(self.grouping.groups, "coarser"), np.int64)

    @cached_property
    def group_names(self) -> list[str]:
        """Of the k groups."""
        return strings(self.grouping.groups, "name")

    def by_row(self, values: Ints) -> Ints:
        """Values of the items, per row; -1 for a row without a word."""
        return np.where(self.place < 0, -1, values[np.maximum(self.place, 0)])


def _places_on_the_map(grouping: Grouping) -> Ints:
    """Which item each row of images has: files with the same bytes are one item, and an item has one place on the map."""
    columns = [grouping.items[name].to_pylist() for name in ("x", "y", "neighbors")]
    number: dict[str, int] = {}
    return np.asarray([number.setdefault(repr(spot), len(number)) for spot in zip(*columns, strict=True)], np.int64)
