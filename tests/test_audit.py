"""The audit of labels: planted errors, plain loops, cases done by hand, and what is in the folder."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matomari.cli import app as cli
from matomari.errors import InputError
from matomari.learn.correction.matching import Matching, latent_communities, match
from matomari.learn.labels.doubt import Doubts, doubts
from matomari.operate.audit import audit as module
from matomari.operate.audit import tables as audit_tables
from matomari.operate.audit.audit import FILES, Audit, audit
from matomari.operate.audit.figures import audit_figures, heat
from matomari.operate.audit.judge import Judged
from matomari.operate.audit.tables import cells_table, classes_table, issues_table
from matomari.operate.examples import nearest_correct
from matomari.operate.group.group import group
from matomari.rows.gold import choice
from matomari.vectors import normalise

NASTY = ["=1+1", "<script>alert(1)</script>", "a \"b\" & 'c' > d", "日本語 🙂", "x" * 3000, "bell\x07 and\nline"]
FLAGGED = ("is_label_issue", "is_misclustered")


class Topics:
    """An encoder of texts such as "3 a word": near the third axis, and at a place of its own."""

    dimension = 16
    fingerprint = "topics"

    def __init__(self) -> None:
        self.asked = list[list[str]]()

    def encode(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        self.asked.append(list(texts))
        made = np.zeros((len(texts), 16), np.float32)
        for row, text in enumerate(texts):
            made[row] = np.random.default_rng(sum(map(ord, text)) * 1000 + len(text)).normal(0, 0.05, 16)
            made[row, int(text.split()[0])] += 1
        return made


def planted(classes: int = 5, each: int = 24, wrong: int = 9, names: Sequence[str] = ()) -> pa.Table:
    """Texts of some topics; the labels of a few are those of the next one."""
    truth = np.repeat(np.arange(classes), each)
    given = truth.copy()
    bad = np.random.default_rng(1).choice(len(truth), wrong, replace=False)
    given[bad] = (truth[bad] + 1) % classes
    called = list(names) or [f"topic {c}" for c in range(classes)]
    return pa.table(
        {
            "key": [f"k{i:03d}" for i in range(len(truth))],
            "body": [f"{topic} text number {i * i}" for i, topic in enumerate(truth)],
            "team": [called[c] for c in given],
            "truth": [called[c] for c in truth],
            "site": ["north" if i in set(bad.tolist()) or i % 4 == 0 else "south" for i in range(len(truth))],
        }
    )


def run(table: pa.Table, **more: Any) -> Audit:
    return audit(table, **({"label": "team", "text": "body", "id": "key", "encoder": Topics()} | more))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "CURRENT").resolve().iterdir())}


# What is found


def test_planted_errors_are_found_and_nothing_else() -> None:
    table = planted()
    found = run(table).table
    wrong = [given != true for given, true in zip(table["team"].to_pylist(), table["truth"].to_pylist(), strict=True)]
    assert sum(wrong) == 9
    for name in FLAGGED:
        assert found[name].to_pylist() == wrong
    assert found["suggested_label"].to_pylist() == table["truth"].to_pylist()
    assert found["given_label"].to_pylist() == table["team"].to_pylist()
    score = np.asarray(found["label_score"])
    assert score[wrong].max() < 0.5 < score[~np.array(wrong)].min()


def test_the_nearest_correct_example_is_that_of_a_plain_loop() -> None:
    table = planted()
    found = run(table).table.to_pylist()
    X = normalise(Topics().encode(table["body"].to_pylist())).astype(float)
    good = [not row["is_label_issue"] and not row["is_misclustered"] for row in found]
    for i, row in enumerate(found):
        near = [j for j, other in enumerate(found) if j != i and good[j] and other["given_label"] == row["suggested_label"]]
        best = max(near, key=lambda j: X[i] @ X[j])
        assert row["nearest_correct_id"] == found[best]["id"]
        assert row["nearest_correct"] == found[best]["text"]
        assert row["nearest_correct_cosine"] == pytest.approx(X[i] @ X[best], abs=2e-6)


@pytest.mark.parametrize(("tall", "wide"), [(1, 1), (3, 2), (1000, 1000)])
def test_pieces_change_no_nearest_example(tall: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    X = normalise(rng.normal(size=(40, 3)).astype(np.float32))
    X[30:] = X[:10]  # equal rows are each other's nearest, and the first of several counts
    wanted, shown = rng.integers(-1, 4, 40), rng.integers(-1, 3, 40)
    monkeypatch.setattr(audit_tables, "TALL", tall)
    monkeypatch.setattr(audit_tables, "WIDE", wide)
    rows, cosines = nearest_correct(X, wanted, shown)
    for i in range(40):
        near = [j for j in range(40) if j != i and wanted[i] >= 0 and shown[j] == wanted[i]]
        told = max(near, key=lambda j: (round(float(X[i] @ X[j]), 6), -j), default=-1)
        assert rows[i] == told
        assert np.isnan(cosines[i]) if told < 0 else cosines[i] == pytest.approx(X[i] @ X[told], abs=2e-6)


@pytest.mark.parametrize("fault", ["suspected", "elsewhere"])
def test_only_what_nothing_speaks_against_is_an_example(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row that most others have for an example gets a fault, and nobody has it any more."""
    X, labels, ids = Topics().encode(planted()["body"].to_pylist()), np.repeat(np.arange(5), 24), planted()["key"].to_pylist()
    told = normalise(X), np.arange(120), labels, ids, np.zeros(120, bool)
    before = audit_tables.judge(*told)
    most = int(np.bincount(before.nearest).argmax())
    there = before.rows == most

    def doubting(Z: Any, matching: Any, seed: int) -> Doubts:
        found = doubts(Z, matching, seed=seed)
        found.issue[there] = fault == "suspected"
        return found

    def moved(Z: Any, own: Any, seed: int) -> Matching:
        found = latent_communities(Z, own, seed=seed)
        away = (found.communities[there] + 1) % len(found.owner)
        return match(own, np.where(there, away, found.communities)) if fault == "elsewhere" else found

    monkeypatch.setattr(audit_tables, "doubts", doubting)
    monkeypatch.setattr(audit_tables, "latent_communities", moved)
    after = audit_tables.judge(*told)
    assert (before.nearest == most).sum() > 1
    assert (after.doubts.issue.sum(), after.matching.misclustered.sum()) == ((1, 0) if fault == "suspected" else (0, 1))
    assert not (after.nearest == most).any() and (after.nearest >= 0).all()


def test_the_storage_order_changes_nothing_but_the_order(tmp_path: Path) -> None:
    table = planted()
    order = np.random.default_rng(8).permutation(len(table))
    first, second = Topics(), Topics()
    one, two = run(table, by="site", encoder=first), run(table.take(order), by="site", encoder=second)
    assert first.asked == second.asked  # what stands beside a text in a batch may change its last digits
    assert two.table.sort_by("id").to_pylist() == one.table.to_pylist()
    assert two.table["id"].to_pylist() == table["key"].take(order).to_pylist()
    one.save(tmp_path / "one")
    two.save(tmp_path / "two")
    a, b = content(tmp_path / "one"), content(tmp_path / "two")
    assert a.keys() == b.keys()
    differ = {"label_issues.csv", "label_issues.parquet", "run.json", "manifest.json"}  # run.json has the fingerprint of the input
    assert {name for name in a if a[name] != b[name]} == differ


def test_classes_by_hand() -> None:
    """a owns 0 and 1; b owns 2, where two of a live, and the whole of c."""
    labels = [0] * 18 + [1] * 9 + [2] * 2 + [-1]
    found = match(np.array(labels), np.array([0] * 10 + [1] * 6 + [2] * 2 + [2] * 8 + [0] + [2] * 2 + [1]))
    issue = np.zeros(30, bool)
    issue[[16, 17, 26, 29]] = True
    rows = classes_table(["a", "b", "c"], found, issue).to_pylist()
    assert [row["label"] for row in rows] == ["c", "a", "b"]
    assert rows[0] | {"misclustered_rate": 1.0} == {
        "label": "c", "size": 2, "communities": [], "modes": 0, "misclustered": 2, "misclustered_rate": 1.0, "issues": 0, "confused_with": "b",
        "remark": "owns no community; shares a community with b",
    }  # fmt: skip
    assert rows[1] | {"misclustered_rate": 0} == {
        "label": "a", "size": 18, "communities": [0, 1], "modes": 2, "misclustered": 2, "misclustered_rate": 0, "issues": 2, "confused_with": "b",
        "remark": "several modes",
    }  # fmt: skip
    assert rows[1]["misclustered_rate"] == pytest.approx(2 / 18)
    assert (rows[2]["communities"], rows[2]["modes"], rows[2]["confused_with"]) == ([2], 1, "a")
    assert rows[2]["remark"] == "shares a community with c"
    assert cells_table(["a", "b", "c"], found).to_pylist() == [
        {"label": "a", "community": 0, "samples": 10, "owner": "a"},
        {"label": "a", "community": 1, "samples": 6, "owner": "a"},
        {"label": "a", "community": 2, "samples": 2, "owner": "b"},
        {"label": "b", "community": 0, "samples": 1, "owner": "a"},
        {"label": "b", "community": 2, "samples": 8, "owner": "b"},
        {"label": "c", "community": 2, "samples": 2, "owner": "b"},
    ]


@pytest.mark.parametrize(("second", "modes"), [(4, 1), (5, 2), (6, 2)])
def test_a_mode_needs_five_rows_and_a_tenth(second: int, modes: int) -> None:
    found = match(np.zeros(20 + second, np.int64), np.array([0] * 20 + [1] * second))
    assert classes_table(["a"], found, np.zeros(20 + second, bool))["modes"].to_pylist() == [modes]
    rare = match(np.zeros(206, np.int64), np.array([0] * 200 + [1] * 6))  # six of 206 are not a tenth
    assert classes_table(["a"], rare, np.zeros(206, bool))["modes"].to_pylist() == [1]


def test_the_rows_by_hand() -> None:
    """Row 2 was not judged; the others are told in another order than that of the input."""
    matching = match(np.array([1, 0, -1]), np.array([0, 0, 0]))  # b: 1 of 1, a: 1 of 1; a, the lower, owns
    doubts = Doubts(np.array([0.25, np.nan, np.nan]), np.array([0, 0, 1]), np.array([True, False, False]))
    judged = Judged(np.array([3, 0, 1]), matching, doubts, np.array([0, -1, -1]), np.array([0.5, np.nan, np.nan]))
    found = issues_table(list("wxyz"), ["W", "X", "", "Z"], "text", ["a", None, "a", "b"], None, ["a", "b"], judged).to_pylist()
    assert [row["id"] for row in found] == list("wxyz")
    assert found[3] == {
        "id": "z", "text": "Z", "given_label": "b", "suggested_label": "a", "is_label_issue": True, "label_score": 0.25, "community": 0,
        "is_misclustered": True, "nearest_correct_id": "w", "nearest_correct": "W", "nearest_correct_cosine": 0.5,
    }  # fmt: skip
    assert (found[0]["label_score"], found[0]["is_misclustered"], found[0]["nearest_correct_id"]) == (None, False, None)
    assert (found[1]["suggested_label"], found[1]["given_label"], found[1]["community"]) == ("b", None, 0)
    assert (found[2]["suggested_label"], found[2]["community"], found[2]["label_score"], found[2]["is_label_issue"]) == (
        "a",
        None,
        None,
        False,
    )


def test_blank_texts_and_blank_labels_are_no_issues() -> None:
    rows = planted().to_pylist()
    for i in (0, 1):
        rows[i]["body"] = "  "
    for i, blank in ((30, None), (31, " ")):
        rows[i]["team"] = blank
    found = run(pa.Table.from_pylist(rows))
    told = found.table.to_pylist()
    assert [(told[i]["label_score"], told[i]["is_label_issue"], told[i]["community"]) for i in (0, 1)] == [(None, False, None)] * 2
    assert [(told[i]["label_score"], told[i]["is_label_issue"], told[i]["given_label"]) for i in (30, 31)] == [(None, False, None)] * 2
    assert [told[i]["suggested_label"] for i in (30, 31)] == ["topic 1"] * 2
    assert told[30]["nearest_correct"] is not None
    assert (found.run["blank"], found.run["labelled"]) == (2, 116)
    assert any("2 rows are without a word" in note for note in found.notes)
    assert any("2 texts are without a label" in note for note in found.notes)


def test_one_row_of_a_class_is_not_judged() -> None:
    rows = planted(wrong=0).to_pylist()
    for i, name in ((5, "alone"), (50, "alone too")):
        rows[i]["team"] = name
    found = run(pa.Table.from_pylist(rows))
    told = found.table.to_pylist()
    assert [(told[i]["label_score"], told[i]["is_label_issue"], told[i]["nearest_correct"]) for i in (5, 50)] == [(None, False, None)] * 2
    assert found.run["issues"] == 0
    assert any("2 texts are alone in a class" in note for note in found.notes)


def test_rates_find_the_site_of_the_errors() -> None:
    found = run(planted(), by=["site"])
    assert found.rates is not None
    north, south = found.rates.to_pylist()
    assert (north["value"], north["misclustered"], south["misclustered"]) == ("north", 9, 0)
    assert north["rows"] + south["rows"] == 120
    assert north["p_holm"] < 0.001 < north["difference_low"]


# Corrections


@pytest.mark.parametrize("form", ["JSON", "table"])
def test_corrections_replace_labels_and_are_no_issues(form: str, tmp_path: Path) -> None:
    table = planted()
    first = run(table)
    first.save(tmp_path / "audit")
    made = json.loads((tmp_path / "audit" / "label_studio.json").read_text())
    assert len(made) == 9
    kept = made[0]["data"]["row_id"]  # of this one a person says that the given label is right after all
    said = {
        task["data"]["row_id"]: task["data"]["given_label"]
        if task["data"]["row_id"] == kept
        else task["predictions"][0]["result"][0]["value"]["choices"][0]
        for task in made
    }
    gold: Any = pa.table({"id": list(said), "label": list(said.values())})
    if form == "JSON":
        gold = tmp_path / "export.json"
        for task in made:
            result = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [said[task["data"]["row_id"]]]}}
            task["annotations"] = [{"was_cancelled": False, "result": [result]}]
        gold.write_text(json.dumps(made))
    second = run(table, gold=gold)
    assert second.run["issues"] == 0 and second.run["gold"] == 9
    told = {row["id"]: row for row in second.table.to_pylist()}
    assert {id: row["gold_label"] for id, row in told.items() if row["gold_label"] is not None} == said
    assert [row["given_label"] for row in told.values()] == table["team"].to_pylist()
    assert told[kept]["is_misclustered"] and told[kept]["label_score"] < 0.5  # its score is what it would be
    assert [id for id, row in told.items() if row["is_misclustered"]] == [kept]
    assert any("9 rows are labelled by a person" in note for note in second.notes)
    assert "gold_label" not in first.table.column_names


# The folder


def test_the_same_input_gives_the_same_bytes_and_every_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(planted(), by=["site"]).save(tmp_path / name)
    a = content(tmp_path / "a")
    assert a == content(tmp_path / "b")
    assert set(a) == {*FILES, "manifest.json"}
    told = json.loads(a["run.json"])
    assert (told["rows"], told["issues"], told["labelled"], told["classes"], told["label_column"]) == (120, 9, 120, 5, "team")
    assert np.shape(told["curve"])[1] >= 4 and told["curve"][-1][0] >= told["resolution"]


def test_labels_are_part_of_the_fingerprints() -> None:
    one, two = run(planted()).run, run(planted(wrong=8)).run
    assert one["fingerprint"] == two["fingerprint"] and one["labels_fingerprint"] != two["labels_fingerprint"]


def test_the_old_folder_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(planted()).save(tmp_path / "o")
    before = content(tmp_path / "o")
    monkeypatch.setattr(module, "render", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(planted(wrong=3)).save(tmp_path / "o")
    assert content(tmp_path / "o") == before


class Seen(HTMLParser):
    """The words of a page, its scripts, and the tags that could ask for something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags = "", list[tuple[str, dict[str, str | None]]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_nasty_labels_survive_everywhere(tmp_path: Path) -> None:
    table = planted(classes=len(NASTY), names=NASTY)
    found = run(table)
    found.save(tmp_path / "o")
    with (tmp_path / "o" / "label_issues.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["given_label"].removeprefix("'") for row in rows] == table["team"].to_pylist()
    assert {row["given_label"] for row in rows if "1+1" in row["given_label"]} == {"'=1+1"}
    assert pq.read_table(tmp_path / "o" / "label_issues.parquet")["given_label"].to_pylist() == table["team"].to_pylist()
    tree = ElementTree.parse(tmp_path / "o" / "label_studio_config.xml").getroot()
    assert [one.get("value") for one in tree[1]] == sorted(map(choice, NASTY))
    page = Seen((tmp_path / "o" / "report.html").read_text(encoding="utf-8"))
    assert [tag for tag, _ in page.tags].count("script") == 1
    for label in NASTY[:4]:
        assert label in page.words
    assert "bell␇ and\nline" in page.words and "\x07" not in page.words
    assert "x" * 59 + "…" in page.words and "x" * 61 not in page.words
    assert not [a for _, attrs in page.tags for a in attrs if a == "style" or a.startswith("on")]
    assert not [a for _, attrs in page.tags for a in ("src", "href") if a in attrs and not str(attrs[a]).startswith(("#", "data:"))]
    assert found.run["issues"] == 9


def test_the_report_lists_the_worst_first() -> None:
    found = run(planted(), by="site")
    words = Seen(found.report()).words
    assert found.run["headline"] == "9 of 120 labels are suspect; 5 of 5 classes own a community; 7.5% of the rows live with another class."
    assert found.run["headline"] in words and repr(found) == f"Audit({found.run['headline']})"
    worst = sorted((row for row in found.table.to_pylist() if row["is_label_issue"]), key=lambda row: row["label_score"])
    places = [words.index(row["text"]) for row in worst]
    assert places == sorted(places)
    for word in ("Rates by site", "north", "Suspected labels", "topic 3", *(row["nearest_correct"] for row in worst)):
        assert word in words


def cells_wide(svg: str) -> float:
    return float(re.findall(r'<rect [^>]*width="([0-9.]+)"', svg)[0])


def test_the_drawings_hold_what_they_can() -> None:
    classes = [{"label": f"c{i:02d}", "size": 4} for i in range(60)]
    cells = [
        {"label": f"c{i:02d}", "community": i if j else i + 60, "samples": 2, "owner": f"c{i:02d}" if j else "c00"}
        for i in range(60)
        for j in (0, 1)
    ]
    drawn = heat(classes, cells)
    assert drawn.svg.count("<rect") == 60 and drawn.svg.count("own-cell") + drawn.svg.count("foreign-cell") == 60
    assert "c39" in drawn.svg and "c40" not in drawn.svg
    places = re.findall(r'class="number" transform="translate\(([0-9.]+) [0-9.]+\) rotate\(-90\)">(\d+)<', drawn.svg)
    cells_at = {float(x): int(c) for x, c in re.findall(r'<rect class="own-cell" x="([0-9.]+)".*?in community (\d+), its own', drawn.svg)}
    assert len(places) == 60 and len(cells_at) == 41  # 40 and a second one of c00
    numbers = {float(x) - 4: int(c) for x, c in places}
    for left, community in cells_at.items():  # the number stands over the middle of its cells
        assert min(numbers, key=lambda x: abs(x - left - (cells_wide(drawn.svg) + 1) / 2)) in [
            x for x, c in numbers.items() if c == community
        ]
    assert "the 40 most troubled of 60 classes" in drawn.caption and "20 more" in drawn.caption
    assert audit_figures({"curve": [[0.5, 2, 1.0, 0.0]], "resolution": 0.5}) == []
    (curve,) = audit_figures({"curve": [[0.5, 2, 0.5, 0.3], [1, 4, 1.0, 0.1]], "resolution": 1.0})
    assert curve.svg.count("<polyline") == 2 and "mark is at 1," in curve.caption


# What is refused


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"label": "teem"}, "has no column 'teem'", "did you mean 'team'.*'key', 'body', 'team'"),
        ({"label": None}, "no column of labels was given", "'key', 'body', 'team'"),
        ({"label": "key"}, "holds 120 different labels in 120 rows", "column of ids"),
        ({"by": ["floor"]}, "has no column 'floor'", "it has: 'key'"),
        ({"by": ["key"]}, "column 'key' has 120 different values", "join rare values"),
        ({"seed": -1}, "'seed' parameter of audit", "seed=0"),
        ({"label": "none"}, "holds no label", "it has"),
        ({"label": "same"}, "holds only one class, 'one'", "two or more"),
        ({"gold": pa.table({"id": ["zz"], "label": ["topic 1"]})}, "there is no such row", "same ids"),
    ],
)
def test_what_cannot_be_audited_is_said_before_the_encoding(more: dict[str, Any], message: str, hint: str) -> None:
    table = planted().append_column("none", pa.array([" "] * 120)).append_column("same", pa.array(["one"] * 120))
    with pytest.raises(InputError, match=message) as told:
        run(table, **{"encoder": None} | more)
    assert re.search(hint, told.value.hint)


def test_few_rows_are_refused() -> None:
    with pytest.raises(InputError, match="holds 4 labels"):
        run(planted(classes=2, each=2, wrong=0))
    assert run(planted(classes=2, each=3, wrong=0)).run["labelled"] == 6


def test_what_else_lies_in_the_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.html").write_text("mine")
    (tmp_path / "file").write_text("mine")
    group(["lost card", "my card is lost", "top up failed", "failed to top up"], encoder="minilm", kind="themes", groups=2).save(
        tmp_path / "parts"
    )
    for name, message in (
        ("mine", "already there and is not ours"),
        ("file", "is a file"),
        ("parts", "holds a grouping, which an audit would replace"),
    ):
        with pytest.raises(InputError, match=message):
            module.refuse_other(tmp_path / name, module.KIND, module.FILES)
        with pytest.raises(InputError, match=message):
            run(planted()).save(tmp_path / name)
    module.refuse_other(tmp_path / "free", module.KIND, module.FILES)
    assert not (tmp_path / "free").exists()


# The command line


CARDS = ["lost card", "my card is lost", "I lost my bank card", "the card was stolen", "someone stole my card", "card has gone missing"]
CARDS += ["my card got stolen yesterday", "cannot find my card", "I have lost my card abroad"]
MONEY = [
    "top up failed",
    "my top-up did not work",
    "topping up fails",
    "the top up was declined",
    "cannot top up my account",
    "top up is pending",
]
MONEY += ["why is my top up not there", "my account was not topped up", "top-up reverted"]


def call(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["matomari", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    rows = [["cards", text, "web"] for text in CARDS] + [["money", text, "phone"] for text in MONEY]
    rows[3][0] = "money"
    with (tmp_path / "tickets.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["team", "body", "channel"], *rows])
    return tmp_path / "tickets.csv"


def test_the_command_line_writes_a_folder(
    tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["audit", str(tickets), "--text", "body", "--label", "team", "--by", "channel", "-o", str(tmp_path / "o"), "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 of 18 labels is suspect; 2 of 2 classes own a community" in said.err
    assert f"open {tmp_path / 'o' / 'report.html'} in a browser; label_issues.csv is beside it" in said.err
    (task,) = json.loads((tmp_path / "o" / "label_studio.json").read_text())
    assert task["data"]["row_id"] == "3" and task["data"]["text"] == "the card was stolen"
    (tmp_path / "gold.csv").write_text("id,label\n3,cards\n")
    assert call(*words, "--gold", str(tmp_path / "gold.csv"), "--json", monkeypatch=monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["issues"], told["gold"], told["misclustered"], told["out"]) == (18, 0, 1, 0, str(tmp_path / "o"))


def test_without_a_folder_the_rows_are_the_output(
    tickets: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert call("audit", str(tickets), "--text", "body", "--label", "team", "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    said = capfdbinary.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out.decode())))
    assert [row["id"] for row in rows if row["is_label_issue"] == "true"] == ["3"]
    assert said.err == b""


def test_faults_end_with_two_and_a_hint(tickets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("audit", str(tickets), "--text", "body", "--no-cache", monkeypatch=monkeypatch) == 2
    assert "error: no column of labels was given." in capsys.readouterr().err


def test_a_folder_of_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Image = pytest.importorskip("PIL.Image", reason="the extra 'images' is not installed")
    rng = np.random.default_rng(2)
    for name, half in (("down", slice(4, 8)), ("up", slice(0, 4))):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(10):
            pixels = rng.integers(0, 60, (8, 8), dtype=np.uint8)
            pixels[half] += 150
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{i}.png")
    (tmp_path / "photos" / "up" / "9.png").rename(tmp_path / "photos" / "down" / "<b>.png")
    words = ["audit", str(tmp_path / "photos"), "--image", "--by", "width", "-o", str(tmp_path / "o"), "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0, capsys.readouterr().err
    (task,) = json.loads((tmp_path / "o" / "label_studio.json").read_text())
    assert task["data"]["image"] == "down/<b>.png" and task["data"]["given_label"] == "down"
    assert task["predictions"][0]["result"][0] == {
        "from_name": "label",
        "to_name": "image",
        "type": "choices",
        "value": {"choices": ["up"]},
    }
    assert task["data"]["nearest_correct"].startswith("up/")
    page = Seen((tmp_path / "o" / "report.html").read_text())
    shown = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert len(shown) == 2 and all(str(one).startswith("data:image/png;base64,") for one in shown)
    assert "down/<b>.png" in page.words
    assert call(*words, "--label", "width", monkeypatch=monkeypatch) == 2
    assert "an image's label is its top folder" in capsys.readouterr().err
    assert call("audit", str(tmp_path), "--image", "-o", str(tmp_path / "p"), "--no-cache", monkeypatch=monkeypatch) == 2
    assert "holds only one class, 'photos'" in capsys.readouterr().err
