"""Which kind of result a folder holds, also where links cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from matomari.errors import InputError
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
