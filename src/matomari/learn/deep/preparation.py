"""Vectors and images, checked, centred and scaled to what a network takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError
from ...vectors import Floats, check
from .autoencoder import SMALLEST_IMAGE, Shape


@dataclass(frozen=True, eq=False)
class Intake:
    """How rows become tensors; made from the rows of the fit.

    Attributes
    ----------
    shape : tuple of int
        Of one row as it is given: (d,), (h, w) or (h, w, c).
    network : {"mlp", "conv"}
    mean : array, shape (d,) for vectors, (1,) for images
        What is taken off; an image has one mean, so that it may be moved.
    deviation : float
        What is divided by, so that the variance of all numbers is 1.
    """

    shape: Shape
    network: str
    mean: Floats
    deviation: float

    @classmethod
    def of(cls, X: ArrayLike, network: str) -> tuple[Intake, torch.Tensor]:
        """The intake for rows X and the rows taken in; `network` may be "auto".

        Raises
        ------
        InputError
            X is not a finite (n, d), (n, h, w) or (n, h, w, c), or does not suit the network.
        """
        table, shape = _table(X)
        images = len(shape) > 1
        small = images and min(shape[:2]) < SMALLEST_IMAGE
        if network == "conv" and not images:
            raise InputError(
                f"network='conv' needs images (n, h, w) or (n, h, w, c), got rows of shape {shape}.", hint="network='mlp' is for vectors."
            )
        if network == "conv" and small:
            raise InputError(
                f"network='conv' needs images of at least {SMALLEST_IMAGE} x {SMALLEST_IMAGE} pixels, got {shape[0]} x {shape[1]}.",
                hint="network='mlp' takes images of any size.",
            )
        network = network if network != "auto" else "conv" if images and not small else "mlp"
        mean = table.mean(axis=0, dtype=np.float64) if network == "mlp" else table.mean(dtype=np.float64, keepdims=True).ravel()
        deviation = float(np.sqrt(np.mean([np.square(block - mean).mean() for block in np.array_split(table, -(-len(table) // 4096))])))
        intake = cls(shape, network, mean.astype(np.float32), deviation or 1.0)
        return intake, intake._tensor(table)

    def take(self, X: ArrayLike) -> torch.Tensor:
        """Rows X (m, *shape) as the network takes them: (m, d) or (m, c, h, w)."""
        table, shape = _table(X)
        if shape != self.shape:
            raise InputError(
                f"X has rows of shape {shape}, but DeepSoftKMeans was fitted on rows of shape {self.shape}.",
                hint="give rows of the kind that was fitted.",
            )
        return self._tensor(table)

    @property
    def row_shape(self) -> Shape:
        """Of one row as the network takes it: (d,) or (c, h, w)."""
        if self.network == "mlp":
            return (int(np.prod(self.shape)),)
        high, wide, *rest = self.shape
        return (*(rest or [1]), high, wide)

    def _tensor(self, table: Floats) -> torch.Tensor:
        rows = torch.from_numpy((table - self.mean) / np.float32(self.deviation))
        if self.network == "mlp":
            return rows
        high, wide, *rest = self.shape
        return rows.reshape(len(rows), high, wide, *(rest or [1])).permute(0, 3, 1, 2).contiguous()


def _table(X: ArrayLike) -> tuple[Floats, Shape]:
    """X as a finite float32 table, bytes as shares of 255, and the shape of a row."""
    given: NDArray[Any] = np.asarray(X)
    if given.ndim not in (2, 3, 4):
        raise InputError(
            f"X must be vectors (n, d) or images (n, h, w) or (n, h, w, c), got shape {given.shape}.", hint="X[None] makes one row of one."
        )
    table = check(given.reshape(len(given), int(np.prod(given.shape[1:]))))
    return (table / np.float32(255) if given.dtype == np.uint8 else table), tuple(given.shape[1:])
