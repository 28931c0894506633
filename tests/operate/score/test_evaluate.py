"""Encoders against the truth: search and figures against other libraries and loops, with an encoder whose vectors are known."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytrec_eval

from builders.cli import call
from matomari.errors import InputError
from matomari.operate.score import encoder as evaluate
from matomari.operate.score.encoder import nearest, retrieval_scores, similarity_scores


class Known:
    """Texts are their own vectors: "3 4" is (3, 4)."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[float(number) for number in text.split()] for text in texts])


CORPUS = {"d1": "1 0", "d2": "0 1", "d3": "5 5", "d4": "-1 0", "d5": "0 9"}
QUERIES = {"q1": "2 0", "q2": "0 3", "asked by nobody": "1 1"}


def test_by_hand() -> None:
    """q1 finds d1, d3, d5 = d2, d4; q2 finds d5 = d2, d3, d4 = d1: equal cosines by id, falling."""
    found = retrieval_scores(Known(), CORPUS, QUERIES, {"q1": {"d3": 1, "d4": 0}, "q2": {"d2": 2, "d5": 0, "d1": -1}}, k=[1, 2])
    discount = 1 / np.log2(3)
    assert found == {
        "documents": 5,
        "queries": 2,
        "queries_without_judgement": 1,
        "queries_without_relevant": 0,
        "unknown_queries": 0,
        "unknown_documents": 0,
        "own_documents": 0,
        **{"ndcg@1": 0.0, "ndcg@2": pytest.approx(discount), "mrr@1": 0.0, "mrr@2": 0.5, "recall@1": 0.0, "recall@2": 1.0, "map": 0.5},
    }


def test_what_is_left_out_is_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    qrels = {"q1": {"d1": 1, "gone": 1}, "q2": {"d2": 0}, "stranger": {"d1": 1}}
    encoder = Known()
    with caplog.at_level(logging.WARNING, "matomari"):
        found = retrieval_scores(encoder, CORPUS, QUERIES, qrels)
    assert (found["queries"], found["queries_without_judgement"], found["queries_without_relevant"]) == (1, 1, 1)
    assert (found["unknown_queries"], found["unknown_documents"]) == (1, 1)
    assert (found["recall@100"], found["map"]) == (0.5, 0.5)  # a relevant document that the corpus lacks is never found
    assert found["ndcg@10"] == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert sorted(encoder.asked) == sorted([*CORPUS.values(), QUERIES["q1"]])  # what is not scored is not encoded
    assert caplog.text.count("note: 1 judge") == 2


def test_a_document_with_the_id_of_the_query_is_not_found_unless_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "DEPTH", 2)
    queries = {"d1": "1 0"}  # finds d1, d3, d5, d2, d4
    found = retrieval_scores(Known(), CORPUS, queries, {"d1": {"d3": 1, "d5": 1, "d1": 0}}, k=[1])
    assert (found["mrr@1"], found["map"], found["own_documents"]) == (1.0, 1.0, 1)  # the place that d1 leaves is filled
    found = retrieval_scores(Known(), CORPUS, queries, {"d1": {"d1": 1, "d4": 1}}, k=[1])
    assert (found["mrr@1"], found["map"], found["own_documents"]) == (1.0, 0.5, 0)


@pytest.mark.parametrize(("block", "queries"), [(7, 3), (64, 2), (1, 1), (1000, 1000)])
def test_search_and_metrics_against_trec_eval(block: int, queries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document ranked by trec_eval from the full matrix of cosines, blocks of any size; many cosines are equal."""
    monkeypatch.setattr(evaluate, "BLOCK", block)
    monkeypatch.setattr(evaluate, "QUERIES", queries)
    monkeypatch.setattr(evaluate, "DEPTH", 20)
    rng = np.random.default_rng(block)
    # one entry of 1 or -1, or four of 0.5 in size: unit length and cosines without rounding
    axes = np.vstack([np.eye(4), -np.eye(4), [[0.5, 0.5, -0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [-0.5, 0.5, -0.5, 0.5]]])
    texts = [" ".join(map(str, row)) for row in axes]
    corpus = {f"d{i}": texts[rng.integers(len(texts))] for i in rng.permutation(60)}
    asked = {f"q{i}": texts[rng.integers(len(texts))] for i in range(9)}
    qrels = {q: {f"d{i}": int(rng.integers(-1, 3)) for i in rng.choice(60, 15, replace=False)} | {"d0": 1} for q in asked}
    cosines = Known().encode(list(asked.values())) @ Known().encode(list(corpus.values())).T
    run = {q: dict(zip(corpus, row.tolist(), strict=True)) for q, row in zip(asked, cosines, strict=True)}
    cuts = {"ndcg_cut.5,20", "recall.5,20", "map_cut.20", "recip_rank"}
    expected = pytrec_eval.RelevanceEvaluator(qrels, cuts).evaluate(run)
    found = retrieval_scores(Known(), corpus, asked, qrels, k=[5, 20])

    def mean(name: str) -> float:
        return float(np.mean([values[name] for values in expected.values()]))

    for k in (5, 20):
        assert found[f"ndcg@{k}"] == pytest.approx(mean(f"ndcg_cut_{k}"), abs=1e-9)
        assert found[f"recall@{k}"] == pytest.approx(mean(f"recall_{k}"), abs=1e-9)
    assert found["map"] == pytest.approx(mean("map_cut_20"), abs=1e-9)


@pytest.mark.parametrize("k", [1, 3, 10, 41, 60])
def test_nearest_against_a_sort(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "BLOCK", 8)
    monkeypatch.setattr(evaluate, "QUERIES", 2)
    rng = np.random.default_rng(k)
    documents, queries = (rng.integers(-1, 2, (n, 3)).astype(np.float32) for n in (41, 5))  # whole numbers: nothing is rounded
    for query, rows in zip(queries, nearest(documents, queries, k), strict=True):
        assert rows.tolist() == sorted(range(41), key=lambda row: (-float(documents[row] @ query), row))[:k]


def test_only_blocks_of_cosines_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "BLOCK", 16)
    monkeypatch.setattr(evaluate, "QUERIES", 4)
    seen: list[tuple[int, ...]] = []
    stack = np.hstack
    monkeypatch.setattr(np, "hstack", lambda parts: seen.append(stack(parts).shape) or stack(parts))
    rows = list(nearest(np.eye(200, 3, dtype=np.float32), np.ones((10, 3), np.float32), 5))
    assert len(rows) == 10
    assert len(seen) == 2 * 3 * 13
    assert max(seen) <= (4, 16 + 5)


class Broken:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def encode(self, texts: list[str]) -> Any:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (np.ones((1, 2)), "1 vectors for 5 texts"),
        (np.ones(5), "shape"),
        (np.full((5, 2), np.nan), "NaN"),
        (["a", "b"], "must hold numbers"),
    ],
)
def test_encoders_that_give_no_vectors_are_refused(answer: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        retrieval_scores(Broken(answer), CORPUS, QUERIES, {"q1": {"d1": 1}})


@pytest.mark.parametrize(
    ("qrels", "said", "hint"),
    [
        ({"Q1": {"d1": 1}}, "none of the judged queries", "'Q1'.*'q1'"),
        ({"q1": {"D1": 1}}, "none of the judged documents", "'D1'.*'d1'"),
        ({"q1": {"d1": 0}}, "no query has a relevant document", "judged 1"),
    ],
)
def test_judgements_that_fit_nothing_are_an_error(qrels: dict[str, dict[str, int]], said: str, hint: str) -> None:
    with pytest.raises(InputError, match=said) as fault:
        retrieval_scores(Known(), CORPUS, QUERIES, qrels)
    assert re.search(hint, fault.value.hint)


def rank(values: list[float]) -> list[float]:
    """Ranks, the mean of theirs for equal values, by counting."""
    return [sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values]


def test_spearman_against_ranks_by_counting(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    angles, gold = rng.uniform(0, np.pi, 40), rng.integers(0, 6, 40).astype(float)
    lines = [f"1 0,{3 * np.cos(a)} {3 * np.sin(a)},{g}" for a, g in zip(angles, gold, strict=True)]
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(["sentence1,sentence2,score", *lines, "1 0,0 1,"]) + "\n", encoding="utf-8")
    found = similarity_scores(Known(), path)
    expected = np.corrcoef(rank(list(np.cos(angles))), rank(list(gold)))[0, 1]
    assert found == {"pairs": 40, "without_score": 1, "spearman": pytest.approx(expected, abs=1e-9)}


def test_spearman_by_hand(tmp_path: Path) -> None:
    """Cosines 1, 0, -1 against 5, 1, 3: ranks 3, 2, 1 and 3, 1, 2, so 1 - 6 * 2 / 24 = 0.5."""
    path = tmp_path / "pairs.csv"
    path.write_text("sentence1,sentence2,score\n2 0,7 0,5\n2 0,0 7,1\n2 0,-7 0,3\n", encoding="utf-8")
    assert similarity_scores(Known(), path)["spearman"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("rows", "said"),
    [("1 0,0 1,2\n1 0,1 0,2\n", "2 pairs with a score and no two different"), ("1 0,0 1,1\n0 1,1 0,2\n", "every pair equally alike")],
)
def test_nothing_to_rank_is_an_error(rows: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"sentence1,sentence2,score\n{rows}", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        similarity_scores(Known(), path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    corpus = [
        {"_id": "d1", "title": "Statins", "text": "They lower cholesterol in the blood."},
        {"_id": "d2", "title": "Bolts", "text": "A bolt holds two parts together with a nut."},
        {"_id": "d3", "title": "Bread", "text": "Flour, water, salt and yeast are baked."},
    ]
    queries = [{"_id": "q1", "text": "which drug reduces cholesterol?"}, {"_id": "q2", "text": "how is bread made?"}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(item) + "\n" for item in corpus), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(item) + "\n" for item in queries), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t2\nq2\td2\t0\n", encoding="utf-8")
    (tmp_path / "sts.csv").write_text(
        "a\tb\tc\t1\t5.0\tA man plays a guitar.\tA man is playing a guitar.\n"
        "a\tb\tc\t2\t2.0\tA man plays a guitar.\tA woman plays a flute.\n"
        "a\tb\tc\t3\t0.0\tA man plays a guitar.\tStocks fell in Tokyo.\n",
        encoding="utf-8",
    )
    return {path.stem: str(path) for path in tmp_path.iterdir()}


def test_score_of_retrieval(files: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["score", "minilm", "--retrieval", files["corpus"], files["queries"], files["qrels"], "--no-cache"]
    assert call(*words, "--json", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["documents"], found["queries"], found["ndcg@10"], found["map"]) == (3, 2, 1.0, 1.0)
    assert call(*words, monkeypatch=monkeypatch) == 0
    lines = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert list(lines) == list(found)
    assert (lines["documents"], lines["recall@100"]) == ("3", "1.0000")


def test_score_of_similarity(files: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("score", "minilm", "--sts", files["sts"], "--no-cache", "-q", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr() == ("pairs\t3\nwithout_score\t0\nspearman\t1.0000\n", "")


def test_the_model_is_scored_and_not_its_int8_copy(files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    loaded = Broken(np.eye(6))
    monkeypatch.setattr("matomari.encode.text.load_encoder", lambda *a, **k: given.append((a, k)) or loaded)
    monkeypatch.setattr("matomari.operate.score.encoder.similarity_scores", lambda *a: given.append(a) or {"pairs": 1})
    assert call("score", "a/model", "--sts", files["sts"], "--cache", str(tmp_path), monkeypatch=monkeypatch) == 0
    assert given == [(("a/model",), {"fast": "off", "cache": tmp_path}), (loaded, files["sts"])]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "exactly one of --truth, --retrieval and --sts"),
        (["--truth", "x", "--sts", "y"], "exactly one of --truth, --retrieval and --sts"),
        (["--retrieval", "a", "b", "c", "--sts", "y"], "exactly one of --truth, --retrieval and --sts"),
        (["--retrieval", "a", "b"], "requires 3 arguments"),
        (["--retrieval", "a", "b", "c"], "there is no file a"),
        (["--sts", "no-such.csv"], "there is no file no-such.csv"),
        (["--sts", ""], "is a folder"),
    ],
)
def test_faults_have_a_sentence_a_hint_and_a_code(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("score", "minilm", "--no-cache", *words, monkeypatch=monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "\nhint: " in err
    assert "Traceback" not in err


def test_help_needs_no_torch() -> None:
    code = "import sys\nfrom matomari.cli.app import app\ntry:\n    app(['score', '--help'])\nfinally:\n    print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "--retrieval CORPUS QUERIES QRELS" in done.stdout
    assert done.stdout.endswith("False\n")
