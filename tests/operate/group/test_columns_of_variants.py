"""Variants of several columns, of sources that list a thing once, and of blocks: from the option to the folder and to new rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import matomari
from builders.cli import call
from builders.records import COLUMNS, listed
from matomari.cluster.variants.match import match_variants
from matomari.errors import InputError
from matomari.metrics.grouping import pairwise

FIELDS = list(COLUMNS["restaurants"])


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """The restaurants as people keep them: empty cells, some of which say that nothing is known."""
    path = tmp_path / "places.csv"
    records, truth = listed("restaurants")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([[*FIELDS, "truth"], *([*record, t] for record, t in zip(records, truth, strict=True))])
        writer.writerows([["N/A", "unknown", "", 90], ["", "", "", 91], ["n/a", "", "Truro", 92], ["Night Owl", "n/a", "Truro", 93]])
    return path


def grouped(source: Any, **options: Any) -> matomari.Grouping:
    return matomari.group(source, **{"kind": "variants", "text": FIELDS, **options})


def clusters(groups: matomari.Grouping) -> list[int]:
    return list(groups.items["cluster"].to_pylist())


def said(groups: matomari.Grouping, part: str) -> list[str]:
    return [note for note in groups.notes if part in note]


def test_columns_are_compared_one_by_one(places: Path) -> None:
    groups = grouped(places, variants_by="columns")
    cluster, truth = clusters(groups), list(map(int, groups.items["truth"].to_pylist()))
    spoken = [i for i, c in enumerate(cluster) if c >= 0]
    assert pairwise([truth[i] for i in spoken], [cluster[i] for i in spoken])[2] >= 0.9
    assert [truth[i] for i, c in enumerate(cluster) if c < 0] == [90, 91]  # nothing but empty cells, or what stands for them
    empty = sum(not cell for record in listed("restaurants")[0] for cell in record) + 3 + 3 + 2 + 1
    of = 3 * groups.items.num_rows
    assert said(groups, f"column by column (name, street, city; the first says what a thing is called): {empty} of {of} cells are empty")
    assert said(groups, "4 cells say that nothing is known ('n/a', 'N/A', 'unknown'); they count as empty, and --variants-by text reads")
    assert not said(groups, "glued")


def test_glued_columns_are_said_once_and_one_column_is_no_columns(places: Path) -> None:
    note = "the columns name, street, city were glued to one text; --variants-by columns (variants_by='columns') compares them one by one"
    assert said(grouped(places), "glued") == [note]
    one = grouped(places, text="name", variants_by="columns")
    assert said(one, "one column of text")
    assert "variants_by" not in one.run
    assert clusters(one) == clusters(grouped(places, text="name"))
    assert not said(grouped(places, text="name"), "--variants-by")


def test_a_folder_keeps_the_columns_and_new_records_are_matched_by_them(places: Path, tmp_path: Path) -> None:
    groups = grouped(places, variants_by="columns")
    groups.save(tmp_path / "o")
    assert json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))["variants_by"] == "columns"
    loaded = matomari.load(tmp_path / "o")
    assert isinstance(loaded, matomari.Grouping)
    assert loaded.assign(places)["cluster"].to_pylist() == clusters(groups)
    new = {
        "name": ["BURGER BARN", "Burger Barn", "N/A", "Pizza Place"],
        "street": ["", "210 Kings Avenue", "", ""],
        "city": ["Leeds", "", "", ""],
    }
    name = [dict(zip(FIELDS, record, strict=True)) for record in listed("restaurants")[0]]
    of = {record["city"]: c for record, c in zip(name, clusters(groups), strict=False) if record["name"].startswith("Burger Barn")}
    assert loaded.assign(pa.table(new))["cluster"].to_pylist() == [of["Leeds"], of["Exeter"], -1, -1]
    renamed = pa.table({"called": new["name"], "road": new["street"], "town": new["city"]})
    assert loaded.assign(renamed, text=["called", "road", "town"])["cluster"].to_pylist() == [of["Leeds"], of["Exeter"], -1, -1]


def test_equal_glued_texts_of_other_cells_are_two_records(tmp_path: Path) -> None:
    table = pa.table({"a": ["Anchor", "Anchor", "Bell"], "b": ["York", None, "Hull"], "c": [None, "York", "Leeds"]})
    groups = matomari.group(table, text=["a", "b", "c"], kind="variants", variants_by="columns")
    assert len(groups.reference.keys) == 3
    groups.save(tmp_path / "o")
    assert matomari.load(tmp_path / "o").assign(table)["cluster"].to_pylist() == clusters(groups)  # type: ignore[union-attr]


def test_markup_is_taken_off_cells_and_shared_ends_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        "Golden Dragon",
        "Night Owl",
        "Copper Pan",
        "Oyster Shed",
        "Pizza Piazza",
        "Burger Barn",
        "Trattoria Lucia",
        "Pub of the Leeds group",
    ]
    rows = [(f"<b>{name}</b>", f"{i} Elm&nbsp;Road", "part of the Leeds group") for i, name in enumerate(names, 1)]
    table = pa.table(
        dict(zip(FIELDS, zip(*rows, *[(name.upper(), "", "part of the Leeds group") for name in names], strict=True), strict=True))
    )
    assert grouped(table).reference.boilerplate.end
    groups = grouped(table, variants_by="columns")
    assert len(groups.groups) == len(names)
    assert groups.merges is not None
    assert not any(word in why.split() for why in groups.merges["why"].to_pylist() for word in ("b,", "b;", "nbsp,"))
    assert groups.reference.boilerplate.markup
    assert groups.reference.boilerplate.end == ()  # all texts end alike, and a name may, too
    groups.save(tmp_path / "o")
    asked: list[Any] = []

    def watched(*given: Any, records: Any, **options: Any) -> Any:
        asked.extend(records)
        return match_variants(*given, records=records, **options)

    monkeypatch.setattr("matomari.operate.group.placing.match_variants", watched)
    loaded = matomari.load(tmp_path / "o")
    assert isinstance(loaded, matomari.Grouping)
    assert loaded.assign(table)["cluster"].to_pylist() == clusters(groups)
    for records in asked:
        assert records.cells[0] == ("Golden Dragon", "1 Elm Road", "part of the Leeds group")
        assert records.cells[7][0] == "Pub of the Leeds group"


def test_columns_that_are_missing_in_new_rows_are_refused(places: Path) -> None:
    groups = grouped(places, variants_by="columns")
    with pytest.raises(InputError, match="has no column 'street'"):
        groups.assign(pa.table({"name": ["x"], "city": ["y"]}))
    with pytest.raises(InputError, match=r"compare 3 columns \(name, street, city\), and 1 of the Table were named") as refused:
        groups.assign(pa.table({"name": ["x"], "city": ["y"]}), text="name")
    assert "text=…" in refused.value.hint


SHOPS = {
    "product": [
        "Fjord kettle 1.7 L steel",
        "Kettle Fjord steel 1.7L",
        "FJORD kettle, steel, 1.7 l",
        "Sato rice cooker 1 L",
        "SATO rice-cooker 1 L",
        "Halden drill 18V",
        "Halden drill 18V",
        "Norvik lamp E27",
        "NORVIK LAMP E27",
    ],
    "source": ["a", "b", "b", "a", "b", "a", "a", None, "a"],
    "country": ["de", "de", "de", "de", "fr", "de", "fr", None, " "],
}


def test_a_source_lists_a_thing_once(tmp_path: Path) -> None:
    groups = grouped(pa.table(SHOPS), text="product", distinct="source")
    cluster = clusters(groups)
    assert (cluster[0] == cluster[1]) != (cluster[0] == cluster[2])
    assert cluster[1] != cluster[2]
    assert cluster[3] == cluster[4]
    assert cluster[5] == cluster[6]  # one text is one thing, wherever it stands
    assert cluster[7] == cluster[8]  # no source, no veto
    assert said(groups, "1 text stands more than once with one 'source' (--distinct): such texts are one thing each")
    assert said(groups, "1 row has no 'source' (--distinct) and may be one thing with any other")
    assert groups.run["distinct"] == "source"
    assert len(set(clusters(grouped(pa.table(SHOPS), text="product"))[:3])) == 1
    groups.save(tmp_path / "o")
    assert matomari.load(tmp_path / "o").assign(["kettle FJORD 1.7 L, steel"])["cluster"].to_pylist()[0] in cluster[:3]  # type: ignore[union-attr]


def test_a_text_of_two_sources_is_of_both() -> None:
    table = pa.table({"t": ["Sato rice cooker 1 L", "Sato rice cooker 1 L", "SATO rice-cooker 1 L", "Lamp E27"], "s": ["a", "b", "a", "a"]})
    cluster = clusters(grouped(table, text="t", distinct="s"))
    assert cluster[0] == cluster[1] != cluster[2]
    assert len(set(clusters(grouped(table, text="t"))[:3])) == 1


def test_blocks_are_kept_apart(tmp_path: Path) -> None:
    groups = grouped(pa.table(SHOPS), text="product", block="country")
    cluster = clusters(groups)
    assert cluster[0] == cluster[1] == cluster[2]
    assert cluster[3] != cluster[4]
    assert cluster[5] != cluster[6]  # the same text in two countries
    assert cluster[7] == cluster[8]  # an empty cell is a country of its own
    assert said(groups, "2 rows have no 'country' (--block) and were compared with one another only")
    assert groups.run["block"] == "country"
    groups.save(tmp_path / "o")
    loaded = matomari.load(tmp_path / "o")
    assert isinstance(loaded, matomari.Grouping)
    assert loaded.assign(pa.table(SHOPS))["cluster"].to_pylist() == cluster
    new = pa.table({"product": ["halden DRILL 18 V"] * 3, "country": ["de", "fr", "it"]})
    assert loaded.assign(new)["cluster"].to_pylist() == [cluster[5], cluster[6], -1]
    with pytest.raises(InputError, match="has no column 'country', and only rows of one 'country' were compared"):
        loaded.assign(["halden drill 18 V"])


def test_as_many_groups_may_be_asked_for_as_there_are_texts_in_blocks() -> None:
    table = pa.table({"t": ["bolt", "nut"] * 2, "b": ["x", "x", "y", "y"]})
    assert len(grouped(table, text="t", block="b", groups=4).groups) == 4
    with pytest.raises(InputError, match="5 groups were asked of 4"):
        grouped(table, text="t", block="b", groups=5)
    with pytest.raises(InputError, match="4 groups were asked of 2"):
        grouped(table, text="t", groups=4)


def test_what_themes_do_not_use_is_said_once() -> None:
    groups = grouped(pa.table(SHOPS), text="product", kind="themes", distinct="source", block="country", variants_by="columns")
    assert said(groups, "not used") == [
        "--variants-by, --distinct, --block were not used: they are for variants (--kind variants, kind='variants')"
    ]
    assert "block" not in groups.run
    assert not said(grouped(pa.table(SHOPS), text="product", kind="themes"), "not used")


def test_columns_that_are_not_there_and_that_contradict_are_refused(places: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name in ("distinct", "block"):
        with pytest.raises(InputError, match="has no column 'citty'") as refused:
            grouped(places, **{name: "citty"})
        assert "did you mean 'city'?" in refused.value.hint
        with pytest.raises(InputError, match=f"'{name}' names a column, and images have none"):
            matomari.group(places, image=True, **{name: "city"})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="both name 'city'"):
        grouped(places, distinct="city", block="city")
    assert call("group", str(places), "--text", "name", "--block", "citty", monkeypatch=monkeypatch) == 2
    assert "hint: did you mean 'city'?" in capsys.readouterr().err


def test_the_kind_that_was_left_open_may_be_variants_too() -> None:
    names = ["M8x20", "M8x25", "M8x30", "M10x20", "M10x25", "M6x12", "M6x16", "M12x40"]
    rows = [(f"bolt {size} zinc", block) for size in names for block in ("de", "fr")] + [(f"BOLT {size} ZN", "de") for size in names]
    table = pa.table({"part": [text for text, _ in rows], "country": [block for _, block in rows]})
    groups = matomari.group(table, text="part", block="country", keep_boilerplate=True)
    assert groups.run.kind == "variants"
    cluster = clusters(groups)
    assert all(cluster[2 * i] != cluster[2 * i + 1] for i in range(len(names)))
    assert [cluster[2 * i] for i in range(len(names))] == cluster[2 * len(names) :]


def test_the_command_line_and_a_run_again(places: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        "group",
        str(places),
        "--text",
        "name",
        "--text",
        "street",
        "--kind",
        "variants",
        "--variants-by",
        "columns",
        "--block",
        "city",
    ]
    assert call(*words, "--no-cache", "-q", "-o", str(tmp_path / "a"), monkeypatch=monkeypatch) == 0
    again = ["group", "--config", str(tmp_path / "a" / "run.json"), "--no-cache", "-q", "-o", str(tmp_path / "b")]
    assert call(*again, monkeypatch=monkeypatch) == 0
    assert (tmp_path / "a" / "items.csv").read_bytes() == (tmp_path / "b" / "items.csv").read_bytes()
    run = json.loads((tmp_path / "b" / "run.json").read_text(encoding="utf-8"))
    assert (run["variants_by"], run["block"], "distinct" in run) == ("columns", "city", False)
