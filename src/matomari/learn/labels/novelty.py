"""Whether a new row looks like anything that a classifier learnt from; the probabilities of the classes cannot show that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...vectors import Floats, NeighborIndex, neighbors, normalise

NEAREST = 5
ROUNDING = 1e-6  # of a cosine: without it, rounding would place one of several equal rows farther off than the others
STRANGE = 0.01  # below it a row counts as unlike everything known


def nearness(Z: Floats) -> Floats:
    """How near each row is to the other rows: the mean cosine of its five nearest; of fewer where there are fewer.

    Parameters
    ----------
    Z : array, shape (n, h), float
        Hidden layer of the rows that a classifier learnt from.

    Returns
    -------
    array of float32, shape (n,)

    Examples
    --------
    >>> nearness(np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]])).tolist()
    [0.5, 0.5, 0.0]
    """
    cosines, _ = neighbors(normalise(np.asarray(Z, np.float32)), NEAREST)
    return cosines.mean(axis=1) if cosines.shape[1] else np.ones(len(Z), np.float32)


def familiarity(Z: Floats, known: Floats, near: Floats) -> NDArray[np.float64]:
    """How often a row of the kind that was learnt from would stand as far off from the known rows as a new one does, or farther.

    The distance to the nearest neighbours in the hidden layer (Sun et al. 2022, *Out-of-distribution detection with deep nearest neighbors*), as a conformal
    p value (Bates et al. 2023, *Testing for outliers with conformal p-values*) whose calibration rows are the known ones, each left out in its turn: the rank
    of the new row among them, itself counted, by n + 1. So of fewer than a hundred known rows nothing can fall below .01. The classifier was trained on
    the known rows, which therefore stand a little nearer to one another than new rows of their kind do.

    Parameters
    ----------
    Z : array, shape (m, h), float
        Hidden layer of the new rows.
    known : array, shape (n, h), float
        That of the rows that were learnt from; at least one.
    near : array of float32, shape (n,)
        Their `nearness`.

    Returns
    -------
    array of float64, shape (m,), in (0, 1]

    Examples
    --------
    >>> known = np.array([[1.0, 0.0], [1.0, 0.1], [1.0, 0.2]])
    >>> familiarity(np.array([[1.0, 0.1], [0.0, 1.0]]), known, nearness(known)).tolist()
    [1.0, 0.25]
    """
    cosines, _ = NeighborIndex(normalise(np.asarray(known, np.float32)), k=NEAREST).search(normalise(np.asarray(Z, np.float32)), NEAREST)
    rank = np.searchsorted(np.sort(near), cosines.mean(axis=1) + ROUNDING, side="right")
    return np.asarray((1 + rank) / (1 + len(near)))
