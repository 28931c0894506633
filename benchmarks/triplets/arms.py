"""The arms: which positives, which negatives, and what a frozen judge may say about them. All learn from equally many anchors, in equally many steps."""

from __future__ import annotations

from typing import Any, NamedTuple

from sentence_transformers import SentenceTransformer

from harness.machine import Clock
from matomari.learn.pairs.recipe import Lesson as PairsLesson
from matomari.learn.pairs.recipe import Recipe
from matomari.learn.pairs.trainer import train
from matomari.learn.triplets.settings import TripletSettings
from matomari.learn.triplets.trainer import train_triplets
from triplets.lessons import Lesson, drawn, with_false, with_random_entities

BATCH = 32


class Arm(NamedTuple):
    """`positives`: "dropout" (the anchor again) or "rules"; `negatives`: "", "random" or "graph"; the rest is for `TripletSettings`."""

    positives: str = "rules"
    negatives: str = "graph"
    decay: str = "none"
    distillation: float = 0.0
    sigma: float = 1.0
    follow: str = "fixed"


ARMS = {
    "SimCSE": Arm("dropout", ""),
    "positives": Arm(negatives=""),
    "random entities": Arm(negatives="random"),
    "none": Arm(),
    "gaussian-2024": Arm(decay="gaussian-2024"),
    "gaussian-2025": Arm(decay="gaussian-2025"),
    "gist": Arm(decay="gist"),
    "margin": Arm(decay="margin"),
    "weight": Arm(decay="weight"),
}
WEAK = "none + weak distillation"  # as weak as STS-B allows, see triplets/settle.py
PULL = 100.0  # the weight of distillation, before one is chosen
FIRM = "none + firm distillation"  # that weight, which balanced had before its grid was made finer
DISTILLED = {f"{name} + distillation": arm._replace(distillation=PULL) for name, arm in ARMS.items() if arm.negatives == "graph"}


class Steps(NamedTuple):
    """How long and how fast an arm learns."""

    steps: int
    learning_rate: float


def learnt(model: SentenceTransformer, arm: Arm, seed: int, steps: Steps, false: float = 0.0, **changes: Any) -> dict[str, Any]:
    """Train a model in place; CPU seconds, and the gate where there is one."""
    lesson = lesson_of(arm, seed, steps, false)
    with Clock() as clock:
        gate = _learnt(model, lesson, arm, seed, steps, changes)
    return {"cpu_seconds": round(clock.cpu_seconds, 1), **({"gate": gate} if gate else {})}


def lesson_of(arm: Arm, seed: int, steps: Steps, false: float) -> Lesson:
    """The triplets of an arm: the same anchors for all arms of a seed."""
    lesson = drawn(seed, BATCH * steps.steps)
    if arm.positives == "dropout":
        lesson = Lesson({**lesson.columns, "positive": lesson.columns["anchor"]}, lesson.kinds)
    if arm.negatives == "random":
        lesson = with_random_entities(lesson, seed)
    return with_false(lesson, false, seed) if false else lesson


def _learnt(model: SentenceTransformer, lesson: Lesson, arm: Arm, seed: int, steps: Steps, changes: dict[str, Any]) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {"batch_size": BATCH, "steps": steps.steps, "learning_rate": steps.learning_rate, "seed": seed, "every": 10**6}
    if not arm.negatives:
        columns = {side: lesson.columns[side] for side in ("anchor", "positive")}
        train(model, PairsLesson(columns), Recipe(**shared))
        return []
    settings = TripletSettings(**shared, decay=arm.decay, distillation=arm.distillation, sigma=arm.sigma, follow=arm.follow, **changes)
    return train_triplets(model, lesson.columns, lesson.kinds, settings).gate
