"""What learns from triplets: MiniLM as it is bundled, and a student that knows words and has never been trained for similarity."""

from __future__ import annotations

from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dropout

from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from pairs.students import words

DROPOUT = 0.1  # as in MiniLM


def minilm(seed: int) -> SentenceTransformer:
    """The bundled encoder; the seed changes nothing."""
    return open_model(locate("minilm"), "cpu")


def tokens(seed: int) -> SentenceTransformer:
    """MiniLM's table of tokens and the mean of a text, under dropout: the cheapest, with which whole grids can be measured; the order of words is lost."""
    return SentenceTransformer(modules=[words()[0], Dropout(DROPOUT)], device="cpu")


STUDENTS = {"MiniLM": minilm, "tokens": tokens}
