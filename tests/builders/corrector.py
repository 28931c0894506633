"""A run with latent cluster correction as a program of its own, for two processes and for kills. Prints what its refreshes found and the digest of its weights."""

from __future__ import annotations

import argparse
import hashlib
import json
from typing import Any

import torch
from torch.nn import functional

from builders.processes import leave
from matomari import LatentClusterCorrection


def data(n: int = 90, classes: int = 5, width: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(0)
    y = torch.arange(n) % classes
    return torch.randn(classes, width, generator=chance)[y] + 0.9 * torch.randn(n, width, generator=chance), y


class Net(torch.nn.Module):
    """A classifier as transformers' Trainer takes them."""

    def __init__(self, width: int = 8, classes: int = 5) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = torch.nn.Sequential(torch.nn.Linear(width, 12), torch.nn.Tanh())
        self.out = torch.nn.Linear(12, classes)

    def forward(self, x: torch.Tensor, labels: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
        logits = self.out(self.body(x))
        return {"logits": logits} if labels is None else {"loss": functional.cross_entropy(logits, labels), "logits": logits}


class Rows(torch.utils.data.Dataset[dict[str, Any]]):
    def __init__(self, n: int = 90) -> None:
        self.x, self.y = data(n)

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {"x": self.x[index], "labels": int(self.y[index]), "note": "not for the model"}


def trainer(folder: str, lcc: LatentClusterCorrection | None, **arguments: Any) -> Any:
    from transformers import Trainer, TrainingArguments

    told = TrainingArguments(
        folder, **{"per_device_train_batch_size": 15, "num_train_epochs": 4, "learning_rate": 0.05, "report_to": "none", "use_cpu": True,
                   "disable_tqdm": True, "logging_steps": 1000, "save_strategy": "no", "seed": 3} | arguments
    )  # fmt: skip
    made = Trainer(model=Net(), args=told, train_dataset=Rows())
    return made if lcc is None else lcc.wrap(made)


def digest(model: torch.nn.Module) -> str:
    return hashlib.sha256(b"".join(value.numpy().tobytes() for value in model.state_dict().values())).hexdigest()


def main() -> None:
    said = argparse.ArgumentParser()
    said.add_argument("--folder", required=True)
    said.add_argument("--settings", type=json.loads, default={})
    said.add_argument("--arguments", type=json.loads, default={})
    said.add_argument("--resume", action="store_true")
    told = said.parse_args()
    lcc = LatentClusterCorrection("body", **told.settings)
    run = trainer(told.folder, lcc, **told.arguments)
    run.train(resume_from_checkpoint=True if told.resume else None)
    if run.args.process_index == 0:
        assert lcc.matching is not None
        found = {
            "communities": lcc.matching.communities.tolist(),
            "index": lcc.index.tolist(),
            "curve": lcc.curve,
            "weights": digest(run.model),
        }
        print("found", json.dumps(found), flush=True)
    leave()


if __name__ == "__main__":
    main()
