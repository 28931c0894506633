"""Texts with labels of which some are wrong, an encoder that knows their topics, and what a folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from matomari.operate.items import TEXTS
from matomari.operate.labelled import Labelled, encode_labelled, read_labelled
from matomari.operate.learn.classifier import LabelClassifier
from matomari.operate.learn.labels import learn_labels


class Topics:
    """An encoder of texts such as "3 a word": near the third axis, and at a place of its own."""

    def __init__(self, fingerprint: str = "topics", noise: float = 0.15, dimension: int = 12) -> None:
        self.fingerprint, self.noise, self.dimension = fingerprint, noise, dimension
        self.asked = list[list[str]]()

    def encode(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        self.asked.append(list(texts))
        made = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            own = np.random.default_rng(sum(ord(c) * 31**i for i, c in enumerate(text)) % 2**32)
            made[row] = own.normal(0, self.noise, self.dimension)
            made[row, int(text.split()[0])] += 1
        return made


class Lost(Topics):
    """As if its texts were of things that have no axis."""

    def encode(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        return np.eye(12, dtype=np.float32)[[-1] * len(texts)]


def planted(classes: int = 4, each: int = 20, wrong: int = 0, seed: int = 1, names: Sequence[str] = ()) -> pa.Table:
    """Texts of some topics; the labels of a few are those of the next one."""
    truth = np.repeat(np.arange(classes), each)
    given = truth.copy()
    bad = np.random.default_rng(seed).choice(len(truth), wrong, replace=False)
    given[bad] = (truth[bad] + 1) % classes
    called = list(names) or [f"topic {c}" for c in range(classes)]
    return pa.table(
        {
            "key": [f"k{i:03d}" for i in range(len(truth))],
            "body": [f"{topic} text number {i * i}" for i, topic in enumerate(truth)],
            "team": [called[c] for c in given],
        }
    )


def new_rows(classes: int = 4, each: int = 6) -> pa.Table:
    body = [f"{topic} new text {i} of {topic}" for i in range(each) for topic in range(classes)]
    return pa.table({"body": body, "truth": [f"topic {one[0]}" for one in body]})


def run(table: Any, out: Path, **more: Any) -> LabelClassifier:
    return learn_labels(table, **({"out": out, "label": "team", "text": "body", "id": "key", "encoder": Topics()} | more))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "CURRENT").resolve().iterdir())}


def labelled(table: Any, *, encoder: Any, **columns: Any) -> Labelled:
    """The rows of a table that have a label, encoded."""
    return encode_labelled(read_labelled(table, medium=TEXTS, **columns), encoder)
