"""Every nasty file becomes rows or one sentence with a hint (D1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import nasty
from builders.reading import refused
from matomari.errors import InputError, MatomariError
from matomari.rows.read import read

READABLE = """
one row; one column; one column with commas below; a million blank rows below; mark; mark on jsonl; mark on json; UTF-16;
UTF-16 without mark; UTF-16 big end; UTF-16 cut; UTF-32; Shift_JIS; EUC-JP; latin-1; cp1252; mixed encodings; lone surrogates
as bytes; lone surrogates in JSON; CR; CRLF; mixed line ends; 1 M character cell; 10 M character cell; quotes inside; quoted newlines;
delimiter at the end; semicolons; tabs; bars; names twice; all the same; ids twice; ids missing; hostile ids; numbers as text; NaN,
None, null; mixed types; ten scripts; joiners and marks; control characters; HTML; base64; twenty digits; gzip in disguise;
parquet nested; unknown ending; no ending
"""


EITHER = {"no permission"}  # root may read it


@pytest.mark.parametrize("name", nasty.CASES)
def test_nasty_files(name: str, tmp_path: Path) -> None:
    path = nasty.CASES[name](tmp_path)
    readable = name in [word.strip() for word in READABLE.replace("\n", " ").split(";")]
    try:
        rows = read(path, spool=tmp_path)
    except MatomariError as error:
        assert isinstance(error, InputError)
        assert not readable, error
        assert error.hint
        assert len(error.message) < 6000
        assert len(error.message.splitlines()) == 1
        assert path.name[:50] in error.message
    else:
        assert readable or name in EITHER
        assert len(rows) == len(rows.texts) == len(rows.ids) > 0
        assert rows.texts.null_count == rows.ids.null_count == 0
        assert len(set(rows.ids.to_pylist())) == len(rows)


def test_there_are_enough_nasty_files() -> None:
    assert len(nasty.CASES) >= 60
    assert {word.strip() for word in READABLE.replace("\n", " ").split(";")} <= set(nasty.CASES)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("unclosed quote", "line 2 opens a quote that is not closed"),
        ("unclosed quote, long", "line 3 opens a quote that is not closed"),
        ("ragged, more", "line 3 has 3 fields, the header has 2"),
        ("ragged, fewer", "line 3 has 1 field, the header has 2"),
        ("NUL", "line 2 holds a NUL byte at character 4"),
        ("keys twice", "line 1 is not a JSON object: key 'text' stands twice"),
        ("NaN literal", "line 1 is not a JSON object: NaN is not JSON"),
        ("JSON cut", "line 2 is not a JSON object: Unterminated string at character 10"),
        ("array cut", "element 2 is not a JSON object"),
        ("deep JSON", "nested deeper than 32"),
        ("4,301 digits", "an integer has 4301 digits"),
        ("gzip cut", "is a damaged or cut gzip file"),
        ("gzip bomb", "unpacks to more than 200 times its size"),
        ("a million columns", "has 1000000 columns"),
        ("FIFO", "is a pipe or a device"),
        ("folder", "is a folder"),
        ("symlink loop", "is a loop of links"),
        ("dangling symlink", "is a link to a file that is not there"),
        ("missing", "there is no file"),
        ("parquet as csv", "is a Parquet file, not text"),
        ("xlsx wider below", "row 2 has more cells than the header, which has 2"),
        ("100 MB line", "line 1 is longer than"),
        ("header only", "holds no rows"),
    ],
)
def test_what_errors_say(name: str, says: str, tmp_path: Path) -> None:
    assert says in refused(nasty.CASES[name](tmp_path)).message
