"""Which columns are pairs: their names, negatives, lists and sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders.pairs import flat, refused, table
from matomari.rows.pair_columns import NAMES
from matomari.rows.pairs import read_pairs

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
    assert "did you mean 'positive' by 'postive'? it has: 'anchor', 'postive', 'x'; name the two with columns=…" in error.hint
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
