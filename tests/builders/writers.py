"""What the tests that kill writers let them write: each scenario takes a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from matomari.partition import Partition
from matomari.store.artefact import writing
from matomari.store.formats import save_arrays, save_json, save_table
from matomari.store.journal import Journal

OLD, NEW = "old content", "new content"


def put(path: Path, word: str, extra: str) -> None:
    with writing(path, kind="note", meta={"word": word}) as stage:
        (stage / "a.txt").write_text(word)
        (stage / extra).write_text(word)
        save_table(stage / "t.parquet", {"word": [word]})
        save_arrays(stage / "v.safetensors", {"word": np.frombuffer(word.encode(), np.uint8)})
        save_json(stage / "v.json", word)


def write_new(path: Path) -> None:
    put(path, NEW, "only-new.txt")


def partition(labels: list[int]) -> Partition:
    return Partition(["a", "b", "c"], labels, centers=np.eye(2, dtype=np.float32), origin={"labels": labels})


def save_partition(path: Path) -> None:
    partition([1, 1, 0]).save(path)


def append_line(path: Path) -> None:
    Journal(path / "journal").append({"n": 3, "text": "x" * 5000})


def write_report(folder: Path) -> None:
    """Scenario: a new report takes the place of the old one."""
    from matomari.operate.group.page import write

    folder.mkdir(exist_ok=True)
    write(page("new"), folder / "report.html")


def page(name: str) -> Any:
    from builders.report_reader import make

    return make(6, 2, title=name)


def write_in_place(path: Path) -> None:
    path.mkdir(exist_ok=True)
    (path / "weights").write_text(NEW)
    (path / "config").write_text(NEW)
