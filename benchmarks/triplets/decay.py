"""Question: does the Gaussian decay of hard negatives help, at which σ, in which of its two forms, and does it find the false ones?

The student is the cheapest of triplets/students.py, begun as every arm of triplets/measure.py is and trained as long. σ is in units of the measured dropout
noise. Of the hard negatives none, 15 % or 30 % are made false: they say what the anchor says, in words that the rules make, so that nothing but the meaning
tells them from positives (triplets/lessons.py). Beside the decay stand none, and the mask of GISTEmbed, all with distillation and without.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import loop
from triplets.arms import Arm, Steps, learnt
from triplets.measure import begun, settled, summary
from triplets.scores import scores

STUDENT = "tokens"
SIGMAS = {
    "gaussian-2024": (0.5, 1.0, 2.0, 3.0, 6.0),
    "gaussian-2025": (1.0, 3.0),
}  # of the later form two, since it differs where Δ > 0 alone
SHARES = (0.0, 0.15, 0.3)
SEEDS = 5


def arms() -> dict[str, Arm]:
    """By name: the form, σ, and whether distillation is added."""
    plain = {"none": Arm(), "gist": Arm(decay="gist")}
    for form, sigmas in SIGMAS.items():
        plain |= {f"{form}, σ {sigma:g}": Arm(decay=form, sigma=sigma) for sigma in sigmas}
    plain["gaussian-2024, σ follows"] = Arm(decay="gaussian-2024", follow="step")
    return plain | {f"{name} + distillation": arm._replace(distillation=1.0) for name, arm in plain.items()}


def main() -> None:
    """Measure what the file lacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--arms", nargs="*", default=list(arms()))
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen, known = settled()[STUDENT], arms()
    table = loop.Table("triplets_decay", "shares", lambda runs: {"settled": chosen, "summary": summary(runs), "shares": runs})

    def run(title: str, seed: int, names: list[str]) -> dict[str, Any]:
        made = {}
        for name in names:
            arm, model = known[name], begun(STUDENT, seed, chosen)
            arm = arm._replace(distillation=chosen["distillation"]) if arm.distillation else arm
            of_training = learnt(model, arm, seed, Steps(chosen["steps"], chosen["learning_rate"]), false=float(title))
            made[name] = scores(model) | of_training
        return made

    loop.measure(table, {f"{share:g}": range(args.seeds) for share in SHARES}, args.arms, run, arms_first=True)


if __name__ == "__main__":
    main()
