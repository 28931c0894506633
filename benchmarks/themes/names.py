"""Claim: names of groups are phrases that stand in the texts, and nearer to the labels that people gave than keywords by class-based TF-IDF.

The true groups of Banking77 test and CLINC150 test are named, so that nothing but the names is judged. Beside the cosine of name and true label
(MiniLM) stand the share of names that are nearest to their own label, which favours long names, and the number of words; the share of phrases
that stand in a text of the group word for word; and how often a particle or negation of the label is kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.files import encoder, parsed, records, vectors
from matomari.cluster.naming.keywords import Keywords
from matomari.cluster.naming.names import names
from matomari.vectors import normalise

PARTICLES = {"up", "in", "out", "off", "down", "on", "over", "back", "not", "no", "cannot", "without", "never"}
NEGATION = re.compile(r"n't\b|\b(?:not|no|cannot|cant|dont|never|without)\b")
WORD = re.compile(r"[^\W_]+")
Namer = Callable[[list[str], np.ndarray, int], list[str]]


def sets() -> dict[str, tuple[list[str], np.ndarray, list[str]]]:
    """Texts, groups, and the label of each group in words."""
    bank = records("banking77", "test.csv")
    clinc = parsed("clinc150", "data_full.json")["test"]
    whole = {
        "Banking77 test": ([r["text"] for r in bank], [r["category"] for r in bank]),
        "CLINC150 test": ([r[0] for r in clinc], [r[1] for r in clinc]),
    }
    coded = {title: (texts, *np.unique(labels, return_inverse=True)) for title, (texts, labels) in whole.items()}
    return {title: (texts, groups, [str(v).replace("_", " ") for v in values]) for title, (texts, values, groups) in coded.items()}


def ours(texts: list[str], groups: np.ndarray, k: int) -> list[str]:
    """The first two keywords, as `matomari.group` names themes."""
    keywords = Keywords(texts, vectors(texts), encode=encoder("off").encode).of(groups, k)
    return names(keywords, [""] * k)


def class_tfidf(texts: list[str], groups: np.ndarray, k: int) -> list[str]:
    """BERTopic's default: words by class-based TF-IDF (Grootendorst 2022, equation 3), the first three, English stop words left out."""
    counted = CountVectorizer(stop_words="english")
    table = counted.fit_transform([" ".join(t for t, g in zip(texts, groups, strict=True) if g == group) for group in range(k)]).toarray()
    score = table / table.sum(axis=1, keepdims=True) * np.log(1 + table.sum() / k / table.sum(axis=0))
    words = counted.get_feature_names_out()
    return [", ".join(words[np.argsort(-row)[:3]]) for row in score]


def judged(made: list[str], labels: list[str], texts: list[str], groups: np.ndarray) -> dict[str, Any]:
    """The figures of one way of naming."""
    a, b = (normalise(np.asarray(encoder("off").encode(part), np.float32)) for part in (made, labels))
    plain = [_plain(text) for text in texts]
    word_for_word = [
        any(_plain(phrase) in text for text, g in zip(plain, groups, strict=True) if g == group)
        for group, name in enumerate(made)
        for phrase in name.split(", ")
    ]
    asked = [i for i, label in enumerate(labels) if set(label.casefold().split()) & PARTICLES]
    kept = 0
    for i in asked:
        wanted, said = set(labels[i].casefold().split()) & PARTICLES, made[i].casefold()
        negated = bool(wanted & {"not", "no", "cannot"}) and bool(NEGATION.search(said))
        kept += negated or bool(wanted & set(re.split(r"[\W]+", said)))
    return {
        "cosine": float((a * b).sum(axis=1).mean()),
        "nearest": float(((a @ b.T).argmax(axis=1) == np.arange(len(a))).mean()),
        "word for word": float(np.mean(word_for_word)),
        "particles": kept,
        "of": len(asked),
        "words": float(np.mean([len(name.replace(",", "").split()) for name in made])),
    }


def _plain(text: str) -> str:
    """The words alone, each between spaces."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


METHODS: dict[str, Namer] = {"matomari": ours, "class-based TF-IDF, as BERTopic": class_tfidf}


def main() -> None:
    """Name and judge."""
    before = results.read("names") or {}  # figures of earlier versions, and what readers chose, stay
    known = before.get("sets", {})
    for title, (texts, groups, labels) in sets().items():
        row = known.setdefault(title, {})
        for method, name in METHODS.items():
            row[method] = judged(name(texts, groups, len(labels)), labels, texts, groups)
            print(title, method, row[method], flush=True)
    results.write("names", {"sets": known, "readers": before.get("readers", {})})


if __name__ == "__main__":
    main()
