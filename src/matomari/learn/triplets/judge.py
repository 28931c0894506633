"""The judge: vectors of all texts by the encoder as it was before it learnt from triplets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.util import batch_to_device

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SIDES = ("anchor", "positive", "negative")
Judge = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]  # vectors of the anchors, the positives and the negatives, row by row


def judge_of(model: SentenceTransformer, columns: Mapping[str, Sequence[str]], batch_size: int = 64) -> Judge:
    """The vectors that a model gives without dropout, in the very way in which training will ask it, so without a prompt.

    Parameters
    ----------
    model : SentenceTransformer
        Its mode is as before afterwards.
    columns : dict of str to list of str, each of length n
        "anchor", "positive" and "negative"; equal texts are encoded once.
    batch_size : int

    Returns
    -------
    three arrays, shapes (n, d), float32
        As long as the model makes them, not at unit length.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer
    >>> from sentence_transformers.sentence_transformer.modules import BoW
    >>> model = SentenceTransformer(modules=[BoW(["red", "blue", "cat"])], device="cpu")
    >>> anchors, _, negatives = judge_of(model, {"anchor": ["red cat"], "positive": ["cat red"], "negative": ["blue cat"]})
    >>> anchors.tolist(), negatives.tolist()
    ([[1.0, 0.0, 1.0]], [[0.0, 1.0, 1.0]])
    """
    texts = sorted(
        {text for side in SIDES for text in columns[side]}, key=lambda text: (len(text), text)
    )  # alike in length, little padding
    with mode(model, training=False), torch.no_grad():
        parts = [forward(model, texts[start : start + batch_size]).cpu().float().numpy() for start in range(0, len(texts), batch_size)]
    vectors, place = np.concatenate(parts), {text: number for number, text in enumerate(texts)}
    anchors, positives, negatives = (vectors[[place[text] for text in columns[side]]] for side in SIDES)
    return anchors, positives, negatives


def forward(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    """Vectors (n, d) of one batch, as the trainer makes them."""
    features = batch_to_device(model.preprocess(list(texts)), model.device)
    vectors: torch.Tensor = model(features)["sentence_embedding"]
    return vectors


@contextmanager
def mode(model: torch.nn.Module, *, training: bool) -> Iterator[None]:
    """All modules in one mode, and afterwards each in its own again."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, state in before:
            module.training = state
