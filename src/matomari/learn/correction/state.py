"""What a correction needs to go on exactly where it stopped, and the shape of a correction as a trainer sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray

from ...vectors import Ints
from .targets import Targets
from .voting import Voted

Arrays = dict[str, NDArray[Any]]
CURVE = ("epoch", "resolution", "communities", "coverage", "misclustered", "weight")  # of every refresh
BANK = ("index", "labels", "z")


@dataclass(frozen=True, kw_only=True, eq=False)
class CorrectionState:
    """The state of a `LatentClusterCorrection`; the matching itself comes with its next refresh.

    Attributes
    ----------
    epochs, steps, rows : int
        Epochs so far, and steps and rows of this one.
    weight, scale : float
    lengths : list
        Lengths of the gradients that were measured.
    index : array of int64
        The samples of the last refresh.
    curve : list of dict
        A line per refresh, with the columns `CURVE`.
    targets : Targets, optional
    voted : Voted, optional
    bank : tuple of arrays, optional
        Index, labels and latent vectors that this epoch has gathered so far.
    """

    epochs: int
    steps: int
    rows: int
    weight: float
    scale: float
    lengths: list[Any]
    index: Ints
    curve: list[dict[str, float]]
    targets: Targets | None = None
    voted: Voted | None = None
    bank: tuple[Any, ...] | None = None

    def arrays(self) -> Arrays:
        """All of it as arrays, for a checkpoint."""
        table: Arrays = {
            "numbers": np.array([self.epochs, self.weight, self.scale, self.steps, self.rows], np.float64),
            "slopes": np.array(self.lengths, np.float64),
            "index": self.index,
            "curve": np.array([list(line.values()) for line in self.curve], np.float64).reshape(-1, len(CURVE)),
        }
        for name, part in (("targets", self.targets), ("voted", self.voted)):
            if part is not None:
                table |= {f"{name}/{f.name}": getattr(part, f.name) for f in fields(part)}
        if self.bank is not None:
            table |= {f"bank/{name}": values for name, values in zip(BANK, self.bank, strict=True)}
        return table

    @classmethod
    def of(cls, table: Mapping[str, NDArray[Any]]) -> Self:
        """What `arrays` gave."""
        epochs, weight, scale, steps, rows = table["numbers"].tolist()
        return cls(
            epochs=int(epochs),
            steps=int(steps),
            rows=int(rows),
            weight=weight,
            scale=scale,
            lengths=table["slopes"].tolist(),
            index=table["index"],
            curve=[dict(zip(CURVE, line, strict=True)) for line in table["curve"].tolist()],
            targets=Targets(*(table[f"targets/{f.name}"] for f in fields(Targets))) if "targets/points" in table else None,
            voted=Voted(*(table[f"voted/{f.name}"] for f in fields(Voted))) if "voted/Z" in table else None,
            bank=tuple(table[f"bank/{name}"] for name in BANK) if "bank/z" in table else None,
        )


class Correction(Protocol):
    """What a trainer needs of a correction."""

    def attach(self, model: torch.nn.Module) -> object:
        """Listen to a model."""
        ...

    def detach(self) -> None:
        """Leave the model as it was."""
        ...

    def epoch_ended(self) -> None:
        """Count, and refresh where it is time."""
        ...

    def state(self) -> CorrectionState:
        """What is needed to go on from here."""
        ...

    def restore(self, state: CorrectionState) -> None:
        """Go on from there."""
        ...

    def __call__(self, index: torch.Tensor | None, labels: torch.Tensor) -> torch.Tensor:
        """The second loss of a batch."""
        ...
