"""Not one altered byte of a saved folder is believed (D5)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from builders.folders import mutate, small_partition
from matomari.errors import DamagedError, InputError
from matomari.partition import Partition
from matomari.store.artefact import load


def targets(out: Path) -> Iterator[tuple[Callable[[], bytes], Callable[[bytes], None]]]:
    """How to read and write each file of the artefact, the pointer among them."""
    for file in sorted(p for p in load(out, kind="partition").path.rglob("*") if p.is_file()):
        yield file.read_bytes, file.write_bytes  # type: ignore[misc]
    pointer = out / "CURRENT"

    def write(data: bytes) -> None:
        pointer.unlink(missing_ok=True)
        pointer.write_bytes(data)

    def link(data: bytes) -> None:
        pointer.unlink(missing_ok=True)
        os.symlink(data.replace(b"\0", b"0") or b"x", os.fsencode(pointer))  # noqa: PTH211, any bytes

    name = str(pointer.readlink()).encode()
    yield lambda: name, link
    yield lambda: name + b"\n", write


def test_mutations_are_refused(tmp_path: Path) -> None:
    out = small_partition().save(tmp_path / "p")
    whole = (out / "items.parquet").read_bytes()
    rng, refused, same = np.random.default_rng(5), 0, 0
    for read, write in list(targets(out)):
        original = read()
        for _ in range(450):
            changed = mutate(original, rng)
            if changed == original:
                continue
            write(changed)
            try:
                found = Partition.load(out)
            except (DamagedError, InputError):
                refused += 1
            else:
                assert found.labels.tolist() == [0, 1, 1]
                assert changed == original.rstrip(b"\n"), changed
                same += 1
        write(original)
        Partition.load(out)
    assert (load(out, kind="partition").path / "items.parquet").read_bytes() == whole
    assert refused >= 2000
    assert same <= 40
    print(f"{refused} mutations refused, {same} harmless")
