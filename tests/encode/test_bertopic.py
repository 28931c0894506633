"""BERTopic asks our encoder."""

from __future__ import annotations

import pytest

from builders.sentences import TEXTS
from matomari.encode.text import TextEncoder


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_bertopic_asks_us() -> None:
    bertopic = pytest.importorskip("bertopic")
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA

    asked: list[str] = []

    class Ours:
        def encode(self, texts: list[str]) -> list[list[float]]:
            asked.extend(texts)
            return [[float("bolt" in text), float("loan" in text), len(text) / 100] for text in texts]

    topics = bertopic.BERTopic(
        embedding_model=TextEncoder(Ours()).for_bertopic(), umap_model=PCA(2), hdbscan_model=HDBSCAN(10), calculate_probabilities=False
    )
    texts = [text for text in TEXTS if "bolt" in text or "loan" in text]
    found, _ = topics.fit_transform(texts)
    assert set(texts) <= set(asked)
    assert len(found) == len(texts)
