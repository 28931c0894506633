"""Claim: triplets by rules teach an encoder small differences; a pull to the frozen judge keeps, or lifts, what it knows of similarity in general.

Two students learn from Flickr8k captions and Reuters titles without labels, none of them nearly a sentence of an exam: the bundled MiniLM, and an
encoder that knows words and has never been trained for similarity (triplets/students.py). That one learns its words' company first, as SimCSE does, and
every arm goes on from there; its judge is what it is by then. All arms of a seed see the same anchors in equally many steps. Steps, rates and the weight
of distillation come from triplets/settle.py, which sees dev data alone. Exams: STS12 to STS16, STS-B and SICK-R whole, Spearman × 100; the AUC × 100 of
SICK-E's entailment against contradiction; shares of swaps told apart, by kind, on captions and titles that no arm has seen, hard swaps being those whose
positive three operations made.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sentence_transformers import SentenceTransformer

from harness import loop, results
from harness.statistics import paired, spreads
from triplets.arms import ARMS, DISTILLED, FIRM, PULL, WEAK, Arm, Steps, learnt
from triplets.scores import scores
from triplets.students import STUDENTS

SEEDS = 5
BEFORE: dict[str, Any] = {  # what triplets/settle.py starts from
    "MiniLM": {"steps": 110, "learning_rate": 2e-5, "distillation": 100.0},
    "tokens": {"first_steps": 300, "first_rate": 1e-3, "steps": 300, "learning_rate": 1e-3, "distillation": 100.0},
}
PACKAGES = ("transformers",)


def settled() -> dict[str, Any]:
    """What was chosen on dev data."""
    chosen = (results.read("triplets_settled") or {}).get("chosen", {})
    return {name: before | chosen.get(name, {}) for name, before in BEFORE.items()}


@lru_cache(maxsize=1)
def _first(student: str, seed: int, steps: Steps) -> SentenceTransformer:
    model = STUDENTS[student](seed)
    learnt(model, ARMS["SimCSE"], 1000 + seed, steps)
    return model


def begun(student: str, seed: int, chosen: dict[str, Any]) -> SentenceTransformer:
    """Where every arm of a seed begins."""
    if "first_steps" not in chosen:
        return STUDENTS[student](seed)
    return deepcopy(_first(student, seed, Steps(chosen["first_steps"], chosen["first_rate"])))


def one_run(student: str, name: str, seed: int, chosen: dict[str, Any], part: str = "test", **changes: Any) -> dict[str, Any]:
    """An arm of a seed: its scores, CPU seconds of the training, and its gate."""
    if name == "raw":
        return _raw(
            student, seed if "first_steps" in chosen else 0, part, Steps(chosen.get("first_steps", 0), chosen.get("first_rate", 0.0))
        )
    model = begun(student, seed, chosen)
    arm = arm_of(name, chosen)
    run = learnt(model, arm, seed, Steps(chosen["steps"], chosen["learning_rate"]), **changes)
    return scores(model, part) | run


@lru_cache(maxsize=1)
def _raw(student: str, seed: int, part: str, first: Steps) -> dict[str, float]:
    """What every arm of a seed begins with; the same for all seeds where nothing is drawn before."""
    return scores(_first(student, seed, first) if first.steps else STUDENTS[student](seed), part)


def arm_of(name: str, chosen: dict[str, Any]) -> Arm:
    """An arm by its name, with the weight of distillation that was chosen."""
    if name == WEAK:
        return ARMS["none"]._replace(distillation=chosen["weak"])
    if name == FIRM:
        return ARMS["none"]._replace(distillation=PULL)
    arm = {**ARMS, **DISTILLED}[name]
    return arm._replace(distillation=chosen["distillation"]) if arm.distillation else arm


def summary(students: dict[str, Any]) -> dict[str, Any]:
    """Mean and spread of every score of every arm, and its gains over others, paired by seed."""
    return {student: {arm: _figures(arms, arm) for arm in arms} for student, arms in students.items()}


def _figures(arms: dict[str, Any], arm: str) -> dict[str, Any]:
    runs = arms[arm]
    names = [name for name, value in next(iter(runs.values())).items() if isinstance(value, float)]
    figures: dict[str, Any] = spreads(list(runs.values()), [name for name in names if all(name in run for run in runs.values())])
    figures["gain"] = {}
    for other in ("raw", "SimCSE", "none", "random entities", "positives"):
        shared = [seed for seed in runs if seed in arms.get(other, {})] if other != arm else []
        if shared:
            figures["gain"][other] = {
                name: paired([runs[seed][name] - arms[other][seed][name] for seed in shared]) | {"seeds": len(shared)}
                for name in names
                if all(name in arms[other][seed] for seed in shared) and ":" not in name and name != "cpu_seconds"
            }
    return figures


def main() -> None:
    """Measure what the file lacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("students", nargs="*", default=list(STUDENTS), help="of " + ", ".join(STUDENTS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--arms", nargs="*", default=["raw", *ARMS, *DISTILLED])
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen = settled()
    table = loop.Table("triplets", "students", lambda runs: {"settled": chosen, "summary": summary(runs), "students": runs}, PACKAGES)

    def run(student: str, seed: int, arms: list[str]) -> dict[str, Any]:
        return {arm: one_run(student, arm, seed, chosen[student]) for arm in arms}

    loop.measure(table, {student: range(args.seeds) for student in args.students}, args.arms, run, arms_first=True)


if __name__ == "__main__":
    main()
