"""What cannot be learnt from labels is said before the work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builders.labels import planted, run
from matomari.errors import InputError
from matomari.operate.folders import load_placer
from matomari.operate.group.group import group
from matomari.operate.learn.classifier import FILES, KIND
from matomari.store.artefact import refuse_other


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"label": "teem"}, "has no column 'teem'", "did you mean 'team'"),
        ({"label": None}, "no column of labels was given", "label=…"),
        ({"label": "body"}, "column 'body' of the Table is both the text and the label", "another column"),
        ({"label": "same"}, "holds only one class, 'one'", "two or more"),
        ({"label": "key"}, "holds 80 different labels in 80 rows", "column of ids"),
        ({"seed": -1}, "'seed' parameter of learn_labels", "seed=0"),
        ({"gold": pa.table({"id": ["zz"], "label": ["topic 1"]})}, "there is no such row", "same ids"),
    ],
)
def test_what_cannot_be_learnt_from_is_said_before_the_encoding(more: dict[str, Any], message: str, hint: str, tmp_path: Path) -> None:
    table = planted().append_column("same", pa.array(["one"] * 80))
    with pytest.raises(InputError, match=message) as told:
        run(table, tmp_path / "m", **{"encoder": None} | more)
    assert re.search(hint, told.value.hint)
    assert not (tmp_path / "m").exists()


def test_what_else_lies_in_the_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.html").write_text("mine")
    (tmp_path / "file").write_text("mine")
    group(["lost card", "my card is lost", "top up failed", "failed to top up"], kind="themes", groups=2).save(tmp_path / "parts")
    for name, message in (
        ("mine", "already there and is not ours"),
        ("file", "is a file"),
        ("parts", "holds a grouping, which a classifier would replace"),
    ):
        with pytest.raises(InputError, match=message):
            run("no such file", tmp_path / name, encoder=None)
    refuse_other(tmp_path / "free", KIND, FILES)
    assert not (tmp_path / "free").exists()
    assert type(load_placer(tmp_path / "parts")).__name__ == "Grouping"
