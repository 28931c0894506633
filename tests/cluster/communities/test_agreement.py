"""How well communities come back: against a plain loop, and on planted groups."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from builders.directions import blobs
from matomari.cluster.communities.agreement import KEPT, RESOLUTIONS, agreement
from matomari.seeds import Seed
from matomari.vectors import normalise


def test_the_means_are_those_of_a_plain_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pair of subsamples, on the rows both hold; one group agrees with nothing."""
    grouped: list[np.ndarray] = []

    def by_hand(graph: sp.csr_matrix, resolution: float, seed: int) -> np.ndarray:
        k = 1 if resolution < 0.1 else 3
        labels = np.unique(np.random.default_rng(len(grouped)).integers(0, k, graph.shape[0]), return_inverse=True)[1]
        grouped.append(labels)
        return labels

    monkeypatch.setattr("matomari.cluster.communities.agreement.communities", by_hand)
    X = normalise(blobs(3, 30, 0.1, d=8)[0])
    found = agreement(X, n_neighbors=5, draws=3, seed=Seed(4), name="data")
    rng = Seed(4).stream("choose/data")
    masks = [rng.random(len(X)) < KEPT for _ in range(3)]
    for step, resolution in enumerate(RESOLUTIONS):
        drawn = grouped[3 * step : 3 * step + 3]
        whole = [dict(zip(np.flatnonzero(mask).tolist(), labels.tolist(), strict=True)) for mask, labels in zip(masks, drawn, strict=True)]
        rand, information = [], []
        for a, b in ((1, 0), (2, 0), (2, 1)):
            shared = sorted(whole[a].keys() & whole[b].keys())
            one, other = [whole[a][row] for row in shared], [whole[b][row] for row in shared]
            rand.append(0 if resolution < 0.1 else adjusted_rand_score(one, other))
            information.append(0 if resolution < 0.1 else mutual_info_score(one, other) / np.log(2))
        np.testing.assert_allclose(found.rand[step], np.mean(rand), atol=1e-9)
        np.testing.assert_allclose(found.information[step], np.mean(information), atol=1e-9)
        np.testing.assert_allclose(found.groups[step], np.mean([labels.max() + 1 for labels in drawn]))
        np.testing.assert_allclose(found.largest[step], np.mean([np.bincount(labels).max() / len(labels) for labels in drawn]))


def test_planted_groups_come_back_whole() -> None:
    X = normalise(blobs(6, 40, 0.1, d=16)[0])
    found = agreement(X, n_neighbors=15, draws=3, seed=Seed(0), name="data")
    at = int(np.argmin(np.abs(found.groups - 6)))
    assert found.groups.shape == found.largest.shape == found.rand.shape == found.information.shape == RESOLUTIONS.shape
    assert found.rand[at] > 0.99
    np.testing.assert_allclose(found.information[at], np.log2(6), atol=0.05)
    np.testing.assert_allclose(found.largest[at], 1 / 6, atol=0.04)
    again = agreement(X, n_neighbors=15, draws=3, seed=Seed(0), name="data")
    np.testing.assert_array_equal(found.rand, again.rand)
