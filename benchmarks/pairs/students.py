"""What learns in the benchmark of cluster-stratified batches, how it reads, and what it is asked afterwards.

Two students that have seen nothing: a static one (one vector a token), and two fresh transformer layers on the four lower ones of MiniLM, which
stay as they are, so that what they give is computed once. Out of domain: NFCorpus and SciFact (BEIR's judgements) and the STS benchmark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from transformers import AutoModel

from harness.data.files import DATA, records
from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from matomari.metrics.ranking import ndcg
from matomari.rows.beir import read_corpus, read_qrels, read_queries
from matomari.rows.sts import read_scored
from matomari.vectors import normalise

DIMENSION, SPREAD = 128, 0.1  # of the static student, and of its first weights
LOWER, UPPER, WIDTH, HEADS = 4, 2, 384, 12
LONGEST = 64  # tokens that the transformer reads; what is longer than it would be too slow here
BLOCK = 512
SCORES = ("in domain", "NFCorpus", "SciFact", "STS-B")
FILES = {"validation": ("dev.tsv", "train.tsv", "sts-dev.csv"), "test": ("test.tsv", "test.tsv", "sts-test.csv")}


def blocks(n: int, size: int = BLOCK) -> Iterator[range]:
    """The numbers below n, so many at once."""
    return (range(start, min(start + size, n)) for start in range(0, n, size))


def tokenizer(longest: int | None = None) -> Tokenizer:
    """MiniLM's, which cuts at 128 tokens, or at fewer."""
    own = Tokenizer.from_file(str(locate("minilm") / "tokenizer.json"))
    own.no_padding()
    if longest:
        own.enable_truncation(longest)
    return own


def numbers(texts: list[str], tokens: Tokenizer, special: bool) -> list[np.ndarray]:
    """The numbers of the tokens of every text."""
    parts = (tokens.encode_batch([texts[i] for i in block], add_special_tokens=special) for block in blocks(len(texts)))
    return [np.array(text.ids, np.int64) for part in parts for text in part]


class Tokens:
    """Texts as the static student takes them, read once for all runs: the numbers of their tokens."""

    def __init__(self, texts: list[str]) -> None:
        ids = numbers(texts, tokenizer(), special=False)
        self.flat, self.ends = torch.from_numpy(np.concatenate(ids)), np.cumsum([0, *map(len, ids)])

    def __len__(self) -> int:
        return len(self.ends) - 1

    def parts(self, rows: Any) -> list[torch.Tensor]:
        """What there is of these rows."""
        return [self.flat[self.ends[row] : self.ends[row + 1]] for row in rows]

    def features(self, rows: Any) -> dict[str, torch.Tensor]:
        """What the student takes, for these rows."""
        parts = self.parts(rows)
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
        return {"input_ids": torch.cat(parts), "offsets": torch.from_numpy(starts)}


class Lower(Tokens):
    """What the lower layers of MiniLM make of the tokens, in half precision, for the transformer."""

    layers = LOWER

    def __init__(self, texts: list[str]) -> None:
        ids = numbers(texts, tokenizer(LONGEST), special=True)
        self.ends = np.cumsum([0, *map(len, ids)])
        self.flat = torch.empty(int(self.ends[-1]), WIDTH, dtype=torch.bfloat16)
        order = np.argsort([len(text) for text in ids], kind="stable")
        for block in blocks(len(order), BLOCK // 4):
            self._read(ids, order[block])

    @torch.no_grad()
    def _read(self, ids: list[np.ndarray], rows: np.ndarray) -> None:
        table = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(ids[row]) for row in rows], batch_first=True)
        mask = (torch.arange(table.shape[1])[None] < torch.tensor([len(ids[row]) for row in rows])[:, None]).long()
        with torch.autocast("cpu", torch.bfloat16):
            states = lower(self.layers)(input_ids=table, attention_mask=mask).last_hidden_state
        for place, row in enumerate(rows):
            self.flat[self.ends[row] : self.ends[row + 1]] = states[place, : len(ids[row])].bfloat16()

    def features(self, rows: Any) -> dict[str, torch.Tensor]:
        """The states of these rows, as long as the longest, and where there are any."""
        parts = self.parts(rows)
        mask = torch.arange(max(map(len, parts)))[None] < torch.tensor([len(part) for part in parts])[:, None]
        return {"states": torch.nn.utils.rnn.pad_sequence(parts, batch_first=True), "mask": mask}


Reader = Callable[[list[str]], Tokens]


@cache
def _lowered(texts: tuple[str, ...]) -> Lower:
    return Lower(list(texts))


def lowered(texts: list[str]) -> Lower:
    """The same texts are read once in a process."""
    return _lowered(tuple(texts))


@cache
def lower(layers: int) -> Any:
    """MiniLM as far as it stays as it is."""
    model = AutoModel.from_pretrained(locate("minilm")).eval()
    model.encoder.layer = model.encoder.layer[:layers]
    return model


class Upper(torch.nn.Module):
    """Fresh layers of MiniLM's make, and the mean over the tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, dropout=0.0, activation="gelu", batch_first=True)
            for _ in range(UPPER)
        )
        for module in self.modules():  # as BERT begins
            for name, weight in module.named_parameters(recurse=False):
                if weight.dim() > 1:
                    torch.nn.init.normal_(weight, std=0.02)
                elif "bias" in name:
                    torch.nn.init.zeros_(weight)

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The features, and the sentence embedding."""
        states, mask = features["states"], features["mask"]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                states = layer(states, src_key_padding_mask=~mask)
        weight = mask[:, :, None].float()
        return features | {"sentence_embedding": (states.float() * weight).sum(1) / weight.sum(1)}


def transformer(seed: int) -> SentenceTransformer:
    """Fresh upper layers."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return SentenceTransformer(modules=[Upper()], device="cpu")


def static(seed: int) -> SentenceTransformer:
    """One vector a token, by chance."""
    size = (tokenizer().get_vocab_size(), DIMENSION)
    weights = SPREAD * torch.randn(size, generator=torch.Generator().manual_seed(seed))
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_weights=weights)], device="cpu")


def words() -> SentenceTransformer:
    """MiniLM's table of tokens, and the mean of a text."""
    table = open_model(locate("minilm"), "cpu")[0].auto_model.embeddings.word_embeddings.weight.detach().clone()
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_weights=table)], device="cpu")


class Search(NamedTuple):
    """Queries, documents, and the grades of the relevant documents of each query by their row."""

    queries: Tokens
    corpus: Tokens
    relevant: list[dict[int, int]]


def embedded(model: SentenceTransformer, tokens: Tokens) -> np.ndarray:
    """Vectors of length 1."""
    with torch.no_grad():
        return normalise(np.concatenate([model(tokens.features(b))["sentence_embedding"].numpy() for b in blocks(len(tokens))]))


def searched(model: SentenceTransformer, search: Search) -> float:
    """Mean NDCG@10."""
    queries, corpus = embedded(model, search.queries), embedded(model, search.corpus)
    gains = []
    for block in blocks(len(queries)):
        cosines = queries[block] @ corpus.T
        first = np.argpartition(-cosines, 10, axis=1)[:, :10]
        first = np.take_along_axis(first, np.argsort(-np.take_along_axis(cosines, first, 1), axis=1, kind="stable"), 1)
        for rows, relevant in zip(first.tolist(), search.relevant[block.start : block.stop], strict=True):
            gains.append(ndcg([relevant.get(row, 0) for row in rows], list(relevant.values()), 10))
    return float(np.mean(gains))


@cache
def elsewhere(part: str, reader: Reader) -> tuple[dict[str, Search], tuple[Tokens, Tokens, list[float]]]:
    """What no source has to do with: NFCorpus and SciFact, and the STS benchmark; "validation" reads judgements that "test" does not."""
    nf_file, sci_file, sts_file = FILES[part]
    nf, sci = DATA / "nfcorpus", DATA / "scifact"
    documents = {row["doc_id"]: f"{row['title']} {plain(row['abstract'])}" for row in records("scifact", "corpus_train.csv")}
    claims = {row["id"]: row["claim"] for split in ("train", "validation") for row in records("scifact", f"claims_{split}.csv")}
    tasks = {
        "NFCorpus": judged(read_corpus(nf / "corpus.jsonl"), read_queries(nf / "queries.jsonl"), nf / "qrels" / nf_file, reader),
        "SciFact": judged(documents, claims, sci / "qrels" / sci_file, reader),
    }
    pairs = read_scored(DATA / "stsbenchmark" / sts_file)
    return tasks, (reader(pairs.first), reader(pairs.second), pairs.gold)


def plain(sentences: str) -> str:
    """The sentences of a printed list as one text."""
    return " ".join(re.sub(r"""['"]\s*\n\s*['"]""", " ", sentences.strip("[]'\" \n")).split())


def judged(documents: dict[str, str], queries: dict[str, str], file: Path, reader: Reader) -> Search:
    """A search by the judgements of a file."""
    place = {name: row for row, name in enumerate(documents)}
    grades = {name: graded for name, graded in read_qrels(file).items() if name in queries and max(graded.values()) > 0}
    relevant = [{place[name]: grade for name, grade in graded.items() if name in place} for graded in grades.values()]
    return Search(reader([queries[name] for name in grades]), reader(list(documents.values())), relevant)


def scores(model: SentenceTransformer, search: Search, part: str, reader: Reader) -> dict[str, float]:
    """In domain and out of it."""
    tasks, (first, second, gold) = elsewhere(part, reader)
    figures = {"in domain": searched(model, search)} | {name: searched(model, task) for name, task in tasks.items()}
    alike = (embedded(model, first) * embedded(model, second)).sum(axis=1)
    return {name: round(value, 5) for name, value in (figures | {"STS-B": float(spearmanr(alike, gold).statistic)}).items()}
