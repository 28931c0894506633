"""What learns from triplets: MiniLM as it is bundled, and an encoder that knows words and has never been trained for similarity."""

from __future__ import annotations

import torch
from sentence_transformers import SentenceTransformer

from matomari.encode.locate import locate
from matomari.encode.transformer import open_model

LAYERS = 2  # of the encoder that is untrained for similarity
SPREAD = 0.02  # of its first weights, as BERT begins


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


STUDENTS = {"MiniLM": minilm, "untrained": fresh}
