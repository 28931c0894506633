"""The settings of the deep stage, checked before anything is trained."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import torch

from ...cluster.soft.settings import device_of
from ...errors import InputError
from ...parameters import one_of, real, whole
from ...seeds import Seed
from ...store.strictjson import plain

CHOICES = {"network": ("auto", "mlp", "conv"), "objective": ("mi_adm", "soft")}
WHOLE = {"pretrain_epochs": 1, "epochs": 0, "batch_size": 1, "fresh_every": 1}
FROM_ZERO = ("weight", "shift", "turn", "noise", "tol")


@dataclass(frozen=True)
class Training:
    """How long and how fast to train, and what to train on.

    Attributes
    ----------
    pretrain_epochs, epochs : int
        Passes over the rows with the auto-encoder alone, and at most this many with the prototypes.
    batch_size : int
        Smaller where an epoch would have fewer than a hundred batches, down to 8.
    lr : float
        Of Adam. Pre-training rises to twice this rate and falls to nothing.
    weight : float
        λ: what a nat of doubt about the group costs, in variances of the rows.
    temperature : float
        τ of the joint stage: squared distance on the unit sphere over which belonging falls by a factor e.
    shift, turn : float
        Images are moved by up to this share of half their side and turned by up to so many radians, anew at every pass.
    noise : float
        Standard deviation of what is added to the encoder's input, in those of the rows.
    held_out : float
        Share of the rows that nothing is trained on, and that decide which model is kept.
    fresh_every : int
        Epochs after which a fresh SoftKMeans may replace the prototypes, if its free energy is lower.
    tol : float
        Stop when the mean squared change of an assignment falls below.
    """

    pretrain_epochs: int = 25
    epochs: int = 30
    batch_size: int = 64
    lr: float = 1e-3
    weight: float = 0.5
    temperature: float = 0.1
    shift: float = 0.1
    turn: float = 0.17
    noise: float = 0.0
    held_out: float = 0.1
    fresh_every: int = 5
    tol: float = 1e-5


@dataclass(frozen=True)
class Task:
    """What one run is to do; `facts` is what two runs must share for one to go on with the other's checkpoint."""

    n_clusters: int
    network: str
    objective: str
    code: int
    seed: Seed
    training: Training
    device: torch.device

    def facts(self) -> dict[str, Any]:
        """The task as JSON values, except the device."""
        parameters = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("seed", "training", "device")}
        return parameters | {"random_state": self.seed.value} | plain(asdict(self.training))


class Parameters(Protocol):
    """The parameters of a DeepSoftKMeans."""

    n_clusters: int
    network: str
    objective: str
    code: int
    random_state: Any
    training: Training | None
    checkpoint: str | Path | None
    device: str | None


def checked(model: Parameters) -> Task:
    """The task of a DeepSoftKMeans, or InputError for the first parameter that is out of range."""
    for parameter, known in CHOICES.items():
        one_of(model, parameter, getattr(model, parameter), known)
    training = model.training or Training()
    for name, low in WHOLE.items():
        whole(training, name, getattr(training, name), low)
    for name in FROM_ZERO:
        real(training, name, getattr(training, name), -1e-12)
    for name in ("lr", "temperature", "held_out"):
        real(training, name, getattr(training, name), 0)
    if training.held_out > 0.5:
        raise InputError(
            f"The 'held_out' parameter of Training must be at most 0.5. Got {training.held_out!r} instead.", hint="0.1 is the default."
        )
    return Task(
        n_clusters=whole(model, "n_clusters", model.n_clusters, 1),
        network=model.network,
        objective=model.objective,
        code=whole(model, "code", model.code, 2),
        seed=Seed(_number(model)),
        training=training,
        device=device_of(model, model.device),
    )


def _number(model: Parameters) -> int:
    if model.random_state is None:
        if model.checkpoint is not None:
            raise InputError("A run without random_state cannot be taken up again.", hint="random_state=0, for example.")
        return torch.Generator().seed()  # from the operating system
    if hasattr(model.random_state, "randint"):
        return int(model.random_state.randint(2**31 - 1))
    return whole(model, "random_state", model.random_state, 0)
