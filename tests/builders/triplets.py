"""Triplets of words without meaning, and a small encoder with dropout to learn them."""

from __future__ import annotations

from typing import Any

import numpy as np

from builders.learner import student


def dropping(share: float = 0.2) -> Any:
    """The static student with dropout on its vectors."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dropout

    return SentenceTransformer(modules=[student()[0], Dropout(share)], device="cpu")


def triplets(n: int = 160, topics: int = 8, seed: int = 0) -> tuple[dict[str, list[str]], list[str]]:
    """Anchors of a topic and three words; the positive has other words with the same topic, the negative the same words with another topic.

    The kinds are those of triplets with an even and with an odd number.
    """
    rng = np.random.default_rng(seed)
    topic = rng.integers(topics, size=n)
    other = (topic + rng.integers(1, topics, size=n)) % topics
    words, fresh = rng.integers(topics, 200, size=(n, 3)), rng.integers(topics, 200, size=(n, 1))

    def said(first: Any, rest: Any) -> list[str]:
        return [" ".join(f"w{w}" for w in (t, *row)) for t, row in zip(first, rest, strict=True)]

    columns = {
        "anchor": said(topic, words),
        "positive": said(topic, np.hstack([words[:, :1], fresh])),
        "negative": said(other, words),
    }
    return columns, [("even", "odd")[row % 2] for row in range(n)]
