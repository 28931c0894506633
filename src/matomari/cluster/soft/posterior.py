"""Placing rows among prototypes that are known already: what remains of soft k-means when the learning is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...vectors import Floats, Ints

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
    >>> label, own, second, other = Posterior(np.eye(2, dtype=np.float32), 1.0).place(np.array([[0.6, 0.8]], np.float32))
    >>> label.tolist(), round(float(own[0]), 2), second.tolist(), round(float(other[0]), 2)
    ([1], 0.6, [0], 0.4)
    """

    prototypes: Floats
    temperature: float

    def place(self, X: Floats) -> tuple[Ints, Floats, Ints, Floats]:
        """Likeliest group of each row of X (m, d), its probability, the runner-up (-1 where there is one group), and its probability."""
        m, k = len(X), len(self.prototypes)
        labels, own = np.zeros(m, np.int64), np.ones(m, np.float32)
        runner_up, other = np.full(m, -1, np.int64), np.zeros(m, np.float32)
        size = max(1, BLOCK // max(k, 1))
        for start in range(0, m if k > 1 else 0, size):
            part = slice(start, start + size)
            logit = X[part] @ self.prototypes.T * np.float32(2 / self.temperature)
            best = _two_best(logit)
            share = np.exp(logit - logit.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            labels[part], runner_up[part] = best.T
            own[part], other[part] = np.take_along_axis(share, best, axis=1).T
        return labels, own, runner_up, other


def _two_best(logit: Floats) -> Ints:
    """Places of the two largest of each row, the lower place first among equals."""
    first = logit.argmax(axis=1)
    hidden = logit.copy()
    np.put_along_axis(hidden, first[:, None], -np.inf, axis=1)
    return np.stack([first, hidden.argmax(axis=1)], axis=1)
