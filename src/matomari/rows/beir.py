"""Retrieval sets in the files of BEIR (Thakur et al. 2021): a corpus, queries, and judgements of which document answers which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..logs import log
from ..store.strictjson import parse_json
from ..wording import one_line
from .files.lines import Lines, find, head_of, mend
from .files.sniff import encoding_of, refuse_binary

HEADER = ["query-id", "corpus-id", "score"]
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_LAYOUT = "BEIR has query-id, corpus-id and score with tabs between them; TREC has query, 0, document and score."


def read_corpus(path: str | Path) -> dict[str, str]:
    """Documents of a ``corpus.jsonl``: one object per line with ``_id``, ``text`` and an optional ``title``.

    Parameters
    ----------
    path : str or path
        May be gzipped.

    Returns
    -------
    dict of id to text, in the order of the file
        Title and text are joined by one space, as BEIR hands them to an encoder.

    Raises
    ------
    InputError
        A line is not a JSON object, lacks a field, or repeats an earlier id (the file and line are named); or the file is empty.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "corpus.jsonl"
    ...     _ = path.write_text('{"_id": "d1", "title": "Statins", "text": "They lower it."}')
    ...     read_corpus(path)
    {'d1': 'Statins They lower it.'}
    """
    return _texts(str(path), "document", titled=True)


def read_queries(path: str | Path) -> dict[str, str]:
    """Queries of a ``queries.jsonl``: one object per line with ``_id`` and ``text``; otherwise as `read_corpus`."""
    return _texts(str(path), "query", titled=False)


def read_qrels(path: str | Path) -> dict[str, dict[str, int]]:
    """Judgements of a ``qrels`` file: the three columns of BEIR with their header, or the four of TREC without one.

    Parameters
    ----------
    path : str or path
        May be gzipped.

    Returns
    -------
    dict of query id to dict of document id to int
        In the order of the file.

    Raises
    ------
    InputError
        A score is not an integer, the number of fields differs, or a document is judged in two ways (the file and line are named);
        or the file is empty.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "test.tsv"
    ...     _ = path.write_text("query-id\\tcorpus-id\\tscore\\nq1\\td1\\t2\\n")
    ...     read_qrels(path)
    {'q1': {'d1': 2}}
    """
    name, qrels = str(path), dict[str, dict[str, int]]()
    columns: Sequence[int] = ()
    for number, line in _filled(name):
        fields = _fields(line)
        if not columns:
            columns, header = _columns(fields, f"{name} line {number}")
            width = len(fields)
            if header:
                continue
        if len(fields) != width:
            raise InputError(f"{name} line {number} has {_count(len(fields))}, the first one {width}.", hint=_LAYOUT)
        query, document, score = (fields[i] for i in columns)
        if not _INTEGER.fullmatch(score):
            hint = "relevance is 0, 1, 2 and so on; a header reads query-id, corpus-id, score."
            raise InputError(f"{name} line {number} has the score {score[:40]!r}, which is no integer.", hint=hint)
        if not query or not document:
            raise InputError(f"{name} line {number} names no {'document' if query else 'query'}.", hint=_LAYOUT)
        if qrels.setdefault(query, {}).setdefault(document, int(score)) != int(score):
            conflict = f"judges document {document[:100]!r} of query {query[:100]!r} {score} and an earlier line {qrels[query][document]}"
            raise InputError(f"{name} line {number} {conflict}.", hint="keep one of the two.")
    if not qrels:
        raise InputError(f"{name} holds no judgement.", hint=_LAYOUT)
    return qrels


def _texts(name: str, what: str, titled: bool) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, line in _filled(name):
        where = f"{name} line {number}"
        item = _object(line, where)
        id = _id(item, where)
        if id in texts:
            hint = f"ids must be unique; {what} {list(texts).index(id) + 1} has it too."
            raise InputError(f"{where} has the '_id' {id[:100]!r} a second time.", hint=hint)
        text = _string(item, "text", where)
        title = _string(item, "title", where) if titled and item.get("title") is not None else ""
        texts[id] = mend(f"{title} {text}".strip())
    if not texts:
        raise InputError(f"{name} holds no {what}.", hint="it must have one JSON object a line with '_id' and 'text'.")
    return texts


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        value = parse_json(line)
        if not isinstance(value, dict):
            raise ValueError(f"it holds a {type(value).__name__}")
    except ValueError as error:
        hint = "every line must be one whole JSON object with '_id' and 'text'."
        raise InputError(f"{where} is not a JSON object: {one_line(error)}.", hint=hint) from error
    return value


def _id(item: dict[str, Any], where: str) -> str:
    """The id as text. Qrels have no numbers, so a JSON number becomes the text that it is written as."""
    if type(item.get("_id")) is int:
        return str(item["_id"])
    id = _string(item, "_id", where)
    if not id:
        raise InputError(f"{where} has an empty '_id'.", hint="every line needs an id of its own.")
    return mend(id)


def _string(item: dict[str, Any], field: str, where: str) -> str:
    if field not in item:
        has = ", ".join(repr(key) for key in list(item)[:10]) or "nothing"
        raise InputError(f"{where} has no field {field!r}.", hint=f"it has {has}; BEIR's files have '_id', 'title' and 'text'.")
    if not isinstance(item[field], str):
        kind = "null" if item[field] is None else type(item[field]).__name__
        raise InputError(f"field {field!r} of {where} is {kind}, not text.", hint="write it in double quotes.")
    return str(item[field])


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line.split("\t")] if "\t" in line else line.split()


def _columns(fields: list[str], where: str) -> tuple[Sequence[int], bool]:
    """The positions of query, document and score, and whether this first line is a header instead of a judgement."""
    names = [field.casefold() for field in fields]
    if sorted(names) == sorted(HEADER):
        return [names.index(name) for name in HEADER], True
    if len(fields) == 4:
        return (0, 2, 3), False
    if len(fields) != 3:
        raise InputError(f"{where} has {_count(len(fields))}, judgements have 3 or 4.", hint=_LAYOUT)
    return (0, 1, 2), False


def _count(fields: int) -> str:
    return f"{fields} field{'s' * (fields != 1)}"


def _filled(name: str) -> Iterator[tuple[int, str]]:
    """Number and content of each line that is not blank."""
    path = find(name)
    head = head_of(path, name)
    refuse_binary(name, head)
    notes: list[str] = []
    with Lines(path, name, encoding_of(head)[0], notes) as lines:
        for line in lines:
            lines.begin()
            if line.strip():
                yield lines.number, line
            else:
                lines.count_blank()
    for note in notes:
        log.info("%s: %s", name, note)
