"""One training run: pre-training, then code and prototypes together, one epoch at a time, so that a stopped run can continue."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from torch.nn import functional

from ...cluster.soft.estimator import SoftKMeans
from ...cluster.soft.temperature import apart
from ...errors import InputError
from ...logs import log
from ...vectors import Floats
from .autoencoder import AutoEncoder, auto_encoder, shaken
from .objective import Judgement, auxiliary, clustering_loss, free_energy, judged, logits, posterior, refit
from .settings import Task
from .stage import Stage

BLOCK = 1024  # rows encoded at a time
RISE = 0.3  # of pre-training, while the rate rises
STEPS, FEWEST_ROWS = 100, 8  # batches per epoch, unless a batch would have fewer than FEWEST_ROWS rows
BETTER = 0.01  # nats per row by which fresh prototypes must beat those that have been trained with
Weights = dict[str, torch.Tensor]


@dataclass
class Progress:
    """The state that a run carries from one epoch to the next, except the network and its optimiser.

    Attributes
    ----------
    epoch : int
        Epochs done, of both stages.
    start : dict of str to tensor
        The weights after pre-training; empty before.
    first : tensor, shape (k, code), or None
        The prototypes of that start.
    prototypes, assigned : tensors, shapes (k, code) and (n, k), or None before pre-training is done
    history : list of float
        The cost on the rows held out: of the start, then after every joint epoch.
    settled : bool
        Whether nothing is left to do.
    """

    epoch: int = 0
    start: Weights = field(default_factory=dict)
    first: torch.Tensor | None = None
    prototypes: torch.Tensor | None = None
    assigned: torch.Tensor | None = None
    history: list[float] = field(default_factory=list)
    settled: bool = False


class TrainingRun:
    """Trains a network on rows (n, *shape), centred and scaled.

    Every epoch draws from a stream of its own, named by its number, so nothing random needs to be remembered between epochs.
    """

    def __init__(self, rows: torch.Tensor, task: Task) -> None:
        self.rows, self.task, self.progress = rows, task, Progress()
        self.net: AutoEncoder = auto_encoder(task.network, tuple(rows.shape[1:]), task.code, task.seed.torch("weights")).to(task.device)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=task.training.lr)
        self.kept, self.held = self._split()
        self.batch = min(task.training.batch_size, max(FEWEST_ROWS, len(self.kept) // STEPS))

    def advance(self) -> bool:
        """One more epoch; False when there is none left."""
        training, progress = self.task.training, self.progress
        if progress.settled:
            return False
        if progress.epoch < training.pretrain_epochs:
            self._epoch(self._warming())
        else:
            self._joint_epoch()
        progress.epoch += 1
        if progress.epoch == training.pretrain_epochs:
            self._found()
        progress.settled |= progress.epoch >= training.pretrain_epochs + training.epochs
        return True

    def judge(self, prototypes: torch.Tensor) -> Judgement:
        """What the network with these prototypes is worth on the rows held out."""
        rows = self.rows[self.held].to(self.task.device)
        code = self._encode(rows)
        with torch.no_grad():
            rebuilt = torch.cat([self.net.decode(block) for block in torch.split(code, BLOCK)])
        return judged(rows, rebuilt, posterior(code, prototypes, self.task.training.temperature))

    def stage(self, prototypes: torch.Tensor | None) -> Stage:
        """The code of all rows as it is now, with these prototypes."""
        assert prototypes is not None
        code, heat = encoded(self.net, self.rows), self.task.training.temperature
        return Stage(prototypes.cpu().numpy(), code, heat, self.judge(prototypes))

    def _encode(self, rows: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(encoded(self.net, rows)).to(self.task.device)

    def _split(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows to train on and rows held out; with too few for both, all rows are both."""
        n = len(self.rows)
        order = torch.randperm(n, generator=self.task.seed.torch("held out"))
        out = max(1, round(n * self.task.training.held_out))
        if n - out < self.task.n_clusters:
            return order, order
        return order[out:].sort().values, order[:out].sort().values

    def _found(self) -> None:
        """Prototypes for the code that pre-training has made, and a fresh optimiser."""
        progress = self.progress
        progress.start = {name: value.detach().clone() for name, value in self.net.state_dict().items()}
        progress.first = progress.prototypes = torch.from_numpy(self._start_prototypes()).to(self.task.device)
        progress.history = [self.judge(progress.prototypes).cost(self.task.training.weight)]
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=self.task.training.lr)

    def _start_prototypes(self) -> Floats:
        """The prototypes (k, code) of soft k-means on the present code of the rows trained on."""
        code = self._encode(self.rows[self.kept])
        if not bool(torch.isfinite(code).all()):
            raise InputError(f"Pre-training diverged at lr={self.task.training.lr:g}.", hint="a smaller lr in Training.")
        return self._fresh(code, "auto", "start").cluster_centers_

    def _joint_epoch(self) -> None:
        """Assignments from the clean code, the network towards them, prototypes for the new code."""
        progress, training = self.progress, self.task.training
        assert progress.prototypes is not None
        if progress.assigned is None:
            progress.assigned = self._assign(self._encode(self.rows[self.kept]))
        before = progress.assigned
        self._epoch(self._steady(), before)
        code = self._encode(self.rows[self.kept])
        if not bool(torch.isfinite(code).all()):
            log.warning("joint training diverged at lr=%g", training.lr)
            progress.history.append(float("nan"))
            progress.settled = True
            return
        joint = progress.epoch - training.pretrain_epochs + 1
        if joint % training.fresh_every == 0:
            self._renew(code)
        progress.prototypes = refit(code, self._assign(code), progress.prototypes)
        progress.assigned = self._assign(code)
        progress.history.append(self.judge(progress.prototypes).cost(training.weight))
        progress.settled = float((progress.assigned - before).square().mean()) < training.tol

    def _assign(self, code: torch.Tensor) -> torch.Tensor:
        assert self.progress.prototypes is not None
        return auxiliary(posterior(code, self.progress.prototypes, self.task.training.temperature), self.task.objective)

    def _renew(self, code: torch.Tensor) -> None:
        """Replace the prototypes by fresh ones if these are better."""
        progress, heat = self.progress, self.task.training.temperature
        assert progress.prototypes is not None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # prototypes that have merged are not taken
            centers = self._fresh(code, heat, f"fresh {progress.epoch}").cluster_centers_
        fresh, k = torch.from_numpy(centers).to(code), len(progress.prototypes)
        gain = free_energy(code, progress.prototypes, heat) - free_energy(code, fresh, heat)
        if apart(centers, heat) == k and gain > BETTER:
            nearest = set(logits(fresh, progress.prototypes, heat).argmax(dim=1).tolist())
            log.info("epoch %d: fresh prototypes, %d of %d in new places", progress.epoch, k - len(nearest), k)
            progress.prototypes = fresh

    def _fresh(self, code: torch.Tensor, temperature: str | float, name: str) -> SoftKMeans:
        task = self.task
        seed, device = task.seed.number(name), str(task.device)
        model = SoftKMeans(task.n_clusters, temperature=temperature, metric="cosine", random_state=seed, device=device)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "groups are of unequal size")  # MI-ADM balances them, and has no prior to estimate
            return model.fit(code.cpu().numpy())

    def _epoch(self, rates: Iterator[float], assigned: torch.Tensor | None = None) -> None:
        """All rows once, in batches; with q (n, k) of the rows trained on, the code is drawn to their prototypes."""
        training, prototypes = self.task.training, self.progress.prototypes
        draw = self.task.seed.torch(f"epoch {self.progress.epoch}")
        for part in torch.split(torch.randperm(len(self.kept), generator=draw), self.batch):
            rows = self._changed(self.rows[self.kept[part]], draw).to(self.task.device)
            code = self.net.encode(self._noisy(rows, draw))
            loss = functional.mse_loss(self.net.decode(code), rows)
            if assigned is not None and prototypes is not None:
                drawn = clustering_loss(
                    code,
                    prototypes,
                    assigned=assigned[part.to(assigned.device)],
                    temperature=training.temperature,
                    objective=self.task.objective,
                )
                loss = loss + training.weight * drawn
            for group in self.optimiser.param_groups:
                group["lr"] = next(rates)
            self.optimiser.zero_grad()
            torch.autograd.backward(loss)
            self.optimiser.step()

    def _changed(self, rows: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
        training = self.task.training
        return shaken(rows, training.shift, training.turn, draw) if rows.ndim == 4 else rows

    def _noisy(self, rows: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
        noise = self.task.training.noise
        return rows + noise * torch.randn(rows.shape, generator=draw).to(rows) if noise else rows

    def _warming(self) -> Iterator[float]:
        """Learning rates of a pre-training epoch: up to twice `lr`, then down to nothing."""
        training = self.task.training
        steps = -(-len(self.kept) // self.batch)
        total = steps * training.pretrain_epochs
        for step in range(self.progress.epoch * steps, (self.progress.epoch + 1) * steps):
            done = (step + 1) / (total + 1)
            yield 2 * training.lr * min(done / RISE, (1 - done) / (1 - RISE))

    def _steady(self) -> Iterator[float]:
        while True:
            yield self.task.training.lr


def encoded(net: AutoEncoder, rows: torch.Tensor) -> Floats:
    """Unit codes (m, code) of rows (m, *shape), block by block, wherever the network is."""
    device = next(net.parameters()).device
    with torch.no_grad():
        return np.asarray(torch.cat([net.encode(block.to(device)).cpu() for block in torch.split(rows, BLOCK)]).numpy(), np.float32)


def as_arrays(weights: Weights, prefix: str) -> dict[str, np.ndarray]:
    """Named tensors as arrays whose names begin with `prefix`."""
    return {f"{prefix}/{name}": value.detach().cpu().numpy() for name, value in weights.items()}


def as_weights(arrays: dict[str, np.ndarray], prefix: str) -> Weights:
    """What `as_arrays` has named."""
    return {name.removeprefix(f"{prefix}/"): torch.from_numpy(value) for name, value in arrays.items() if name.startswith(f"{prefix}/")}
