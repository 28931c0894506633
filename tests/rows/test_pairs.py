"""Reading pairs: each format against a hand-written answer, bad rows by their numbers, and a plain loop."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.pairs import ROWS, flat, refused, table
from matomari.errors import InputError
from matomari.rows import pairs
from matomari.rows.files import spool as batches
from matomari.rows.pairs import read_pairs

# Formats


def as_csv(path: Path, mark: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark).writerows([("question", "answer"), *ROWS])
    return path


def as_jsonl(path: Path) -> Path:
    path.write_text("".join(json.dumps({"question": a, "answer": b}) + "\n" for a, b in ROWS), encoding="utf-8")
    return path


def as_json(path: Path) -> Path:
    path.write_text(json.dumps([{"question": a, "answer": b} for a, b in ROWS]), encoding="utf-8")
    return path


def as_parquet(path: Path) -> Path:
    pq.write_table(table("question", "answer", rows=ROWS), path)
    return path


def as_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [("question", "answer"), *ROWS]:
        book.active.append(row)
    book.save(path)
    return path


def as_gzip(path: Path) -> Path:
    path.write_bytes(gzip.compress(as_csv(path).read_bytes()))
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    "t.csv": as_csv,
    "t.tsv": lambda path: as_csv(path, "\t"),
    "t.jsonl": as_jsonl,
    "t.json": as_json,
    "t.parquet": as_parquet,
    "t.xlsx": as_xlsx,
    "t.csv.gz": as_gzip,
}


@pytest.mark.parametrize("name", WRITERS)
def test_each_format_gives_the_same_pairs(name: str, tmp_path: Path) -> None:
    found = read_pairs(WRITERS[name](tmp_path / name))
    assert flat(found) == ROWS
    assert found.negatives is None
    assert found.source is None
    assert len(found) == 3
    assert "columns 'question' and 'answer' are read as anchors and positives (by their names)" in found.notes


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with io.TextIOWrapper(io.BytesIO(b'{"query": "a", "pos": ["b", "c"]}\n'), "utf-8") as given:
        monkeypatch.setattr("sys.stdin", given)
        assert flat(read_pairs("-")) == [("a", "b"), ("a", "c")]


def test_tables_in_memory() -> None:
    import datasets

    columns = {"question": [a for a, _ in ROWS], "answer": [b for _, b in ROWS]}
    for source in (
        pa.table(columns),
        pd.DataFrame(columns, index=[9, 9, 4]),
        pl.DataFrame(columns),
        datasets.Dataset.from_dict(columns),
        pa.table(columns).to_batches()[0],
        pd.DataFrame(columns).astype("category"),
    ):
        assert flat(read_pairs(source)) == ROWS, type(source)


def test_what_is_large_is_mapped_and_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"anchor {i}", f"positive {i % 9000}", f"n {i % 3}") for i in range(9001)]
    rows += rows[:1200]
    source = table("anchor", "positive", "negative", rows=rows)
    small = read_pairs(source)
    monkeypatch.setattr(batches, "IN_MEMORY", 1000)
    large = read_pairs(source)
    assert flat(large) == flat(small) == [row[:2] for row in rows[:9001]]
    assert large.negatives.to_pylist() == [[row[2]] for row in rows[:9001]]


# Scores


@pytest.mark.parametrize("name", ["label", "score"])
@pytest.mark.parametrize(
    "cells",
    [[1, 0, None, 1], [1.0, 0.0, float("nan"), 1.0], ["1", "0", "", "1.0"], [True, False, None, True], ["TRUE", "false", "nan", " 1 "]],
)
def test_binary_scores(name: str, cells: list[Any]) -> None:
    found = read_pairs(pa.table({"sentence1": ["a", "b", "c", "d"], "sentence2": ["e", "f", "g", "h"], name: cells}))
    assert flat(found) == [("a", "e"), ("d", "h")]
    assert found.notes[-2:] == [
        f"1 bad pair left out: row 3 (column '{name}' holds no number)",
        f"1 row left out, where column '{name}' holds 0",
    ]


@pytest.mark.parametrize(
    "cells", [[1.0, 0.0, 3.8], ["1", "0", "3.8"], ["1", "0", "entailment"], [0, 1, -1], [0, 1, 0.5], ["0", "1", "inf"]]
)
def test_graded_scores_are_refused_unless_columns_are_named(cells: list[Any]) -> None:
    source = pa.table({"sentence1": ["a", "b", "c"], "sentence2": ["d", "e", "f"], "score": cells})
    error = refused(source)
    assert error.message == f"column 'score' of the Table holds {cells[2]!r} in row 3, which is neither 1 (a pair) nor 0 (not one)."
    assert "keep the rows whose score is high" in error.hint
    assert refused(pa.concat_tables([source[:2], source[2:]])).message == error.message
    found = read_pairs(source, columns=("sentence1", "sentence2"))
    assert len(found) == 3
    assert found.notes == ["column 'score' is not looked at, for it holds more than 0 and 1"]


def test_rows_with_zero_count_neither_as_good_nor_as_bad() -> None:
    rows = [("a", "", 0)] * 5 + [("b", "c", 1), ("d", "", 1)]
    assert flat(read_pairs(table("sentence1", "sentence2", "label", rows=rows))) == [("b", "c")]
    error = refused(table("sentence1", "sentence2", "label", rows=rows[:5]))
    assert error.message == "the Table has no pairs: column 'label' holds 0 in every row."


# Bad rows


def test_rows_are_counted_as_read_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,anchor,positive\n1,a,"two\nlines"\n\n2,a,"two\nlines"\n3,b,\n4,c,d\n\n5, ,e\n6,f,f \n7,g,h\n8,i,j\n')
    found = read_pairs(path)
    assert flat(found) == [("a", "two\nlines"), ("c", "d"), ("g", "h"), ("i", "j")]
    assert found.notes[-2:] == [
        "3 bad pairs left out: row 3 (column 'positive' is empty), row 5 (column 'anchor' is empty), "
        "row 6 (columns 'anchor' and 'positive' hold the same)",
        "1 exact duplicate pair left out",
    ]
    # the oracle: an id column with a gap in the same rows is refused by `read` with the same numbers
    from matomari.rows.read import read

    path.write_text(path.read_text().replace("3,b,", ",b,").replace("5, ,e", ",x,e"))
    with pytest.raises(InputError, match=r"no id in column 'id' in row 3, 5\."):
        read(path, text="anchor", id="id")


def test_row_numbers_go_on_over_batches() -> None:
    n = 2 * pairs._BATCH + 7
    rows: list[tuple[Any, Any]] = [(f"a{i}", f"p{i}") for i in range(n)]
    rows[pairs._BATCH] = ("x", None)
    rows[n - 1] = (None, "y")
    source = pa.concat_tables([table("anchor", "positive", rows=rows[:300]), table("anchor", "positive", rows=rows[300:])])
    found = read_pairs(source)
    assert len(found) == n - 2
    said = f"row {pairs._BATCH + 1} (column 'positive' is empty), row {n} (column 'anchor' is empty)"
    assert found.notes[-1] == f"2 bad pairs left out: {said}"


def test_only_the_first_bad_rows_are_named() -> None:
    found = read_pairs(table("anchor", "positive", rows=[("a", "")] * 7 + [("b", str(i)) for i in range(7)]))
    named = ", ".join(f"row {i} (column 'positive' is empty)" for i in range(1, 6))
    assert found.notes[-1] == f"7 bad pairs left out: {named} and 2 more"


def test_half_may_be_bad_and_no_more() -> None:
    good, bad = [("a", "b"), ("c", "d")], [("e", ""), ("f", None)]
    assert len(read_pairs(table("anchor", "positive", rows=good + bad))) == 2
    error = refused(table("anchor", "positive", rows=[*good, *bad, ("", "g")]))
    assert error.message == "3 of 5 rows of the Table are no pairs, first row 3 (column 'positive' is empty)."
    assert "2 of 2 rows" in refused(table("anchor", "positive", rows=bad)).message
    source = pa.table({"query": ["q", "r"], "pos": [["", "", "", "a"], ["", "b"]]})
    assert flat(read_pairs(source)) == [("q", "a"), ("r", "b")]


def test_negatives_of_duplicates_are_kept_with_the_first() -> None:
    rows = [("a", "b", "x"), ("c", "d", "y"), ("a", "b", "z"), ("a", "b", "x"), ("ab", "", "z"), ("c", "d", None), ("a", "bc", "b")]
    found = read_pairs(table("anchor", "positive", "negative", rows=rows))
    assert flat(found) == [("a", "b"), ("c", "d"), ("a", "bc")]
    assert found.negatives.to_pylist() == [["x", "z"], ["y"], ["b"]]
    assert found.notes[-1] == "3 exact duplicate pairs left out, their negatives kept with the first"


def test_only_exact_duplicates_are_duplicates() -> None:
    rows = [("ab", "c"), ("a", "bc"), ("1 a", "b"), ("1", " ab"), ("ab", "C"), ("ab ", "c"), ("c", "ab")]
    assert flat(read_pairs(table("u", "v", rows=rows))) == rows


CELL = st.one_of(st.none(), st.sampled_from(["", " ", "a", "a ", "b", "ab", "[]", "a\0", "\u3000"]), st.text(max_size=3))


@given(st.lists(st.tuples(CELL, CELL, st.sampled_from([None, 0, 1])), min_size=1, max_size=12))
def test_against_a_plain_loop(rows: list[tuple[str | None, str | None, int | None]]) -> None:
    rows = [tuple(c.encode("utf-8", "replace").decode() if isinstance(c, str) else c for c in row) for row in rows]  # type: ignore[misc]
    kinds = (pa.string(), pa.string(), pa.int64())
    source = pa.table([pa.array(c, k) for c, k in zip(zip(*rows, strict=True), kinds, strict=True)], names=["anchor", "positive", "label"])
    wanted: list[tuple[str, str]] = []
    counted = bad = 0
    for anchor, positive, label in rows:
        if label == 0:
            continue
        counted += 1
        if label is None or not (anchor or "").strip() or not (positive or "").strip() or anchor.strip() == positive.strip():
            bad += 1
        elif (anchor, positive) not in wanted:
            wanted.append((anchor, positive))
    if not counted or bad > counted / 2:
        refused(source)
    else:
        assert flat(read_pairs(source)) == wanted
