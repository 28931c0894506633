"""Reading rows: each format against a hand-written answer or another reader, and every nasty file against its promise."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nasty
from matomari.errors import InputError, MachineError, MatomariError
from matomari.rows.files import lines
from matomari.rows.files import spool as batches
from matomari.rows.read import Rows, read

READABLE = """
one row; one column; one column with commas below; a million blank rows below; mark; mark on jsonl; mark on json; UTF-16;
UTF-16 without mark; UTF-16 big end; UTF-16 cut; UTF-32; Shift_JIS; EUC-JP; latin-1; cp1252; mixed encodings; lone surrogates
as bytes; lone surrogates in JSON; CR; CRLF; mixed line ends; 10 M character cell; quotes inside; quoted newlines; delimiter
at the end; semicolons; tabs; bars; names twice; all the same; ids twice; ids missing; hostile ids; numbers as text; NaN,
None, null; mixed types; ten scripts; joiners and marks; control characters; HTML; base64; twenty digits; gzip in disguise;
parquet nested; unknown ending; no ending
"""
EITHER = {"no permission"}  # root may read it


def put(folder: Path, name: str, content: bytes | str) -> Path:
    return nasty.data(name, content)(folder)


def texts(rows: Rows) -> list[str]:
    return rows.texts.to_pylist()


def refused(source: Any, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(source, **options)
    assert caught.value.hint
    return caught.value


# Nasty files


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


# Delimited text


def test_csv_cells_stay_text(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", 'code,text,n\n007,"a, b",1e5\n8,"c\r\nd ""e""",\n'))
    assert rows.table.to_pydict() == {"code": ["007", "8"], "text": ["a, b", 'c\r\nd "e"'], "n": ["1e5", ""]}
    assert rows.table.schema.types == [pa.string()] * 3
    assert (texts(rows), rows.ids.to_pylist(), rows.text_columns) == (["a, b", 'c\r\nd "e"'], ["0", "1"], ["text"])


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"), ("#", "hash sign")])
def test_delimiters(delimiter: str, name: str, tmp_path: Path) -> None:
    lines = [["id", "text", "price"], ["1", "a, b; c | d", "1,5"], ["2", "plain", "2,5"], ["3", "x;y", "3"]]
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter).writerows(lines)
    for ending in ("csv", "tsv", "dat"):
        rows = read(put(tmp_path, f"a.{ending}", sink.getvalue()))
        assert [list(r.values()) for r in rows.table.to_pylist()] == lines[1:]
        assert f"3 columns, delimiter {name}" in rows.notes


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", nasty.JAPANESE),
        ("utf-8-sig", nasty.JAPANESE),
        ("utf-16", nasty.JAPANESE),
        ("utf-16-le", nasty.JAPANESE),
        ("utf-16-be", nasty.FRENCH),
        ("utf-32", nasty.FRENCH),
        ("cp932", nasty.JAPANESE),
        ("euc_jp", nasty.JAPANESE),
        ("cp1252", nasty.FRENCH),
        ("latin-1", nasty.FRENCH),
        ("cp1251", "id,text\n" + "1,Каждый охотник желает знать\n2,где сидит фазан и зачем\n" * 4),
        ("gb18030", "id,text\n" + "1,这是一个用来测试编码的句子\n2,我们需要更多的文字才能判断\n" * 4),
    ],
)
def test_encodings(encoding: str, text: str, tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", text.encode(encoding)))
    assert texts(rows) == [line[1] for line in csv.reader(io.StringIO(text))][1:]
    assert rows.notes[0].startswith("encoding ")


def test_a_few_broken_bytes_are_replaced_and_noted(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", nasty.JAPANESE.encode() + b"9,caf\xe9\n"))
    assert texts(rows)[-1] == "caf\N{REPLACEMENT CHARACTER}"
    assert [note for note in rows.notes if note.startswith("line 6: bytes that do not fit")]


def test_a_character_across_the_sampled_bytes_is_whole(tmp_path: Path) -> None:
    content = "text\n" + "x" * (lines.HEAD - 6) + "é\nü\n"
    rows = read(put(tmp_path, "a.csv", content))
    assert texts(rows) == content.split("\n")[1:3]


def test_names_are_made_unique(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.csv", "x,x,,x (2)\nshort,b,c,longer\n"))
    assert rows.table.column_names == ["x", "x (2)", "column 3", "x (2) (2)"]
    assert len([note for note in rows.notes if "is called" in note]) == 3


def test_gzip_and_txt(tmp_path: Path) -> None:
    rows = read(put(tmp_path, "a.txt.gz", gzip.compress(b"one, two\r\n\r\n  three\r\n")))
    assert texts(rows) == ["one, two", "  three"]
    assert rows.table.column_names == ["text"]
    assert "1 blank line left out" in rows.notes


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_csv_round_trip(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever the csv module writes comes back; the header is plain, for a delimiter can only be found in a plain one."""
    width = data.draw(st.integers(2, 4))
    cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
    table = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))
    table[0][0] += "x"
    path = tmp_path_factory.getbasetemp() / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        end, quoting = data.draw(st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]))  # "\n" alone leaves "\r" unquoted
        csv.writer(file, lineterminator=end, quoting=quoting).writerows([[f"c{n}" for n in range(width)], *table])
    rows = read(path, text="c0")
    assert [list(row.values()) for row in rows.table.to_pylist()] == table
    assert texts(rows) == [row[0] for row in table]


# JSON, Parquet, xlsx


def test_json_types(tmp_path: Path) -> None:
    values = [
        {"text": "a", "n": 1, "x": 1, "flag": True, "tags": ["é", {"k": None}], "big": 2**60},
        {"n": None, "text": None, "x": 2.5, "flag": False, "late": 10**20},
    ]
    expected = {
        "text": ["a", None],
        "n": [1, None],
        "x": [1.0, 2.5],
        "flag": [True, False],
        "tags": ['["é", {"k": null}]', None],
        "big": [2**60, None],
        "late": [None, str(10**20)],
    }
    for name, content in (("a.jsonl", nasty.rows(*values)), ("a.json", json.dumps(values, indent=2)), ("b.json", nasty.rows(*values))):
        assert read(put(tmp_path, name, content)).table.to_pydict() == expected


def test_json_array_across_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [{"text": "x" * n, "n": n, "in": [[n]]} for n in range(40)]
    path = put(tmp_path, "a.json", json.dumps(values, indent=1))
    for size in (1, 7, 64):
        monkeypatch.setattr("matomari.rows.files.jsonl._CHUNK", size)
        assert read(path).table["n"].to_pylist() == list(range(40))


@pytest.mark.parametrize("content", ["[", "[1", "[{}", "[{},", "[{},]", "[{} {}]", "[,{}]", "[{}]]", "[{}],", "{", "", "[{]}"])
def test_broken_arrays(content: str, tmp_path: Path) -> None:
    refused(put(tmp_path, "a.json", content))


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_pandas_reads_the_same(ending: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "text": ["bolt, M8", 'say "é"\nagain', "猫"], "more": ["x", "y", "z"]})
    path = tmp_path / f"t.{ending}"
    write = {"csv": frame.to_csv, "xlsx": frame.to_excel, "parquet": frame.to_parquet}
    if ending == "jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    else:
        write[ending](path, index=False)
    again = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet, "jsonl": lambda p: pd.read_json(p, lines=True)}[ending](
        path
    )
    rows = read(path, id="id")
    assert rows.table.to_pydict() == again.to_dict("list") == frame.to_dict("list")
    assert rows.ids.to_pylist() == ["a", "b", "c"]


def test_parquet_types_stay(tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int32()),
            "when": pa.array([datetime.date(2024, 1, 2), None]),
            "kind": pa.array(["a", "b"]).dictionary_encode(),
            "tags": [["x"], None],
            "name": pa.array(["one", None], pa.large_string()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    rows = read(tmp_path / "t.parquet")
    assert rows.table.to_pydict() == table.to_pydict()
    assert rows.table.schema.types == table.schema.types
    assert (rows.text_columns, texts(rows)) == (["name"], ["one", ""])
    assert texts(read(tmp_path / "t.parquet", text=["when", "n", "kind"])) == ["2024-01-02 | 1 | a", "b"]
    assert "holds list" in refused(tmp_path / "t.parquet", text="tags").message


def test_xlsx_shows_what_a_person_sees(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "parts"
    book.create_sheet("other").append(["never"])
    day = datetime.datetime(2024, 1, 31)
    for line in (
        ["id", "text", "v", "", None],
        [1, "a", 3.0, "under no name"],
        [2, "b", 0.1 + 0.2],
        [],
        [3, "c", day],
        [4, "d", day.replace(hour=13)],
        [5, "e", True],
    ):
        book.active.append(line)
    book.active.append([6, "f", 0.25])
    book.active.cell(8, 3).number_format = "0%"
    book.save(tmp_path / "t.xlsx")
    assert "row 2 has more cells" in refused(tmp_path / "t.xlsx").message
    book.active.cell(2, 4).value = None
    book.save(tmp_path / "t.xlsx")
    rows = read(tmp_path / "t.xlsx", id="id")
    assert rows.table["v"].to_pylist() == ["3", "0.3", "2024-01-31", "2024-01-31 13:00:00", "TRUE", "25%"]
    assert rows.ids.to_pylist() == ["1", "2", "3", "4", "5", "6"]
    assert "the first of 2 sheets, 'parts', is read" in rows.notes
    assert "1 blank row left out" in rows.notes


# Things in memory


def sources() -> dict[str, Callable[[], Any]]:
    import datasets

    words = ["bolt", "nut", None]
    return {
        "list": lambda: list(words),
        "tuple": lambda: tuple(words),
        "array": lambda: np.array(words, dtype=object),
        "arrow array": lambda: pa.array(words),
        "arrow chunks": lambda: pa.chunked_array([words[:1], words[1:]]),
        "arrow table": lambda: pa.table({"text": words, "n": [1, 2, 3]}),
        "arrow batch": lambda: pa.record_batch({"text": words}),
        "pandas series": lambda: pd.Series(words, index=[5, 6, 7]),
        "pandas frame": lambda: pd.DataFrame({"text": words, "n": [1, 2, 3]}, index=["x", "y", "z"]),
        "polars series": lambda: pl.Series("text", words),
        "polars frame": lambda: pl.DataFrame({"text": words, "n": [1, 2, 3]}),
        "dataset": lambda: datasets.Dataset.from_dict({"text": [*words, "more"], "n": [1, 2, 3, 4]}).select([0, 1, 2]),
        "dataset column": lambda: datasets.Dataset.from_dict({"text": words})["text"],
    }


@pytest.mark.parametrize("name", list(sources()))
def test_sources_in_memory(name: str) -> None:
    rows = read(sources()[name]())
    assert texts(rows) == ["bolt", "nut", ""]
    assert rows.text_columns == ["text"]
    assert not [c for c in rows.table.column_names if "index" in c]
    assert rows.fingerprint == read(["bolt", "nut", ""]).fingerprint
    assert "1 row has no text" in rows.notes


def test_numpy_text_and_nan() -> None:
    assert texts(read(np.array(["a", "b"]))) == ["a", "b"]
    assert texts(read(["a", float("nan"), "\ud800"])) == ["a", "", "\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize(
    "source",
    [
        [],
        [1],
        ["a", b"b"],
        [None, ""],
        7,
        None,
        {"text": ["a"]},
        b"abc",
        np.eye(2),
        np.arange(3),
        iter("ab"),
        pd.DataFrame({"x": ["a", 1]}),
        pa.table({}),
    ],
)
def test_sources_that_are_refused(source: Any) -> None:
    refused(source)


def test_the_place_of_a_wrong_item_is_named() -> None:
    assert refused(["a", "b", 3]).message == "item 2 of the list is of type int, not text."


def test_several_datasets_are_refused() -> None:
    import datasets

    many = datasets.DatasetDict({"train": datasets.Dataset.from_dict({"text": ["a"]})})
    assert "take one of them: train" in refused(many).hint


# Columns and ids


@pytest.mark.parametrize(
    ("header", "chosen", "why"),
    [
        (["body", "title"], "body", "by its name"),
        (["Title", "comment"], "Title", "by its name"),
        (["件名", "本文"], "本文", "by its name"),
        (["x", "y"], "y", "its texts are the longest"),
        (["x"], "x", "the only one"),
    ],
)
def test_choice_of_the_text(header: list[str], chosen: str, why: str) -> None:
    rows = read(pa.table({name: ["s", "longer" * n] for n, name in enumerate(header, 1)}))
    assert rows.text_columns == [chosen]
    assert f"column {chosen!r} is read as the text ({why})" in rows.notes


def test_wrong_column(tmp_path: Path) -> None:
    path = put(tmp_path, "parts.csv", "id,name\n1,a\n")
    for options in ({"text": "nmae"}, {"id": "nmae"}, {"text": ["id", "nmae"]}):
        error = refused(path, **options)
        assert error.message == f"{path} has no column 'nmae'."
        assert error.hint == "did you mean 'name'? It has: 'id', 'name'."


def test_joined_texts_skip_what_is_blank() -> None:
    rows = read(pa.table({"a": ["x", "", None, " "], "b": ["y", "z", None, "w"]}), text=["a", "b"])
    assert texts(rows) == ["x | y", "z", "", "w"]
    assert rows.text_columns == ["a", "b"]


def test_ids_are_checked(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,text\n1,a\n2,b\n1,c\n")
    assert refused(path, id="id").message == f"id '1' stands more than once in column 'id' of {path}: in rows 1, 3."
    path = put(tmp_path, "b.csv", "id,text\n1,a\n,b\n3,c\n,d\n")
    assert refused(path, id="id").message == f"{path} has no id in column 'id' in row 2, 4."
    for strange in ("x" * 2000, "a\0"):
        assert "the id in row 2 of" in refused(pa.table({"id": ["ok", strange], "text": ["a", "b"]}), id="id").message
    assert read(pa.table({"id": [7, 8], "text": ["a", "b"]}), id="id").ids.to_pylist() == ["7", "8"]


def test_fingerprint_tells_contents_apart_and_not_their_batches() -> None:
    assert read(["ab", "c"]).fingerprint != read(["a", "bc"]).fingerprint
    assert read(["ab", "c"]).fingerprint != read(["c", "ab"]).fingerprint
    tables = [pa.table({"id": ["x", "y", "z"], "text": ["a", "ü", ""]})]
    tables.append(pa.concat_tables([tables[0].slice(0, 1), tables[0].slice(1)]))
    assert len({read(t, id="id").fingerprint for t in tables}) == 1
    assert read(tables[0], id="id").fingerprint != read(tables[0]).fingerprint


# Bounds


def test_large_rows_are_spooled_and_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "id,text\n" + "".join(f"{n},text number {n}\n" for n in range(3000))
    path = put(tmp_path, "a.csv", content)
    small = read(path)
    monkeypatch.setattr(batches, "IN_MEMORY", 1000)
    monkeypatch.setattr(batches, "BATCH_ROWS", 100)
    before = pa.total_allocated_bytes()
    large = read(path, spool=tmp_path / "spool")
    assert pa.total_allocated_bytes() - before < 20_000
    assert list((tmp_path / "spool").iterdir()) == []
    assert large.table.equals(small.table)
    assert large.texts.equals(small.texts)
    assert large.fingerprint == small.fingerprint
    put(tmp_path, "file", "x")
    with pytest.raises(MachineError, match="rows cannot be spooled"):
        read(path, spool=tmp_path / "file")


def test_the_limit_of_the_csv_module_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    assert len(texts(read(put(tmp_path, "a.csv", "id,text\n1," + "x" * 500_000 + "\n")))[0]) == 500_000
    refused(nasty.CASES["ragged, more"](tmp_path))
    assert csv.field_size_limit() == before


CHILD = """
import resource, sys
from matomari.rows.read import read
rows = read(sys.argv[1], spool=sys.argv[2], id="id")
# not getrusage: its peak begins with that of the process that started this one
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(rows), rows.texts[-1], int(peak.split()[1]) // 1024)
"""


def run(code: str, *arguments: str, given: bytes = b"") -> str:
    path = os.pathsep.join([str(Path(__file__).parent.parent / "src"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, env={**os.environ, "PYTHONPATH": path}, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.long
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Mapped pages count as resident while they are touched, so what is allowed is far less than loading and not nothing."""
    peaks = []
    for count in (250_000, 500_000):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w") as file:
            for n in range(count):
                file.write(json.dumps({"id": n, "text": f"row {n} " + "word " * 38}) + "\n")
        found, rest = run(CHILD, str(path), str(tmp_path)).strip().split(" ", 1)
        last, peak = rest.rsplit(" ", 1)
        assert int(found) == count
        assert last.startswith(f"row {count - 1} ")
        peaks.append(int(peak))
    assert (tmp_path / "500000.jsonl").stat().st_size > 100 << 20
    print("peaks in MB", peaks)
    assert peaks[1] < 600


STDIN = "from matomari.rows.read import read; r = read('-'); print([r.texts.to_pylist(), r.source, r.notes])"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        (b'[{"text": "a"},\n {"text": "b"}]', ["a", "b"]),
        (b"id;text\n1;a\n2;b\n", ["a", "b"]),
        (b"Well, yes.\nNo, not so, never.\n", ["Well, yes.", "No, not so, never."]),
        (b"Well, yes\nNo, never\nHm, so\n", ["Well, yes", "No, never", "Hm, so"]),
        ("りんご\nみかん\n".encode("cp932"), ["りんご", "みかん"]),
        (gzip.compress(b"one\ntwo\n"), ["one", "two"]),
    ],
)
def test_stdin(given: bytes, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    rows = read("-")
    assert texts(rows) == expected
    assert rows.source == "standard input"


def test_stdin_through_a_pipe() -> None:
    assert run(STDIN, given=b"id,text\n1,a\n2,b\n").startswith("[['a', 'b'], 'standard input'")


def test_empty_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused("-").message == "standard input is empty and holds no rows."


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "json", "txt", "parquet", "xlsx", "gz", "dat"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{ending}"
    path.write_bytes(content)
    try:
        rows = read(path)
    except InputError as error:
        assert error.hint
    else:
        assert len(rows) == len(rows.texts) > 0
