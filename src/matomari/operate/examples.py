"""The nearest correct example of a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..vectors import Floats, Ints

TALL, WIDE = 1024, 16_384  # rows and columns of the cosines that are held at once: 64 MB


def nearest_correct(X: Floats, wanted: Ints, shown: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """For each row the nearest other row, by cosine, that stands for the class it is wanted in.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    wanted : array of int64, shape (n,)
        The class of which an example is looked for; -1 for none.
    shown : array of int64, shape (n,)
        The class that a row is a good example of; -1 for none.

    Returns
    -------
    rows : array of int64, shape (n,)
        -1 where the class has no other example. Of equally near ones, to six decimals, the first.
    cosines : array of float64, shape (n,)
        NaN there.

    Examples
    --------
    >>> X = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    >>> rows, cosines = nearest_correct(X, np.array([0, 0, 1]), np.array([0, 0, 1]))
    >>> rows.tolist(), [round(cosine, 3) for cosine in cosines.tolist()]
    ([1, 0, -1], [0.8, 0.8, nan])
    """
    rows, cosines = np.full(len(X), -1, np.int64), np.full(len(X), np.nan)
    examples, askers = rows_by_class(shown), rows_by_class(wanted)
    for label in askers.keys() & examples.keys():
        asking = askers[label]
        for start in range(0, len(asking), TALL):
            part = asking[start : start + TALL]
            rows[part], cosines[part] = nearest_example(X, part, examples[label])
    return rows, cosines


def rows_by_class(labels: Ints) -> dict[int, Ints]:
    """The rows of each class; those with -1 have none."""
    order = np.argsort(labels, kind="stable")
    names, starts = np.unique(labels[order], return_index=True)
    return {int(name): rows for name, rows in zip(names, np.split(order, starts[1:]), strict=True) if name >= 0}


def nearest_example(X: Floats, asking: Ints, examples: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """The best of the examples, some at a time; a row is not an example of itself."""
    best, which = np.full(len(asking), -np.inf), np.full(len(asking), -1, np.int64)
    for start in range(0, len(examples), WIDE):
        some = examples[start : start + WIDE]
        cosines = np.round(X[asking] @ X[some].T, 6)
        cosines[asking[:, None] == some] = -np.inf
        first = cosines.argmax(axis=1)
        value = cosines[np.arange(len(asking)), first]
        better = value > best
        best[better], which[better] = value[better], some[first[better]]
    return which, np.where(which < 0, np.nan, best.clip(-1, 1))
