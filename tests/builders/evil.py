"""Twenty texts of many characters that make careless patterns slow, and every compiled pattern of a package."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

SIZE = 100_000
_UNITS = {
    "letters": "a", "digits": "1", "spaces": " ", "newlines": "\n", "dots": ".", "a.": "a.", "1 ": "1 ", "1-": "1-", "a@": "a@", "hex:": "fe:",
    "eyJ-": "eyJ-", "https://": "https://", "open": "({[<", "ignore all ": "ignore all ", "text: ": "text: ", "label every ": "label every ",
    "quotes": '"}', "DE89 ": "DE89 ", "passport ": "passport ", "無視": "無視",
}  # fmt: skip
EVIL = {name: (unit * (SIZE // len(unit) + 1))[:SIZE] for name, unit in _UNITS.items()}


def patterns(package: ModuleType) -> dict[str, re.Pattern[str]]:
    """The compiled patterns of all modules of a package by where they stand, also those in tuples and mappings."""
    kept = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for at, pattern in enumerate(_inside(value)):
                kept[f"{info.name.removeprefix(package.__name__)}.{name}[{at}]"] = pattern
    return kept


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | tuple | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _inside(inner)
