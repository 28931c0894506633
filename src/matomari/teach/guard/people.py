"""Names of people: what finds them, and the optional one that comes with the extra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ...errors import MachineError


class FindsPeople(Protocol):
    """Whatever says where names of people stand in a text."""

    def __call__(self, text: str) -> Sequence[tuple[int, int]]:
        """The start and end of each name."""
        ...


def people_finder() -> FindsPeople:
    """What finds names of people in English, German, French and Japanese texts, by lists of names and the words around them.

    It needs the extra `people`, which holds lists of names alone: there is no model, and nothing is fetched.

    Raises
    ------
    MachineError
        When the lists of names are not installed.

    Examples
    --------
    >>> find = people_finder()  # doctest: +SKIP
    >>> find("I spoke with Megan Hollis, 担当は田中様です")  # doctest: +SKIP
    [(13, 25), (30, 33)]
    """
    from .name_lists import name_lists
    from .names_japanese import JapaneseNames
    from .names_western import WesternNames

    try:
        lists = name_lists()
    except ImportError as error:
        raise MachineError(
            f"names of people cannot be masked: the package {error.name} is missing.", hint="pip install 'matomari[people]'"
        ) from error
    western, japanese = WesternNames(lists), JapaneseNames(lists)
    return lambda text: [*western(text), *japanese(text)]
