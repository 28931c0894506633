"""The shapes of what makes or uses a Partition: Encoder and Clusterer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .partition import Partition


class Encodes(Protocol):
    """Anything with an `encode`, such as a SentenceTransformer."""

    @property
    def encode(self) -> Callable[..., Any]:
        """Texts or files to vectors; what else it takes is its own matter."""
        ...


EncoderLike = str | Path | Encodes  # how a user says which encoder: a name, a folder, or the thing itself


@runtime_checkable
class Encoder(Protocol):
    """Texts or image files to vectors, in a way that can be told apart from every other way.

    Attributes
    ----------
    name : str
    fingerprint : str
        Two encoders that give different vectors have different ones.
    dimension : int
        Width d of a vector.
    notes : list of str
        What was decided, for the report.
    """

    name: str
    fingerprint: str
    dimension: int
    notes: list[str]

    def encode(self, inputs: Sequence[Any], /) -> NDArray[np.float32]:
        """Texts or files (n) to vectors (n, d), in the order given."""
        ...


class Clusterer(Protocol):
    """Vectors to a Partition, in scikit-learn's manner."""

    labels_: NDArray[np.int64]
    partition_: Partition

    def fit(self, X: NDArray[np.float32], y: None = None) -> Clusterer:
        """Group the rows of X, shape (n, d)."""
        ...
