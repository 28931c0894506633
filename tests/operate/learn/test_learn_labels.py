"""Learning from labels: what is held out, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from builders.labels import Topics, content, labelled, new_rows, planted, run
from matomari.learn.correction import correction as correct
from matomari.learn.correction.matching import latent_communities
from matomari.learn.labels.doubt import believed
from matomari.metrics.calibration import calibration_error
from matomari.operate.labelled import folds
from matomari.operate.learn import labels as module
from matomari.operate.learn.classifier import LabelClassifier
from matomari.seeds import Seed

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
    data = labelled(table, label="team", text="body", id="key", encoder=Topics())
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
    assert len(matched) == 1
    assert (matched[0] < 0).sum() == found.run["left_out"]  # nor do they own a community
    assert found.corrected
    assert 8 <= found.run["left_out"] <= 24
    assert any(f"{found.run['left_out']} of 160 labels are hardly believed" in note for note in found.notes)
    known = LabelClassifier.load(tmp_path / "m")
    learnt = module.worth_learning(labelled(table, label="team", text="body", id="key", encoder=Topics()), np.ones(160, bool))
    assert (learnt < 0).sum() == found.run["left_out"]
    assert wrong[learnt < 0].all()
    assert len(known.rows) == 160
    assert (known.examples[learnt < 0] == -1).all()  # they stay in the folder, and are nobody's example
    new = new_rows(each=30)
    plain = run(table, tmp_path / "p")
    assert plain.run["left_out"] == 0
    assert not any("hardly believed" in note for note in plain.notes)
    right = {
        name: np.mean(
            [
                one == true
                for one, true in zip(where.assign(new, encoder=Topics())["class"].to_pylist(), new["truth"].to_pylist(), strict=True)
            ]
        )
        for name, where in (("without", known), ("all", LabelClassifier.load(tmp_path / "p")))
    }
    assert right["without"] > right["all"]


def test_a_label_that_a_person_looked_at_is_learnt_from(tmp_path: Path) -> None:
    table = planted(wrong=16, each=40)
    keys, given = table["key"].to_pylist(), table["team"].to_pylist()
    wrong = [i for i, text in enumerate(table["body"].to_pylist()) if given[i] != f"topic {text[0]}"]
    gold = pa.table({"id": [keys[i] for i in wrong], "label": [given[i] for i in wrong]})  # a person says that they are right
    data = labelled(table, label="team", text="body", id="key", gold=gold, encoder=Topics())
    told = module.worth_learning(data, np.ones(160, bool))
    assert data.checked.sum() == 16
    assert (told[wrong] == data.labels[wrong]).all()
    doubted = labelled(table, label="team", text="body", id="key", encoder=Topics())
    assert (module.worth_learning(doubted, np.ones(160, bool))[wrong] == -1).mean() > 0.5
    some = np.arange(160) % 2 == 0
    assert (module.worth_learning(data, some)[~some] == -1).all()


def test_of_many_rows_one_fifth_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CROSSED", 79)
    probe = run(planted(), tmp_path / "m").run["probe"]
    assert (probe["held_out"], probe["trained_on"]) == (16, 64)


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
    assert not found.corrected
    assert found.run["curve"] == []
    assert probe["curve"]
    assert found.outcome.startswith("Correction was rejected, and the classifier without it was saved: ")
    plain = run(planted(wrong=16, each=30), tmp_path / "p", encoder=Topics(noise=0.4))
    assert content(tmp_path / "m")["head.safetensors"] == content(tmp_path / "p")["head.safetensors"]
    assert plain.run["probe"]["plain"] == probe["plain"]
    assert plain.run["probe"]["corrected"] is None
    assert "rejected" in (tmp_path / "m" / "report.html").read_text()


def test_correction_that_does_no_harm_is_kept(learnt: Path) -> None:
    told = json.loads((learnt / "run.json").read_text())
    probe = told["probe"]
    assert told["corrected"]
    assert probe["corrected"] >= probe["plain"]
    assert probe["difference"] == pytest.approx(probe["corrected"] - probe["plain"])
    assert probe["low"] <= probe["difference"] <= probe["high"]
    assert [one["epoch"] for one in told["curve"]] == [1, 11, 21, 31, 41, 51]
    assert (probe["held_out"], probe["trained_on"], told["labelled"]) == (80, 62, 80)
    known = LabelClassifier.load(learnt)
    assert known.head.temperature == probe["temperature"] == told["temperature"]
    assert any("flattered" in note or "temperature is 1" in note for note in told["notes"])
    assert any("only 80" in note for note in told["notes"])


def test_the_figures_of_the_probe_are_those_of_a_loop(learnt: Path) -> None:
    """Made again from the parts: accuracy, recall of each class, calibration at both temperatures."""
    told = LabelClassifier.load(learnt).run
    data = labelled(planted(wrong=9), label="team", text="body", id="key", encoder=Topics(noise=0.3))
    fold, truth, said = folds(data.place, data.labels, 0), data.labels, np.empty((80, 4))
    for number in range(5):
        out = fold == number
        told_right = believed(data.X[~out], data.labels[~out], seed=Seed(0).number("labels/doubts"))
        head, _ = module.fit(data.X[~out][told_right], data.labels[~out][told_right], 4, seed=0, correct=True)
        said[out] = head.probabilities(data.X[out])
    right = said.argmax(axis=1) == truth
    assert told["probe"]["corrected"] == pytest.approx(right.mean())
    assert not told_right.all()
    assert told["probe"]["ece_before"] == pytest.approx(calibration_error(said.max(axis=1), right))
    for c, one in enumerate(told["classes"]):
        mine = truth == c
        assert (one["label"], one["size"], one["held_out"]) == (f"topic {c}", int((data.labels == c).sum()), int(mine.sum()))
        assert one["recall"] == pytest.approx(right[mine].mean())
        away = said.argmax(axis=1)[mine & ~right]
        assert (one["confused_with"] is None) == (not len(away))


def test_where_nothing_can_be_held_out_that_is_said(tmp_path: Path) -> None:
    found = run(planted(each=4), tmp_path / "m", correct=True)
    assert found.corrected
    assert found.run["probe"] is None
    assert found.run["temperature"] == 1
    assert any("no class has 5 distinct rows" in note for note in found.notes)
    assert "is not known" in found.outcome
    assert [one["recall"] for one in found.run["classes"]] == [None] * 4
    assert LabelClassifier.load(tmp_path / "m").assign(new_rows(), encoder=Topics())["class"].to_pylist() == new_rows()["truth"].to_pylist()


def test_corrections_by_hand_replace_labels(tmp_path: Path) -> None:
    table = planted(wrong=6)
    truth = [f"topic {text[0]}" for text in table["body"].to_pylist()]
    wrong = [i for i, (given, true) in enumerate(zip(table["team"].to_pylist(), truth, strict=True)) if given != true]
    gold = pa.table({"id": [f"k{i:03d}" for i in wrong], "label": [truth[i] for i in wrong]})
    found = run(table, tmp_path / "m", gold=gold)
    rows = pq.read_table(tmp_path / "m" / "reference.parquet")
    assert rows["label"].to_pylist() == truth
    assert found.run["gold"] == 6
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


def test_a_temperature_that_brings_nothing_nearer_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "calm", lambda *_: 50.0)  # all confidences near one in four
    probe = run(planted(), tmp_path / "m").run["probe"]
    assert probe["temperature"] == 1
    assert probe["ece_after"] == probe["ece_before"] < 0.3
