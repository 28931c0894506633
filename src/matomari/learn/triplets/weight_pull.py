"""Weight-space decay: the weights are pulled back to where they started."""

from __future__ import annotations

import torch

from ...errors import InputError
from ...parameters import real


class WeightPull:
    """``½ α ‖w − w⁰‖²`` over all weights that are trained, w⁰ being what they are now.

    Parameters
    ----------
    model : torch.nn.Module
        Of which a copy of the trainable weights is kept.
    strength : float
        α.

    Raises
    ------
    InputError
        `strength` is not above 0, or the model has no trainable weight.

    Notes
    -----
    Li, Grandvalet and Davoine 2018, *Explicit inductive bias for transfer learning with convolutional networks*, the penalty L²-SP without the
    term for new layers, of which there are none here. As a term of the loss it passes through Adam, which scales it as it does all gradients.

    Examples
    --------
    >>> layer = torch.nn.Linear(1, 1)
    >>> pull = WeightPull(layer, 4.0)
    >>> with torch.no_grad():
    ...     _ = layer.weight.add_(0.5)
    >>> round(float(pull().detach()), 4)
    0.5
    """

    def __init__(self, model: torch.nn.Module, strength: float) -> None:
        self.strength = real(self, "strength", strength, 0)
        self._pairs = [(weight, weight.detach().clone()) for weight in model.parameters() if weight.requires_grad]
        if not self._pairs:
            raise InputError(
                "The 'model' parameter of WeightPull has no weight that is trained.", hint="unfreeze some, or take another decay."
            )

    def __call__(self) -> torch.Tensor:
        """The penalty, a scalar."""
        squares = [((weight - start.to(weight.device)) ** 2).sum() for weight, start in self._pairs]
        return self.strength / 2 * torch.stack(squares).sum()
