"""A linear head learnt from groups alone: every text moves towards what it belongs with, and the map that does so serves new texts too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...cluster.communities.detect import communities
from ...cluster.communities.graph import neighbor_graph
from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, Ints, neighbors, normalise

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

RESOLUTIONS = (2.0, 6.0, 16.0)  # of middling to fine communities: no one scale is the true one
NEIGHBORS = 15
PULL = 0.5
RIDGE = 0.1


def scales(X: Floats, seed: int = 0, resolutions: Sequence[float] = RESOLUTIONS) -> list[Ints]:
    """Louvain communities of unit rows X (n, d) at several resolutions: labels (n,), one array a scale."""
    graph = neighbor_graph(*neighbors(X, NEIGHBORS, seed=Seed(seed).number("head/neighbors")))
    number = Seed(seed).number("head/communities")
    return [communities(graph, resolution, number) for resolution in resolutions]


def community_directions(X: Floats, found: Sequence[Ints]) -> Floats:
    """Where each row's communities lie: the mean of their mean directions over the scales, shape (n, d), unit rows."""
    total = np.zeros(X.shape, np.float32)
    for labels in found:
        sums = np.zeros((int(labels.max(initial=-1)) + 1, X.shape[1]), np.float64)
        np.add.at(sums, labels, X)
        total += normalise(sums.astype(np.float32))[labels]
    return normalise(total)


def linear_head(X: Floats, toward: Floats, pull: float = PULL, ridge: float = RIDGE) -> Floats:
    """The map W (d, d) that brings rows nearest to where they are pulled, held near the identity.

    ``W = argmin Σ_i ‖x_i W - t_i‖² + λ ‖W - I‖²`` with ``t_i`` the direction of ``x_i + pull · toward_i`` and λ `ridge` times the mean
    eigenvalue of XᵀX, so that it means the same for any number of rows: ``W = (XᵀX + λI)⁻¹ (XᵀT + λI)``.

    Parameters
    ----------
    X, toward : arrays, shape (n, d)
        Unit rows.
    pull, ridge : float
        Above 0.

    Examples
    --------
    >>> X = normalise(np.array([[1, 0.2], [1, -0.2]], np.float32))
    >>> head = linear_head(X, np.array([[1, 0], [1, 0]], np.float32), pull=1.0)
    >>> bool(normalise(X @ head)[0] @ normalise(X @ head)[1] > X[0] @ X[1])
    True
    """
    if not (pull > 0 and ridge > 0):
        raise InputError(f"'pull' and 'ridge' of linear_head must be above 0. Got {pull!r} and {ridge!r}.")
    rows = X.astype(np.float64)
    target = normalise((X + pull * toward).astype(np.float32)).astype(np.float64)
    gram, d = rows.T @ rows, X.shape[1]
    hold = ridge * np.trace(gram) / d * np.eye(d)
    return np.linalg.solve(gram + hold, rows.T @ target + hold).astype(np.float32)


def through(X: Floats, head: Floats) -> Floats:
    """Rows (n, d) through a head (d, e): unit rows (n, e)."""
    return normalise(X @ head)


def with_head(model: SentenceTransformer, head: NDArray[Any]) -> SentenceTransformer:
    """A model whose vectors go through the head (d, e): stock modules, so that it loads wherever sentence-transformers does."""
    import torch
    from sentence_transformers import SentenceTransformer as Model
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize

    weight = torch.from_numpy(np.ascontiguousarray(head.T, np.float32))
    dense = Dense(head.shape[0], head.shape[1], bias=False, activation_function=torch.nn.Identity(), init_weight=weight)
    return Model(modules=[*model, dense, Normalize()], device=str(model.device))
