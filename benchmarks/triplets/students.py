"""What learns from triplets: MiniLM as it is bundled, and two that know words and have never been trained for similarity, one of them without order."""

from __future__ import annotations

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dropout, StaticEmbedding

from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from pairs.students import tokenizer

LAYERS = 2  # of the encoder that is untrained for similarity
SPREAD = 0.02  # of its first weights, as BERT begins
DROPOUT = 0.1  # as in MiniLM


def minilm(seed: int) -> SentenceTransformer:
    """The bundled encoder; the seed changes nothing."""
    return open_model(locate("minilm"), "cpu")


def fresh(seed: int) -> SentenceTransformer:
    """MiniLM's table of tokens and places, and above it two layers of its make whose weights are drawn by chance; the mean over tokens."""
    model = minilm(seed)
    network = model[0].auto_model
    network.encoder.layer = network.encoder.layer[:LAYERS]
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in network.encoder.layer:
            for name, weight in layer.named_parameters():
                if "LayerNorm" in name:
                    weight.fill_(1.0 if name.endswith("weight") else 0.0)
                elif name.endswith("bias"):
                    weight.zero_()
                else:
                    weight.copy_(SPREAD * torch.randn(weight.shape, generator=chance))
    return model


def tokens(seed: int) -> SentenceTransformer:
    """MiniLM's table of tokens and the mean of a text, under dropout: the cheapest, with which whole grids can be measured; the order of words is lost."""
    model = minilm(seed)
    table = model[0].auto_model.embeddings.word_embeddings.weight.detach().clone()
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_weights=table), Dropout(DROPOUT)], device="cpu")


STUDENTS = {"MiniLM": minilm, "untrained": fresh, "tokens": tokens}
