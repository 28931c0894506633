"""The public sets that themes and variants are measured on.

Where to get them: Banking77 (PolyAI, task-specific-datasets), CLINC150 (clinc/oos-eval), AgNews, SearchSnippets and Tweet (Rakib et al.,
short-text-clustering-enhancement), Abt-Buy, Amazon-Google and Cora (Leipzig and RIDDLE, as pyJedAI ships them), RLdata
(R package RecordLinkage), STS benchmark (SemEval 2017). None of them is part of this project.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from harness.data.files import DATA, TextSet, coded, parsed, records, tabbed, vectors


def banking(part: str) -> TextSet:
    """Banking77: questions to a bank."""
    rows = records("banking77", f"{part}.csv")
    return coded([r["text"] for r in rows], [r["category"] for r in rows])


def clinc(part: str, file: str = "data_full.json") -> TextSet:
    """CLINC150: questions to an assistant."""
    rows = parsed("clinc150", file)[part]
    return coded([r[0] for r in rows], [r[1] for r in rows])


def clinc_imbalanced() -> TextSet:
    """The training part whose intents have 25, 50, 75 or 100 texts."""
    return clinc("train", "data_imbalanced.json")


def short_text(name: str) -> TextSet:
    """A file of lines, each a label and a text."""
    lines = (DATA / "short-text" / name).read_text(encoding="utf-8", errors="replace").split("\n")
    pairs = [line.split("\t", 1) for line in lines if "\t" in line]
    return coded([p[1] for p in pairs], [p[0] for p in pairs])


THEMES = {
    "Banking77 test": lambda: banking("test"),
    "CLINC150 test": lambda: clinc("test"),
    "Tweet": lambda: short_text("tweet-original-order.txt"),
    "AgNews": lambda: short_text("agnewsdataraw-8000"),
    "SearchSnippets": lambda: short_text("search_snippets/search_snippets_true_text"),
}


def themes() -> dict[str, TextSet]:
    """The five sets of the themes table."""
    return {name: load() for name, load in THEMES.items()}


def _linked(n: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    a, b = np.asarray(pairs).T
    return connected_components(sp.csr_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[1]


def _two_tables(folder: str, left: str, right: str, mark: str, column: str) -> TextSet:
    place: list[dict[str, int]] = []
    texts: list[str] = []
    for name in (left, right):
        rows = records("er", folder, name, delimiter=mark)
        place.append({r["id"]: len(texts) + i for i, r in enumerate(rows)})
        texts += [(r[column] or "").strip() for r in rows]
    with (DATA / "er" / folder / "gt.csv").open(newline="") as file:
        pairs = list(csv.reader(file, delimiter=mark))[1:]
    return texts, _linked(len(texts), [(place[0][a], place[1][b]) for a, b in pairs])


def abt_buy() -> TextSet:
    """Products of two shops."""
    return _two_tables("abt-buy", "abt.csv", "buy.csv", "|", "name")


def amazon_google() -> TextSet:
    """Software of two shops."""
    return _two_tables("amazon-google", "amazon.csv", "gp.csv", "#", "title")


def cora() -> TextSet:
    """Citations of papers."""
    rows = records("er", "cora", "cora.csv", delimiter="|")
    place = {r["Entity Id"]: i for i, r in enumerate(rows)}
    with (DATA / "er" / "cora" / "cora_gt.csv").open(newline="") as file:
        pairs = [(place[a], place[b]) for a, b in csv.reader(file, delimiter="|") if a in place and b in place]
    texts = [" ".join(r[c] for c in ("author", "title", "venue", "year") if r[c]) for r in rows]
    return texts, _linked(len(texts), pairs)


def rldata(size: int) -> TextSet:
    """People, some of them twice."""
    rows = records("rldata", f"RLdata{size}.tsv", delimiter="\t")
    truth = (DATA / "rldata" / f"identity.RLdata{size}.tsv").read_text().split()[1:]
    return coded([" ".join(v for v in r.values() if v != "NA") for r in rows], truth)


def variants() -> dict[str, TextSet]:
    """The four sets of the variants table."""
    return {"Abt-Buy": abt_buy(), "Amazon-Google": amazon_google(), "Cora": cora(), "RLdata10000": rldata(10000)}


def similar(data: Path = DATA) -> tuple[list[str], list[str], list[float]]:
    """The test part of the STS benchmark: two sentences, and how alike people find them."""
    rows = [row for row in tabbed(str(data.resolve()), "stsbenchmark", "sts-test.csv") if len(row) > 6]
    return [row[5] for row in rows], [row[6] for row in rows], [float(row[4]) for row in rows]


def distinct_texts(texts: list[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Each text once, its vector, and which of them every text is."""
    known: dict[str, int] = {}
    place = np.asarray([known.setdefault(text, len(known)) for text in texts])
    return list(known), vectors(texts)[np.unique(place, return_index=True)[1]], place
