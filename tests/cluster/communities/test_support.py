"""How firmly an item belongs, against a plain loop."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import scipy.sparse as sp

from matomari.cluster.communities.graph import PLAIN_SHARE, memberships
from matomari.cluster.communities.support import seats, support, vote


def test_support_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        n, k = int(rng.integers(2, 15)), int(rng.integers(1, 5))
        weights = np.triu(np.where(rng.random((n, n)) < 0.4, rng.integers(1, 5, (n, n)), 0), 1).astype(np.float32)
        weights += weights.T
        labels = rng.integers(-1, k, n)
        sits = support(sp.csr_matrix(weights), labels)
        own, runner_up, other = sits.strength, sits.runner_up, sits.runner_strength
        for i in range(n):
            share: Counter[int] = Counter()
            for j in range(n):
                if labels[j] >= 0 and weights[i, j]:
                    share[int(labels[j])] += float(weights[i, j] / weights[i].sum())
            mine = share.pop(int(labels[i]), 0.0)
            assert own[i] == pytest.approx(mine if weights[i].any() else 1, abs=1e-6)
            best = max(share.values(), default=0.0)
            assert other[i] == pytest.approx(best, abs=1e-6)
            assert runner_up[i] == (min(c for c, s in share.items() if s > best - 1e-6) if share else -1)


def test_seats_against_a_plain_loop() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        n, m, near, k = 12, 5, int(rng.integers(1, 8)), 4
        cosines = -np.sort(-rng.random((m, near)).astype(np.float32), axis=1)
        rows, labels, own = rng.integers(0, n, (m, near)), rng.integers(-1, k, n), rng.integers(-1, k, m)
        sits, free = seats(cosines, rows, labels, own), vote(cosines, rows, labels, k)
        weight = memberships(1 - cosines) + PLAIN_SHARE
        for i in range(m):
            share: Counter[int] = Counter()
            for j in range(near):
                if labels[rows[i, j]] >= 0:
                    share[int(labels[rows[i, j]])] += float(weight[i, j] / weight[i].sum())
            if free.label[i] == own[i] >= 0:
                assert sits.strength[i] == free.strength[i]
                assert sits.runner_up[i] == free.runner_up[i]
            mine = share.pop(int(own[i]), 0.0)
            assert sits.label[i] == own[i]
            assert sits.strength[i] == pytest.approx(mine, abs=1e-5)
            assert sits.runner_strength[i] == pytest.approx(max(share.values(), default=0.0), abs=1e-5)
