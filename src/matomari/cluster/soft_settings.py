"""What SoftKMeans can be told, checked before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from ..errors import InputError
from .sklearn_edge import real, whole

CHOICES = {
    "objective": ("soft", "mi_adm"),
    "prior": ("equal", "estimated"),
    "prototype": ("mean", "medoid"),
    "metric": ("cosine", "euclidean"),
}


@dataclass(frozen=True)
class Search:
    """How long, how hard and where to look, for those who must say.

    Attributes
    ----------
    n_init : int or "auto"
        Starts on a sample; the one with the smallest distances goes on. "auto" takes 16, and fewer above 25 clusters, down to 4.
    max_iter : int
        Most passes over all rows.
    tol : float
        Stop when the free energy falls by less than this share.
    device : str or None
        Where the products run; the GPU when there is one.
    """

    n_init: int | str = "auto"
    max_iter: int = 100
    tol: float = 1e-5
    device: str | None = None

    def starts(self, k: int) -> int:
        """How many starts for k prototypes."""
        return self.n_init if isinstance(self.n_init, int) else min(16, max(4, 400 // k))

    def place(self) -> torch.device:
        """The device, as torch knows it."""
        try:
            return torch.device(self.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        except RuntimeError as error:
            raise InputError(f"The 'device' parameter of Search names no device: {self.device!r}.", hint="'cpu' or 'cuda'.") from error


def checked(model: Any) -> tuple[int, Search]:
    """Number of clusters and search of a SoftKMeans, or InputError for the first parameter that is out of range."""
    for parameter, known in CHOICES.items():
        if getattr(model, parameter) not in known:
            raise InputError(
                f"The {parameter!r} parameter of {type(model).__name__} must be one of {', '.join(map(repr, known))}."
                f" Got {getattr(model, parameter)!r} instead.",
                hint=f"{parameter}={known[0]!r} is the default.",
            )
    if isinstance(model.temperature, str) and model.temperature not in ("auto", "ml"):
        raise InputError(
            f"The 'temperature' parameter of {type(model).__name__} must be 'auto', 'ml' or a float. Got {model.temperature!r} instead.",
            hint="temperature='auto' is the default.",
        )
    if not isinstance(model.temperature, str):
        real(model, "temperature", model.temperature, 0)
    search = model.search or Search()
    if search.n_init != "auto":
        whole(search, "n_init", search.n_init, 1)
    whole(search, "max_iter", search.max_iter, 1)
    real(search, "tol", search.tol, -1e-12)
    search.place()
    return whole(model, "n_clusters", model.n_clusters, 1), search
