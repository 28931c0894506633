"""Training in several processes: their number, the rank of this one, and values gathered from all."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch.distributed as dist


def processes() -> int:
    """How many train together."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Which of them this is."""
    return dist.get_rank() if processes() > 1 else 0


def shared(mine: Any) -> list[Any]:
    """The values of all processes, the same list in each."""
    if processes() == 1:
        return [mine]
    gathered: list[Any] = [None] * processes()
    dist.all_gather_object(gathered, mine)
    return gathered


def mean_over_processes(values: list[float]) -> float:
    """Mean of all values of all processes; NaN where there is none."""
    everyone = [value for share in shared(values) for value in share]
    return float(np.mean(everyone)) if everyone else float("nan")
