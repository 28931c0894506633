"""Check the parameters of SoftKMeans before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch

from ...errors import InputError
from ...parameters import one_of, real, whole

SAMPLE = 8_192  # rows used for starts and temperature, or SAMPLE_A_GROUP per prototype if that is more
SAMPLE_A_GROUP = 16
CHOICES = {
    "objective": ("soft", "mi_adm"),
    "prior": ("equal", "estimated"),
    "prototype": ("mean", "medoid"),
    "metric": ("cosine", "euclidean"),
}


class Parameters(Protocol):
    """The parameters of a SoftKMeans."""

    n_clusters: int
    temperature: str | float
    n_init: int | str
    max_iter: int
    tol: float
    device: str | None


@dataclass(frozen=True)
class Search:
    """Checked search parameters of a SoftKMeans."""

    n_init: int | str
    max_iter: int
    tol: float
    device: torch.device

    def starts(self, k: int) -> int:
        """Number of starts for k prototypes."""
        return self.n_init if isinstance(self.n_init, int) else min(16, max(4, 400 // k))


def looked_at(k: int) -> int:
    """Number of rows used to find starts and temperature of k prototypes."""
    return max(SAMPLE, SAMPLE_A_GROUP * k)


def device_of(owner: object, name: str | None) -> torch.device:
    """The device of that name, by default the GPU if there is one. InputError if the name is unknown."""
    try:
        return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    except RuntimeError as error:
        raise InputError(f"The 'device' parameter of {type(owner).__name__} names no device: {name!r}.", hint="'cpu' or 'cuda'.") from error


def checked(model: Parameters) -> tuple[int, Search]:
    """Number of clusters and search of a SoftKMeans, or InputError for the first parameter that is out of range."""
    for parameter, known in CHOICES.items():
        one_of(model, parameter, getattr(model, parameter), known)
    if isinstance(model.temperature, str) and model.temperature not in ("auto", "ml"):
        raise InputError(
            f"The 'temperature' parameter of {type(model).__name__} must be 'auto', 'ml' or a float. Got {model.temperature!r} instead.",
            hint="temperature='auto' is the default.",
        )
    if not isinstance(model.temperature, str):
        real(model, "temperature", model.temperature, 0)
    if model.n_init != "auto":
        whole(model, "n_init", model.n_init, 1)
    search = Search(
        n_init=model.n_init,
        max_iter=whole(model, "max_iter", model.max_iter, 1),
        tol=real(model, "tol", model.tol, -1e-12),
        device=device_of(model, model.device),
    )
    return whole(model, "n_clusters", model.n_clusters, 1), search
