"""group, assign, save and load from end to end, on texts made here and on the project's own example."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import matomari
from matomari import InputError
from matomari.cluster.variants.linkage import CUT
from matomari.metrics.grouping import adjusted_mutual_info, pairwise

EXAMPLE = Path(__file__).parents[1] / "examples" / "parts.csv"
TOPICS = {
    "card": ["my {} card was stolen", "I lost the {} card", "where is my {} card", "the {} card has not arrived", "freeze my {} card now"],
    "weather": [
        "will it rain in {} tomorrow",
        "how warm is {} today",
        "weather forecast for {}",
        "is it snowing in {}",
        "storm warning near {}",
    ],
    "recipe": [
        "how do I cook {} soup",
        "a recipe for {} stew",
        "how long to bake {} bread",
        "what spices go with {}",
        "can I freeze {} curry",
    ],
    "flight": [
        "book a flight to {}",
        "cheapest plane ticket to {}",
        "is my flight to {} delayed",
        "change my seat on the {} flight",
        "luggage on flights to {}",
    ],
    "music": ["play the new {} album", "who sings {}", "turn up the {} song", "add {} to my playlist", "next track by {}"],
    "garden": [
        "when to plant {} seeds",
        "my {} leaves turn yellow",
        "how much water does {} need",
        "prune the {} bush",
        "compost for {} beds",
    ],
}
FILLERS = {
    "card": ["debit", "credit", "bank", "blue", "business", "virtual"],
    "weather": ["Oslo", "Kyoto", "Lima", "Cairo", "Boston", "Perth"],
    "recipe": ["lentil", "pumpkin", "chicken", "tomato", "bean", "carrot"],
    "flight": ["Paris", "Rome", "Delhi", "Madrid", "Toronto", "Seoul"],
    "music": ["Beatles", "Bowie", "Mozart", "Adele", "Queen", "Coltrane"],
    "garden": ["rose", "basil", "tulip", "lavender", "fern", "ivy"],
}


def topical() -> tuple[list[str], list[str]]:
    made = [(pattern.format(word), topic) for topic, patterns in TOPICS.items() for pattern in patterns for word in FILLERS[topic]]
    order = np.random.default_rng(0).permutation(len(made))
    return [made[i][0] for i in order], [made[i][1] for i in order]


@pytest.fixture(scope="module")
def themes() -> matomari.Grouping:
    return matomari.group(topical()[0], kind="themes")


@pytest.fixture(scope="module")
def soft() -> matomari.Grouping:
    return matomari.group(topical()[0], method="soft")


@pytest.fixture(scope="module")
def variants() -> matomari.Grouping:
    return matomari.group(EXAMPLE, text="name")


def column(found: matomari.Grouping, name: str) -> np.ndarray:
    return found.table[name].to_numpy()


def test_themes_are_the_topics(themes: matomari.Grouping) -> None:
    assert adjusted_mutual_info(topical()[1], column(themes, "cluster")) > 0.75
    assert 5 <= themes.run["groups"] <= 20


def test_soft_groups_are_the_topics_and_know_how_sure_they_are(soft: matomari.Grouping) -> None:
    truth, cluster = np.asarray(topical()[1]), column(soft, "cluster")
    assert adjusted_mutual_info(truth, cluster) > 0.75
    assert (cluster >= 0).all() and (column(soft, "runner_up") >= 0).all()  # nothing is left out, everything has a second choice
    path = soft.run["path"]
    assert 0.5 < column(soft, "confidence").mean() <= path["agreement"] + 0.001
    assert path["distinct"][0] == soft.run["groups"] and path["distinct"][-1] == 1
    assert path["temperatures"][0] == pytest.approx(path["chosen"]) and path["chosen"] < path["critical"]


def test_a_soft_group_is_placed_by_its_prototype(soft: matomari.Grouping) -> None:
    soft_one = soft.reference.posterior
    assert soft_one is not None
    X = matomari.load_encoder("minilm").encode(topical()[0])
    logit = X @ soft_one.prototypes.T * 2 / soft_one.temperature
    p = np.exp(logit - logit.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    np.testing.assert_array_equal(p.argmax(axis=1), column(soft, "cluster"))
    np.testing.assert_allclose(p.max(axis=1), column(soft, "confidence"), atol=1e-4)
    np.testing.assert_allclose(p.max(axis=1) - np.sort(p, axis=1)[:, -2], column(soft, "margin"), atol=1e-4)


def test_the_example_is_variants_and_why(variants: matomari.Grouping) -> None:
    assert variants.run["kind"] == "variants"
    assert "number or code" in variants.run["kind_reason"]
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        truth = [row["item"] for row in csv.DictReader(file)]
    assert pairwise(truth, column(variants, "cluster"))[2] > 0.75


def test_sentences_are_themes_and_why() -> None:
    found = matomari.group(topical()[0])
    assert found.run["kind"] == "themes"
    assert "number or code" in found.run["kind_reason"]


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_layers_nest(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    cluster, finer, coarser = (column(found, name) for name in ("cluster", "finer", "coarser"))
    kept = cluster >= 0
    for inner, outer in ((finer, cluster), (cluster, coarser)):
        homes: dict[int, set[int]] = {}
        for a, b in zip(inner[kept].tolist(), outer[kept].tolist(), strict=True):
            homes.setdefault(a, set()).add(b)
        assert all(len(home) == 1 for home in homes.values())
    assert len(set(coarser[kept])) <= len(set(cluster[kept])) <= len(set(finer[kept]))
    assert (found.summary["coarser"].to_numpy()[cluster[kept]] == coarser[kept]).all()


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_the_tables_agree(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    cluster = column(found, "cluster")
    sizes = np.bincount(cluster[cluster >= 0], minlength=found.run["groups"])
    assert found.summary["size"].to_pylist() == sizes.tolist()
    assert ((sizes > 0).all() and (np.diff(sizes) <= 0).all()) or which == "themes"
    names = found.summary["name"].to_pylist()
    assert len(set(names)) == len(names)
    assert found.table["cluster_name"].to_pylist() == [names[c] if c >= 0 else None for c in cluster]
    ids = found.table["id"].to_pylist()
    for group in found.summary.to_pylist():
        assert 1 <= len(group["representative_ids"]) <= 3
        assert all(cluster[ids.index(i)] == group["cluster"] for i in group["representative_ids"])
        assert 0 <= group["stability"] <= 1 and 0 <= group["cohesion"] <= 1
    confidence, margin = column(found, "confidence"), column(found, "margin")
    assert ((confidence >= 0) & (confidence <= 1) & (margin >= 0) & (margin <= confidence + 1e-6)).all()
    assert (column(found, "runner_up") != cluster).all() or (cluster == -1).any()
    assert (cluster < 0).mean() <= 0.05
    assert found.partition.k == found.run["groups"]


def test_neighbours_are_other_rows_nearest_first(themes: matomari.Grouping) -> None:
    texts, X = topical()[0], matomari.load_encoder("minilm").encode(topical()[0])
    for row in (0, 7, 100):
        cell = themes.table["neighbors"][row].as_py()
        cosines = X @ X[row]
        cosines[row] = -2
        assert texts[cell["ids"][0]] in {texts[i] for i in np.flatnonzero(cosines >= cosines.max() - 0.03)}
        assert row not in cell["ids"] and cell["distances"] == sorted(cell["distances"])


def test_every_merge_says_what_tied_it(variants: matomari.Grouping) -> None:
    assert variants.merges is not None
    rows = variants.merges.to_pylist()
    assert rows and all(row["score"] >= CUT and row["why"].startswith("letters ") for row in rows)
    cluster = dict(zip(variants.table["id"].to_pylist(), variants.table["cluster"].to_pylist(), strict=True))
    assert all(cluster[row["id_a"]] == cluster[row["id_b"]] == row["cluster"] for row in rows)
    assert variants.run["groups"] == len(set(variants.table["name"].to_pylist())) - len(rows)


def test_a_size_or_a_model_keeps_things_apart(variants: matomari.Grouping) -> None:
    of = dict(zip(variants.table["name"].to_pylist(), variants.table["cluster"].to_pylist(), strict=True))
    assert of["Tape measure 5 m"] != of["Tape measure 8 m"]
    assert of["SPANNER COMB 13"] != of["SPANNER COMB 17"]
    assert of["BEARING 6204-2RS1"] != of["BEARING 6205-2RS1"]
    assert of["GLOVES NITRILE BLUE L (100)"] != of["GLOVES NITRILE BLUE M (100)"]
    assert of["Hex bolt M8x20 zinc plated"] == of["hexagon bolt M8×20 galv. zinc"]


@pytest.mark.parametrize("n", [1, 2, 7, 30])
@pytest.mark.parametrize(("kind", "method"), [("themes", "louvain"), ("themes", "soft"), ("variants", "louvain")])
def test_asking_for_a_number_gives_it(n: int, kind: str, method: str) -> None:
    found = matomari.group(topical()[0][:60], kind=kind, method=method, groups=n, assign_all=True)
    exact = n if kind == "themes" else max(n, found.run["groups"])  # unlike texts are not merged down, and the note says so
    assert found.run["groups"] == exact
    assert n == found.run["groups"] or any("were not merged" in note for note in found.notes)
    assert (column(found, "cluster") >= 0).all()


def test_assign_all_leaves_none_out() -> None:
    texts = topical()[0] + [f"{a} {b} qzx" for a in "abcdefg" for b in ("vuo", "krl")]
    assert (column(matomari.group(texts, kind="themes", assign_all=True), "cluster") >= 0).all()


def test_same_input_same_bytes(tmp_path: Path) -> None:
    from matomari.store.artefact import load

    digests = {load(matomari.group(topical()[0]).save(tmp_path / name), kind="grouping").digest for name in "ab"}
    assert len(digests) == 1


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_saved_and_loaded_is_the_same(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    found = request.getfixturevalue(which)
    again = matomari.Grouping.load(found.save(tmp_path / "out"))
    assert again.table.equals(found.table) and again.summary.equals(found.summary)
    assert dict(again.run) == dict(found.run)
    assert (again.merges is None) == (found.merges is None)
    new = ["where is the silver card", "Hex bolt M8 x 20 zinc plated"]
    assert again.assign(new).equals(found.assign(new))  # also how sure, which tells prototypes from neighbours
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"items.csv", "items.parquet", "groups.csv", "groups.parquet", "report.html", "run.json"} <= names
    assert pq.read_table(tmp_path / "out" / "items.parquet").equals(found.table)


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_known_texts_keep_their_group(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    texts = topical()[0] if which != "variants" else found.table["name"].to_pylist()
    placed = found.assign(texts)
    cluster = column(found, "cluster")
    assert placed["cluster"].to_pylist() == cluster.tolist()
    assert placed["cluster_name"].to_pylist() == found.table["cluster_name"].to_pylist()


def test_a_text_that_was_left_out_stays_out(themes: matomari.Grouping) -> None:
    labels = themes.reference.labels.copy()
    labels[0] = -1
    known = dataclasses.replace(themes.reference, labels=labels)
    assert known.place(known.texts[:2])[0].tolist() == [-1, labels[1]]
    assert known.place(known.texts[:1], assign_all=True)[0][0] >= 0


def test_new_texts_join_their_topic_and_strangers_do_not(themes: matomari.Grouping) -> None:
    texts, topics = topical()
    of = dict(zip(texts, column(themes, "cluster").tolist(), strict=True))
    placed = themes.assign(["my silver card was stolen", "is it snowing in Bergen", "", "0x7f mov eax ebx jmp 44"])
    cluster = placed["cluster"].to_pylist()
    topic_of = {c: topics[texts.index(t)] for t, c in of.items() if c >= 0}
    assert topic_of[cluster[0]] == "card" and topic_of[cluster[1]] == "weather"
    assert cluster[2:] == [-1, -1]
    assert (themes.assign(["0x7f mov eax ebx jmp 44"], assign_all=True)["cluster"].to_numpy() >= 0).all()


def test_new_spellings_join_their_thing_and_new_things_do_not(variants: matomari.Grouping) -> None:
    of = dict(zip(variants.table["name"].to_pylist(), variants.table["cluster"].to_pylist(), strict=True))
    placed = variants.assign(["tape measure 5m", "Flux capacitor 88 mph", "六角ナット M8 sus304"])["cluster"].to_pylist()
    assert placed == [of["Tape measure 5 m"], -1, of["六角ナット M8 SUS304"]]


def sources(tmp_path: Path) -> dict[str, Any]:
    import datasets
    import pandas as pd
    import polars as pl

    texts = topical()[0]
    frame = pa.table({"text": texts})
    pq.write_table(frame, tmp_path / "t.parquet")
    (tmp_path / "t.txt").write_text("\n".join(texts), encoding="utf-8")
    pd.DataFrame({"text": texts}).to_excel(tmp_path / "t.xlsx", index=False)
    made = {
        "Series": pd.Series(texts),
        "polars": pl.Series(texts),
        "Arrow": frame["text"],
        "array": np.asarray(texts),
        "data frame": pd.DataFrame({"text": texts}),
    }
    made |= {"datasets": datasets.Dataset.from_dict({"text": texts}), "column": datasets.Dataset.from_dict({"text": texts})["text"]}
    return made | {name: tmp_path / f"t.{name}" for name in ("parquet", "txt", "xlsx")}


def test_every_source_gives_the_same_groups(themes: matomari.Grouping, tmp_path: Path) -> None:
    for name, source in sources(tmp_path).items():
        assert (column(matomari.group(source, kind="themes"), "cluster") == column(themes, "cluster")).all(), name


def test_columns_are_kept_and_clashes_renamed() -> None:
    table = pa.table({"cluster": ["x", "y", "x"], "name": ["bolt M8", "bolt M-8", "nut M6"], "price": [1.5, None, 2.0]})
    found = matomari.group(table, text="name", kind="variants")
    assert found.table["input_cluster"].to_pylist() == ["x", "y", "x"]
    assert found.table["price"].to_pylist() == [1.5, None, 2.0]
    assert found.table.column_names[0] == "id"


def test_blank_rows_stay_without_a_group() -> None:
    found = matomari.group(["bolt M8", "", "  ", "Bolt M 8"], kind="variants")
    assert found.table["cluster"].to_pylist() == [0, -1, -1, 0]
    assert found.run["unassigned"] == 2 and any("no text" in note for note in found.notes)


def test_the_report_opens_from_what_was_saved(variants: matomari.Grouping, tmp_path: Path) -> None:
    page = variants.report(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "parts.csv" in page and page == (variants.save(tmp_path / "o") / "report.html").read_text(encoding="utf-8")


def test_csv_cells_cannot_be_formulas(tmp_path: Path) -> None:
    found = matomari.group(["=1+1", "+49 30 123", "@cmd", "-5", "plain"], kind="variants")
    with (found.save(tmp_path / "o") / "items.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert cells == ["'=1+1", "'+49 30 123", "'@cmd", "-5", "plain"]
    assert found.table["text"].to_pylist()[0] == "=1+1"


def test_a_stock_sentence_transformer_is_accepted() -> None:
    from sentence_transformers import SentenceTransformer

    from matomari.encode.locate import locate

    model = SentenceTransformer(str(locate("minilm")), device="cpu")
    found = matomari.group(topical()[0][:40], kind="themes", groups=3, encoder=model)
    assert found.run["groups"] == 3
    assert found.assign(topical()[0][:40], encoder=model)["cluster"].to_pylist() == found.table["cluster"].to_pylist()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "topics"}, "'kind' parameter"),
        ({"method": "hard"}, "'method' parameter"),
        ({"method": "soft", "kind": "variants"}, "not made by soft k-means"),
        ({"groups": 0}, "'groups' parameter"),
        ({"groups": 1000}, "1000 groups were asked of"),
        ({"seed": -1}, "'seed' parameter"),
        ({"encoder": "minilmm"}, "minilmm"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        matomari.group(["a", "b", "c"], **options)


def test_another_encoder_is_refused(themes: matomari.Grouping, tmp_path: Path) -> None:
    class Other:
        def encode(self, texts: list[str], **_: Any) -> np.ndarray:
            return np.ones((len(texts), 384), np.float32)

    loaded = matomari.Grouping.load(themes.save(tmp_path / "o"))
    with pytest.raises(InputError, match="not the one"):
        loaded.assign(["a"], encoder=Other())
