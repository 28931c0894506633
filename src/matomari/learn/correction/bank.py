"""Latent vectors gathered while an epoch trains, so that no extra pass over the data is needed to look at all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch

from ...vectors import Floats, Ints
from ..processes import processes, rank, shared


@dataclass
class Bank:
    """The latent vectors since the last refresh. A sample that came twice has its latest vector.

    Examples
    --------
    >>> bank = Bank()
    >>> bank.add(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 1]), torch.tensor([7, 3]))
    >>> bank.add(torch.tensor([[9.0]]), torch.tensor([1]), torch.tensor([3]))
    >>> index, labels, Z = bank.whole()
    >>> index.tolist(), labels.tolist(), Z.ravel().tolist()
    ([3, 7], [1, 0], [9.0, 1.0])
    """

    parts: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    arrived: int = 0
    free: bool = False  # the samples had no index

    def add(self, z: torch.Tensor, labels: torch.Tensor, index: torch.Tensor | None) -> None:
        """Keep the latent vectors z (b, d) of a batch; without an index they are numbered in the order of arrival."""
        self.free = index is None
        if index is None:
            place = (self.arrived + np.arange(len(z))) * processes() + rank()
        else:
            place = index.detach().cpu().numpy().astype(np.int64)
        self.arrived += len(z)
        self.parts.append((place, labels.detach().cpu().numpy().astype(np.int64), z.detach().float().cpu().numpy()))

    def whole(self) -> tuple[Ints, Ints, Floats]:
        """Index (n,) rising, labels (n,) and latent vectors (n, d) of all processes together. Samples that were repeated to pad a share count once."""
        parts = [part for share in shared(self.parts) for part in share]
        if not parts:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 0), np.float32)
        index, labels, Z = (np.concatenate(column) for column in zip(*parts, strict=True))
        places, last = np.unique(index[::-1], return_index=True)
        latest = len(index) - 1 - last
        return places, labels[latest], Z[latest]

    def clear(self) -> None:
        """Forget everything."""
        self.parts, self.arrived = [], 0
