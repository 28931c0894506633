"""The audit of labels: planted errors are found, corrections replace labels, and what cannot be audited is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from builders.audits import planted, run, topics
from builders.labels import content
from matomari.errors import InputError
from matomari.operate.audit import audit as module
from matomari.operate.group.group import group
from matomari.store.artefact import refuse_other

FLAGGED = ("is_label_issue", "is_misclustered")


# What is found


def test_planted_errors_are_found_and_nothing_else() -> None:
    table = planted()
    found = run(table).label_issues
    wrong = [given != true for given, true in zip(table["team"].to_pylist(), table["truth"].to_pylist(), strict=True)]
    assert sum(wrong) == 9
    for name in FLAGGED:
        assert found[name].to_pylist() == wrong
    assert found["suggested_label"].to_pylist() == table["truth"].to_pylist()
    assert found["given_label"].to_pylist() == table["team"].to_pylist()
    score = np.asarray(found["label_score"])
    assert score[wrong].max() < 0.5 < score[~np.array(wrong)].min()


def test_the_storage_order_changes_nothing_but_the_order(tmp_path: Path) -> None:
    table = planted()
    order = np.random.default_rng(8).permutation(len(table))
    first, second = topics(), topics()
    one, two = run(table, by="site", encoder=first), run(table.take(order), by="site", encoder=second)
    assert first.asked == second.asked  # what stands beside a text in a batch may change its last digits
    assert two.label_issues.sort_by("id").to_pylist() == one.label_issues.to_pylist()
    assert two.label_issues["id"].to_pylist() == table["key"].take(order).to_pylist()
    one.save(tmp_path / "one")
    two.save(tmp_path / "two")
    a, b = content(tmp_path / "one"), content(tmp_path / "two")
    assert a.keys() == b.keys()
    differ = {"label_issues.csv", "label_issues.parquet", "run.json", "manifest.json"}  # run.json has the fingerprint of the input
    assert {name for name in a if a[name] != b[name]} == differ


def test_blank_texts_and_blank_labels_are_no_issues() -> None:
    rows = planted().to_pylist()
    for i in (0, 1):
        rows[i]["body"] = "  "
    for i, blank in ((30, None), (31, " ")):
        rows[i]["team"] = blank
    found = run(pa.Table.from_pylist(rows))
    told = found.label_issues.to_pylist()
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
    told = found.label_issues.to_pylist()
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
    assert second.run["issues"] == 0
    assert second.run["gold"] == 9
    told = {row["id"]: row for row in second.label_issues.to_pylist()}
    assert {id: row["gold_label"] for id, row in told.items() if row["gold_label"] is not None} == said
    assert [row["given_label"] for row in told.values()] == table["team"].to_pylist()
    assert told[kept]["is_misclustered"]
    assert told[kept]["label_score"] < 0.5  # its score is what it would be
    assert [id for id, row in told.items() if row["is_misclustered"]] == [kept]
    assert any("9 rows are labelled by a person" in note for note in second.notes)
    assert "gold_label" not in first.label_issues.column_names


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
            refuse_other(tmp_path / name, module.KIND, module.FILES)
        with pytest.raises(InputError, match=message):
            run(planted()).save(tmp_path / name)
    refuse_other(tmp_path / "free", module.KIND, module.FILES)
    assert not (tmp_path / "free").exists()
