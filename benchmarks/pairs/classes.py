"""Question: where many in-batch negatives are false, does the filter help? Pairs are two texts of one intent.

3,000 pairs of Banking77 (77 intents) or CLINC150 (150): of a random batch of 64 a half or a third of the texts have another of their intent beside them,
among pieces of small clusters more. Students, arms and settings are those of pairs/few.py; nothing is chosen here. The share of the ten nearest training
texts that have the intent of a test text.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop
from harness.data.files import TextSet
from harness.data.texts import banking, clinc
from harness.statistics import paired, spreads
from matomari.learn.pairs.recipe import Lesson
from pairs.few import LAST, WORDS, Student, names, settled, taught
from pairs.students import embedded

SETS: dict[str, Callable[[str], TextSet]] = {"Banking77": banking, "CLINC150": clinc}
STUDENTS = {"words": WORDS, "MiniLM": LAST}
SIZE, NEAREST, SEEDS = 3_000, 10, 5
SCORE = "of one intent"


class Twos:
    """Pairs of one intent: texts drawn by a seed, each with another of its intent, as `learn` takes them."""

    def __init__(self, whole: TextSet, student: Student, seed: int) -> None:
        texts, labels = whole
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.permutation(len(texts))[:SIZE])
        others = [rng.choice(np.setdiff1d(np.flatnonzero(labels == labels[row]), [row])) for row in rows]
        columns = [texts[row] for row in rows], [texts[row] for row in others]
        self.tokens = student.reader(columns[0]), student.reader(columns[1])
        start = student.begin()
        self.guide = tuple(embedded(start, tokens) for tokens in self.tokens)
        self.same = Lesson({"anchor": columns[0], "positive": columns[1]}).same()
        self.false = float((labels[rows][:, None] == labels[rows]).mean())

    def __len__(self) -> int:
        return SIZE


class Exam:
    """The texts of training and of test, as a student reads them."""

    def __init__(self, student: Student, train: TextSet, test: TextSet) -> None:
        self.known, self.asked = student.reader(train[0]), student.reader(test[0])
        self.labels = train[1], test[1]

    def score(self, model: Any) -> float:
        """Share of the nearest training texts that have the intent of a test text."""
        nearest = np.argpartition(-(embedded(model, self.asked) @ embedded(model, self.known).T), NEAREST, axis=1)[:, :NEAREST]
        return round(float((self.labels[0][nearest] == self.labels[1][:, None]).mean()), 5)


def summary(runs: dict[str, Any]) -> dict[str, Any]:
    """Of each student and set: mean and spread of every arm, and its gain over random batches, paired by seed."""
    return {student: {name: {arm: _figures(arms, arm) for arm in arms} for name, arms in sets.items()} for student, sets in runs.items()}


def _figures(arms: dict[str, Any], arm: str) -> dict[str, Any]:
    base, runs = arms.get("random", {}), arms[arm]
    shared = [seed for seed in runs if seed in base] if arm != "random" else []
    gain = {"gain": paired([runs[seed][SCORE] - base[seed][SCORE] for seed in shared])} if shared else {}
    return spreads(list(runs.values()), (SCORE,)) | gain


def main() -> None:
    """Measure what the file lacks."""
    warnings.simplefilter("ignore")
    table = loop.Table("pairs_of_classes", "runs", lambda runs: {"summary": summary(runs), "runs": runs})
    for title, student in STUDENTS.items():
        chosen = settled(student)
        for name, read in SETS.items():
            train = read("train")
            exam = Exam(student, train, read("test"))
            for seed in range(SEEDS):
                pairs: Twos | None = None
                for arm in names():
                    if (title, name, arm, str(seed)) in table:
                        continue
                    pairs = pairs or Twos(train, student, seed)
                    model, run = (student.begin(), {}) if arm == "start" else taught(student, pairs, arm, seed, chosen)
                    table.add({(title, name, arm, str(seed)): {SCORE: exam.score(model), "false": round(pairs.false, 4)} | run})


if __name__ == "__main__":
    main()
