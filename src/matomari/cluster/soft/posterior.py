"""Assign rows to known prototypes with the probabilities of soft k-means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...vectors import Floats, Ints
from ..membership import Membership, two_highest

BLOCK = 1 << 22  # numbers of logits in memory at a time


@dataclass(frozen=True, eq=False)
class Posterior:
    """Probability of each of k groups for a row at unit length: softmax of 2 x·θ / temperature.

    Attributes
    ----------
    prototypes : array, shape (k, d), float32, unit rows
    temperature : float

    Examples
    --------
    >>> placed = Posterior(np.eye(2, dtype=np.float32), 1.0).place(np.array([[0.6, 0.8]], np.float32))
    >>> placed.label.tolist(), round(float(placed.strength[0]), 2), placed.runner_up.tolist()
    ([1], 0.6, [0])
    """

    prototypes: Floats
    temperature: float

    def renumbered(self, rank: Ints) -> Posterior:
        """The same groups under new numbers: group g becomes rank[g]."""
        return Posterior(self.prototypes[np.argsort(rank)], self.temperature)

    def place(self, X: Floats) -> Membership:
        """Likeliest group of each row of X (m, d), its probability, the runner-up (-1 if there is only one group), and its probability."""
        m, k = len(X), len(self.prototypes)
        label, strength = np.zeros(m, np.int64), np.ones(m, np.float32)
        runner_up, runner_strength = np.full(m, -1, np.int64), np.zeros(m, np.float32)
        size = max(1, BLOCK // max(k, 1))
        for start in range(0, m if k > 1 else 0, size):
            part = slice(start, start + size)
            logit = X[part] @ self.prototypes.T * np.float32(2 / self.temperature)
            best = two_highest(logit)
            share = np.exp(logit - logit.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            label[part], runner_up[part] = best.T
            strength[part], runner_strength[part] = np.take_along_axis(share, best, axis=1).T
        return Membership(label, strength, runner_up, runner_strength)
