"""Votes of the nearest samples: whether a sample has their class, and which community it would be in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ...vectors import Floats, Ints, neighbors, normalise
from .matching import NEIGHBORS

VOTERS = 5


def agreement(Z: Floats, labels: Ints, seed: int = 0) -> NDArray[np.float64]:
    """Share of each sample's nearest labelled others that have its class, shape (n,); 1 where there is none, 0 for a sample without a class.

    Examples
    --------
    >>> Z = np.array([[1, 0], [1, 0.1], [1, 0.2], [0, 1]])
    >>> agreement(Z, np.array([0, 0, 1, -1])).round(2).tolist()
    [0.5, 0.5, 0.0, 0.0]
    """
    X = normalise(np.asarray(Z, np.float32))
    _, rows = neighbors(X, NEIGHBORS, seed=seed)
    there = (rows >= 0) & (labels[rows] >= 0)
    same = ((labels[rows] == labels[:, None]) & there).sum(axis=1)
    count = there.sum(axis=1)
    return np.asarray(np.where(labels < 0, 0.0, np.where(count > 0, same / np.maximum(count, 1), 1.0)))


@dataclass(frozen=True, eq=False)
class Voted:
    """Which samples without an index are misclustered: those whose nearest known samples sit in another class's community.

    Examples
    --------
    >>> voted = Voted(np.repeat(np.eye(2, dtype=np.float32), 3, axis=0), np.repeat([0, 1], 3), np.array([0, 1]))
    >>> voted(torch.tensor([[2.0, 0.1], [2.0, 0.1]]), torch.tensor([0, 1])).tolist()
    [False, True]
    """

    Z: Floats  # at unit length
    communities: Ints  # of each
    owner: Ints  # the class that each community belongs to

    def __call__(self, z: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """For latent vectors z (b, d) and their classes (b,), bool (b,)."""
        new = normalise(z.detach().float().cpu().numpy())
        cosines = new @ self.Z.T
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :VOTERS]
        votes = np.zeros((len(new), len(self.owner)))
        for column in nearest.T:
            np.add.at(votes, (np.arange(len(new)), self.communities[column]), 1)
        owner = torch.from_numpy(self.owner[votes.argmax(axis=1)]).to(labels.device)
        return (labels >= 0) & (owner != labels)
