"""Which kind of result a folder holds, also where links cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from matomari.errors import InputError
from matomari.partition import Partition
from matomari.store.artefact import refuse_other, writing
from matomari.store.destination import kind_of


def test_what_a_folder_holds_is_read_where_links_cannot_be_made_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with writing(out, kind="classifier") as stage:
        (stage / "a.txt").write_text("a")
    name = (out / "CURRENT").readlink()
    assert kind_of(out) == "classifier"
    (out / "CURRENT").unlink()
    (out / "CURRENT").write_text(f"{name}\n")
    assert kind_of(out) == "classifier"
    with pytest.raises(InputError, match="holds a classifier, which an audit would replace"):
        refuse_other(out, "audit", ["b.txt"])
    assert kind_of(tmp_path / "none") is None


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((folder / "CURRENT").resolve().iterdir())}


def test_writing_itself_refuses_a_folder_of_another_kind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with writing(out, kind="audit") as stage:
        (stage / "a.txt").write_text("a")
    before = content(out)
    with pytest.raises(InputError, match="holds an audit, which a grouping would replace") as refused, writing(out, kind="grouping"):
        pytest.fail("the work was begun")
    assert refused.value.hint
    assert content(out) == before
    assert [p.name for p in out.iterdir() if p.name.startswith(".stage-")] == []


def test_a_partition_replaces_nothing_but_a_partition(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with writing(out, kind="audit") as stage:
        (stage / "a.txt").write_text("a")
    with pytest.raises(InputError, match="holds an audit, which a partition would replace"):
        Partition(["a"], [0]).save(out)
    other = Partition(["a"], [0]).save(tmp_path / "mine")
    Partition(["a", "b"], [0, 1]).save(other)
    assert Partition.load(other).k == 2
