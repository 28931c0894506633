"""Small results on disk, values made of nothing but chance, and bytes that are altered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from matomari.partition import Partition
from matomari.store.artefact import load, writing

often = settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def put(path: Path, **files: str) -> Path:
    with writing(path, kind="note") as stage:
        for name, text in files.items():
            (stage / name).write_text(text)
    return path


def texts(path: Path) -> dict[str, str]:
    found = load(path, kind="note")
    return {name: found.file(name).read_text() for name in found.files}


def small_partition() -> Partition:
    return Partition(["a", "b", "c"], [0, 1, 1], [1, 0.5, 0.25], np.eye(2, dtype=np.float32), {"seed": 7})


def mutate(data: bytes, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(max(1, len(data))))
    kind = rng.integers(4)
    if kind == 0 and data:
        return data[:at] + bytes([data[at] ^ (1 << int(rng.integers(8)))]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + rng.bytes(int(rng.integers(1, 9))) + data[at:]
    if kind == 2:
        return data[:at] + data[at + int(rng.integers(1, 9)) :]
    return data[:at]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
