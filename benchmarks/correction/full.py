"""Question: what correction gives where the whole of MiniLM is fine-tuned, and what it costs.

Paired continuation as in correction/measure.py: ten texts a class, all layers and a linear output trained, then each arm goes on from that checkpoint
in the same order of batches. The rate falls to nothing in a line, in the base and again in the continuation: at a constant rate the last steps decide, and
cross-entropy itself lost two points by going on. The latent space is the sentence embedding. bfloat16 products, float32 weights; a refresh after each epoch.

    python benchmarks/correction/full.py "Banking77, 10 a class" 0 1 2
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from correction.arms import DEFAULT, Arm, Course, draw, go_on, train
from harness import loop
from harness.data import texts
from harness.statistics import spread, tested
from matomari.encode.locate import locate
from matomari.encode.transformer import open_model

SEEDS, SHOTS, BATCH = range(5), 10, 32
BASE, MORE, RATE = 8, 4, 1e-4
SETS = {f"Banking77, {SHOTS} a class": texts.banking, f"CLINC150, {SHOTS} a class": texts.clinc}
ARMS = {
    "cross-entropy": Arm(),
    "misclustered, resolution 1": Arm({"way": "misclustered", "resolution": 1.0}),
    "misclustered": Arm({"way": "misclustered"}),
    "center": Arm({"way": "center"}),
    "modes": Arm(DEFAULT),
}


class Net(torch.nn.Module):
    """A sentence encoder and a linear output."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.encoder = open_model(locate("minilm"), "cpu")
        self.out = torch.nn.Linear(384, classes)

    def forward(self, rows: list[str]) -> torch.Tensor:
        """Logits."""
        with torch.autocast("cpu", torch.bfloat16):
            z = self.encoder(self.encoder.preprocess(rows))["sentence_embedding"]
        return self.out(10 * z.float())  # unit vectors: a linear output needs more room

    def rates(self) -> list[dict[str, Any]]:
        """The output learns faster than the encoder."""
        return [{"params": self.encoder.parameters(), "lr": RATE}, {"params": self.out.parameters(), "lr": 30 * RATE}]


class Rows:
    """Texts by a tensor of their rows."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows

    def __getitem__(self, places: torch.Tensor) -> list[str]:
        return [self.rows[i] for i in places.tolist()]


COURSE = Course(BASE, "encoder", falling=True, batch=BATCH, parameters=Net.rates)


def accuracy(model: Net, rows: list[str], truth: np.ndarray) -> float:
    """In per cent; texts of like length are read together."""
    model.eval()
    order = np.argsort([len(text) for text in rows], kind="stable")
    labels = np.empty(len(rows), np.int64)
    with torch.no_grad():
        for part in np.array_split(order, max(1, len(rows) // 64)):
            labels[part] = model([rows[i] for i in part]).argmax(dim=1).numpy()
    return 100 * float((labels == truth).mean())


def one_seed(title: str, seed: int, arms: list[str]) -> dict[str, dict[str, float]]:
    """The checkpoint, and what every arm makes of it."""
    (known, classes), (asked, truth) = SETS[title]("train"), SETS[title]("test")
    drawn, labels = draw(classes, SHOTS, seed)
    x, y = Rows([known[i] for i in drawn]), torch.tensor(labels)
    torch.manual_seed(seed)
    base = Net(int(classes.max()) + 1)
    torch.manual_seed(seed)  # dropout
    train(base, x, y, seed, course=COURSE)
    figures = {"base": {"accuracy": accuracy(base, asked, truth)}}
    for name in arms:
        model, trained = go_on(base, x, y, seed, ARMS[name], replace(COURSE, epochs=MORE))
        seconds = {"cpu_seconds": trained.cpu_seconds, "refresh_seconds": trained.refresh_seconds}
        figures[name] = {"accuracy": accuracy(model, asked, truth), **seconds}
    return figures


def summary(runs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Accuracy of every arm, its points over cross-entropy, and the share of its time that refreshes took."""
    return {
        arm: {
            "seeds": len(runs),
            "accuracy": spread(run[arm]["accuracy"] for run in runs),
            "over cross-entropy": tested([run[arm]["accuracy"] - run["cross-entropy"]["accuracy"] for run in runs]),
            "refreshes": sum(run[arm]["refresh_seconds"] for run in runs) / sum(run[arm]["cpu_seconds"] for run in runs),
        }
        for arm in ARMS
    }


def main() -> None:
    """Measure the sets and seeds that are asked for."""
    torch.set_num_threads(1)
    titles, seeds = loop.asked(sys.argv[1:])

    def figures(table: dict[str, Any]) -> dict[str, Any]:
        return {"table": table, "summary": {title: summary(list(runs.values())) for title, runs in table.items() if runs}}

    loop.measure(loop.Table("correction_full", figures=figures), dict.fromkeys(titles or SETS, seeds or SEEDS), ARMS, one_seed)


if __name__ == "__main__":
    main()
