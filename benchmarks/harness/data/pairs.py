"""The three sources of training pairs for the benchmark of cluster-stratified batches, each split for training, validation and test.

Where to get them: "debian" is the English package descriptions of a Debian release. On a Debian system or in its container image,
`apt-get -o Acquire::Languages=en update` fetches them and `/usr/lib/apt/apt-helper cat-file` unpacks the list whose name ends in
main_i18n_Translation-en (with or without an ending); the environment variable DEBIAN_TRANSLATION names the file (plain, .xz, .bz2 or .gz).
"medquad" is MedQuAD (abachaa/MedQuAD) and "reuters" Reuters-21578 (1.0), in the folder that MATOMARI_DATA names. None is part of this project.

No text stands in two splits, be it as anchor or as positive, in any case or spacing. What shares a text is one family, and so are packages
of one first paragraph and stories of one beginning: a family is in one split. In validation and test only one pair of a family stays,
the others are dropped, so that a query has one right answer and no near copy of it in the corpus. Families of more than 50 are for training.
"""

from __future__ import annotations

import bz2
import gzip
import html
import lzma
import os
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

sys.path.insert(0, str(Path(__file__).parents[2]))

from harness.data.development import stories
from harness.data.files import DATA

HELD_OUT = {"debian": (3000, 1000), "medquad": (1500, 500), "reuters": (1500, 500)}  # test, validation
LARGE = 50  # a family of more stays in training: dropping all but one of it would cost more than it tests
SHORTEST = 100  # characters below which a story tells nothing, and a question is no answer
BEGINNING = 100  # characters of a story by which a corrected or repeated one is known
SEED = 0


class Raw(NamedTuple):
    """A pair as it was read, and what it shares with those of its family."""

    anchor: str
    positive: str
    shared: str


class Part(NamedTuple):
    """The pairs of one split: row i of the anchors belongs to row i of the positives."""

    anchors: list[str]
    positives: list[str]


Splits = dict[str, Part]  # "train", "validation", "test"


class Task(NamedTuple):
    """What to retrieve: the right answer to queries[i] is corpus[relevant[i]]."""

    queries: list[str]
    corpus: list[str]
    relevant: np.ndarray  # int64, shape (len(queries),)


def load(name: str, dropped: Counter[str] | None = None) -> Splits:
    """Splits of "debian", "medquad" or "reuters", the same each time; `dropped` is filled with what was left out, and how often."""
    dropped = Counter() if dropped is None else dropped
    raws = list(READERS[name](dropped))
    pairs = list({raw[:2]: raw for raw in raws}.values())
    dropped["found twice"] = len(raws) - len(pairs)
    test, validation = HELD_OUT[name]
    return _split(pairs, test, validation, dropped)


def retrieval(splits: Splits, part: str = "test") -> Task:
    """Queries of one split against the positives of all three, each text once."""
    corpus = list(dict.fromkeys(text for split in splits.values() for text in split.positives))
    place = {text: i for i, text in enumerate(corpus)}
    return Task(splits[part].anchors, corpus, np.array([place[text] for text in splits[part].positives], np.int64))


def fewer_documents(task: Task, most: int) -> Task:
    """The same queries against their answers and others drawn at random, `most` documents in all."""
    answers = np.unique(task.relevant)
    others = np.setdiff1d(np.arange(len(task.corpus)), answers)
    drawn = np.random.default_rng(SEED).permutation(others)[: max(most - len(answers), 0)]
    rows = np.sort(np.concatenate([answers, drawn]))
    return Task(task.queries, [task.corpus[row] for row in rows], np.searchsorted(rows, task.relevant))


def fewer_pairs(part: Part, most: int) -> Part:
    """So many pairs, drawn at random."""
    rows = np.sort(np.random.default_rng(SEED).permutation(len(part.anchors))[:most])
    return Part([part.anchors[row] for row in rows], [part.positives[row] for row in rows])


def _split(pairs: list[Raw], test: int, validation: int, dropped: Counter[str]) -> Splits:
    family = _families(pairs)
    sizes = np.bincount(family)
    order = np.random.default_rng(SEED).permutation(len(sizes))
    small = order[sizes[order] <= LARGE]
    if len(small) < test + validation:
        raise SystemExit(f"only {len(small)} families of pairs were found, and {test + validation} are to be held out: is the file whole?")
    kind = np.zeros(len(sizes), int)
    kind[small[:test]], kind[small[test : test + validation]] = 2, 1
    rows: list[list[int]] = [[], [], []]
    represented: set[int] = set()
    for row in np.random.default_rng([SEED, 1]).permutation(len(pairs)):
        own = int(family[row])
        if kind[own] and own in represented:
            dropped["of the family of a held-out pair"] += 1
        else:
            rows[kind[own]].append(int(row))
            represented.add(own)
    parts = [Part([pairs[i].anchor for i in sorted(part)], [pairs[i].positive for i in sorted(part)]) for part in rows]
    return dict(zip(("train", "validation", "test"), parts, strict=True))


def _families(pairs: list[Raw]) -> np.ndarray:
    """The number of the family of each pair: pairs that share any text, directly or through others."""
    texts: dict[str, int] = {}
    links = [
        (row, len(pairs) + texts.setdefault(key, len(texts)))
        for row, raw in enumerate(pairs)
        for key in (_folded(raw.anchor), _folded(raw.positive), "shared: " + _folded(raw.shared))
    ]
    n = len(pairs) + len(texts)
    a, b = np.array(links).T
    return connected_components(sp.coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[1][: len(pairs)]


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def _debian(dropped: Counter[str]) -> Iterator[Raw]:
    name = os.environ.get("DEBIAN_TRANSLATION")
    if not name:
        raise SystemExit("set DEBIAN_TRANSLATION to a Translation-en file; the top of harness/data/pairs.py says where to get one.")
    openers = {".xz": lzma.open, ".bz2": bz2.open, ".gz": gzip.open}
    with openers.get(Path(name).suffix, open)(name, "rt", encoding="utf-8") as file:
        entries = file.read().split("\n\n")
    seen: set[str] = set()
    for entry in entries:
        match = re.search(r"^Description-en:(.*)((?:\n .*)*)", entry, re.M)
        if not match:
            continue
        lines = ["" if line.strip() == "." else line[1:].rstrip() for line in match[2].split("\n")[1:]]
        short, long = match[1].strip(), "\n".join(lines).strip()
        if not short or not long:
            dropped["without a short or a long description"] += 1
        elif _folded(long) in seen:
            dropped["whose long description was there before"] += 1
        else:
            seen.add(_folded(long))
            yield Raw(short, long, long.split("\n\n")[0])


def _medquad(dropped: Counter[str]) -> Iterator[Raw]:
    with zipfile.ZipFile(DATA / "medquad" / "medquad.zip") as folder:
        for name in sorted(n for n in folder.namelist() if n.endswith(".xml")):
            for pair in ET.fromstring(folder.read(name)).iter("QAPair"):
                question, answer = (" ".join((pair.findtext(tag) or "").split()) for tag in ("Question", "Answer"))
                if not question or not answer:
                    dropped["without an answer"] += 1
                elif len(answer) < SHORTEST and answer.endswith("?"):
                    dropped["whose answer is the question again"] += 1
                else:
                    yield Raw(re.sub(r"\s*\?[\s?]*$", "?", question), answer, answer)


def _reuters(dropped: Counter[str]) -> Iterator[Raw]:
    for story in stories():
        tags = [re.search(f"<{tag}>(.*?)</{tag}>", story, re.S) for tag in ("TITLE", "BODY")]
        title, body = (" ".join(re.sub(r"[\x00-\x1f\x7f]", " ", html.unescape(m[1])).split()) if m else "" for m in tags)
        body = re.sub(r"\s*\breuters?\W*$", "", body, flags=re.I)
        if not title or len(body) < SHORTEST:
            dropped[f"without a title or {SHORTEST} characters of a body"] += 1
        elif _folded(body).startswith(_folded(title)):
            dropped["whose body begins with the title"] += 1
        else:
            yield Raw(title, body, body[:BEGINNING])


READERS = {"debian": _debian, "medquad": _medquad, "reuters": _reuters}


if __name__ == "__main__":
    for name in sys.argv[1:] or READERS:
        dropped: Counter[str] = Counter()
        splits = load(name, dropped)
        print(f"\n{name}: " + ", ".join(f"{len(part.anchors)} {key}" for key, part in splits.items()))
        print(f"  corpus of {len(retrieval(splits).corpus)} texts; dropped: " + ", ".join(f"{n} {why}" for why, n in dropped.most_common()))
        for anchor, positive in list(zip(*splits["test"], strict=True))[:3]:
            print(f"  {anchor}\n    -> {' '.join(positive.split())[:200]}")
