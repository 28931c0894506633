"""People's own words: from the option to the groups, into the folder, and to new texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import matomari
from matomari.errors import InputError

PARTS = [
    "Kette grob 5 mm",
    "Kette fein 5 mm",
    "Kette 5 mm grob",
    "Kette 5mm fein",
    "Bolt M8x20 qpz",
    "Bolt M8x20 zinc",
    "Hose clamp 16",
    "Lamp E27 9 W",
]
OWN = "written,meaning,set\nqpz,zinc,\ngrob,coarse,grade\nfein,fine,grade\n"


def together(groups: matomari.Grouping, a: int, b: int) -> bool:
    labels = groups.items["cluster"].to_pylist()
    return bool(labels[a] == labels[b])


def test_own_words_tie_and_part(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    groups = matomari.group(PARTS, kind="variants", vocabulary=tmp_path / "own.csv")
    assert together(groups, 0, 2)
    assert together(groups, 1, 3)
    assert not together(groups, 0, 1)
    assert together(groups, 4, 5)
    assert "3 of your 3 words stand in the texts" in groups.notes
    groups.save(tmp_path / "o")
    kept = json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))
    assert kept["vocabulary"][0] == {"written": "qpz", "meaning": "zinc", "set": ""}
    placed = matomari.load(tmp_path / "o").assign(["kette 5 mm, grob", "KETTE FEIN 5MM"])
    assert placed["cluster"].to_pylist() == [groups.items["cluster"][0].as_py(), groups.items["cluster"][1].as_py()]


def test_a_mapping_will_do_and_without_words_nothing_is_kept(tmp_path: Path) -> None:
    groups = matomari.group(PARTS, kind="variants", vocabulary={"QPZ": "zinc"})
    assert together(groups, 4, 5)
    matomari.group(PARTS, kind="variants").save(tmp_path / "o")
    assert "vocabulary" not in json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))


def test_a_mistake_in_the_words_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("written,meaning\nqpz,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.csv, line 2: a written form and its meaning are needed"):
        matomari.group(PARTS, vocabulary=tmp_path / "own.csv")


def test_words_that_are_not_used_are_said() -> None:
    assert any(
        note.startswith("the vocabulary was not used") for note in matomari.group(PARTS, kind="themes", vocabulary={"qpz": "zinc"}).notes
    )
