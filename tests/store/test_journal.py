"""The journal: lines come back, a torn end is dropped, a break in the middle is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.folders import json_values, mutate, often
from matomari.errors import DamagedError, InputError, MatomariError
from matomari.store.journal import Journal


@often
@given(st.lists(json_values, max_size=6), st.binary(max_size=30))
def test_journal_round_trip(tmp_path_factory: pytest.TempPathFactory, values: list[Any], torn: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "round.journal"
    file.unlink(missing_ok=True)
    journal = Journal(file)
    for value in values:
        journal.append(value)
    assert list(journal) == values
    whole = file.read_bytes()
    file.write_bytes(whole + torn.replace(b"\n", b""))
    assert list(Journal(file)) == values
    assert file.read_bytes() == whole


def test_journal_refuses_a_break_in_the_middle_and_drops_a_torn_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    for n in range(3):
        journal.append({"n": n})
    lines = (tmp_path / "j").read_bytes().splitlines(keepends=True)
    for middle in (lines[1].replace(b"1}", b"7}"), lines[1][:-1], b"\n", b"garbage\n", lines[1][3:]):
        (tmp_path / "j").write_bytes(lines[0] + middle + lines[2])
        with pytest.raises(DamagedError, match="is broken in the line that starts at byte"):
            Journal(tmp_path / "j")
    for cut in range(len(lines[2])):
        (tmp_path / "j").write_bytes(lines[0] + lines[1] + lines[2][:cut])
        assert [v["n"] for v in Journal(tmp_path / "j")] == [0, 1]


def test_two_journals_on_one_file(tmp_path: Path) -> None:
    one, two = Journal(tmp_path / "j"), Journal(tmp_path / "j")
    one.append(1)
    two.append(2)
    one.append(3)
    assert list(one) == list(Journal(tmp_path / "j")) == [1, 2, 3]
    (tmp_path / "j").write_bytes(b"")
    with pytest.raises(DamagedError, match="became shorter"):
        one.append(4)


def test_journal_mutations_never_invent_a_value(tmp_path: Path) -> None:
    values = [{"n": n, "word": "w" * n} for n in range(6)]
    journal = Journal(tmp_path / "j")
    for value in values:
        journal.append(value)
    whole, rng = (tmp_path / "j").read_bytes(), np.random.default_rng(3)
    for _ in range(500):
        (tmp_path / "j").write_bytes(mutate(whole, rng))
        try:
            found = list(Journal(tmp_path / "j"))
        except MatomariError:
            continue
        assert found == values[: len(found)]
        assert len(found) >= len(values) - 1 or len((tmp_path / "j").read_bytes()) < len(whole)


def test_journal_needs_a_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo"):
        with pytest.raises(InputError, match="is not a regular file"):
            Journal(path)
    with pytest.raises(InputError, match="cannot be written as JSON"):
        Journal(tmp_path / "j").append(float("nan"))
