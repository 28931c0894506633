"""What `learn` writes is a stock encoder: MTEB's own evaluation runs on it, and says what `matomari score` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mteb
import numpy as np
import pytest
from datasets import Dataset

from builders.learner import lesson, student
from matomari.encode.text import load_encoder
from matomari.learn.pairs.recipe import Recipe
from matomari.learn.pairs.trainer import train
from matomari.operate.score.encoder import retrieval_scores


def task(corpus: dict[str, str], queries: dict[str, str], qrels: dict[str, dict[str, int]]) -> Any:
    from mteb.abstasks.retrieval import AbsTaskRetrieval
    from mteb.abstasks.task_metadata import TaskMetadata

    class Local(AbsTaskRetrieval):
        metadata = TaskMetadata(
            name="Local",
            description="Pairs of this test.",
            dataset={"path": "local", "revision": "1"},
            type="Retrieval",
            eval_splits=["test"],
            eval_langs=["eng-Latn"],
            main_score="ndcg_at_10",
        )

        def load_data(self, *_: Any, **__: Any) -> None:
            rows = [Dataset.from_list([{"id": name, "text": text} for name, text in texts.items()]) for texts in (corpus, queries)]
            split = {"corpus": rows[0], "queries": rows[1], "relevant_docs": qrels, "top_ranked": None}
            self.dataset, self.data_loaded = {"default": {"test": split}}, True

    return Local()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # mteb calls what it and others gave up
def test_its_figures_are_ours(tmp_path: Path) -> None:
    told = lesson()
    model = train(student(), told, Recipe(batch_size=16, learning_rate=0.05, steps=40))
    model.save_pretrained(str(tmp_path / "tuned"), create_model_card=False)
    bags = [" ".join(sorted(text.split())) for text in told.columns["positive"]]  # the same words give the same vector, and ties no order
    place = {bag: f"d{i}" for i, bag in enumerate(dict.fromkeys(bags))}
    corpus = {name: bag for bag, name in place.items()}
    queries = {f"q{i}": text for i, text in enumerate(told.columns["anchor"][:80])}
    qrels = {f"q{i}": {place[bag]: 1} for i, bag in enumerate(bags[:80])}
    from sentence_transformers import SentenceTransformer

    stock = SentenceTransformer(str(tmp_path / "tuned"), device="cpu")
    found = mteb.evaluate(stock, task(corpus, queries, qrels), cache=None, show_progress_bar=False, co2_tracker=False)
    theirs = found.task_results[0].scores["test"][0]
    ours = retrieval_scores(load_encoder(str(tmp_path / "tuned"), fast="off"), corpus, queries, qrels, k=[10])
    assert 0.1 < ours["ndcg@10"] < 0.9
    np.testing.assert_allclose([theirs["ndcg_at_10"], theirs["recall_at_10"]], [ours["ndcg@10"], ours["recall@10"]], atol=1e-3)
