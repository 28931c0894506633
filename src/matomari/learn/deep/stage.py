"""A code and its prototypes: the start and the end of the joint stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ...vectors import Floats, Ints
from .objective import Judgement, posterior


@dataclass(frozen=True, eq=False)
class Stage:
    """Soft k-means on one code.

    Attributes
    ----------
    cluster_centers_ : array of float32, shape (k, code)
        Unit prototypes.
    embedding_ : array of float32, shape (n, code)
        Unit codes of the rows fitted.
    temperature_ : float
        At which probabilities are read.
    judgement_ : Judgement
        On the rows held out.
    """

    cluster_centers_: Floats
    embedding_: Floats
    temperature_: float
    judgement_: Judgement

    @property
    def labels_(self) -> Ints:
        """The likeliest group of each row fitted, shape (n,)."""
        return np.asarray(self.predict_proba(self.embedding_).argmax(axis=1), np.int64)

    def predict_proba(self, code: Floats) -> Floats:
        """Probability of each group, shape (m, k), for unit codes (m, code)."""
        probabilities = posterior(torch.from_numpy(code), torch.from_numpy(self.cluster_centers_), self.temperature_)
        return np.asarray(probabilities.numpy(), np.float32)
