"""What a correction needs to go on exactly where it stopped, as arrays."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .targets import Targets
from .voting import Voted

if TYPE_CHECKING:
    from .correction import LatentClusterCorrection

Arrays = dict[str, NDArray[Any]]
BANK = ("index", "labels", "z")


def arrays(correction: LatentClusterCorrection) -> Arrays:
    """Targets, weight, counters, and what the epoch has gathered so far."""
    from .correction import TOLD

    correction._slopes.settle()
    found: Arrays = {
        "numbers": np.array([correction.epochs, correction.weight_, correction._scale, correction._steps, correction._rows], np.float64),
        "slopes": np.array(correction._slopes.lengths, np.float64),
        "index": correction.index,
        "curve": np.array([list(one.values()) for one in correction.curve], np.float64).reshape(-1, len(TOLD)),
    }
    if correction._targets is not None:
        found |= {f"targets/{one.name}": getattr(correction._targets, one.name) for one in fields(Targets)}
    if correction._voted is not None:
        found |= {f"voted/{one.name}": getattr(correction._voted, one.name) for one in fields(Voted)}
    if correction._bank.parts:
        found |= {f"bank/{name}": np.concatenate(part) for name, part in zip(BANK, zip(*correction._bank.parts, strict=True), strict=True)}
    return found


def restore(correction: LatentClusterCorrection, found: Arrays) -> None:
    """Put back what `arrays` gave; the matching itself comes with the next refresh."""
    from .correction import TOLD

    epochs, correction.weight_, correction._scale, steps, rows = found["numbers"].tolist()
    correction.epochs, correction._steps, correction._rows = int(epochs), int(steps), int(rows)
    correction._slopes.lengths = found["slopes"].tolist()
    correction.index = found["index"]
    correction.curve = [dict(zip(TOLD, line, strict=True)) for line in found["curve"].tolist()]
    correction._bank.clear()
    if "bank/z" in found:
        index, labels, Z = (found[f"bank/{name}"] for name in BANK)
        correction._bank.parts, correction._bank.arrived = [(index, labels, Z)], len(index)
    if "targets/points" in found:
        correction._targets = Targets(*(found[f"targets/{one.name}"] for one in fields(Targets)))
        correction._arm()
    if "voted/Z" in found:
        correction._voted = Voted(*(found[f"voted/{one.name}"] for one in fields(Voted)))
