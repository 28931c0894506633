"""What a classifier says of new rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from builders.labels import Lost, Topics, new_rows, planted, run
from matomari.errors import InputError
from matomari.operate.folders import placed, unfamiliar
from matomari.operate.learn import classifier as saved
from matomari.operate.learn.classifier import LabelClassifier
from matomari.vectors import normalise


def test_new_rows_are_placed_and_the_nearest_is_that_of_a_plain_loop(learnt: Path) -> None:
    known, encoder, new = LabelClassifier.load(learnt), Topics(noise=0.3), new_rows(each=10)
    found = known.assign(new, encoder=encoder).to_pylist()
    assert list(found[0]) == ["id", "body", "truth", *saved.OURS]
    X = normalise(encoder.encode(new["body"].to_pylist())).astype(float)
    R = normalise(known.vectors.astype(np.float32)).astype(float)
    rows, sure = known.rows.to_pylist(), known.head.probabilities(X.astype(np.float32))
    assert any(not row["correctly_clustered"] for row in rows)
    for i, row in enumerate(found):
        first, second = sorted(range(4), key=lambda c: -sure[i, c])[:2]
        assert (row["class"], row["runner_up"]) == (known.names[first], known.names[second])
        assert row["confidence"] == pytest.approx(sure[i, first])
        assert row["margin"] == pytest.approx(sure[i, first] - sure[i, second])
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
    known, new = LabelClassifier.load(tmp_path / "m"), new_rows(each=10)
    assert unfamiliar(known.assign(new, encoder=Topics())) <= 2
    found = known.assign(new, encoder=Lost())
    assert found["class"].null_count == 0
    assert found["familiarity"].to_pylist() == pytest.approx([1 / 161] * 40)
    assert unfamiliar(found) == 40
    there, where = placed(known, found)
    assert (there, where) == (40, "4 classes, 40 of them unlike anything that was learnt (familiarity below 0.01)")


def test_a_class_without_a_good_example_has_no_nearest(learnt: Path) -> None:
    known = LabelClassifier.load(learnt)
    none = pa.array([False] * len(known.rows))
    bare = LabelClassifier(known.head, known.vectors, known.rows.set_column(3, "correctly_clustered", none), known.run)
    found = bare.assign(new_rows(), encoder=Topics(noise=0.3))
    for name in ("nearest_correct_id", "nearest_correct", "nearest_correct_cosine"):
        assert found[name].null_count == len(found)
    assert found["class"].null_count == 0


def test_a_row_without_a_word_has_no_class(learnt: Path) -> None:
    body = ["1 some words", " ", None, "2 others", "3 more"]
    new = pa.table({"body": body, "class": list("abcde"), "id": list("vwxyz")})
    known, encoder = LabelClassifier.load(learnt), Topics(noise=0.3)
    found = known.assign(new, id="id", encoder=encoder)
    assert found["id"].to_pylist() == list("vwxyz")
    assert found["class"].to_pylist() == ["topic 1", None, None, "topic 2", "topic 3"]
    assert found["input_class"].to_pylist() == list("abcde")
    assert found["confidence"].to_pylist()[1:3] == [0, 0] == found["margin"].to_pylist()[1:3]
    assert found["familiarity"].to_pylist()[1:3] == [0, 0]
    assert unfamiliar(found) == 0  # nothing is not strange
    assert found["nearest_correct"].to_pylist()[1:3] == [None, None] == found["runner_up"].to_pylist()[1:3]
    for row in (0, 3, 4):  # each as if it were alone
        alone = known.assign(new.slice(row, 1), id="id", encoder=encoder)
        assert alone["confidence"][0].as_py() == pytest.approx(found["confidence"][row].as_py(), abs=1e-6)
        assert alone["nearest_correct_id"][0] == found["nearest_correct_id"][row]


def test_the_column_that_was_learnt_from_is_taken(learnt: Path) -> None:
    known, encoder = LabelClassifier.load(learnt), Topics(noise=0.05)
    new = pa.table({"text": ["3 looks like the text"], "body": ["1 is the text"]})
    assert known.assign(new, encoder=encoder)["class"].to_pylist() == ["topic 1"]
    assert known.assign(new, text="text", encoder=encoder)["class"].to_pylist() == ["topic 3"]
    assert known.assign(["2 a list"], encoder=encoder)["class"].to_pylist() == ["topic 2"]
    with pytest.raises(InputError, match="no text in column 'body'"):  # not taken from another one without a word
        known.assign(pa.table({"text": ["3 text"], "body": [" "]}), encoder=encoder)


def test_another_encoder_is_refused(learnt: Path) -> None:
    known = LabelClassifier.load(learnt)
    with pytest.raises(InputError, match="not the one this classifier was made with"):
        known.assign(new_rows(), encoder=Topics("others"))
    with pytest.raises(InputError, match="has no name"):
        known.assign(new_rows())
