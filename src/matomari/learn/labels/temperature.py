"""Calibration of a classifier by one temperature, chosen on rows that it was not trained on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...vectors import Ints

COOLEST, HOTTEST = 0.05, 20.0  # temperatures that are tried
Probabilities = NDArray[np.float64]


def calm(outputs: Probabilities, labels: Ints) -> float:
    """The temperature at which held-out rows are least surprising.

    Guo et al. 2017, *On calibration of modern neural networks*, section 4.2: the negative log likelihood, which has one minimum over the temperature. No
    prediction changes. Where every row is right the surest is the least surprised, which says nothing about rows to come, so the temperature is 1.

    Parameters
    ----------
    outputs : array of float64, shape (n, c)
        What the softmax is taken of, for rows that the classifier was not trained on.
    labels : array of int64, shape (n,)
        Their classes.

    Examples
    --------
    >>> outputs = np.array([[2.0, 0.0]] * 4)  # right in three of four: 2 / T = log 3
    >>> round(calm(outputs, np.array([0, 0, 0, 1])), 3) == round(2 / math.log(3), 3)
    True
    """
    from scipy.optimize import minimize_scalar

    own = np.arange(len(labels)), labels
    if (outputs.argmax(axis=1) == labels).all():
        return 1.0

    def surprise(heat: float) -> float:
        return -float(_log_softmax(outputs / math.exp(heat))[own].mean())

    minimum = minimize_scalar(surprise, bounds=(math.log(COOLEST), math.log(HOTTEST)), method="bounded", options={"xatol": 1e-6})
    return math.exp(float(minimum.x))


def softmax(outputs: Probabilities) -> Probabilities:
    """Shares (n, c) of exponentials of outputs (n, c)."""
    return np.exp(_log_softmax(outputs))


def _log_softmax(outputs: Probabilities) -> Probabilities:
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    logs: Probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs
