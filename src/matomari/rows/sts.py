"""Pairs of sentences with a gold score of their similarity: files of the STS benchmark, or any table with three columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ..errors import InputError
from .files.lines import Lines, find, head_of
from .files.sniff import encoding_of, text_of
from .read import read

COLUMNS = ("sentence1", "sentence2", "score")
_STS_B, _LEAST = (5, 6, 4), 7  # genre, file, year, number, score, sentence1, sentence2, and at times two more


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs that have a gold score, in the order of the file.

    Parameters
    ----------
    first, second : list of str, length n
    gold : list of float, length n
        Higher means more similar; finite.
    without_score : int
        Pairs left out because the file gives them no score.
    """

    first: list[str]
    second: list[str]
    gold: list[float]
    without_score: int


def read_scored(path: str | Path) -> ScoredPairs:
    """Read scored pairs; a file that lacks the three columns in its header and has the seven fields of STS-B is read as STS-B.

    Parameters
    ----------
    path : str or path
        The STS benchmark's tab-separated ``sts-test.csv`` (no header, no quoting), or a csv, tsv, jsonl, json, parquet or xlsx file with
        the columns sentence1, sentence2 and score.

    Raises
    ------
    InputError
        A column or sentence is missing, or a score is not a finite number; the file and the line or row are named.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pairs.csv"
    ...     _ = path.write_text("sentence1,sentence2,score\\na cat,a feline,4.5\\n")
    ...     read_scored(path).gold
    [4.5]
    """
    name = str(path)
    cells = _from_benchmark(name) if _is_benchmark(name) else _from_table(name)
    pairs = ScoredPairs([], [], [], sum(not score for _, *_, score in cells))
    for where, first, second, score in cells:
        if score:
            pairs.gold.append(_number(score, where))
            pairs.first.append(_sentence(first, COLUMNS[0], where))
            pairs.second.append(_sentence(second, COLUMNS[1], where))
    return pairs


def _is_benchmark(name: str) -> bool:
    """Whether the first line has the fields of STS-B, with a number in the fifth. STS-B does not quote, so table readers cannot read it."""
    head = head_of(find(name), name)
    fields = text_of(head, encoding_of(head)[0]).removeprefix("\ufeff").partition("\n")[0].split("\t")
    return len(fields) >= _LEAST and not set(COLUMNS) & set(fields) and _is_number(fields[_STS_B[2]])


def _from_benchmark(name: str) -> list[tuple[str, str, str, str]]:
    path, rows = find(name), []
    with Lines(path, name, encoding_of(head_of(path, name))[0], []) as lines:
        for line in lines:
            lines.begin()
            fields = line.rstrip("\r\n").split("\t")
            if not line.strip():
                lines.count_blank()
                continue
            where = f"{name} line {lines.number}"
            if len(fields) < _LEAST:
                hint = "the STS benchmark has genre, file, year, number, score and the two sentences."
                raise InputError(f"{where} has {len(fields)} field{'s' * (len(fields) != 1)}, not {_LEAST} or more.", hint=hint)
            first, second, score = (fields[i].strip() for i in _STS_B)
            rows.append((where, first, second, score))
    return rows


def _from_table(name: str) -> list[tuple[str, str, str, str]]:
    # read all three as text, so that the reader names a missing column and the columns that the file has
    table = read(name, text=COLUMNS).table.select(COLUMNS)
    texts = [[(cell or "").strip() for cell in column.cast(pa.string()).to_pylist()] for column in table.columns]
    return [(f"{name} row {row}", *cells) for row, cells in enumerate(zip(*texts, strict=True), 1)]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number(text: str, where: str) -> float:
    if not _is_number(text):
        raise InputError(f"{where} has the score {text[:40]!r}, which is no finite number.", hint="leave it empty to leave the pair out.")
    return float(text)


def _sentence(text: str, column: str, where: str) -> str:
    if not text:
        raise InputError(f"{where} has no {column}.", hint="fill it, or leave its score empty to leave the pair out.")
    return text
