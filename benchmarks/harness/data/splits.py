"""What correction is measured on: stored MiniLM vectors of a training and a test part with their classes, and the finer classes behind coarse ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from harness.data import development, texts
from harness.data.files import DATA, TextSet, parsed, vectors
from matomari.vectors import normalise

EKMAN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "admiration amusement approval caring desire excitement gratitude joy love optimism pride relief",
    "sadness": "disappointment embarrassment grief remorse sadness",
    "surprise": "confusion curiosity realization surprise",
    "neutral": "neutral",
}  # Demszky 2020, appendix
RARE = 0.25  # share of the modes that count as minority modes: those with the fewest drawn samples
UNSPSC_ROWS, EMOTION_ROWS = 12_000, 15_000


@dataclass(frozen=True)
class Split:
    """Vectors and classes for training (X, y) and for testing, and the modes within the classes where they are known."""

    X: np.ndarray
    y: np.ndarray
    test: np.ndarray
    truth: np.ndarray
    modes: np.ndarray | None = None
    test_modes: np.ndarray | None = None

    def rare(self, rows: np.ndarray) -> np.ndarray:
        """Test rows whose mode is among the rarest of its class in the draw."""
        count = np.bincount(self.modes[rows], minlength=int(self.modes.max()) + 1)
        rare = np.zeros(len(self.truth), bool)
        for label in np.unique(self.y):
            own = np.unique(self.modes[self.y == label])
            fewest = own[np.argsort(count[own], kind="stable")][: max(1, round(RARE * len(own)))] if len(own) > 1 else []
            rare |= np.isin(self.test_modes, fewest)
        return rare


def unit_vectors(texts: list[str]) -> np.ndarray:
    """MiniLM vectors of length 1."""
    return normalise(vectors(texts).astype(np.float32))


def _split(train: TextSet, test: TextSet) -> Split:
    return Split(unit_vectors(train[0]), train[1], unit_vectors(test[0]), test[1])


@cache
def banking() -> Split:
    """Banking77's own parts."""
    return _split(texts.banking("train"), texts.banking("test"))


@cache
def clinc() -> Split:
    """CLINC150's own parts."""
    return _split(texts.clinc("train"), texts.clinc("test"))


@cache
def clinc_domains() -> Split:
    """Ten domains as classes, 150 intents behind them."""
    fine = clinc()
    domain = {i: number for number, (_, intents) in enumerate(sorted(parsed("clinc150", "domains.json").items())) for i in intents}
    coarse = np.array([domain[intent] for intent in sorted({row[1] for row in parsed("clinc150", "data_full.json")["train"]})])
    return Split(fine.X, coarse[fine.y], fine.test, coarse[fine.truth], fine.y, fine.truth)


@cache
def unspsc() -> Split:
    """Segments of commodity titles as classes, families behind them; half of each family is for testing. Segments of at least 100 titles."""
    titles, segment = development.unspsc(2)
    other, family = development.unspsc(4)
    assert titles == other
    rows = np.flatnonzero(np.bincount(segment)[segment] >= 100)
    rows = np.random.default_rng(0).permutation(rows)[:UNSPSC_ROWS]
    segment, family = (np.unique(labels[rows], return_inverse=True)[1] for labels in (segment, family))
    X = unit_vectors([titles[i] for i in rows])
    half = np.arange(len(rows)) % 2 == 0
    return Split(X[half], segment[half], X[~half], segment[~half], family[half], family[~half])


@cache
def goemotions() -> Split:
    """Seven groups of emotions as classes, 28 emotions behind them; texts with one emotion."""
    names = (DATA / "goemotions" / "labels.txt").read_text(encoding="utf-8").split()
    group = {emotion: number for number, emotions in enumerate(EKMAN.values()) for emotion in emotions.split()}
    coarse = np.array([group[name] for name in names])
    parts: list[TextSet] = []
    for part in ("train", "test"):
        comments, labels = (column[:EMOTION_ROWS] for column in development.emotions(part))
        parts.append((comments, np.array([int(label) for label in labels])))
    fine = _split(*parts)
    return Split(fine.X, coarse[fine.y], fine.test, coarse[fine.truth], fine.y, fine.truth)
