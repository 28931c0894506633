"""The loss that pulls latent vectors home."""

from __future__ import annotations

import torch

from ...errors import InputError
from .targets import Targets

TINY = 1e-12  # below the root, where a sample lies on its target and the gradient would be 0/0


class Pull(torch.nn.Module):
    """``mean_i min_{t of class y_i} ‖z_i - t‖ / √D`` over the samples of a batch that are pulled; 0 where none is.

    Parameters
    ----------
    targets : Targets
        They are detached; only z has a gradient.

    Raises
    ------
    InputError
        The latent vectors of a batch have another length than the targets.

    Notes
    -----
    Ho Thanh 2025, *Latent cluster correction*, section 3, for both its kinds of targets. Samples whose class has no target at all, which are those of a
    class that was not there at the last refresh, are left out.

    Examples
    --------
    >>> import numpy as np
    >>> found = Targets(np.array([[3.0, 4.0]], np.float32), np.array([1]), np.array([-1]), np.array([False, True]))
    >>> round(float(Pull(found)(torch.zeros(2, 2), torch.tensor([0, 1]), torch.tensor([0, 1]))), 4)
    3.5355
    """

    points: torch.Tensor
    owner: torch.Tensor
    sample: torch.Tensor
    active: torch.Tensor

    def __init__(self, targets: Targets) -> None:
        super().__init__()
        for name in ("points", "owner", "sample", "active"):
            self.register_buffer(name, torch.from_numpy(getattr(targets, name)), persistent=False)

    def forward(self, z: torch.Tensor, labels: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """The loss of latent vectors z (b, …) of the samples `index` (b,) with classes `labels` (b,)."""
        z = z.flatten(1)
        if len(self.points) and z.shape[1] != self.points.shape[1]:
            raise InputError(
                f"the latent vectors have {z.shape[1]} numbers, the targets {self.points.shape[1]}.",
                hint="refresh with the layer that is trained.",
            )
        allowed = self.active[index][:, None] & (labels[:, None] == self.owner) & ((self.sample == -1) | (self.sample == index[:, None]))
        kept = allowed.any(dim=1)
        if not bool(kept.any()):
            return z.sum() * 0
        wide = z[kept].double() if z.dtype == torch.float64 else z[kept].float()
        square = ((wide[:, None] - self.points.to(wide)[None]) ** 2).sum(dim=2).masked_fill(~allowed[kept], torch.inf)
        found: torch.Tensor = (square.min(dim=1).values + TINY).sqrt().mean() / z.shape[1] ** 0.5
        return found
