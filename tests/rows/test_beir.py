"""BEIR's files: what is read, and the line of everything that is not right."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matomari.errors import InputError
from matomari.rows.beir import read_corpus, read_qrels, read_queries
from matomari.rows.sts import read_scored


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes | list[dict[str, Any]], name: str = "file.jsonl") -> Path:
        if isinstance(content, list):
            content = "".join(json.dumps(item) + "\n" for item in content)
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / name

    return write


Write = Callable[..., Path]


def test_a_document_is_its_title_and_its_text(write: Write) -> None:
    path = write(
        [
            {"_id": "d2", "title": "Title", "text": "Text, and\nmore.", "metadata": {"url": "x"}},
            {"_id": "d1", "title": "", "text": " only text "},
            {"_id": "7", "text": "no title"},
            {"_id": "e", "title": None, "text": "日本"},
            {"_id": "t", "title": "only title", "text": ""},
            {"_id": 12, "text": "a number for an id"},
        ]
    )
    assert list(read_corpus(path).items()) == [
        ("d2", "Title Text, and\nmore."),
        ("d1", "only text"),
        ("7", "no title"),
        ("e", "日本"),
        ("t", "only title"),
        ("12", "a number for an id"),
    ]


def test_the_title_of_a_query_is_not_read(write: Write) -> None:
    assert read_queries(write([{"_id": "q", "title": "no", "text": "yes"}])) == {"q": "yes"}


def test_packed_marked_and_windows_files(write: Write) -> None:
    line = '{"_id": "d", "text": "é"}'
    for content in (gzip.compress(line.encode()), b"\xef\xbb\xbf" + line.encode(), f"\r\n{line}\r\n\r\n".encode()):
        assert read_corpus(write(content)) == {"d": "é"}
    assert read_qrels(write(gzip.compress(b"query-id\tcorpus-id\tscore\r\nq\td\t1\r\n"))) == {"q": {"d": 1}}


@pytest.mark.parametrize(
    ("content", "said", "hint"),
    [
        ('{"_id": "a", "text": "x"}\n\n{"_id": "b"}\n', "line 3 has no field 'text'", "'_id'"),
        ('{"id": "a", "text": "x"}\n', "line 1 has no field '_id'", "it has 'id', 'text'"),
        ('{"_id": "a", "text": "x"}\n{"_id": "b", "text": null}\n', "field 'text' of .* line 2 is null", "double quotes"),
        ('{"_id": "a", "text": 5}\n', "field 'text' of .* line 1 is int", "double quotes"),
        ('{"_id": "a", "title": 5, "text": "x"}\n', "field 'title' of .* line 1 is int", "double quotes"),
        ('{"_id": true, "text": "x"}\n', "field '_id' of .* line 1 is bool", "double quotes"),
        ('{"_id": "", "text": "x"}\n', "line 1 has an empty '_id'", "id of its own"),
        (
            '\n{"_id": "z", "text": ""}\n{"_id": "a", "text": ""}\n{"_id": "a", "text": "y"}\n',
            "line 4 has the '_id' 'a' a second",
            " 2 has it",
        ),
        ('{"_id": 1, "text": ""}\n{"_id": "1", "text": "y"}\n', "line 2 has the '_id' '1' a second", " 1 has it"),
        ('{"_id": "a", "text": "x"}\nnonsense\n', "line 2 is not a JSON object", "one whole JSON object"),
        ('["a"]\n', "line 1 is not a JSON object: it holds a list", "one whole JSON object"),
        ('{"_id": "a", "_id": "b", "text": "x"}\n', "line 1 is not a JSON object: key '_id' stands twice", "one whole"),
        ("\n \n", "holds no document", "one JSON object a line"),
        ("", "is empty", "at least one row"),
    ],
)
def test_faults_of_a_corpus_name_the_line(content: str, said: str, hint: str, write: Write) -> None:
    with pytest.raises(InputError, match=said) as fault:
        read_corpus(write(content))
    assert "file.jsonl" in fault.value.message
    assert hint in fault.value.hint


def test_a_file_that_is_not_there_or_is_no_text(write: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_corpus(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="is a folder"):
        read_qrels(tmp_path)
    with pytest.raises(InputError, match="is a Parquet file"):
        read_corpus(write(b"PAR1xxxx"))


@pytest.mark.parametrize(
    "content",
    [
        "query-id\tcorpus-id\tscore\nq 1\td1\t2\nq 1\td2\t0\n007\td1\t-1\n",
        "Query-ID\tCorpus-ID\tScore\nq 1\td1\t+2\n\nq 1\td2\t0\n007\td1\t-1",
        "score\tquery-id\tcorpus-id\n2\tq 1\td1\n0\tq 1\td2\n-1\t007\td1\n",
        "q 1\td1\t2\nq 1\td2\t0\n007\td1\t-1\n",
        "q 1\t0\td1\t2\nq 1\t0\td2\t0\n007\t0\td1\t-1\n",
        "q 1\td1\t2\nq 1\td1\t2\nq 1\td2\t0\n007\td1\t-1\n",
    ],
    ids=["BEIR", "mixed case", "other order", "no header", "TREC", "said twice"],
)
def test_judgements(content: str, write: Write) -> None:
    assert read_qrels(write(content)) == {"q 1": {"d1": 2, "d2": 0}, "007": {"d1": -1}}


def test_judgements_of_trec_with_spaces(write: Write) -> None:
    assert read_qrels(write("301 0 FR940202-2-00150 1\n301  Q0  CR93E-10 0\n")) == {"301": {"FR940202-2-00150": 1, "CR93E-10": 0}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("query-id\tcorpus-id\tscore\nq\td\thigh\n", "line 2 has the score 'high', which is no integer"),
        ("query-id\tcorpus-id\tscore\nq\td\t1.5\n", "line 2 has the score '1.5', which is no integer"),
        ("qid\tdocid\trel\nq\td\t1\n", "line 1 has the score 'rel', which is no integer"),
        ("q\td\t१\n", "line 1 has the score '१'"),
        (f"q\td\t{'9' * 5000}\n", "line 1 has the score '9999999999999999999999999999999999999999'"),
        ("query-id\tcorpus-id\tscore\nq\td\t1\nq\td\n", "line 3 has 2 fields, the first one 3"),
        ("q\t0\td\t1\nq\td\t1\n", "line 2 has 3 fields, the first one 4"),
        ("q d\n", "line 1 has 2 fields, judgements have 3 or 4"),
        ("q\t\t1\n", "line 1 names no document"),
        ("\td\t1\n", "line 1 names no query"),
        ("q\td\t1\nr\td\t1\nq\td\t2\n", "line 3 judges document 'd' of query 'q' 2 and an earlier line 1"),
        ("query-id\tcorpus-id\tscore\n", "holds no judgement"),
        (" \n", "holds no judgement"),
        ("", "is empty"),
    ],
)
def test_faults_of_judgements_name_the_line(content: str, said: str, write: Write) -> None:
    with pytest.raises(InputError, match=said) as fault:
        read_qrels(write(content, "test.tsv"))
    assert "test.tsv" in fault.value.message
    assert fault.value.hint


STS_B = (
    'main-news\tMSRpar\t2012test\t0001\t4.600\tThe "big cat" sat.\tA cat sat.\n'
    'main-news\tMSRpar\t2012test\t0002\t0\t"Odd quote\tAnother, one.\thttp://x\tsource\n'
    "main-news\tMSRpar\t2012test\t0003\t\tNo score.\tAt all.\n"
)
TABLES = {
    "sts-test.csv": STS_B,
    "p.csv": 'sentence1,sentence2,score\n"The ""big cat"" sat.",A cat sat.,4.600\n"""Odd quote","Another, one.",0\nNo score.,At all.,\n',
    "p.tsv": 'score\tid\tsentence1\tsentence2\n4.6\t1\t"The ""big cat"" sat."\tA cat sat.\n0\t2\t"""Odd quote"\tAnother, one.\n\t3\tNo score.\tAt all.\n',
    "p.jsonl": "".join(
        json.dumps({"sentence1": a, "sentence2": b, "score": s}) + "\n"
        for a, b, s in (('The "big cat" sat.', "A cat sat.", 4.6), ('"Odd quote', "Another, one.", 0), ("No score.", "At all.", None))
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_scored_pairs(name: str, write: Write) -> None:
    pairs = read_scored(write(TABLES[name], name))
    assert pairs.first == ['The "big cat" sat.', '"Odd quote']
    assert pairs.second == ["A cat sat.", "Another, one."]
    assert pairs.gold == [4.6, 0.0]
    assert pairs.without_score == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sentence1,sentence2,scores\na,b,1\n", "no column 'score'"),
        ("sentence1,sentence2,score\na,b,1\na,b,much\n", "row 2 has the score 'much', which is no finite number"),
        ("sentence1,sentence2,score\na,b,nan\n", "row 1 has the score 'nan'"),
        ("sentence1,sentence2,score\na,,1\n", "row 1 has no sentence2"),
        (STS_B + "\nshort\tline\n", "line 5 has 2 fields, not 7 or more"),
        (STS_B + "a\tb\tc\td\tx\te\tf\n", "line 4 has the score 'x'"),
        (STS_B + "a\tb\tc\td\t1\t\tf\n", "line 4 has no sentence1"),
        ("", "is empty"),
    ],
)
def test_faults_of_scored_pairs_name_the_place(content: str, said: str, write: Write) -> None:
    with pytest.raises(InputError, match=said) as fault:
        read_scored(write(content, "pairs.csv"))
    assert "pairs.csv" in fault.value.message
    assert fault.value.hint
