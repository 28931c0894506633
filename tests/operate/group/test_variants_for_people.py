"""What a folder of variants holds for the people who clean a list: a mapping, a review, and the precision they ask for."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

import matomari
from builders.cli import call
from matomari.errors import InputError

SUPPLIERS = ["Kessler AG"] * 4 + [
    "KESSLER AG",
    "Kesler AG",
    "Marlow Fasteners Ltd",
    "marlow fasteners ltd",
    "Fjordline AS",
    "Fjordline Gear AS",
]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_old_spelling_has_a_new_one(tmp_path: Path) -> None:
    groups = matomari.group(SUPPLIERS, kind="variants")
    groups.save(tmp_path / "o")
    mapping = rows_of(tmp_path / "o" / "mapping.csv")
    assert [row["old"] for row in mapping] == list(dict.fromkeys(SUPPLIERS))
    new = {row["old"]: row["new"] for row in mapping}
    assert new["Kesler AG"] == new["KESSLER AG"] == "Kessler AG"  # the usual spelling
    assert sum(int(row["rows"]) for row in mapping) == len(SUPPLIERS)
    names = dict(zip(SUPPLIERS, groups.items["cluster_name"].to_pylist(), strict=True))
    assert new == names


def test_a_new_spelling_is_whole_however_long() -> None:
    long = "Quillfeather and Sons Agricultural Machinery Repairs, Unit 14, Tamar Vale Trading Estate, Plymouth Road, Ivybridge, Devon"
    groups = matomari.group([long, long, long.upper(), "Marlow Fasteners Ltd", "Fjordline AS"], kind="variants")
    assert groups.mapping["new"].to_pylist()[:2] == [long, long]


def test_the_review_is_kept_with_the_folder(tmp_path: Path) -> None:
    groups = matomari.group(SUPPLIERS, kind="variants")
    groups.save(tmp_path / "o")
    review = rows_of(tmp_path / "o" / "review.csv")
    label = dict(zip(groups.items["id"].to_pylist(), groups.items["cluster"].to_pylist(), strict=True))
    assert review
    for row in review:
        assert int(row["cluster_a"]) == label[row["id_a"]]
        assert (row["together"] == "true") == (row["cluster_a"] == row["cluster_b"])
    again = matomari.load(tmp_path / "o")
    assert again.review.equals(groups.review)
    assert again.mapping.equals(groups.mapping)


def test_themes_have_neither(tmp_path: Path) -> None:
    texts = [f"{verb} the {thing}" for verb in ("lost", "found", "broke", "sold") for thing in ("card", "phone", "key", "bike")]
    matomari.group(texts, kind="themes", precision=0.9).save(tmp_path / "o")
    assert not (tmp_path / "o" / "mapping.csv").exists()
    assert not (tmp_path / "o" / "review.csv").exists()
    assert any(note.startswith("--precision was not used") for note in matomari.load(tmp_path / "o").notes)


@pytest.mark.parametrize("wrong", [0.0, 1.0, 1.5, -0.1, 1])
def test_a_precision_is_a_share(wrong: float) -> None:
    with pytest.raises(InputError, match=r"The 'precision' parameter of group must be a float in the range \(0, 1\)\."):
        matomari.group(SUPPLIERS, precision=wrong)


def test_a_precision_and_a_number_cannot_both_be_had() -> None:
    with pytest.raises(InputError, match=r"a precision and a number of groups cannot both be had\."):
        matomari.group(SUPPLIERS, groups=3, precision=0.9)


def test_precision_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.csv").write_text("name\n" + "\n".join(SUPPLIERS) + "\n", encoding="utf-8")
    asked = ["group", str(tmp_path / "s.csv"), "--text", "name", "--kind", "variants", "--precision", ".9", "-o", str(tmp_path / "o")]
    assert call(*asked, monkeypatch=monkeypatch) == 0
    assert "90% were asked for" in matomari.load(tmp_path / "o").run.groups_reason
    assert call(*asked[:-4], "--precision", "2", "-o", str(tmp_path / "p"), monkeypatch=monkeypatch) == 2
    assert "must be a float in the range (0, 1)" in capsys.readouterr().err


def test_long_part_numbers_of_a_spreadsheet_stay_apart(tmp_path: Path) -> None:
    numbers = [1000000000000000, 1000000000000001, 100000000000123, 100000000000123, 7006543, 7006544]
    pd.DataFrame({"part_no": numbers}).to_excel(tmp_path / "t.xlsx", index=False)
    groups = matomari.group(tmp_path / "t.xlsx", text="part_no", kind="variants")
    labels = groups.items["cluster"].to_pylist()
    assert [labels.count(label) for label in labels] == [1, 1, 2, 2, 1, 1]
