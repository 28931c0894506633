"""The verb on folders: saved, loaded, placed again, reported; soft themes and images too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

import matomari
from builders import ROOT
from builders.cli import call
from builders.edited import names, together, unsound
from builders.topics import topical
from matomari.errors import DamagedError, InputError
from matomari.operate.apply.apply import apply

TICKETS = [
    "the card got lost", "my bank card is lost", "someone stole the card", "a top up failed", "it failed to top up",
    "the top up never arrived", "how to change an address", "I moved, change the address", "update the address please",
]  # fmt: skip


@pytest.fixture(scope="module")
def run1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matomari.group(TICKETS, kind="themes", groups=3).save(tmp_path_factory.mktemp("apply") / "run1")


def place_of(folder: Path, text: str) -> str:
    grouping = matomari.Grouping.load(folder)
    return grouping.items["cluster_name"].to_pylist()[grouping.items["text"].to_pylist().index(text)]


def test_rename_merge_and_split_of_tickets(
    run1: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cards, address = place_of(run1, TICKETS[0]), place_of(run1, TICKETS[6])
    (tmp_path / "e.csv").write_text(f'do,what,to\nrename,"{cards}",Lost cards\nmerge,"{address}","{place_of(run1, TICKETS[3])}"\n')
    assert call("apply", str(run1), str(tmp_path / "e.csv"), "-o", str(tmp_path / "run2"), monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "3 groups before, 2 groups now, 0 rows unassigned" in printed.err
    assert "note: applied 2 edits of e.csv: 1 renamed, 1 merged" in printed.err
    assert "keywords begin" not in printed.err  # what was known before is not said again
    after = matomari.Grouping.load(tmp_path / "run2")
    assert unsound(after) == []
    assert place_of(tmp_path / "run2", TICKETS[2]) == "Lost cards"
    assert len(names(matomari.Grouping.load(run1))) == 3
    (tmp_path / "new.csv").write_text("message\nwhere is my card\n" + "\n".join(f'"{text}"' for text in TICKETS) + "\n")
    assert call("assign", str(tmp_path / "run2"), str(tmp_path / "new.csv"), "--assign-all", monkeypatch=monkeypatch) == 0
    assert "Lost cards" in capsys.readouterr().out
    placed = after.assign(TICKETS)
    assert placed["cluster"].to_pylist() == after.items["cluster"].to_pylist()
    assert call("report", str(tmp_path / "run2"), "-o", str(tmp_path / "r.html"), monkeypatch=monkeypatch) == 0
    assert "Lost cards" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_table_beside_the_groups_is_taken(run1: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (run1 / "proposals.csv").write_text("do,what,to,recommended\nrename,#0,x,yes\nrename,#1,y,no\n")
    assert call("apply", str(run1), "proposals.csv", "--recommended", "--json", monkeypatch=monkeypatch) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["groups"] == 3
    assert shown["edits"][0] | {"digest": ""} == {
        "source": str(run1 / "proposals.csv"), "digest": "", "only": None, "recommended": True, "applied": {"rename": 1},
    }  # fmt: skip
    assert shown["out"] is None
    assert shown["notes"][-1] == "1 of 2 rows are not recommended and were left out"
    assert call("apply", str(run1), "proposals.csv", "--only", "merge", "--json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["edits"] == []
    (run1 / "proposals.csv").unlink()


def test_a_folder_is_replaced_only_by_its_own_name(
    run1: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = matomari.Grouping.load(run1).save(tmp_path / "own")
    (tmp_path / "e.csv").write_text("do,what,to\nrename,#0,x\n")
    assert call("apply", str(folder), str(tmp_path / "e.csv"), monkeypatch=monkeypatch) == 0
    assert ',"x",' in capsys.readouterr().out
    assert "x" not in names(matomari.Grouping.load(folder))
    assert call("apply", str(folder), str(tmp_path / "e.csv"), "-o", str(folder), monkeypatch=monkeypatch) == 0
    assert names(matomari.Grouping.load(folder))[0] == "x"


def test_another_kind_of_folder_is_refused(
    run1: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "e.csv").write_text("do,what,to\nrename,#0,x\n")
    matomari.Partition(["a"], [0]).save(tmp_path / "other")
    assert call("apply", str(run1), str(tmp_path / "e.csv"), "-o", str(tmp_path / "other"), monkeypatch=monkeypatch) == 2
    assert "which a grouping would replace" in capsys.readouterr().err
    assert call("apply", str(tmp_path / "other"), str(tmp_path / "e.csv"), monkeypatch=monkeypatch) == 2
    assert call("apply", str(run1), str(tmp_path / "none.csv"), monkeypatch=monkeypatch) == 2


def test_python_takes_the_folder_too(run1: Path) -> None:
    assert names(matomari.apply(run1, [{"do": "rename", "what": "#0", "to": "x"}]))[0] == "x"
    with pytest.raises(InputError, match="is not a matomari folder"):
        matomari.apply(run1.parent, [])


def test_tables_that_do_not_fit_the_model_are_refused(run1: Path) -> None:
    from dataclasses import replace

    before = matomari.Grouping.load(run1)
    wrong = replace(before, reference=replace(before.reference, labels=before.reference.labels[::-1].copy()))
    with pytest.raises(DamagedError, match="do not fit its model"):
        apply(wrong, [{"do": "rename", "what": "#0", "to": "x"}])


def test_keywords_are_made_without_the_encoder_where_it_is_gone(run1: Path) -> None:
    from dataclasses import replace

    before = matomari.Grouping.load(run1)
    nameless = replace(before, reference=replace(before.reference, encoder_name=""))
    after = apply(nameless, [{"do": "merge", "what": "#0", "to": "#1"}])
    assert after.notes[-1] == "the keywords of changed groups rest on counts alone, because the encoder of the groups is not at hand"
    assert after.groups["keywords"][0].as_py()


def test_soft_themes_are_placed_by_neighbours_from_then_on(tmp_path: Path) -> None:
    texts = topical()[0]
    before = matomari.group(texts, method="soft")
    assert before.reference.posterior is not None
    renamed = apply(before, [{"do": "rename", "what": "#0", "to": "x"}])
    assert renamed.reference.posterior is before.reference.posterior
    target = before.items["runner_up"].to_pylist()[0]
    after = apply(before, [{"do": "move", "what": texts[0], "to": f"#{target}"}])
    assert unsound(after) == []
    assert after.notes[-1].startswith("new texts are placed by their nearest neighbours from now on")
    again = matomari.Grouping.load(after.save(tmp_path / "out"))
    assert again.reference.posterior is None
    assert again.assign(texts)["cluster"].to_pylist() == after.items["cluster"].to_pylist()


def test_images_go_by_their_path(tmp_path: Path) -> None:
    for number in range(12):
        for name in [f"{number:02d}.png"] + ([f"copy{number}.png"] if number % 4 == 0 else []):
            shade = (20 * number, 0, 0) if number < 6 else (0, 255 - 5 * number, 255)
            (tmp_path / "photos").mkdir(exist_ok=True)
            Image.new("RGB", (16, 16), shade).save(tmp_path / "photos" / name)
    before = matomari.group(tmp_path / "photos", image=True, groups=3, encoder="pixels")
    before = matomari.Grouping.load(before.save(tmp_path / "run1"))
    home = dict(zip(before.items["id"].to_pylist(), before.items["cluster"].to_pylist(), strict=True))
    target = (home["00.png"] + 1) % 3
    parts = {row["finer"] for row in before.items.to_pylist() if row["cluster"] == target}
    rows = [{"do": "move", "what": "00.png", "to": f"#{target}"}, {"do": "rename", "what": f"#{target}", "to": "Blue"}]
    if len(parts) > 1:
        rows.append({"do": "split", "what": f"#{target}", "to": f"#{max(parts)}"})
    after = apply(before, rows)
    assert unsound(after) == []
    place = dict(zip(after.items["id"].to_pylist(), after.items["cluster_name"].to_pylist(), strict=True))
    assert place["00.png"] == place["copy0.png"]  # the same bytes are one image
    assert place["00.png"] == "Blue"
    merged = apply(before, [{"do": "merge", "what": "#0", "to": "#1"}])
    assert len(together(merged)) == 2
    assert after.report()
    assert after.assign(tmp_path / "photos")["cluster"].to_pylist() == after.items["cluster"].to_pylist()


def test_the_example_of_the_docs_prints_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "apply.md").read_text(encoding="utf-8")
    code, printed = page.split("```python\n")[1].split("```")[0], page.split("It prints:\n\n```text\n")[1].split("```")[0]
    exec(compile(code, "apply.md", "exec"), {})
    assert capsys.readouterr().out == printed
