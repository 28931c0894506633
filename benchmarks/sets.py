"""The public data sets that the benchmarks read, from the folder that MATOMARI_DATA names.

Where to get them: Banking77 (PolyAI, task-specific-datasets), CLINC150 (clinc/oos-eval), AgNews, SearchSnippets and Tweet (Rakib et al.,
short-text-clustering-enhancement), Abt-Buy, Amazon-Google and Cora (Leipzig and RIDDLE, as pyJedAI ships them), RLdata
(R package RecordLinkage), STS benchmark (SemEval 2017). None of them is part of this project.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np

DATA = Path(os.environ.get("MATOMARI_DATA", Path(__file__).parents[2] / "shared" / "data"))
Set = tuple[list[str], np.ndarray]
csv.field_size_limit(10**9)


def _coded(texts: list[str], labels: list[str]) -> Set:
    return texts, np.unique(labels, return_inverse=True)[1]


def banking(part: str) -> Set:
    with (DATA / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _coded([r["text"] for r in rows], [r["category"] for r in rows])


def clinc(part: str) -> Set:
    rows = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))[part]
    return _coded([r[0] for r in rows], [r[1] for r in rows])


def clinc_imbalanced() -> Set:
    """The training part whose intents have 25, 50, 75 or 100 texts."""
    rows = json.loads((DATA / "clinc150" / "data_imbalanced.json").read_text(encoding="utf-8"))["train"]
    return _coded([r[0] for r in rows], [r[1] for r in rows])


def short_text(name: str) -> Set:
    lines = (DATA / "short-text" / name).read_text(encoding="utf-8", errors="replace").split("\n")
    pairs = [line.split("\t", 1) for line in lines if "\t" in line]
    return _coded([p[1] for p in pairs], [p[0] for p in pairs])


def themes() -> dict[str, Set]:
    """The five sets of the themes table."""
    return {
        "Banking77 test": banking("test"),
        "CLINC150 test": clinc("test"),
        "Tweet": short_text("tweet-original-order.txt"),
        "AgNews": short_text("agnewsdataraw-8000"),
        "SearchSnippets": short_text("search_snippets/search_snippets_true_text"),
    }


def _linked(n: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    a, b = np.asarray(pairs).T
    return connected_components(sp.csr_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[1]


def _two_tables(folder: str, left: str, right: str, mark: str, columns: list[str]) -> Set:
    place: list[dict[str, int]] = []
    texts: list[str] = []
    for name in (left, right):
        with (DATA / "er" / folder / name).open(encoding="utf-8", errors="replace", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=mark))
        place.append({r["id"]: len(texts) + i for i, r in enumerate(rows)})
        texts += [" ".join(r[c] or "" for c in columns).strip() for r in rows]
    with (DATA / "er" / folder / "gt.csv").open(newline="") as file:
        pairs = list(csv.reader(file, delimiter=mark))[1:]
    return texts, _linked(len(texts), [(place[0][a], place[1][b]) for a, b in pairs])


def abt_buy(columns: tuple[str, ...] = ("name",)) -> Set:
    return _two_tables("abt-buy", "abt.csv", "buy.csv", "|", list(columns))


def amazon_google() -> Set:
    return _two_tables("amazon-google", "amazon.csv", "gp.csv", "#", ["title"])


def cora() -> Set:
    with (DATA / "er" / "cora" / "cora.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="|"))
    place = {r["Entity Id"]: i for i, r in enumerate(rows)}
    with (DATA / "er" / "cora" / "cora_gt.csv").open(newline="") as file:
        pairs = [(place[a], place[b]) for a, b in csv.reader(file, delimiter="|") if a in place and b in place]
    texts = [" ".join(r[c] for c in ("author", "title", "venue", "year") if r[c]) for r in rows]
    return texts, _linked(len(texts), pairs)


def rldata(size: int) -> Set:
    with (DATA / "rldata" / f"RLdata{size}.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    truth = (DATA / "rldata" / f"identity.RLdata{size}.tsv").read_text().split()[1:]
    return _coded([" ".join(v for v in r.values() if v != "NA") for r in rows], truth)


def variants() -> dict[str, Set]:
    """The four sets of the variants table."""
    return {"Abt-Buy": abt_buy(), "Amazon-Google": amazon_google(), "Cora": cora(), "RLdata10000": rldata(10000)}


def vectors(name: str, texts: list[str]) -> np.ndarray:
    """MiniLM vectors of a set by stock sentence-transformers, kept beside the project's caches."""
    import matomari

    encoder = matomari.load_encoder("minilm", fast="off", cache=Path(__file__).parents[1] / ".cache" / "vectors")
    return encoder.encode(texts)
