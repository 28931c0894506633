"""Reading pairs: each format and each pair of names against a hand-written answer, bad rows by their numbers, and a plain loop."""

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

from matomari.errors import InputError
from matomari.rows import pairs
from matomari.rows.files import spool as batches
from matomari.rows.pair_columns import NAMES
from matomari.rows.pairs import Pairs, read_pairs

ROWS = [("why, then?", "日本語\nbelow"), ('say "so"', "007"), ("c", "[1]")]


def flat(found: Pairs) -> list[tuple[str, str]]:
    return list(zip(found.anchors.to_pylist(), found.positives.to_pylist(), strict=True))


def refused(source: Any, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pairs(source, **options)
    assert caught.value.hint
    assert caught.value.exit_code == 2
    assert len(caught.value.message.splitlines()) == 1
    return caught.value


def table(*names: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})


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


# Names of columns


@pytest.mark.parametrize("names", NAMES)
def test_each_pair_of_names_wherever_the_columns_stand(names: tuple[str, str]) -> None:
    cell = ["right"] if names[1] == "pos" else "right"
    for case in (str, str.upper, lambda name: f" {name.title()} "):
        source = pa.table({"id": ["1"], case(names[1]): [cell], "text": ["wrong"], case(names[0]): ["left"]})
        assert flat(read_pairs(source)) == [("left", "right")]


def test_names_are_known_in_any_case_and_the_first_of_equals_counts(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{" Anchor ": "a", "POSITIVE": "b", "positive": "c", "anchor": "d"}]')
    found = read_pairs(tmp_path / "t.json")
    assert flat(found) == [("a", "b")]
    assert found.notes[-1] == "columns ' Anchor ' and 'POSITIVE' are read as anchors and positives (by their names)"


def test_better_known_names_come_first() -> None:
    source = pa.table({"title": ["t"], "body": ["b"], "positive": ["p"], "anchor": ["a"], "query": ["q"]})
    assert flat(read_pairs(source)) == [("a", "p")]
    assert flat(read_pairs(source, columns=("body", "title"))) == [("b", "t")]


def test_two_columns_of_other_names_are_taken_with_a_note() -> None:
    for names in (("left", "right"), ("source", "target"), ("anchor", "score")):
        found = read_pairs(table(*names, rows=[("a", "1"), ("b", "0")]))
        assert flat(found) == [("a", "1"), ("b", "0")]
        assert found.source is None
        assert found.notes == [f"columns {names[0]!r} and {names[1]!r} are read as anchors and positives (the only two, in their order)"]
    found = read_pairs(pa.table({"q1": ["a", "b"], "label": [1, 0], "q2": ["c", "d"]}))
    assert flat(found) == [("a", "c")]


def test_columns_that_are_not_there() -> None:
    source = pa.table({"anchor": ["a"], "postive": ["b"], "x": ["c"]})
    error = refused(source)
    assert error.message == "the Table has no two columns that are known as pairs."
    assert "did you mean 'positive' by 'postive'? it has: 'anchor', 'postive', 'x'; name the two with --columns " in error.hint
    error = refused(source, columns=("anchor", "positive"))
    assert error.message == "the Table has no column 'positive'."
    assert error.hint == "did you mean 'postive'? It has: 'anchor', 'postive', 'x'."
    assert "did you mean" not in refused(pa.table({"u": ["a"], "v": ["b"], "w": ["c"]})).hint


@pytest.mark.parametrize("columns", ["ab", ("a",), ("a", "b", "a"), ("a", "a"), ("a", 1), []])
def test_columns_must_be_two_names(columns: Any) -> None:
    error = refused(pa.table({"a": ["1"], "b": ["2"]}), columns=columns)
    assert error.message == f"columns is {columns!r}, not two different names."


def test_one_sided(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("a\nb\n")
    for source in (str(tmp_path / "t.txt"), ["a", "b"], pa.table({"id": [1], "text": ["a"]})):
        error = refused(source)
        assert error.message.endswith(" has one column of text, and pairs need two.")
        assert "'text'" in error.hint
    assert refused(pa.table({"u": [1], "v": [2]})).message == "the Table has no column of text, and pairs need two."
    assert refused(pa.table({"anchor": pa.array([], pa.string()), "positive": pa.array([], pa.string())})).message.endswith("no rows.")


def test_columns_that_are_not_text() -> None:
    error = refused(pa.table({"anchor": ["a"], "positive": [1]}))
    assert error.message == "column 'positive' of the Table holds int64, not text."
    error = refused(pa.table({"anchor": ["a"], "positive": [["b"]]}))
    assert error.message == "column 'positive' of the Table holds list<item: string>, not text."
    assert "lists of str belong into columns 'pos' and 'neg'" in error.hint
    assert "'negative' of the Table holds double" in refused(pa.table({"anchor": ["a"], "positive": ["b"], "negative": [0.5]})).message
    assert "'pos' of the Table holds int64, not lists of str" in refused(pa.table({"query": ["a"], "pos": [3]})).message


# Negatives and sources


def test_negatives_in_the_order_of_their_numbers() -> None:
    source = pa.table(
        {
            "negative_10": ["n10", "", "n10"],
            "negative_2": ["n2", None, "n2"],
            "query": ["q", "r", "s"],
            "negative": ["n", " ", "n10"],
            "positive": ["p", "o", "n2"],
            "negatives_of_film": ["x", "x", "x"],
        }
    )
    found = read_pairs(source)
    assert found.negatives.to_pylist() == [["n", "n2", "n10"], [], ["n10"]]
    assert "1 negative left out, equal to the positive" in found.notes


@pytest.mark.parametrize("name", ["t.jsonl", "t.parquet"])
def test_lists_become_a_pair_for_each_positive(name: str, tmp_path: Path) -> None:
    rows = [
        {"query": "q", "pos": ["a", "b", "a"], "neg": ["x", "y"], "pos_scores": [1, 2, 1], "type": "t"},
        {"query": "r", "pos": ["a"], "neg": [], "pos_scores": [], "type": "t"},
        {"query": "s", "pos": ["é", " ", "s"], "neg": None, "pos_scores": [], "type": "t"},
        {"query": "u", "pos": [], "neg": ["x"], "pos_scores": [], "type": "t"},
    ]
    path = tmp_path / name
    if name == "t.parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(json.dumps(row) for row in rows))
    found = read_pairs(path)
    assert flat(found) == [("q", "a"), ("q", "b"), ("r", "a"), ("s", "é")]
    assert found.negatives.to_pylist() == [["x", "y"], ["x", "y"], [], []]
    assert found.notes[-2:] == [
        "3 bad pairs left out: row 3 (column 'pos' is empty), row 3 (columns 'query' and 'pos' hold the same), row 4 (column 'pos' is empty)",
        "1 exact duplicate pair left out, their negatives kept with the first",
    ]


def test_what_is_no_list_of_strings(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    good = [{"query": f"q{i}", "pos": ["p"], "neg": ["n"]} for i in range(6)]
    bad: list[dict[str, Any]] = [
        {"query": "a", "pos": "p", "neg": []},
        {"query": "b", "pos": ["p", 1], "neg": []},
        {"query": "c", "pos": {"p": 1}, "neg": []},
        {"query": "d", "pos": ["p"], "neg": [None]},
        {"query": "e", "neg": []},
    ]
    path.write_text("\n\n".join(json.dumps(row) for row in [*good, *bad]))
    found = read_pairs(path)
    assert flat(found) == [(f"q{i}", "p") for i in range(6)]
    said = ["7 (column 'pos' is not", "8 (column 'pos' is not", "9 (column 'pos' is not", "10 (column 'neg' is not"]
    assert found.notes[-1] == (
        "5 bad pairs left out: " + "".join(f"row {word} a list of strings), " for word in said) + "row 11 (column 'pos' is empty)"
    )


def test_lists_in_delimited_text_hold_no_broken_letters(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text('query\tpos\tneg\nq\t["a\\ud800", "b"]\t\n')
    found = read_pairs(path)
    assert flat(found) == [("q", "a\N{REPLACEMENT CHARACTER}"), ("q", "b")]
    assert found.negatives.to_pylist() == [[], []]


def test_a_list_where_a_text_should_be_is_not_trained_on_as_brackets(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps({"query": q, "positive": p}) for q, p in [("a", ["x", "y"]), ("b", "[y]"), ("c", "[1]")]))
    found = read_pairs(path)
    assert flat(found) == [("b", "[y]"), ("c", "[1]")]
    assert found.notes[-1] == "1 bad pair left out: row 1 (column 'positive' holds a list, not text)"


def test_sources_when_there_are_several() -> None:
    rows = [("a", "b", "one"), ("c", "d", None), ("e", "f", "two"), ("", "g", "three")]
    for name in ("source", "dataset_name"):
        found = read_pairs(table("anchor", "positive", name, rows=rows))
        assert found.source.to_pylist() == ["one", "", "two"]
    assert read_pairs(table("anchor", "positive", "source", rows=rows[:2])).source is None
    assert read_pairs(pa.table({"anchor": ["a", "b"], "positive": ["c", "d"], "source": [7, 8]})).source.to_pylist() == ["7", "8"]


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
