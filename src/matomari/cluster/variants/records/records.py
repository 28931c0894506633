"""What a list says of its texts beside their words: the cells that they are made of, who lists them, and whom they may meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from ....vectors import Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class Records:
    """What is known of n texts beside their words; what is empty is not known, and plays no part.

    Attributes
    ----------
    cells : sequence of tuple of str, length n or 0
        The cells of each text, one per column: they are compared column by column. Without them texts are compared whole.
    sources : sequence of frozenset of str, length n or 0
        Who lists each text. No source lists one thing twice, so two texts that share one differ.
    blocks : sequence of str, length n or 0
        Texts of different blocks never meet.

    Examples
    --------
    >>> records = Records(sources=[frozenset("a"), frozenset("ab"), frozenset()], blocks=["x", "x", "y"])
    >>> records.of_one_source(np.array([0, 0, 1]), np.array([1, 2, 2])).tolist(), [rows.tolist() for rows in records.blocks_of(3)]
    ([True, False, False], [[0, 1], [2]])
    """

    cells: Sequence[tuple[str, ...]] = field(default=(), repr=False)
    sources: Sequence[frozenset[str]] = field(default=(), repr=False)
    blocks: Sequence[str] = field(default=(), repr=False)

    def of_one_source(self, left: Ints, right: Ints) -> NDArray[np.bool_]:
        """Whether the two texts of each pair share a source, shape (m,)."""
        if not self.sources:
            return np.zeros(len(left), bool)
        return np.asarray(
            [not self.sources[a].isdisjoint(self.sources[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)], bool
        )

    def of(self, places: Sequence[int]) -> Records:
        """Those of some of the texts."""
        return Records(**{f.name: [value[i] for i in places] if (value := getattr(self, f.name)) else () for f in fields(self)})

    def framed(self, frame: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Records:
        """With cells of which something was taken off."""
        return replace(self, cells=[frame(cells) for cells in self.cells]) if self.cells else self

    def blocks_of(self, n: int) -> list[Ints]:
        """Places of the texts of each block, in the order of their first; all n in one where there are no blocks."""
        return list(_places(self.blocks).values()) if self.blocks else [np.arange(n)]

    def met_by(self, other: Records, sizes: tuple[int, int]) -> list[tuple[Ints, Ints]]:
        """For each block that both have, the places of its texts here and among the others; `sizes` says how many texts both have."""
        if not self.blocks:
            return [(np.arange(sizes[0]), np.arange(sizes[1]))]
        here, there = _places(self.blocks), _places(other.blocks)
        return [(rows, there[block]) for block, rows in here.items() if block in there]


NO_RECORDS = Records()


def _places(values: Sequence[str]) -> dict[str, Ints]:
    """Where each value stands."""
    numbers: dict[str, int] = {}
    code = np.asarray([numbers.setdefault(value, len(numbers)) for value in values], np.int64)
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=len(numbers)))
    return dict(zip(numbers, np.split(order, ends[:-1]), strict=True))
