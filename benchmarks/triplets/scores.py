"""What an encoder knows: seven exams of similarity, entailment against contradiction, and swaps by kind of difference."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sklearn.metrics import roc_auc_score

from harness.data.sentences import EXAMS, Exam, entailment, exam
from matomari.vectors import normalise
from triplets.lessons import SIDES, Lesson, by_hand, hard_swaps, swaps

DEV = ("STS-B dev", "swaps")


class Reader:
    """Texts as an encoder reads them, each once."""

    def __init__(self, model: SentenceTransformer, texts: list[str]) -> None:
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        self.place = {text: i for i, text in enumerate(distinct)}
        self.vectors = normalise(model.encode(distinct, batch_size=64, show_progress_bar=False))

    def of(self, texts: list[str]) -> np.ndarray:
        """Vectors (n, d) of length 1."""
        return self.vectors[[self.place[text] for text in texts]]

    def cosines(self, first: list[str], second: list[str]) -> np.ndarray:
        """Row by row."""
        return (self.of(first) * self.of(second)).sum(axis=1)


def scores(model: SentenceTransformer, part: str = "test") -> dict[str, float]:
    """Spearman × 100 of every exam and their mean, AUC × 100, and the share of swaps told apart × 100 by kind, in "test"; "dev" has few of them."""
    exams = {name: exam(name) for name in (EXAMS if part == "test" else DEV[:1])}
    asked = {"swaps": swaps(part), **({"hard swaps": hard_swaps(), "by hand": by_hand()} if part == "test" else {})}
    reader = Reader(model, _texts(part))
    figures = {name: 100 * float(spearmanr(reader.cosines(e.first, e.second), e.gold).statistic) for name, e in exams.items()}
    if part == "test":
        figures["STS mean"] = float(np.mean([figures[name] for name in EXAMS]))
        years = [figures[name] for name in EXAMS if name[-2:].isdigit()]
        figures["STS12-16"] = float(np.mean(years))
        figures["SICK-E AUC"] = _auc(reader, entailment())
    for name, lesson in asked.items():
        figures |= _told(reader, lesson, name)
    return {name: round(value, 3) for name, value in figures.items()}


def _auc(reader: Reader, pairs: Exam) -> float:
    return 100 * float(roc_auc_score(pairs.gold, reader.cosines(pairs.first, pairs.second)))


def _told(reader: Reader, lesson: Lesson, name: str) -> dict[str, float]:
    anchors, positives, negatives = (lesson.columns[side] for side in SIDES)
    right = reader.cosines(anchors, positives) > reader.cosines(anchors, negatives)
    kinds = np.asarray(lesson.kinds)
    shares = {f"{name}: {kind}": 100 * float(right[kinds == kind].mean()) for kind in sorted(set(lesson.kinds))}
    return {name: float(np.mean(list(shares.values()))), **shares}


@cache
def _texts(part: str) -> list[str]:
    exams = [*(exam(name) for name in EXAMS), entailment()] if part == "test" else [exam(DEV[0])]
    texts = [text for one in exams for side in one[:2] for text in side]
    for lesson in [swaps(part), *([hard_swaps(), by_hand()] if part == "test" else [])]:
        texts += [text for side in SIDES for text in lesson.columns[side]]
    return texts
