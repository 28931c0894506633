"""group from end to end, on texts made here and on the project's own example."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import matomari
from builders import EXAMPLE
from builders.topics import column, topical
from matomari import InputError
from matomari.cluster.variants.variants import CUT
from matomari.metrics.grouping import adjusted_mutual_info, pairwise


def test_themes_are_the_topics(themes: matomari.Grouping) -> None:
    assert adjusted_mutual_info(topical()[1], column(themes, "cluster")) > 0.75
    assert 5 <= themes.run["groups"] <= 20


def test_soft_groups_are_the_topics_and_know_how_sure_they_are(soft: matomari.Grouping) -> None:
    truth, cluster = np.asarray(topical()[1]), column(soft, "cluster")
    assert adjusted_mutual_info(truth, cluster) > 0.75
    assert (cluster >= 0).all()
    assert (column(soft, "runner_up") >= 0).all()  # nothing is left out, everything has a second choice
    path = soft.run["path"]
    assert 0.5 < column(soft, "confidence").mean() <= path["agreement"] + 0.001
    assert path["distinct"][0] == soft.run["groups"]
    assert path["distinct"][-1] == 1
    assert path["temperatures"][0] == pytest.approx(path["chosen"])
    assert path["chosen"] < path["critical"]


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
    assert (found.groups["coarser"].to_numpy()[cluster[kept]] == coarser[kept]).all()


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_the_tables_agree(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    cluster = column(found, "cluster")
    sizes = np.bincount(cluster[cluster >= 0], minlength=found.run["groups"])
    assert found.groups["size"].to_pylist() == sizes.tolist()
    assert ((sizes > 0).all() and (np.diff(sizes) <= 0).all()) or which == "themes"
    names = found.groups["name"].to_pylist()
    assert len(set(names)) == len(names)
    assert found.items["cluster_name"].to_pylist() == [names[c] if c >= 0 else None for c in cluster]
    ids = found.items["id"].to_pylist()
    for group in found.groups.to_pylist():
        assert 1 <= len(group["representative_ids"]) <= 3
        assert all(cluster[ids.index(i)] == group["cluster"] for i in group["representative_ids"])
        assert 0 <= group["stability"] <= 1
        assert 0 <= group["cohesion"] <= 1
    confidence, margin = column(found, "confidence"), column(found, "margin")
    assert ((confidence >= 0) & (confidence <= 1) & (margin >= 0) & (margin <= confidence + 1e-6)).all()
    assert (column(found, "runner_up") != cluster).all() or (cluster == -1).any()
    assert (cluster < 0).mean() <= 0.05
    assert found.partition.k == found.run["groups"]


def test_neighbours_are_other_rows_nearest_first(themes: matomari.Grouping) -> None:
    texts, X = topical()[0], matomari.load_encoder("minilm").encode(topical()[0])
    for row in (0, 7, 100):
        cell = themes.items["neighbors"][row].as_py()
        cosines = X @ X[row]
        cosines[row] = -2
        assert texts[cell["ids"][0]] in {texts[i] for i in np.flatnonzero(cosines >= cosines.max() - 0.03)}
        assert row not in cell["ids"]
        assert cell["distances"] == sorted(cell["distances"])


def test_every_merge_says_what_tied_it(variants: matomari.Grouping) -> None:
    assert variants.merges is not None
    rows = variants.merges.to_pylist()
    assert rows
    assert all(row["score"] >= CUT and row["why"] for row in rows)
    cluster = dict(zip(variants.items["id"].to_pylist(), variants.items["cluster"].to_pylist(), strict=True))
    assert all(cluster[row["id_a"]] == cluster[row["id_b"]] == row["cluster"] for row in rows)
    assert variants.run["groups"] == len(set(variants.items["name"].to_pylist())) - len(rows)


def test_a_size_or_a_model_keeps_things_apart(variants: matomari.Grouping) -> None:
    of = dict(zip(variants.items["name"].to_pylist(), variants.items["cluster"].to_pylist(), strict=True))
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


def test_every_source_gives_the_same_groups(tmp_path: Path) -> None:
    wanted = column(matomari.group(topical()[0], kind="themes", groups=6), "cluster")
    for name, source in sources(tmp_path).items():
        assert (column(matomari.group(source, kind="themes", groups=6), "cluster") == wanted).all(), name


def test_columns_are_kept_and_clashes_renamed() -> None:
    table = pa.table({"cluster": ["x", "y", "x"], "name": ["bolt M8", "bolt M-8", "nut M6"], "price": [1.5, None, 2.0]})
    found = matomari.group(table, text="name", kind="variants")
    assert found.items["input_cluster"].to_pylist() == ["x", "y", "x"]
    assert found.items["price"].to_pylist() == [1.5, None, 2.0]
    assert found.items.column_names[0] == "id"


def test_blank_rows_stay_without_a_group() -> None:
    found = matomari.group(["bolt M8", "", "  ", "Bolt M 8"], kind="variants")
    assert found.items["cluster"].to_pylist() == [0, -1, -1, 0]
    assert found.run["unassigned"] == 2
    assert any("no text" in note for note in found.notes)


def test_a_stock_sentence_transformer_is_accepted() -> None:
    from sentence_transformers import SentenceTransformer

    from matomari.encode.locate import locate

    model = SentenceTransformer(str(locate("minilm")), device="cpu")
    found = matomari.group(topical()[0][:40], kind="themes", groups=3, encoder=model)
    assert found.run["groups"] == 3
    assert found.assign(topical()[0][:40], encoder=model)["cluster"].to_pylist() == found.items["cluster"].to_pylist()


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
