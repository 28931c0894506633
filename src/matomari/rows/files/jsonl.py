"""JSON lines and JSON arrays as rows. Nested values stay JSON text; missing values are null."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from ...errors import InputError
from ...store.strictjson import check_depth, decoder, parse_json
from ...wording import one_line
from .delimited import Start
from .lines import HEAD, MAX_LINE, Lines, mend
from .spool import MAX_COLUMNS, Reading, batches, note_blank

_CHUNK = 1 << 20
_SPACE = " \t\r\n"


def json_lines(start: Start, name: str, notes: list[str]) -> Reading:
    """Read one JSON object per line.

    Raises
    ------
    InputError
        A line is not one whole, strict JSON object; the line is named.
    """

    def objects(notes: list[str]) -> Iterator[dict[str, Any]]:
        with start(notes) as lines:
            for line in lines:
                lines.begin()
                if line.strip():
                    yield _line(lines, line)
                else:
                    lines.count_blank()
            note_blank(notes, lines.blank)

    return _reading(name, objects, notes)


def json_array(start: Start, name: str, notes: list[str]) -> Reading:
    """Read one array of JSON objects; they are taken out one by one, so that the file is never in memory as a whole."""

    def objects(notes: list[str]) -> Iterator[dict[str, Any]]:
        with start(notes) as lines:
            elements = _Elements(lines)
            for number, value in enumerate(elements, 1):
                try:
                    check_depth(value)
                    yield _object(value)
                except ValueError as error:
                    raise _bad_element(lines.name, number, error) from error

    return _reading(name, objects, notes)


class _Elements:
    """The values of one JSON array, found in a window over the text that grows only while a value does not fit it."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._find, self._count = lines, decoder(), 0
        self._text = lines.text(_CHUNK).lstrip("\ufeff" + _SPACE)[1:]  # without the bracket
        self._at = 0

    def __iter__(self) -> Iterator[Any]:
        if self._next_sign() == "]":
            return self._finish()
        while True:
            self._next_sign()
            yield self._value()
            self._count += 1
            sign = self._next_sign()
            self._at += 1
            if sign == "]":
                return self._finish(read=True)
            if sign != ",":
                raise _bad_element(self._lines.name, self._count + 1, ValueError("a comma is missing before it"))

    def _next_sign(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(_CHUNK):
                raise _bad_element(self._lines.name, self._count + 1, ValueError("the file ends before its array does"))

    def _value(self) -> Any:
        size = _CHUNK
        while True:
            try:
                value, self._at = self._find.raw_decode(self._text, self._at)
                return value
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > MAX_LINE or not self._more(size):
                    raise _bad_element(self._lines.name, self._count + 1, error) from error
            except (ValueError, RecursionError) as error:
                raise _bad_element(self._lines.name, self._count + 1, error) from error
            size *= 2

    def _more(self, size: int) -> bool:
        more = self._lines.text(size)
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)

    def _finish(self, read: bool = False) -> None:
        rest = self._text[self._at + (not read) :]
        while rest and not rest.strip(_SPACE):
            rest = self._lines.text(HEAD)
        if rest:
            raise InputError(f"{self._lines.name} goes on after the end of its array.", hint="the file must be one array of objects.")


def _line(lines: Lines, line: str) -> dict[str, Any]:
    try:
        return _object(parse_json(line))
    except ValueError as error:
        hint = "every line must be one whole JSON object, without NaN and without a key twice."
        raise InputError(f"{lines.name} line {lines.number} is not a JSON object: {one_line(error)}.", hint=hint) from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        kind = {list: "a list", str: "a string", bool: "a truth value", type(None): "null"}.get(type(value), "a number")
        raise ValueError(f"it holds {kind}")
    return value


def _bad_element(name: str, number: int, error: Exception) -> InputError:
    reason = "nested too deep" if isinstance(error, RecursionError) else getattr(error, "msg", "") or one_line(error)
    return InputError(f"{name} element {number} is not a JSON object: {reason}.", hint="the file must be one array of objects.")


def _reading(name: str, objects: Callable[[list[str]], Iterator[dict[str, Any]]], notes: list[str]) -> Reading:
    """Two passes: the first finds the keys and what they hold, the second reads."""
    kinds: dict[str, set[str]] = {}
    for value in objects([]):
        for key, cell in value.items():
            kinds.setdefault(key, set()).add(_kind(cell))
        if len(kinds) > MAX_COLUMNS:
            raise InputError(f"the objects of {name} have more than {MAX_COLUMNS} different keys.", hint="keep the keys that matter.")
    schema = pa.schema([(mend(key), _type(cell_kinds - {"null"})) for key, cell_kinds in kinds.items()])
    texts = [pa.types.is_string(column.type) for column in schema]

    def rows() -> Iterator[list[Any]]:
        for value in objects(notes):
            cells = [value.get(key) for key in kinds]
            yield [_text(cell) if text else cell for cell, text in zip(cells, texts, strict=True)]

    return Reading(schema, batches(rows(), schema), notes)


def _kind(cell: Any) -> str:
    if type(cell) is int and abs(cell) > 2**53:  # a float cannot hold it
        return "long" if abs(cell) < 2**63 else "text"
    return {int: "int", float: "float", bool: "bool", type(None): "null"}.get(type(cell), "text")


def _type(found: set[str]) -> pa.DataType:
    if found == {"bool"}:
        return pa.bool_()
    if found and found <= {"int", "long"}:
        return pa.int64()
    return pa.float64() if found and found <= {"int", "float"} else pa.string()


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    return mend(cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False))
