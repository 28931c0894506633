"""A small training run as a program of its own: to be killed, resumed, and run by two processes. Prints the digest of the weights it ends with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from builders.processes import leave


def student(width: int = 32, words: int = 200) -> Any:
    """A static encoder with weights of its own, made of nothing but this file."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0} | {f"w{i}": i + 1 for i in range(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = torch.randn(words + 1, width, generator=torch.Generator().manual_seed(0))
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights.numpy())], device="cpu")


def lesson(n: int = 480, topics: int = 6, seed: int = 0) -> Any:
    """Pairs whose sides share a topic and a few words of their own."""
    from matomari import Partition
    from matomari.learn.pairs.recipe import Lesson

    rng = np.random.default_rng(seed)
    topic = np.arange(n) % topics
    own = rng.integers(topics, 200, size=(n, 3))
    sides = [[" ".join(f"w{w}" for w in [t, *rng.permutation(row)[:2]]) for t, row in zip(topic, own, strict=True)] for _ in range(2)]
    vectors = (np.eye(topics)[topic] + 0.1 * rng.standard_normal((n, topics))).astype(np.float32)
    return Lesson(
        {"anchor": sides[0], "positive": sides[1]}, Partition(np.arange(n).astype(str), topic), guide=(vectors, vectors[::-1].copy())
    )


def main() -> None:
    said = argparse.ArgumentParser()
    said.add_argument("--folder")
    said.add_argument("--recipe", type=json.loads, default={})
    said.add_argument("--out", type=Path)
    told = said.parse_args()
    from matomari.encode.transformer import fingerprint
    from matomari.learn.pairs.recipe import Recipe
    from matomari.learn.pairs.trainer import train

    model = student()
    train(model, lesson(), Recipe(**{"batch_size": 16, "epochs": 3, "learning_rate": 0.05, "every": 5} | told.recipe), folder=told.folder)
    if told.out:
        np.save(told.out, model[0].embedding.weight.detach().numpy())
    print(fingerprint(model))
    leave()


if __name__ == "__main__":
    main()
