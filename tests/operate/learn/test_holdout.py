"""The probe of a training run: nothing of it is in training, its figures are those of plain loops, and the gate lets nothing worse through."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from matomari.errors import InputError
from matomari.operate.learn import holdout
from matomari.operate.learn.holdout import Holdout, hold_out
from matomari.operate.learn.probe import judge, query_ndcg
from matomari.rows.pairs import Pairs


def made(rows: list[tuple[str, str]], negatives: list[list[str]] | None = None) -> Pairs:
    anchors, positives = (pa.chunked_array([pa.array(side, pa.string())]) for side in zip(*rows, strict=True))
    given = None if negatives is None else pa.chunked_array([pa.array(negatives, pa.list_(pa.string()))])
    return Pairs(anchors, positives, given, None, [])


def plain(text: str) -> str:
    return " ".join(text.casefold().split())


def training_texts(held: Holdout) -> set[str]:
    return {plain(text) for column in held.columns.values() for text in column}


@pytest.mark.parametrize("seed", range(8))
def test_no_text_of_the_probe_is_in_training(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 900))
    names = [f"Text {i}" for i in range(2 * n)]
    rows = [(names[a], names[b]) for a, b in rng.integers(2 * n, size=(n, 2)) if a != b]
    rows = [(a.upper() if i % 3 else a, b.replace(" ", "  ") if i % 2 else b) for i, (a, b) in enumerate(rows)]
    negatives = [[names[i] for i in rng.integers(2 * n, size=4)] for _ in rows]
    held = hold_out(made(rows, negatives), seed)
    probe = [row for row in rows if plain(row[0]) in {plain(q) for q in held.queries}]
    secret = {plain(text) for row in probe for text in row}
    assert probe
    assert not secret & training_texts(held)
    room = min(max(50, len(rows) // 10), 1000, len(rows) // 3)
    assert len(probe) <= room or len(probe) <= len(rows) / 2
    assert len(held.documents) == len({b for _, b in rows})
    for query, relevant in zip(held.queries, held.relevant, strict=True):
        assert {held.documents[i] for i in relevant} == {b for a, b in rows if a == query}
    assert [rows[i] for i in held.rows] == list(zip(held.columns["anchor"], held.columns["positive"], strict=True))
    again = hold_out(made(rows, negatives), seed)
    assert again.queries == held.queries
    assert again.columns == held.columns


@pytest.mark.parametrize(("n", "wanted"), [(12, 4), (60, 20), (150, 50), (499, 50), (2000, 200), (30_000, 1000)])
def test_a_tenth_is_held_out_within_bounds(n: int, wanted: int) -> None:
    held = hold_out(made([(f"a {i}", f"b {i}") for i in range(n)]), 0)
    assert len(held.queries) == wanted
    assert len(held.rows) == n - wanted
    assert any("rough" in note for note in held.notes) == (wanted < 50)
    assert hold_out(made([(f"a {i}", f"b {i}") for i in range(n)]), 1).queries != held.queries


def test_where_all_share_few_texts_a_whole_one_is_held_out() -> None:
    rows = [(f"a {i}", f"class {i % 8}") for i in range(1000)]  # 125 each, more than the 100 that are wanted
    held = hold_out(made(rows), 0)
    assert len(held.queries) == 125
    assert len(set(held.columns["positive"])) == 7


def test_where_all_hangs_together_nothing_honest_can_be_done() -> None:
    chain = [(f"text {i}", f"text {i + 1}") for i in range(200)]
    with pytest.raises(InputError, match="of the 200 pairs none can be held out: nearly all hang together") as told:
        hold_out(made(chain), 0)
    assert told.value.hint


def test_of_many_positives_those_of_the_probe_and_others_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"Question {i}", f"Answer {i % 900}") for i in range(1000)]
    whole = hold_out(made(rows), 3)
    monkeypatch.setattr(holdout, "MOST_DOCUMENTS", 200)
    held = hold_out(made(rows), 3)
    assert (held.queries, held.columns) == (whole.queries, whole.columns)
    assert len(held.documents) == len(set(held.documents)) == 200
    for one, two in zip(held.relevant, whole.relevant, strict=True):
        assert {held.documents[i] for i in one} == {whole.documents[i] for i in two}
    strangers = set(held.documents) - {whole.documents[i] for one in whole.relevant for i in one}
    assert len(strangers) > 50
    assert "the probe looks among 200 of 900 positives" in " ".join(held.notes)
    assert "the probe looks" not in " ".join(whole.notes)
    assert hold_out(made(rows), 4).documents != held.documents


def test_negatives_that_are_held_out_are_none_in_training() -> None:
    rows = [(f"a {i}", f"b {i}") for i in range(300)]
    every = [[f"b {(i + 1) % 300}", f"b {(i + 7) % 300}", f"other {i}"] for i in range(300)]
    held = hold_out(made(rows, every), 0)
    assert set(held.columns) == {"anchor", "positive", "negative_1"} or "negative_2" in held.columns
    one = [[f"b {(i + 1) % 300}"] for i in range(300)]
    held = hold_out(made(rows, one), 0)
    assert list(held.columns) == ["anchor", "positive", "negative_1"]
    assert len(held.rows) < 250
    assert any("whose negatives are all held out" in note for note in held.notes)
    follows = dict(zip([a for a, _ in rows], one, strict=True))
    assert all([n] == follows[a] for a, n in zip(held.columns["anchor"], held.columns["negative_1"], strict=True))
    one[5] = []
    held = hold_out(made(rows, one), 0)
    assert list(held.columns) == ["anchor", "positive"]
    assert any("not every pair has one" in note for note in held.notes)


class Table:
    """An encoder that has a fixed vector for each text."""

    def __init__(self, vectors: dict[str, Any]) -> None:
        self.vectors = vectors

    def encode(self, texts: list[str]) -> Any:
        return np.array([self.vectors[text] for text in texts], np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_the_score_of_a_query_is_that_of_a_plain_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    documents = [f"d{i}" for i in range(40)]
    queries = ["q0", "d7", "q2", "d9"]
    relevant = [{1}, {3, 30}, set(range(0, 40, 2)), {4, 9}]  # the last query is a document, and relevant to itself
    vectors = {text: rng.standard_normal(3) * rng.uniform(0.1, 5) for text in {*documents, *queries}}
    held = Holdout({}, np.empty(0, np.int64), queries, documents, relevant, [])
    found = query_ndcg(Table(vectors), held)
    for query, right, score in zip(queries, relevant, found, strict=True):
        unit = {text: v / np.linalg.norm(v) for text, v in vectors.items()}
        order = sorted(range(40), key=lambda i: -float(unit[documents[i]] @ unit[query]))
        order = [i for i in order if documents[i] != query or i in right][:10]
        gained = sum(1 / math.log2(rank + 2) for rank, i in enumerate(order) if i in right)
        assert score == pytest.approx(gained / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(right)))))


def test_the_gate_lets_nothing_worse_through() -> None:
    before = np.linspace(0.2, 0.8, 50)
    assert judge(before, before, 9, 0).kept
    lower = before.copy()
    lower[3] -= 1e-9
    assert not judge(before, lower, 9, 0).kept
    higher = before.copy()
    higher[3] += 1e-9
    assert judge(before, higher, 9, 0).kept
    broken = judge(np.zeros(50), None, 9, 0)
    assert not broken.kept
    assert not broken.finite
    assert not judge(before, before + 0.09, 9, 0).weak_guide
    assert judge(before, before + 0.11, 9, 0).weak_guide


def test_the_interval_is_that_of_the_paired_difference() -> None:
    rng = np.random.default_rng(0)
    before = rng.uniform(0, 1, 400)
    gain = rng.normal(0.05, 0.1, 400)  # paired, it is far narrower than the spread of the scores
    found = judge(before, before + gain, 9, 0)
    error = gain.std() / 20
    assert found.low == pytest.approx(gain.mean() - 1.96 * error, abs=0.15 * error)
    assert found.high == pytest.approx(gain.mean() + 1.96 * error, abs=0.15 * error)
    assert found == judge(before, before + gain, 9, 0) != judge(before, before + gain, 9, 1)
