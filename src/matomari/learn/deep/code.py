"""A code that was learnt: the network, and how rows become what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike, NDArray

from ...vectors import Floats
from .autoencoder import NETWORKS, AutoEncoder
from .preparation import Intake
from .training import as_arrays, as_weights, encoded


@dataclass(frozen=True, eq=False)
class Code:
    """Rows to unit codes.

    Attributes
    ----------
    net : AutoEncoder
    intake : Intake
    """

    net: AutoEncoder
    intake: Intake

    def transform(self, X: ArrayLike) -> Floats:
        """The unit code of each row of X (m, ...), shape (m, code)."""
        return encoded(self.net, self.intake.take(X))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a safetensors file has to hold of it."""
        return as_arrays(self.net.state_dict(), "net") | {"mean": self.intake.mean}

    def facts(self) -> dict[str, Any]:
        """And what JSON has to."""
        intake = self.intake
        return {"shape": list(intake.shape), "network": intake.network, "code": self.net.code, "deviation": intake.deviation}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Code:
        """The code that `arrays` and `facts` were taken from; a KeyError, TypeError, ValueError or RuntimeError where they do not fit."""
        intake = Intake(tuple(int(side) for side in facts["shape"]), facts["network"], arrays["mean"], float(facts["deviation"]))
        net = NETWORKS[intake.network](intake.row_shape, int(facts["code"]))
        net.load_state_dict(as_weights(dict(arrays), "net"), assign=True)  # the shapes are compared before anything is allocated
        return cls(net, intake)
