"""What correction is measured on: stored MiniLM vectors of a training and a test part with their classes, and the finer classes behind coarse ones."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache

import numpy as np

import dev_sets
import sets
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


@dataclass(frozen=True)
class Split:
    X: np.ndarray
    y: np.ndarray
    test: np.ndarray
    truth: np.ndarray
    modes: np.ndarray | None = None
    test_modes: np.ndarray | None = None

    def rare(self, rows: np.ndarray) -> np.ndarray:
        """Test rows whose mode is among the rarest of its class in the draw."""
        count = np.bincount(self.modes[rows], minlength=int(self.modes.max()) + 1)
        found = np.zeros(len(self.truth), bool)
        for label in np.unique(self.y):
            own = np.unique(self.modes[self.y == label])
            fewest = own[np.argsort(count[own], kind="stable")][: max(1, round(RARE * len(own)))] if len(own) > 1 else []
            found |= np.isin(self.test_modes, fewest)
        return found


def _vectors(name: str, texts: list[str]) -> np.ndarray:
    return normalise(sets.vectors(name, texts).astype(np.float32))


@cache
def banking() -> Split:
    train, test = sets.banking("train"), sets.banking("test")
    return Split(_vectors("Banking77 train all", train[0]), train[1], _vectors("Banking77 test all", test[0]), test[1])


@cache
def clinc() -> Split:
    train, test = sets.clinc("train"), sets.clinc("test")
    return Split(_vectors("CLINC150 train all", train[0]), train[1], _vectors("CLINC150 test all", test[0]), test[1])


@cache
def clinc_domains() -> Split:
    """Ten domains told, 150 intents behind them."""
    fine = clinc()
    domains = json.loads((sets.DATA / "clinc150" / "domains.json").read_text(encoding="utf-8"))
    names = sorted({row[1] for row in json.loads((sets.DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))["train"]})
    of = {intent: number for number, (_, intents) in enumerate(sorted(domains.items())) for intent in intents}
    coarse = np.array([of[name] for name in names])
    return Split(fine.X, coarse[fine.y], fine.test, coarse[fine.truth], fine.y, fine.truth)


@cache
def unspsc() -> Split:
    """Segments of commodity titles told, families behind them; half of each family is for testing. Segments of at least 100 titles."""
    texts, segment = dev_sets.unspsc(2)
    other, family = dev_sets.unspsc(4)
    assert texts == other
    rows = np.flatnonzero(np.bincount(segment)[segment] >= 100)
    rows = np.random.default_rng(0).permutation(rows)[:12_000]
    segment, family = (np.unique(labels[rows], return_inverse=True)[1] for labels in (np.asarray(segment), np.asarray(family)))
    X = _vectors("UNSPSC", [texts[i] for i in rows])
    half = np.arange(len(rows)) % 2 == 0
    return Split(X[half], segment[half], X[~half], segment[~half], family[half], family[~half])


@cache
def goemotions() -> Split:
    """Seven groups of emotions told, 28 emotions behind them; texts with one emotion."""
    names = (sets.DATA / "goemotions" / "labels.txt").read_text(encoding="utf-8").split()
    groups = {emotion: number for number, group in enumerate(EKMAN.values()) for emotion in group.split()}
    coarse = np.array([groups[name] for name in names])
    parts = []
    for part in ("train", "test"):
        with (sets.DATA / "goemotions" / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if "," not in row[1]]
        rows = rows[:15_000]
        parts += [_vectors(f"GoEmotions {part}", [row[0] for row in rows]), np.array([int(row[1]) for row in rows])]
    X, fine, test, test_fine = parts
    return Split(X, coarse[fine], test, coarse[test_fine], fine, test_fine)
