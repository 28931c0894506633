"""Where the data sets and the caches are, and how their files are read."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("MATOMARI_DATA", ROOT.parent / "shared" / "data"))
CACHE = ROOT / ".cache"
TextSet = tuple[list[str], np.ndarray]  # texts, and the number of the class of each
csv.field_size_limit(10**9)


def records(*path: str, delimiter: str = ",", **options: Any) -> list[dict[str, str]]:
    """The rows of a table whose first line names its columns."""
    with DATA.joinpath(*path).open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, **options))


def tabbed(*path: str) -> list[list[str]]:
    """The cells of every line, between tabs; quotation marks are text."""
    with DATA.joinpath(*path).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def parsed(*path: str) -> Any:
    """A JSON file."""
    return json.loads(DATA.joinpath(*path).read_text(encoding="utf-8"))


def coded(texts: list[str], labels: list[str]) -> TextSet:
    """Labels as numbers, in the order of their names."""
    return texts, np.unique(labels, return_inverse=True)[1]


def where(whole: TextSet, rows: Iterable[int]) -> TextSet:
    """These rows of a set."""
    rows = np.asarray(list(rows), np.int64)
    return [whole[0][i] for i in rows], np.asarray(whole[1])[rows]


def vectors(texts: list[str]) -> np.ndarray:
    """MiniLM vectors of a set by stock sentence-transformers, stored beside the project's caches."""
    return encoder("off").encode(texts)


def encoder(fast: str) -> Any:
    """MiniLM with the cache of the benchmarks; "on" is the int8 path."""
    import matomari

    return matomari.load_encoder("minilm", fast=fast, cache=CACHE / "vectors")
