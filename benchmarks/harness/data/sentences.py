"""Sentences to learn small differences from, and the seven exams on how alike two sentences are, none of whose sentences is learnt from.

Where to get them: Flickr8k captions (Hodosh, Young and Hockenmaier 2013), Reuters-21578 (1.0), STS benchmark (SemEval 2017), STS 2012 to 2016 (as SentEval
ships them), SICK (Marelli et al. 2014). None of them is part of this project.
"""

from __future__ import annotations

import html
import random
import re
from functools import cache
from typing import NamedTuple

from harness.data.development import stories
from harness.data.files import CACHE, DATA, tabbed
from matomari.operate.teach.triplets.leaks import leaks
from matomari.rows.sts import read_scored
from matomari.store.atomic import replacing

YEARS = ("12", "13", "14", "15", "16")
EXAMS = ("STS12", "STS13", "STS14", "STS15", "STS16", "STS-B", "SICK-R")
SPLITS = {"train": "", "dev": "Flickr_8k.devImages.txt", "test": "Flickr_8k.testImages.txt"}
TITLES_ASIDE = 0.1  # share of the titles for dev, and for test


class Exam(NamedTuple):
    """Pairs of sentences, and how alike people find them."""

    first: list[str]
    second: list[str]
    gold: list[float]


@cache
def exam(name: str) -> Exam:
    """One of `EXAMS`, whole, or "STS-B dev": all subsets of a year are ranked together."""
    if name.startswith("STS-B"):
        pairs = read_scored(DATA / "stsbenchmark" / f"sts-{'dev' if name.endswith('dev') else 'test'}.csv")
        return Exam(pairs.first, pairs.second, pairs.gold)
    if name == "SICK-R":
        rows = tabbed("sick", "SICK_test_annotated.txt")[1:]
        return Exam([row[1] for row in rows], [row[2] for row in rows], [float(row[3]) for row in rows])
    return _year(name.removeprefix("STS"))


def _year(year: str) -> Exam:
    kept = Exam([], [], [])
    for file in sorted((DATA / "sts12-16" / f"STS{year}-en-test").glob("STS.input.*.txt")):
        lines = file.read_text(encoding="utf-8").split("\n")
        scores = file.with_name(file.name.replace("input", "gs")).read_text(encoding="utf-8").split("\n")
        for line, score in zip(lines, scores, strict=False):  # a file may end without a line break
            if score.strip():
                first, second = line.split("\t")[:2]
                for column, value in zip(kept, (first, second, float(score)), strict=True):
                    column.append(value)
    return kept


@cache
def entailment() -> Exam:
    """The pairs of SICK-E's test part that people call entailment (1) or contradiction (0)."""
    rows = [row for row in tabbed("sick", "SICK_test_annotated.txt")[1:] if row[4] != "NEUTRAL"]
    return Exam([row[1] for row in rows], [row[2] for row in rows], [float(row[4] == "ENTAILMENT") for row in rows])


def examined() -> list[str]:
    """Every sentence of an exam."""
    pairs = [exam(name) for name in (*EXAMS, "STS-B dev")]
    return list(dict.fromkeys(text for one in pairs for side in one[:2] for text in side))


@cache
def unlabelled(split: str) -> tuple[str, ...]:
    """Captions and titles of "train", "dev" or "test", without what is nearly a sentence of an exam; captions of one image are in one split."""
    file = CACHE / "triplets" / f"{split}.txt"
    if not file.exists():
        texts = [*_captions(split), *_titles(split)]
        out = {row for row, _ in leaks(texts, examined())}
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as draft:
            draft.write_text("\n".join(text for row, text in enumerate(texts) if row not in out), encoding="utf-8")
        print(f"{split}: {len(out):,} of {len(texts):,} sentences are nearly one of an exam and were left out", flush=True)
    return tuple(file.read_text(encoding="utf-8").split("\n"))


def _captions(split: str) -> list[str]:
    folder = DATA / "flickr8k-captions"
    aside = {name: set((folder / file).read_text(encoding="utf-8").split()) for name, file in SPLITS.items() if file}
    rows = [row for row in tabbed("flickr8k-captions", "Flickr8k.token.txt") if len(row) == 2]
    wanted = (
        (lambda image: image in aside[split]) if split in aside else lambda image: not any(image in images for images in aside.values())
    )
    return list(dict.fromkeys(row[1] for row in rows if wanted(row[0].partition("#")[0])))


def _titles(split: str) -> list[str]:
    found = [re.search(r"<TITLE>(.*?)</TITLE>", story, re.S) for story in stories()]
    titles = list(dict.fromkeys(" ".join(html.unescape(title[1]).split()) for title in found if title))
    titles = [title for title in titles if len(title.split()) >= 4]
    random.Random(0).shuffle(titles)
    share = round(TITLES_ASIDE * len(titles))
    return {"dev": titles[:share], "test": titles[share : 2 * share], "train": titles[2 * share :]}[split]
