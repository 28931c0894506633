"""Learning from labels: what is held out, what is kept, what is in the folder, and what it says of new rows."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from typer.testing import CliRunner

from matomari.cli import app as cli
from matomari.errors import DamagedError, InputError
from matomari.learn.correction import correction as correct
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import believed
from matomari.metrics.calibration import calibration_error, reliability
from matomari.metrics.intervals import compared
from matomari.operate.folders import placer
from matomari.operate.group.group import group
from matomari.operate.labelled import folds, read_labelled
from matomari.operate.learn import classifier as saved
from matomari.operate.learn import labels as module
from matomari.operate.learn.classifier import FILES, KIND, Classes
from matomari.operate.learn.classifier_page import render
from matomari.operate.learn.labels import LearnedClasses, learn_labels
from matomari.seeds import Seed
from matomari.store.destination import refuse_other
from matomari.vectors import normalise


class Topics:
    """An encoder of texts such as "3 a word": near the third axis, and at a place of its own."""

    dimension = 12

    def __init__(self, fingerprint: str = "topics", noise: float = 0.15) -> None:
        self.fingerprint, self.noise = fingerprint, noise

    def encode(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        made = np.zeros((len(texts), 12), np.float32)
        for row, text in enumerate(texts):
            made[row] = np.random.default_rng(sum(ord(c) * 31**i for i, c in enumerate(text)) % 2**32).normal(0, self.noise, 12)
            made[row, int(text.split()[0])] += 1
        return made


class Lost(Topics):
    """As if its texts were of things that have no axis."""

    def encode(self, texts: Sequence[str], **_: Any) -> np.ndarray:
        return np.eye(12, dtype=np.float32)[[-1] * len(texts)]


def planted(classes: int = 4, each: int = 20, wrong: int = 0, seed: int = 1) -> pa.Table:
    truth = np.repeat(np.arange(classes), each)
    given = truth.copy()
    bad = np.random.default_rng(seed).choice(len(truth), wrong, replace=False)
    given[bad] = (truth[bad] + 1) % classes
    return pa.table(
        {
            "key": [f"k{i:03d}" for i in range(len(truth))],
            "body": [f"{topic} text number {i * i}" for i, topic in enumerate(truth)],
            "team": [f"topic {c}" for c in given],
        }
    )


def new_rows(classes: int = 4, each: int = 6) -> pa.Table:
    body = [f"{topic} new text {i} of {topic}" for i in range(each) for topic in range(classes)]
    return pa.table({"body": body, "truth": [f"topic {one[0]}" for one in body]})


def run(table: Any, out: Path, **more: Any) -> LearnedClasses:
    return learn_labels(table, **({"out": out, "label": "team", "text": "body", "id": "key", "encoder": Topics()} | more))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "CURRENT").resolve().iterdir())}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("labels") / "model"
    run(planted(wrong=9), out, correct=True, encoder=Topics(noise=0.3))
    return out


# What is held out


def test_no_text_stands_on_both_sides() -> None:
    rng = np.random.default_rng(0)
    for seed in range(30):
        place = rng.integers(60, size=200)
        own = rng.integers(6, size=60)
        labels = np.where(rng.random(200) < 0.1, rng.integers(6, size=200), own[place])
        fold = folds(place, labels, seed)
        held = fold == seed % 5
        assert not set(place[held]) & set(place[~held])
        for c in range(6):
            clear = {text for text in place[labels == c] if set(labels[place == text]) == {c}}
            drawn = {text for text in clear if held[place == text].any()}
            assert len(drawn) == ((len(clear) + 4 - seed % 5) // 5 if len(clear) >= 5 else 0)
        assert all(len(set(labels[place == text])) == 1 for text in set(place[held]))
        assert (fold == folds(place, labels, seed)).all()


def test_the_probe_never_trains_on_what_it_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.concat_tables([planted(), planted().set_column(0, "key", pa.array([f"copy {i}" for i in range(80)]))])
    data = read_labelled(table, label="team", text="body", id="key", encoder=Topics())
    seen: list[np.ndarray] = []
    monkeypatch.setattr(module, "fit", lambda X, y, *a, first=module.fit, **k: seen.append(X[y >= 0]) or first(X, y, *a, **k))
    found = run(table, tmp_path / "m")
    fold = folds(data.place, data.labels, 0)
    assert found.run["probe"]["held_out"] == (fold >= 0).sum() == 160
    assert len(seen.pop()) == 160  # the one that is saved
    for X, number in zip(seen, (4, 3, 2, 1, 0), strict=True):
        trained = {row.tobytes() for row in X}
        assert len(X) == 128
        assert not [row for row in data.X[fold == number] if row.tobytes() in trained]
    doubted: list[int] = []
    monkeypatch.setattr(module, "believed", lambda X, y, **_: doubted.append(len(X)) or np.ones(len(X), bool))
    run(table, tmp_path / "m", correct=True)
    assert doubted == [128] * 5 + [160]  # nor are labels doubted by what is held out


def test_what_is_hardly_believed_is_not_learnt_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, truth = planted(wrong=24, each=40), [f"topic {text[0]}" for text in planted(each=40)["body"].to_pylist()]
    wrong = np.array([given != true for given, true in zip(table["team"].to_pylist(), truth, strict=True)])
    with monkeypatch.context() as patch:
        matched: list[np.ndarray] = []
        patch.setattr(module, "latent_communities", lambda Z, y, **k: matched.append(y) or latent_communities(Z, y, **k))
        found = run(table, tmp_path / "m", correct=True)
    assert len(matched) == 1 and (matched[0] < 0).sum() == found.run["left_out"]  # nor do they own a community
    assert found.kept and 8 <= found.run["left_out"] <= 24
    assert any(f"{found.run['left_out']} of 160 labels are hardly believed" in note for note in found.notes)
    known = Classes.load(tmp_path / "m")
    learnt = module.worth_learning(read_labelled(table, label="team", text="body", id="key", encoder=Topics()), np.ones(160, bool))
    assert (learnt < 0).sum() == found.run["left_out"] and wrong[learnt < 0].all()
    assert len(known.rows) == 160 and (known.examples[learnt < 0] == -1).all()  # they stay in the folder, and are nobody's example
    new = new_rows(each=30)
    plain = run(table, tmp_path / "p")
    assert plain.run["left_out"] == 0 and not any("hardly believed" in note for note in plain.notes)
    right = {
        name: np.mean(
            [
                one == true
                for one, true in zip(where.assign(new, encoder=Topics())["class"].to_pylist(), new["truth"].to_pylist(), strict=True)
            ]
        )
        for name, where in (("without", known), ("all", Classes.load(tmp_path / "p")))
    }
    assert right["without"] > right["all"]


def test_a_label_that_a_person_looked_at_is_learnt_from(tmp_path: Path) -> None:
    table = planted(wrong=16, each=40)
    keys, given = table["key"].to_pylist(), table["team"].to_pylist()
    wrong = [i for i, text in enumerate(table["body"].to_pylist()) if given[i] != f"topic {text[0]}"]
    gold = pa.table({"id": [keys[i] for i in wrong], "label": [given[i] for i in wrong]})  # a person says that they are right
    data = read_labelled(table, label="team", text="body", id="key", gold=gold, encoder=Topics())
    told = module.worth_learning(data, np.ones(160, bool))
    assert data.checked.sum() == 16 and (told[wrong] == data.labels[wrong]).all()
    doubted = read_labelled(table, label="team", text="body", id="key", encoder=Topics())
    assert (module.worth_learning(doubted, np.ones(160, bool))[wrong] == -1).mean() > 0.5
    some = np.arange(160) % 2 == 0
    assert (module.worth_learning(data, some)[~some] == -1).all()


def test_of_many_rows_one_fifth_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CROSSED", 79)
    probe = run(planted(), tmp_path / "m").run["probe"]
    assert (probe["held_out"], probe["trained_on"]) == (16, 64)


def test_the_interval_is_that_of_resampled_rows() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.random(300) < 0.7, rng.random(300) < 0.8
    difference, low, high = compared(one, other, seed=4)
    gaps = other.astype(float) - one
    drawn = [gaps[rng.integers(300, size=300)].mean() for _ in range(4000)]
    assert difference == pytest.approx(gaps.mean())
    assert (low, high) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])), abs=0.012)


def test_calibration_by_hand() -> None:
    sure, right = np.array([1.0, 0.95, 0.55, 0.5, 0.0]), np.array([True, False, True, False, False])
    bins = reliability(sure, right)
    assert [one["rows"] for one in bins] == [1, 0, 0, 0, 0, 2, 0, 0, 0, 2]
    assert bins[9]["right"] == 0.5 and bins[9]["sure"] == pytest.approx(0.975) and bins[1]["sure"] is None
    rng = np.random.default_rng(0)
    sure, right = rng.random(500), rng.random(500) < 0.6
    total = 0.0
    for b in range(15):
        here = [i for i in range(500) if b / 15 <= sure[i] < (b + 1) / 15]
        total += abs(sum(sure[i] - right[i] for i in here))
    assert calibration_error(sure, right) == pytest.approx(total / 500)


# What is kept


def test_correction_that_helps_nobody_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetting(correct.LatentClusterCorrection):
        def epoch_ended(self) -> None:
            super().epoch_ended()
            torch.nn.init.zeros_(self._model.out.weight)

    monkeypatch.setattr(correct, "LatentClusterCorrection", Forgetting)
    found = run(planted(wrong=16, each=30), tmp_path / "m", correct=True, encoder=Topics(noise=0.4))
    probe = found.run["probe"]
    assert probe["corrected"] < probe["plain"]
    assert not found.kept and found.run["curve"] == [] and probe["curve"]
    assert found.outcome.startswith("Correction was rejected, and the classifier without it was saved: ")
    plain = run(planted(wrong=16, each=30), tmp_path / "p", encoder=Topics(noise=0.4))
    assert content(tmp_path / "m")["head.safetensors"] == content(tmp_path / "p")["head.safetensors"]
    assert plain.run["probe"]["plain"] == probe["plain"] and plain.run["probe"]["corrected"] is None
    assert "rejected" in (tmp_path / "m" / "report.html").read_text()


def test_correction_that_does_no_harm_is_kept(learnt: Path) -> None:
    told = json.loads((learnt / "run.json").read_text())
    probe = told["probe"]
    assert told["corrected"] and probe["corrected"] >= probe["plain"]
    assert probe["difference"] == pytest.approx(probe["corrected"] - probe["plain"])
    assert probe["low"] <= probe["difference"] <= probe["high"]
    assert [one["epoch"] for one in told["curve"]] == [1, 11, 21, 31, 41, 51]
    assert (probe["held_out"], probe["trained_on"], told["labelled"]) == (80, 62, 80)
    known = Classes.load(learnt)
    assert known.head.temperature == probe["temperature"] == told["temperature"]
    assert any("flattered" in note or "temperature is 1" in note for note in told["notes"]) and any(
        "only 80" in note for note in told["notes"]
    )


def test_the_figures_of_the_probe_are_those_of_a_loop(learnt: Path) -> None:
    """Made again from the parts: accuracy, recall of each class, calibration at both temperatures."""
    told = Classes.load(learnt).run
    data = read_labelled(planted(wrong=9), label="team", text="body", id="key", encoder=Topics(noise=0.3))
    fold, truth, said = folds(data.place, data.labels, 0), data.labels, np.empty((80, 4))
    for number in range(5):
        out = fold == number
        told_right = believed(data.X[~out], data.labels[~out], seed=Seed(0).number("labels/doubts"))
        head, _ = module.fit(data.X[~out][told_right], data.labels[~out][told_right], 4, seed=0, correct=True)
        said[out] = head.probabilities(data.X[out])
    right = said.argmax(axis=1) == truth
    assert told["probe"]["corrected"] == pytest.approx(right.mean()) and not told_right.all()
    assert told["probe"]["ece_before"] == pytest.approx(calibration_error(said.max(axis=1), right))
    for c, one in enumerate(told["classes"]):
        mine = truth == c
        assert (one["label"], one["size"], one["held_out"]) == (f"topic {c}", int((data.labels == c).sum()), int(mine.sum()))
        assert one["recall"] == pytest.approx(right[mine].mean())
        away = said.argmax(axis=1)[mine & ~right]
        assert (one["confused_with"] is None) == (not len(away))


def test_where_nothing_can_be_held_out_that_is_said(tmp_path: Path) -> None:
    found = run(planted(each=4), tmp_path / "m", correct=True)
    assert found.kept and found.run["probe"] is None and found.run["temperature"] == 1
    assert any("no class has 5 distinct rows" in note for note in found.notes)
    assert "is not known" in found.outcome
    assert [one["recall"] for one in found.run["classes"]] == [None] * 4
    assert Classes.load(tmp_path / "m").assign(new_rows(), encoder=Topics())["class"].to_pylist() == new_rows()["truth"].to_pylist()


def test_corrections_by_hand_replace_labels(tmp_path: Path) -> None:
    table = planted(wrong=6)
    truth = [f"topic {text[0]}" for text in table["body"].to_pylist()]
    wrong = [i for i, (given, true) in enumerate(zip(table["team"].to_pylist(), truth, strict=True)) if given != true]
    gold = pa.table({"id": [f"k{i:03d}" for i in wrong], "label": [truth[i] for i in wrong]})
    found = run(table, tmp_path / "m", gold=gold)
    rows = pq.read_table(tmp_path / "m" / "reference.parquet")
    assert rows["label"].to_pylist() == truth and found.run["gold"] == 6
    run(table.set_column(2, "team", pa.array(truth)), tmp_path / "t")
    assert content(tmp_path / "m")["head.safetensors"] == content(tmp_path / "t")["head.safetensors"]


def test_rows_without_a_label_are_not_learnt_from(tmp_path: Path) -> None:
    table = planted()
    blank = pa.table({"key": ["x", "y"], "body": ["1 else", " "], "team": pa.array([None, "topic 1"], pa.string())})
    found = run(pa.concat_tables([table, blank]), tmp_path / "m")
    assert (found.run["rows"], found.run["labelled"], found.run["blank"]) == (82, 80, 1)
    assert any("1 rows have no label" in note for note in found.notes)
    run(table, tmp_path / "t")
    assert content(tmp_path / "m")["head.safetensors"] == content(tmp_path / "t")["head.safetensors"]


# What is in the folder


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    torch.manual_seed(1)
    state = torch.get_rng_state()
    for name in ("a", "b"):
        run(planted(wrong=9), tmp_path / name, correct=True, seed=3)
    assert torch.equal(torch.get_rng_state(), state)
    a, b = content(tmp_path / "a"), content(tmp_path / "b")
    assert a == b and set(a) == {*FILES, "manifest.json"}
    run(planted(wrong=9), tmp_path / "c", correct=True, seed=4)
    assert content(tmp_path / "c")["head.safetensors"] != a["head.safetensors"]


def test_what_is_loaded_says_what_was_saved(learnt: Path, tmp_path: Path) -> None:
    known, encoder = Classes.load(learnt), Topics(noise=0.3)
    shutil.copytree(learnt, tmp_path / "copy", symlinks=True)
    known.save(tmp_path / "again")
    table = known.assign(new_rows(), encoder=encoder)
    for folder in ("copy", "again"):
        assert Classes.load(tmp_path / folder).assign(new_rows(), encoder=encoder).equals(table)
    assert content(tmp_path / "again") == content(learnt)
    told = list(csv.DictReader(io.StringIO((learnt / "classes.csv").read_text())))
    assert [row["label"] for row in told] == known.names
    assert [float(row["recall"]) for row in told] == pytest.approx([one["recall"] for one in known.run["classes"]])


def test_correctly_clustered_is_what_the_communities_of_the_hidden_layer_say(learnt: Path) -> None:
    known = Classes.load(learnt)
    data = read_labelled(planted(wrong=9), label="team", text="body", id="key", encoder=Topics(noise=0.3))
    told = latent_communities(known.head.latent(data.X), data.labels, seed=Seed(0).number("labels/communities"))
    flags = known.rows["correctly_clustered"].to_pylist()
    assert flags == told.correct.tolist() and 0 < sum(flags) < len(flags)
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
        Classes.load(tmp_path / "m")


def test_files_that_do_not_belong_together_are_found(learnt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Classes.load(learnt)
    fewer = dict(known.run) | {"classes": list(known.run["classes"])[:-1]}
    for broken in ({"rows": known.rows.slice(1)}, {"run": fewer}, {"vectors": known.vectors[:, 1:]}):
        with monkeypatch.context() as patch:
            patch.setattr(Classes, "__post_init__", lambda self: None)
            parts = {"head": known.head, "vectors": known.vectors, "rows": known.rows, "run": known.run} | broken
            Classes(**parts).save(tmp_path / "m")
        with pytest.raises(DamagedError, match="does not hold a classifier"):
            Classes.load(tmp_path / "m")


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
    told = Classes.load(learnt).run
    page = (learnt / "report.html").read_text()
    assert "http:" not in page and "https:" not in page and " style=" not in page
    places = [page.index(f">{one['label']}</th>") for one in sorted(told["classes"], key=lambda one: one["recall"])]
    assert len({one["recall"] for one in told["classes"]}) > 1
    assert places[0] == min(places) and places[-1] == max(places)
    assert told["outcome"] in page and "default-src &#39;none&#39;" in page
    nasty = [dict(one, label="<script>alert(1)</script>") for one in told["classes"]]
    assert "<script>alert" not in render(dict(told) | {"classes": nasty, "source": "<script>alert(2)</script>"})


# New rows


def test_new_rows_are_placed_and_the_nearest_is_that_of_a_plain_loop(learnt: Path) -> None:
    known, encoder, new = Classes.load(learnt), Topics(noise=0.3), new_rows(each=10)
    found = known.assign(new, encoder=encoder).to_pylist()
    assert list(found[0]) == ["id", "body", "truth", *saved.OURS]
    X = normalise(encoder.encode(new["body"].to_pylist())).astype(float)
    R = normalise(known.vectors.astype(np.float32)).astype(float)
    rows, sure = known.rows.to_pylist(), known.head.probabilities(X.astype(np.float32))
    assert any(not row["correctly_clustered"] for row in rows)
    for i, row in enumerate(found):
        first, second = sorted(range(4), key=lambda c: -sure[i, c])[:2]
        assert (row["class"], row["runner_up"]) == (known.names[first], known.names[second])
        assert row["confidence"] == pytest.approx(sure[i, first]) and row["margin"] == pytest.approx(sure[i, first] - sure[i, second])
        near = [j for j, other in enumerate(rows) if other["correctly_clustered"] and other["label"] == row["class"]]
        best = max(near, key=lambda j: X[i] @ R[j])
        assert (row["nearest_correct_id"], row["nearest_correct"]) == (rows[best]["id"], rows[best]["text"])
        assert row["nearest_correct_cosine"] == pytest.approx(X[i] @ R[best], abs=2e-6)
    Z, H = (normalise(known.head.latent(one.astype(np.float32))).astype(float) for one in (X, known.vectors))
    cosines = H @ H.T
    np.fill_diagonal(cosines, -2)
    alone = np.sort(cosines, axis=1)[:, -5:].mean(axis=1)
    assert np.array(known.rows["nearness"]) == pytest.approx(alone, abs=1e-5)
    familiar = [(1 + (alone <= one + 1e-6).sum()) / (1 + len(H)) for one in np.sort(Z @ H.T, axis=1)[:, -5:].mean(axis=1)]
    assert [row["familiarity"] for row in found] == pytest.approx(familiar, abs=1.5 / len(H))
    assert len(set(familiar)) > 10


def test_rows_of_something_else_are_counted_and_keep_their_class(tmp_path: Path) -> None:
    run(planted(each=40), tmp_path / "m")
    known, new = Classes.load(tmp_path / "m"), new_rows(each=10)
    assert saved.unfamiliar(known.assign(new, encoder=Topics())) <= 2
    found = known.assign(new, encoder=Lost())
    assert found["class"].null_count == 0 and found["familiarity"].to_pylist() == pytest.approx([1 / 161] * 40)
    assert saved.unfamiliar(found) == 40
    there, where = saved.placed(known, found)
    assert (there, where) == (40, "4 classes, 40 of them unlike anything that was learnt (familiarity below 0.01)")


def test_a_class_without_a_good_example_has_no_nearest(learnt: Path) -> None:
    known = Classes.load(learnt)
    none = pa.array([False] * len(known.rows))
    bare = Classes(known.head, known.vectors, known.rows.set_column(3, "correctly_clustered", none), known.run)
    found = bare.assign(new_rows(), encoder=Topics(noise=0.3))
    for name in ("nearest_correct_id", "nearest_correct", "nearest_correct_cosine"):
        assert found[name].null_count == len(found)
    assert found["class"].null_count == 0


def test_a_row_without_a_word_has_no_class(learnt: Path) -> None:
    body = ["1 some words", " ", None, "2 others", "3 more"]
    new = pa.table({"body": body, "class": list("abcde"), "id": list("vwxyz")})
    known, encoder = Classes.load(learnt), Topics(noise=0.3)
    found = known.assign(new, id="id", encoder=encoder)
    assert found["id"].to_pylist() == list("vwxyz")
    assert found["class"].to_pylist() == ["topic 1", None, None, "topic 2", "topic 3"]
    assert found["input_class"].to_pylist() == list("abcde")
    assert found["confidence"].to_pylist()[1:3] == [0, 0] == found["margin"].to_pylist()[1:3]
    assert found["familiarity"].to_pylist()[1:3] == [0, 0] and saved.unfamiliar(found) == 0  # nothing is not strange
    assert found["nearest_correct"].to_pylist()[1:3] == [None, None] == found["runner_up"].to_pylist()[1:3]
    for row in (0, 3, 4):  # each as if it were alone
        alone = known.assign(new.slice(row, 1), id="id", encoder=encoder)
        assert alone["confidence"][0].as_py() == pytest.approx(found["confidence"][row].as_py(), abs=1e-6)
        assert alone["nearest_correct_id"][0] == found["nearest_correct_id"][row]


def test_the_column_that_was_learnt_from_is_taken(learnt: Path) -> None:
    known, encoder = Classes.load(learnt), Topics(noise=0.05)
    new = pa.table({"text": ["3 looks like the text"], "body": ["1 is the text"]})
    assert known.assign(new, encoder=encoder)["class"].to_pylist() == ["topic 1"]
    assert known.assign(new, text="text", encoder=encoder)["class"].to_pylist() == ["topic 3"]
    assert known.assign(["2 a list"], encoder=encoder)["class"].to_pylist() == ["topic 2"]
    with pytest.raises(InputError, match="no text in column 'body'"):  # not taken from another one without a word
        known.assign(pa.table({"text": ["3 text"], "body": [" "]}), encoder=encoder)


def test_another_encoder_is_refused(learnt: Path) -> None:
    known = Classes.load(learnt)
    with pytest.raises(InputError, match="not the one this classifier was made with"):
        known.assign(new_rows(), encoder=Topics("others"))
    with pytest.raises(InputError, match="has no name"):
        known.assign(new_rows())


# What is refused


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"label": "teem"}, "has no column 'teem'", "did you mean 'team'"),
        ({"label": None}, "no column of labels was given", "--label"),
        ({"label": "body"}, "column 'body' of the Table is both the text and the label", "another column"),
        ({"label": "same"}, "holds only one class, 'one'", "two or more"),
        ({"label": "key"}, "holds 80 different labels in 80 rows", "column of ids"),
        ({"seed": -1}, "'seed' parameter of learn_labels", "seed=0"),
        ({"gold": pa.table({"id": ["zz"], "label": ["topic 1"]})}, "there is no such row", "same ids"),
    ],
)
def test_what_cannot_be_learnt_from_is_said_before_the_encoding(more: dict[str, Any], message: str, hint: str, tmp_path: Path) -> None:
    table = planted().append_column("same", pa.array(["one"] * 80))
    with pytest.raises(InputError, match=message) as told:
        run(table, tmp_path / "m", **{"encoder": None} | more)
    assert re.search(hint, told.value.hint)
    assert not (tmp_path / "m").exists()


def test_what_else_lies_in_the_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.html").write_text("mine")
    (tmp_path / "file").write_text("mine")
    group(["lost card", "my card is lost", "top up failed", "failed to top up"], kind="themes", groups=2).save(tmp_path / "parts")
    for name, message in (
        ("mine", "already there and is not ours"),
        ("file", "is a file"),
        ("parts", "holds a grouping, which a classifier would replace"),
    ):
        with pytest.raises(InputError, match=message):
            run("no such file", tmp_path / name, encoder=None)
    refuse_other(tmp_path / "free", KIND, FILES)
    assert not (tmp_path / "free").exists()
    assert type(placer(tmp_path / "parts")).__name__ == "Grouping"


# The command line

CARDS = ["lost card", "my card is lost", "I lost my bank card", "the card was stolen", "someone stole my card", "card has gone missing"]
MONEY = ["top up failed", "my top-up did not work", "topping up fails", "the top up was declined", "cannot top up", "top up is stuck"]


def call(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["matomari", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_from_a_file_to_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{text},{team}\n" for team, texts in (("cards", CARDS), ("money", MONEY)) for text in texts]
    (tmp_path / "t.csv").write_text("body,team\n" + "".join(lines))
    (tmp_path / "new.csv").write_text("body\nwhere is my lost card\nthe top up does not work\n")
    model, placed = str(tmp_path / "model"), tmp_path / "placed.csv"
    words = ["learn", str(tmp_path / "t.csv"), "--text", "body", "--label", "team", "--correct", "-o", model, "--no-cache"]
    assert call(*words, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    told = json.loads((tmp_path / "model" / "run.json").read_text())
    assert said.out == ""
    for line in (told["outcome"], f"open {model}/report.html in a browser; matomari assign {model} new.csv places new texts"):
        assert line in said.err
    assert all(f"note: {note}" in said.err for note in told["notes"])
    assert call("assign", model, str(tmp_path / "new.csv"), "-o", str(placed), "--no-cache", monkeypatch=monkeypatch) == 0
    assert "2 of 2 texts placed in 2 classes; see " in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO(placed.read_text())))
    assert [row["class"] for row in rows] == ["cards", "money"]
    assert rows[0]["nearest_correct"] in CARDS and rows[1]["nearest_correct"] in MONEY
    assert call("assign", model, str(tmp_path / "new.csv"), "--json", "--no-cache", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 2, "assigned": 2, "unassigned": 0, "unfamiliar": 0, "out": None}
    assert call("assign", model, str(tmp_path / "new.csv"), "--assign-all", monkeypatch=monkeypatch) == 2
    assert "gives every text a class" in capsys.readouterr().err
    assert call(*words, "--json", "-q", monkeypatch=monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["labelled"], told["left_out"]) == (12, 0)


def test_a_folder_of_folders_of_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Image = pytest.importorskip("PIL.Image", reason="the extra 'images' is not installed")
    rng = np.random.default_rng(0)
    for kind in ("across", "down"):
        (tmp_path / "photos" / kind).mkdir(parents=True)
        for i in range(24):
            pixels = rng.integers(0, 60, (6, 6)).astype(np.uint8)
            pixels[(slice(None), i % 3) if kind == "down" else (i % 3, slice(None))] = 255
            Image.fromarray(pixels).save(tmp_path / "photos" / kind / f"{i}.png")
    model = str(tmp_path / "m")
    assert call("learn", str(tmp_path / "photos"), "--image", "--correct", "-o", model, "--no-cache", monkeypatch=monkeypatch) == 0
    assert f"matomari assign {model} folder/ places new images" in capsys.readouterr().err
    one = str(tmp_path / "photos" / "down" / "3.png")
    assert call("assign", model, one, "-o", str(tmp_path / "p.jsonl"), "--no-cache", monkeypatch=monkeypatch) == 0
    (row,) = map(json.loads, (tmp_path / "p.jsonl").read_text().splitlines())
    assert row["class"] == "down" and row["nearest_correct"].startswith("down/")
    known = Classes.load(model)
    assert known.noun == "image" and known.rows.column_names == ["id", "path", "label", "correctly_clustered", "nearness"]
    with pytest.raises(InputError, match="'label' names a column"):
        learn_labels(tmp_path / "photos", out=tmp_path / "n", image=True, label="folder")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["--label", "team", "--rounds", "1"], "--rounds learns from texts alone, --label from labels"),
        (["--image", "--rounds", "1"], "--rounds learns from texts alone, --image from labels"),
        (["--label", "team", "--columns", "a", "b"], "--columns names pairs, and --label makes a classifier"),
        (["--label", "team", "--pairs", "p.csv"], "--pairs judges rounds, and --label"),
        (["--label", "team", "--batch-size", "8"], "--batch-size is of training on pairs"),
        (["--image", "--epochs", "1"], "--epochs is of training on pairs"),
        (["--correct"], "--correct is of learning from labels"),
        (["--gold", "g.csv", "--rounds", "1"], "--gold is of learning from labels"),
        (["--id", "key"], "--id is of learning from labels"),
        (["--label", "teem", "--text", "body"], "did you mean 'team'"),
    ],
)
def test_what_contradicts_itself_is_said(said: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("body,team\na,b\n")
    outcome = CliRunner().invoke(cli.app, ["learn", str(tmp_path / "t.csv"), "-o", str(tmp_path / "m"), *said])
    assert isinstance(outcome.exception, InputError)
    assert message in str(outcome.exception) and outcome.exception.hint
    assert not (tmp_path / "m").exists()


def test_a_temperature_that_brings_nothing_nearer_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "calm", lambda *_: 50.0)  # all confidences near one in four
    probe = run(planted(), tmp_path / "m").run["probe"]
    assert probe["temperature"] == 1
    assert probe["ece_after"] == probe["ece_before"] < 0.3
