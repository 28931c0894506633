"""Folders that version 0.1 wrote still load, place and report (C8)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow.csv
import pytest

import matomari
from builders import BUILDERS
from matomari.operate.folders import Result, load_placer, load_result

OLD = BUILDERS / "of_0_1"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy: a reader takes a lease in the folder."""
    return Path(shutil.copytree(OLD, tmp_path / "old", symlinks=True))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("grouping", "Grouping"),
        ("soft", "Grouping"),
        ("variants", "Grouping"),
        ("audit", "Audit"),
        ("classifier", "LabelClassifier"),
        ("partition", "Partition"),
    ],
)
def test_each_kind_is_opened_as_what_it_is(name: str, kind: str, old: Path) -> None:
    assert type(matomari.load(old / name)).__name__ == kind


@pytest.mark.parametrize("name", ["grouping", "soft", "variants", "classifier"])
def test_the_same_rows_get_the_same_places(name: str, old: Path) -> None:
    source = old / ("parts.csv" if name == "variants" else "cards.csv")
    placed = load_placer(old / name).assign(source)
    before = pyarrow.csv.read_csv(old / f"{name}.csv")
    column = "class" if name == "classifier" else "cluster_name"
    assert placed[column].to_pylist() == before[column].to_pylist()
    if name == "variants":  # 0.1 told a likeness that may pass 1; it is a probability now, near 1 for texts that are known
        assert ((np.asarray(placed["confidence"]) > 0.99) & (np.asarray(placed["confidence"]) <= 1)).all()
    else:
        np.testing.assert_allclose(np.asarray(placed["confidence"]), np.asarray(before["confidence"]), atol=1e-5)


@pytest.mark.parametrize("name", ["grouping", "soft", "variants", "audit", "classifier"])
def test_the_report_is_the_one_that_was_written(name: str, old: Path) -> None:
    page = load_result(old / name).report()
    assert page == (old / name / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["grouping", "audit", "classifier"])
def test_what_is_saved_again_holds_the_same(name: str, old: Path, tmp_path: Path) -> None:
    result: Result = load_result(old / name)
    result.save(tmp_path / "again")
    for file in sorted((old / name / "CURRENT").resolve().iterdir()):
        if file.name not in ("manifest.json", "run.json") and not file.name.endswith(".parquet"):
            assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name
    assert dict(load_result(tmp_path / "again").run) == dict(result.run)


def test_a_partition_has_its_values(old: Path) -> None:
    partition = matomari.load(old / "partition")
    assert isinstance(partition, matomari.Partition)
    assert partition.labels.tolist() == [0, 0, 1]
    assert partition.strength.tolist() == [1, 0.5, 0.25]
    assert dict(partition.origin) == {"by": "hand"}
