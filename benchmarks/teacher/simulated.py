"""Question: what are recommended proposals worth, with teachers of known quality: AMI of the rows before, after the moves of items alone, and after all.

A simulated teacher answers from the true classes, right in so many of its answers, or with one of five faults besides; "none of them" is right where
no group that it is shown is of the class of a text. Probe, gate and all are those of `matomari teach`; a refused teacher changes nothing. At most 1,500 questions a run, those of the probe among them.
The constants were chosen with Banking77, CLINC150 and Reuters in view; SearchSnippets, Tweet and AgNews were not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

import matomari
from harness.data.development import REPORTED
from harness.data.files import encoder
from harness.loop import Table, measure
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.teach import ask_teacher
from matomari.teach.question import Answer, Question
from matomari.teach.simulated import Simulated

SETS = ("Banking77", "CLINC150", "Tweet", "SearchSnippets")
ITEMS = 600  # in one order, because these teachers answer alike in both; the probes have up to 480 questions, groups up to 420 here: 1,500 in all
ARMS: dict[str, tuple[float, dict[str, float]]] = {
    "chance": (0.25, {}),
    "right .5": (0.5, {}),
    "right .8": (0.8, {}),
    "right .85": (0.85, {}),
    "right .9": (0.9, {}),
    "right .9, merges a fifth of the classes": (0.9, {"merge": 0.2}),
    "right .9, splits a fifth of the classes": (0.9, {"split": 0.2}),
    "right .9, moves a fifth of the texts": (0.9, {"move": 0.2}),
    "right .9, drops a fifth of the questions": (0.9, {"drop": 0.2}),
}


def run(title: str, seed: int, arms: list[str]) -> Mapping[str, Any]:
    """All arms on the groups of one seed."""
    texts, labels = REPORTED[title](0)
    labels = np.asarray(labels)
    groups = matomari.group(pa.table({"text": list(texts)}), text="text", kind="themes", encoder=encoder("off"), seed=seed)
    material, places = Material.of(groups), groups.places
    truth = {text: str(labels[row]) for text, row in zip(material.texts, material.first.tolist(), strict=True)}
    spoken = places >= 0

    def scored(grouping: matomari.Grouping) -> float:
        return adjusted_mutual_info(labels[spoken], grouping.items["cluster"].to_numpy()[spoken])

    before, figures = scored(groups), {}
    for arm in arms:
        right, faults = ARMS[arm]
        teacher = Counted(Simulated(truth=truth, right=right, faults=faults, seed=seed))
        advice = ask_teacher(groups, teacher=teacher, only="places,groups", most=ITEMS, seed=seed)
        moved = matomari.apply(groups, advice.proposals, only="move", recommended=True)
        changed = matomari.apply(groups, advice.proposals, recommended=True)
        places_probe, *_ = advice.outcomes
        figures[arm] = {
            "before": before,
            "gain by moves": scored(moved) - before,
            "gain": scored(changed) - before,
            "accepted": places_probe.accepted,
            "probe": places_probe.figures["probe"]["teacher"],
            "recommended": sum(advice.proposals["recommended"].to_pylist()),
            "questions": teacher.questions,
        }
    return figures


class Counted:
    """A teacher whose questions are counted."""

    def __init__(self, teacher: Simulated) -> None:
        self.teacher, self.name, self.questions = teacher, teacher.name, 0

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The teacher's answers."""
        self.questions += len(questions)
        return self.teacher.ask(questions)


def main() -> None:
    """Measure what is missing; sets may be named."""
    wanted = sys.argv[1:] or SETS
    measure(Table("teacher_simulated", "sets"), {title: range(5) for title in wanted}, ARMS, run)


if __name__ == "__main__":
    main()
