"""The shapes of what makes or uses a Partition: Encoder, Clusterer, Teacher."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .partition import Partition


class Encoder(Protocol):
    """Rows to vectors."""

    def encode(self, inputs: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Texts (n) to vectors (n, d), in the order given."""
        ...


class Clusterer(Protocol):
    """Vectors to a Partition, in scikit-learn's manner."""

    labels_: NDArray[np.int64]
    partition_: Partition

    def fit(self, X: NDArray[np.float32], y: None = None) -> Clusterer:
        """Group the rows of X, shape (n, d)."""
        ...


class Teacher(Protocol):
    """Whoever groups one small set of texts: that grouping is a Partition of the set."""

    def group(self, texts: Sequence[str]) -> Partition:
        """A Partition of the texts given."""
        ...
