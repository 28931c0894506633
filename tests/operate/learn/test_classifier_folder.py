"""The folder of a classifier: the same bytes, damage found, the old one kept, and its report."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from builders.labels import Topics, content, labelled, new_rows, planted, run
from matomari.errors import DamagedError
from matomari.learn.correction.matching import latent_communities
from matomari.operate.learn import classifier as saved
from matomari.operate.learn.classifier import FILES, LabelClassifier
from matomari.operate.learn.classifier_page import render
from matomari.seeds import Seed


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    torch.manual_seed(1)
    state = torch.get_rng_state()
    for name in ("a", "b"):
        run(planted(wrong=9), tmp_path / name, correct=True, seed=3)
    assert torch.equal(torch.get_rng_state(), state)
    a, b = content(tmp_path / "a"), content(tmp_path / "b")
    assert a == b
    assert set(a) == {*FILES, "manifest.json"}
    run(planted(wrong=9), tmp_path / "c", correct=True, seed=4)
    assert content(tmp_path / "c")["head.safetensors"] != a["head.safetensors"]


def test_what_is_loaded_says_what_was_saved(learnt: Path, tmp_path: Path) -> None:
    known, encoder = LabelClassifier.load(learnt), Topics(noise=0.3)
    shutil.copytree(learnt, tmp_path / "copy", symlinks=True)
    known.save(tmp_path / "again")
    table = known.assign(new_rows(), encoder=encoder)
    for folder in ("copy", "again"):
        assert LabelClassifier.load(tmp_path / folder).assign(new_rows(), encoder=encoder).equals(table)
    assert content(tmp_path / "again") == content(learnt)
    told = list(csv.DictReader(io.StringIO((learnt / "classes.csv").read_text())))
    assert [row["label"] for row in told] == known.names
    assert [float(row["recall"]) for row in told] == pytest.approx([one["recall"] for one in known.run["classes"]])


def test_correctly_clustered_is_what_the_communities_of_the_hidden_layer_say(learnt: Path) -> None:
    known = LabelClassifier.load(learnt)
    data = labelled(planted(wrong=9), label="team", text="body", id="key", encoder=Topics(noise=0.3))
    told = latent_communities(known.head.latent(data.X), data.labels, seed=Seed(0).number("labels/communities"))
    flags = known.rows["correctly_clustered"].to_pylist()
    assert flags == told.correct.tolist()
    assert 0 < sum(flags) < len(flags)
    assert known.run["correctly_clustered"] == sum(flags)
    np.testing.assert_allclose(known.vectors, data.X, atol=1e-3)


@pytest.mark.parametrize("name", ["head.safetensors", "reference.parquet", "run.json"])
def test_a_damaged_file_is_found(name: str, learnt: Path, tmp_path: Path) -> None:
    shutil.copytree(learnt, tmp_path / "m", symlinks=True)
    file = (tmp_path / "m" / "CURRENT").resolve() / name
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(bytes(raw))
    with pytest.raises(DamagedError, match=name):
        LabelClassifier.load(tmp_path / "m")


def test_files_that_do_not_belong_together_are_found(learnt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = LabelClassifier.load(learnt)
    fewer = replace(known.run, classes=list(known.run["classes"])[:-1])
    for broken in ({"rows": known.rows.slice(1)}, {"run": fewer}, {"vectors": known.vectors[:, 1:]}):
        with monkeypatch.context() as patch:
            patch.setattr(LabelClassifier, "__post_init__", lambda self: None)
            parts = {"head": known.head, "vectors": known.vectors, "rows": known.rows, "run": known.run} | broken
            LabelClassifier(**parts).save(tmp_path / "m")
        with pytest.raises(DamagedError, match="does not hold a classifier"):
            LabelClassifier.load(tmp_path / "m")


def test_what_fails_in_the_middle_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(planted(), tmp_path / "m")
    before = content(tmp_path / "m")

    def fail(_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(saved, "render", fail)
        with pytest.raises(KeyboardInterrupt):
            run(planted(wrong=9), tmp_path / "m", seed=2)
    assert content(tmp_path / "m") == before
    assert not [path for path in (tmp_path / "m").iterdir() if path.name.startswith(".stage")]
    run(planted(wrong=9), tmp_path / "m", seed=2)
    assert content(tmp_path / "m") != before


def test_the_report_shows_the_worst_first_and_hides_nothing(learnt: Path) -> None:
    told = LabelClassifier.load(learnt).run
    page = (learnt / "report.html").read_text()
    assert "http:" not in page
    assert "https:" not in page
    assert " style=" not in page
    places = [page.index(f">{one['label']}</th>") for one in sorted(told["classes"], key=lambda one: one["recall"])]
    assert len({one["recall"] for one in told["classes"]}) > 1
    assert places[0] == min(places)
    assert places[-1] == max(places)
    assert told["outcome"] in page
    assert "default-src &#39;none&#39;" in page
    nasty = [dict(one, label="<script>alert(1)</script>") for one in told["classes"]]
    assert "<script>alert" not in render(replace(told, classes=nasty, source="<script>alert(2)</script>"))
