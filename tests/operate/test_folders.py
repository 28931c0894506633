"""The report of an earlier run, written again from any folder of ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

import matomari
from matomari.cli.app import app
from matomari.errors import DamagedError, InputError
from matomari.operate.audit.audit import audit
from matomari.operate.folders import load_placer, load_result
from matomari.operate.group.grouping import Grouping
from matomari.operate.run import PairsRun
from matomari.rows import read as reading
from matomari.store.artefact import writing
from matomari.store.destination import kind_of

TEXTS = [f"{noun} {verb}" for verb in ("lost", "stolen", "is gone", "was taken") for noun in ("card", "bank card", "the card", "my card")]
TABLE = pa.table({"text": TEXTS, "team": ["a" if text[:4] == "card" or "my" in text else "b" for text in TEXTS]})


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audit(TABLE, label="team", text="text").save(tmp_path_factory.mktemp("again") / "audit")


@pytest.fixture(scope="module")
def grouping() -> matomari.Grouping:
    return matomari.group(TEXTS, kind="themes", groups=2)


def test_an_audit_gives_the_page_that_was_written_with_it(audited: Path, tmp_path: Path) -> None:
    assert load_result(audited).report(tmp_path / "page.html") == tmp_path / "page.html"
    assert (tmp_path / "page.html").read_bytes() == (audited / "report.html").read_bytes()
    assert kind_of(audited) == "audit"


def test_a_grouping_draws_its_page_anew(tmp_path: Path) -> None:
    matomari.group(TEXTS, kind="variants").save(tmp_path / "groups")
    app(["report", str(tmp_path / "groups"), "-o", str(tmp_path / "page.html")], standalone_mode=False)
    assert (tmp_path / "page.html").read_bytes() == (tmp_path / "groups" / "report.html").read_bytes()


def test_what_is_altered_is_not_copied(audited: Path, tmp_path: Path) -> None:
    with writing(tmp_path / "made", kind="encoder") as stage:
        (stage / "report.html").write_text("<p>told</p>")
        PairsRun.of(dict.fromkeys(PairsRun.required()) | {"notes": []}).save(stage / "run.json")
    (tmp_path / "page.html").write_text("before")
    load_result(tmp_path / "made").report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == "<p>told</p>"
    ((tmp_path / "made" / "CURRENT").resolve() / "report.html").write_text("<p>lied</p>")
    with pytest.raises(DamagedError, match=r"report\.html"):
        load_result(tmp_path / "made").report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == "<p>told</p>"


def test_what_has_no_report_says_so(tmp_path: Path) -> None:
    with writing(tmp_path / "made", kind="deep-soft-kmeans") as stage:
        (stage / "a.txt").write_text("a")
    with pytest.raises(InputError, match="holds a deep soft kmeans, which has no report"):
        load_result(tmp_path / "made").report(tmp_path / "page.html")
    with pytest.raises(InputError, match="is not a matomari folder"):
        load_result(tmp_path).report(tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_folder_of_another_kind_is_a_mistake_and_no_damage(audited: Path) -> None:
    with pytest.raises(InputError, match="holds an audit, not a grouping"):
        Grouping.load(audited)
    with pytest.raises(InputError, match="holds an audit, which places no rows"):
        load_placer(audited)


def test_no_result_replaces_another_kind(audited: Path, grouping: matomari.Grouping, tmp_path: Path) -> None:
    folder = shutil.copytree(audited, tmp_path / "audit", symlinks=True)
    before = {p.name: p.read_bytes() for p in sorted((folder / "CURRENT").resolve().iterdir())}
    with pytest.raises(InputError, match="holds an audit, which a grouping would replace"):
        grouping.save(folder)
    assert {p.name: p.read_bytes() for p in sorted((folder / "CURRENT").resolve().iterdir())} == before
    saved = grouping.save(tmp_path / "grouping")
    with pytest.raises(InputError, match="holds a grouping, which an audit would replace"):
        load_result(folder).save(saved)
    assert isinstance(load_result(saved), matomari.Grouping)


def test_new_rows_are_read_once(grouping: matomari.Grouping) -> None:
    opened: list[object] = []
    read = reading.open_source
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "open_source", lambda given: (opened.append(given), read(given))[1])
        grouping.assign(["lost card"])
        grouping.assign(pa.table({"other": ["lost card"]}))
        grouping.assign(pa.table({"text": ["lost card"], "other": ["x"]}))
    assert len(opened) == 3
