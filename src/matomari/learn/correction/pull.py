"""The loss that pulls latent vectors to the targets of their class, and pushes misclustered ones out of the wrong community."""

from __future__ import annotations

import numpy as np
import torch

from ...errors import InputError
from ...vectors import Ints
from .targets import Targets

TINY = 1e-12  # below the root, where a sample lies on its target and the gradient would be 0/0


class Pull(torch.nn.Module):
    """``mean_i d_i + max(0, margin + d_i - w_i)`` over the samples of a batch that are pulled; 0 when there are none.

    ``d_i = min_{t of class y_i} ‖z_i - t‖ / √D`` is the distance to the nearest target, ``w_i`` the distance to the centre of the community that the sample wrongly sits in. The
    second term, which the paper does not have, is there for misclustered samples alone, and only with a margin.

    Parameters
    ----------
    targets : Targets
        They are detached; only z has a gradient.
    margin : float, optional
        None leaves the second term out.

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
    >>> from matomari.learn.correction.matching import match
    >>> from matomari.learn.correction.targets import targets
    >>> Z = np.array([[3.0, 4.0], [0, 0], [0, 0], [0, 1]], np.float32)
    >>> points = targets("misclustered", Z, match(np.array([1, 0, 0, 1]), np.array([1, 0, 0, 0])))
    >>> round(float(Pull(points)(torch.tensor([[0.0, 0.0]]), torch.tensor([1]), torch.tensor([3]))), 4)
    3.5355
    """

    points: torch.Tensor
    active: torch.Tensor
    of_class: torch.Tensor
    of_sample: torch.Tensor
    wrong: torch.Tensor
    strays: torch.Tensor

    def __init__(self, targets: Targets, margin: float | None = None) -> None:
        super().__init__()
        self.margin = margin
        shared = targets.sample < 0
        buffers = {
            "points": torch.from_numpy(targets.points),
            "active": torch.from_numpy(targets.active),
            "of_class": _slots(np.flatnonzero(shared), targets.owner[shared], int(targets.owner.max(initial=-1)) + 1),
            "wrong": torch.from_numpy(targets.wrong),
            "strays": torch.from_numpy(targets.strays),
            "of_sample": _slots(np.flatnonzero(~shared), targets.sample[~shared], len(targets.active)),
        }
        for name, value in buffers.items():
            self.register_buffer(name, value, persistent=False)

    def forward(self, z: torch.Tensor, labels: torch.Tensor, index: torch.Tensor, active: torch.Tensor | None = None) -> torch.Tensor:
        """The loss of latent vectors z (b, …) with classes `labels` (b,), of the samples `index` (b,); -1 for one that was not there at the refresh.

        `active` (b,) says who is pulled where the index cannot.
        """
        z = z.flatten(1)
        if len(self.points) and z.shape[1] != self.points.shape[1]:
            raise InputError(
                f"the latent vectors have {z.shape[1]} numbers, the targets {self.points.shape[1]}.",
                hint="refresh with the layer that is trained.",
            )
        slots = torch.cat([_of(self.of_class, labels), _of(self.of_sample, index)], dim=1)
        if active is None:
            active = _of(self.active[:, None], index, False)[:, 0]
        pulled = active & (slots >= 0).any(dim=1)
        if not bool(pulled.any()):
            return z.sum() * 0
        slots = slots[pulled]
        wide = z[pulled].double() if z.dtype == torch.float64 else z[pulled].float()
        home = _apart(wide[:, None], self.points.to(wide)[slots.clamp(min=0)]).masked_fill(slots < 0, torch.inf).min(dim=1).values
        loss: torch.Tensor = home.mean()
        if self.margin is None:
            return loss
        stray = _of(self.strays[:, None], index)[pulled, 0]
        lost = stray >= 0
        away = _apart(wide[lost], self.wrong.to(wide)[stray[lost]])
        return loss + (self.margin + home[lost] - away).clamp(min=0).sum() / len(home)


def _apart(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Distances over √D."""
    return (((a - b) ** 2).mean(dim=-1) + TINY / a.shape[-1]).sqrt()


def _slots(points: Ints, owner: Ints, rows: int) -> torch.Tensor:
    """For each owner the numbers of its points, padded with -1: shape (rows, most)."""
    count = np.bincount(owner, minlength=rows)
    table = np.full((rows, int(count.max(initial=0))), -1, np.int64)
    order = np.argsort(owner, kind="stable")
    table[owner[order], np.arange(len(order)) - (np.cumsum(count) - count)[owner[order]]] = points[order]
    return torch.from_numpy(table)


def _of(rows: torch.Tensor, wanted: torch.Tensor, missing: int | bool = -1) -> torch.Tensor:
    """The rows with the given numbers; a row that does not exist is filled with `missing`."""
    if not rows.numel():
        return rows.new_full((len(wanted), rows.shape[1]), missing)
    known = (wanted >= 0) & (wanted < len(rows))
    return rows[wanted.clamp(0, len(rows) - 1)].masked_fill(~known[:, None], missing)
