"""An edit in numbers of groups and items."""

from __future__ import annotations

from dataclasses import dataclass

from ...wording import cut
from .edits import Edit

SHOWN = 60  # characters of a name in a message


@dataclass(frozen=True, kw_only=True)
class Step:
    """An edit in numbers.

    Attributes
    ----------
    edit : Edit
    what : tuple of int
        A group; for `move`, `same` and `different` the items of a text.
    to : int
        A group; for `split` a finer group, for `same` and `different` an item; -1 for `rename`.
    split_off : bool
        What is renamed is a finer group that the same table splits off.
    """

    edit: Edit
    what: tuple[int, ...]
    to: int = -1
    split_off: bool = False


def shown(name: str) -> str:
    """A name as a message quotes it."""
    return repr(cut(name.strip(), SHOWN))
