"""Strict JSON: a written value is read back unchanged, and a value that would change is refused with a message of one line."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import InputError
from ..wording import one_line

MAX_DEPTH = 32
MAX_DIGITS = 4300  # the limit of Python for turning text into integers


def dump_json(value: Any, indent: int | None = None, sort: bool = False) -> bytes:
    """A JSON value as UTF-8 bytes, refusing (InputError) what `parse_json` would not give back unchanged."""
    try:
        _check_writable(value, 0)
        separators = None if indent else (",", ":")
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, sort_keys=sort, separators=separators).encode()
    except (TypeError, ValueError) as error:
        raise InputError(
            f"the value cannot be written as JSON: {one_line(error)}.", hint="use str, int, float, bool, None, list, dict."
        ) from error


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values as JSON returns them: numpy numbers as Python numbers, tuples as lists."""
    return {
        name: value.item() if isinstance(value, np.generic) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def parse_json(data: bytes | str, depth: int = MAX_DEPTH) -> Any:
    """Parse JSON strictly; any fault raises a ValueError of one line.

    The parser of Python accepts NaN, turns 1e999 into infinity, keeps the last of two equal keys and
    overflows the stack on deep nesting; none of these is valid data.
    """
    try:
        text = data if isinstance(data, str) else data.decode()
        value = decoder().decode(text)
        check_depth(value, depth)
    except json.JSONDecodeError as error:  # its own text counts lines, which is misleading for one line of a larger file
        raise ValueError(f"{error.msg.removesuffix(' starting at')} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError(f"nested deeper than {depth}") from None
    return value


def decoder() -> json.JSONDecoder:
    """A strict JSON decoder, for reading values one after another from a longer text."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"key {next(key for key in counts if counts[key] > 1)!r} stands twice")
    return mapping


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"number {text[:40]} is too large")
    return value


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"an integer has {len(text)} digits")
    return int(text)


def check_depth(value: Any, left: int = MAX_DEPTH) -> None:
    """ValueError when lists and mappings are nested deeper than `left`."""
    if isinstance(value, dict | list):
        if left <= 0:
            raise ValueError("nested too deep")
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                check_depth(inner, left - 1)


def _check_writable(value: Any, depth: int) -> None:
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) for key in value):
            raise TypeError("keys must be strings")
        for inner in value.values():
            _check_writable(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_writable(inner, depth + 1)
    elif isinstance(value, int) and abs(value) >= 10 ** (MAX_DIGITS - 1):
        raise ValueError(f"an integer has more than {MAX_DIGITS - 1} digits")
    if isinstance(value, Mapping | list | tuple) and depth >= MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
