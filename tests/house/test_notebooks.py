"""The notebooks in examples/ run from the first cell to the last, and what they show is so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import EXAMPLE, ROOT

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
PILLOW = "Pillow is not installed: pip install 'matomari[images]'"


def cells(path: Path, kind: str) -> Iterator[str]:
    """The source of every cell of one kind, in order."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == kind:
            yield "".join(cell["source"])


def run(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is known after the last cell of a notebook that ran in a folder with the example beside it; conftest refuses the network."""
    shutil.copy(EXAMPLE, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    known: dict[str, Any] = {"__name__": "__main__"}
    for number, code in enumerate(cells(ROOT / "examples" / name, "code"), start=1):
        exec(compile(code, f"{name}, code cell {number}", "exec"), known)
    return known


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_hold_no_output_and_speak_before_they_run(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    assert content["cells"][0]["cell_type"] == "markdown"
    assert [cell["id"] for cell in content["cells"] if cell.get("outputs") or cell.get("execution_count") is not None] == []
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])


def test_both_notebooks_are_there() -> None:
    assert [path.name for path in NOTEBOOKS] == ["images.ipynb", "texts.ipynb"]


@pytest.mark.long
def test_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    known = run("texts.ipynb", tmp_path, monkeypatch)
    assert len(known["groups"].items) == 391
    assert known["scores"]["pairwise_f1"] > 0.75
    washer, poem = known["placed"].to_pylist()
    assert (washer["cluster_name"], poem["cluster"]) == ("Washer, spring, M8 steel", -1)
    assert "Washer, spring, M8 steel" in known["report"].read_text(encoding="utf-8")
    assert known["tuned"].improved
    assert known["cosines"]["tuned"] > known["cosines"]["minilm"]
    assert str(known["folder"]).startswith(str(tmp_path))


@pytest.mark.long
def test_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("PIL", reason=PILLOW)
    known = run("images.ipynb", tmp_path, monkeypatch)
    assert len(known["groups"].items) == 60
    assert known["scores"]["ari"] == 1.0  # each shape is one group
    (left,) = known["placed"].to_pylist()
    assert left["cluster_name"].startswith("left/")
    assert known["report"].stat().st_size > 10_000
