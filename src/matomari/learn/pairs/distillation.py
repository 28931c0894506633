"""Distillation to a frozen encoder: how far the cosines between the rows of a batch have moved from what they were."""

from __future__ import annotations

from collections.abc import Iterable

import torch

Compared = tuple[torch.Tensor, torch.Tensor]  # two columns of a batch, unit vectors (b, d) each


def moved(now: Iterable[Compared], before: Iterable[Compared]) -> torch.Tensor:
    """Mean squared difference of cosines between two spaces, over pairs of columns; only between different rows, since a row's own pair is free to move.

    Parameters
    ----------
    now, before : iterable of pairs of tensors, shapes (b, d) and (b, e)
        The same pairs of columns in the space that learns and in the frozen one, at unit length.

    Returns
    -------
    tensor, shape ()
        0 for a batch of one row.

    Examples
    --------
    >>> a, b = torch.eye(2), torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    >>> round(float(moved([(a, a)], [(a, a)])), 4), round(float(moved([(a, a)], [(b, b)])), 4)
    (0.0, 0.36)
    """
    parts = []
    for (left, right), (old_left, old_right) in zip(now, before, strict=True):
        if len(left) < 2:
            return left.new_zeros(())  # one row has no other
        others = ~torch.eye(len(left), dtype=torch.bool, device=left.device)
        parts.append((left @ right.T - old_left @ old_right.T)[others].square().mean())
    return torch.stack(parts).mean()
