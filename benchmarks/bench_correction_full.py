"""Question: what correction gives where the whole of MiniLM is fine-tuned, and what it costs.

Paired continuation as in `bench_correction.py`: ten texts a class, all layers and a linear output trained, then each arm goes on from that checkpoint
in the same order of batches. The rate falls to nothing in a line, in the base and again in the continuation: at a constant rate the last steps decide, and
cross-entropy itself lost two points by going on. The latent space is the sentence embedding. bfloat16 products, float32 weights; a refresh after each epoch.

    python bench_correction_full.py "Banking77, 10 a class" 0 1 2
"""

from __future__ import annotations

import copy
import math
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

import results
import sets
from bench_correction import over
from corrections import DEFAULT, draw
from matomari.encode.locate import locate
from matomari.encode.transformer import open_model
from matomari.learn.correction.correction import LatentClusterCorrection

SEEDS, SHOTS, BATCH = range(5), 10, 32
BASE, MORE, RATE = 8, 4, 1e-4
SETS = {f"Banking77, {SHOTS} a class": sets.banking, f"CLINC150, {SHOTS} a class": sets.clinc}
ARMS: dict[str, dict[str, object] | None] = {
    "cross-entropy": None,
    "misclustered, resolution 1": {"way": "misclustered", "resolution": 1.0},
    "misclustered": {"way": "misclustered"},
    "center": {"way": "center"},
    "modes": DEFAULT,
}


class Net(torch.nn.Module):
    """A sentence encoder and a linear output."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.encoder = open_model(locate("minilm"), "cpu")
        self.out = torch.nn.Linear(384, classes)

    def forward(self, texts: list[str]) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            z = self.encoder(self.encoder.preprocess(texts))["sentence_embedding"]
        return self.out(10 * z.float())  # unit vectors: a linear output needs more room


def train(model: Net, texts: list[str], y: torch.Tensor, epochs: int, seed: int, settings: dict[str, object] | None) -> tuple[float, float]:
    """In place; CPU seconds in all, and of them in refreshes."""
    torch.manual_seed(seed)  # dropout
    order = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(
        [{"params": model.encoder.parameters(), "lr": RATE}, {"params": model.out.parameters(), "lr": 30 * RATE}], weight_decay=1e-2
    )
    falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, epochs * math.ceil(len(texts) / BATCH))
    lcc = None if settings is None else LatentClusterCorrection("encoder", random_state=seed, **settings).attach(model)
    began, refreshing = time.process_time(), 0.0
    model.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(texts), generator=order).split(BATCH):
            loss = functional.cross_entropy(model([texts[i] for i in rows.tolist()]), y[rows])
            if lcc is not None:
                loss = loss + lcc(rows, y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
        if lcc is not None:
            start = time.process_time()
            lcc.epoch_ended()
            refreshing += time.process_time() - start
    if lcc is not None:
        lcc.detach()
    return time.process_time() - began, refreshing


def accuracy(model: Net, texts: list[str], truth: np.ndarray) -> float:
    model.eval()
    order = np.argsort([len(text) for text in texts], kind="stable")
    found = np.empty(len(texts), np.int64)
    with torch.no_grad():
        for rows in np.array_split(order, max(1, len(texts) // 64)):
            found[rows] = model([texts[i] for i in rows]).argmax(dim=1).numpy()
    return 100 * float((found == truth).mean())


def one_seed(read: Callable[[str], sets.Set], seed: int) -> dict[str, dict[str, float]]:
    (texts, labels), (test, truth) = read("train"), read("test")
    rows, y = draw(labels, SHOTS, seed)
    told = [texts[i] for i in rows]
    torch.manual_seed(seed)
    base = Net(int(labels.max()) + 1)
    train(base, told, torch.tensor(y), BASE, seed, None)
    found = {"base": {"accuracy": accuracy(base, test, truth)}}
    for name, settings in ARMS.items():
        model = copy.deepcopy(base)
        seconds, refreshing = train(model, told, torch.tensor(y), MORE, seed + 1000, settings)
        found[name] = {"accuracy": accuracy(model, test, truth), "cpu_seconds": seconds, "refresh_seconds": refreshing}
        print(seed, name, {key: round(value, 2) for key, value in found[name].items()}, flush=True)
    return found


def summary(runs: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for arm in ARMS:
        own = [run[arm] for run in runs.values()]
        found[arm] = {
            "seeds": len(runs),
            "accuracy": results.spread([one["accuracy"] for one in own]),
            "over cross-entropy": over([run[arm]["accuracy"] - run["cross-entropy"]["accuracy"] for run in runs.values()]),
            "refreshes": sum(one["refresh_seconds"] for one in own) / sum(one["cpu_seconds"] for one in own),
        }
    return found


def main() -> None:
    torch.set_num_threads(1)
    titles, seeds = results.asked(sys.argv[1:])
    table = results.kept("correction_full")
    for title in titles or SETS:
        runs = table.setdefault(title, {})
        for seed in seeds or map(str, SEEDS):
            if seed not in runs:
                runs[seed] = one_seed(SETS[title], int(seed))
                results.write("correction_full", {"table": table, "summary": {name: summary(told) for name, told in table.items() if told}})


if __name__ == "__main__":
    main()
