"""The latent vectors of one layer of any torch module, read by a hook in the forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import torch

from ...errors import InputError

NAMED = ("sentence_embedding", "pooler_output", "last_hidden_state", "logits")  # of an output that is a mapping, the first that it has


class Latent:
    """A hook on a layer that keeps its last output, one vector per sample, with its gradient.

    A text layer's (b, t, d) becomes the mean of its tokens, those of the attention mask alone where the model was given one; an image layer's
    (b, c, h, w) the mean over the picture; anything else is flattened.

    Parameters
    ----------
    model : torch.nn.Module
    layer : str
        Its name among the model's modules; "" is the model itself. Under accelerate's or torch's wrappers the names of the inner model.

    Raises
    ------
    InputError
        The model has no such layer.

    Examples
    --------
    >>> model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 5))
    >>> latent = Latent(model, "0")
    >>> _ = model(torch.ones(4, 3))
    >>> latent.last.shape, latent.last.requires_grad
    (torch.Size([4, 2]), True)
    """

    def __init__(self, model: torch.nn.Module, layer: str) -> None:
        self._last: torch.Tensor | None = None
        self._mask: torch.Tensor | None = None
        whole = getattr(model, "module", model) if layer else model
        names = dict(whole.named_modules())
        if layer not in names:
            near = [name for name in names if name.endswith(layer)] or get_close_matches(layer, names, 3, 0.5) or list(names)[1:9]
            suggestions = ", ".join(map(repr, near))
            raise InputError(f"the model has no layer {layer!r}.", hint=f"named_modules() lists them, {suggestions} among them.")
        self._hooks = [
            whole.register_forward_pre_hook(self._arrives, with_kwargs=True),
            names[layer].register_forward_hook(self._leaves),
        ]

    @property
    def last(self) -> torch.Tensor:
        """Latent vectors of the last forward pass, shape (b, d)."""
        if self._last is None:
            raise InputError("there are no latent vectors.", hint="run the model forward first; one forward pass serves one loss.")
        return self._last

    def take(self) -> torch.Tensor:
        """`last`, which is then forgotten, so that no graph outlives its step."""
        vectors, self._last = self.last, None
        return vectors

    def close(self) -> None:
        """Leave the model as it was."""
        for hook in self._hooks:
            hook.remove()
        self._last = self._mask = None

    def _arrives(self, module: torch.nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        first = given[0] if given and isinstance(given[0], Mapping) else {}  # sentence-transformers passes one mapping
        mask = named.get("attention_mask", first.get("attention_mask"))
        self._mask = mask if isinstance(mask, torch.Tensor) and mask.dim() == 2 else None

    def _leaves(self, module: torch.nn.Module, given: Any, found: Any) -> None:
        self._last = pooled(_tensor(found), self._mask)


def pooled(found: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
    """One vector per sample: shape (b, d).

    Examples
    --------
    >>> tokens = torch.tensor([[[1.0], [3.0], [100.0]]])
    >>> pooled(tokens, torch.tensor([[1, 1, 0]])).tolist(), pooled(torch.ones(2, 3, 4, 4)).shape
    ([[2.0]], torch.Size([2, 3]))
    """
    if found.dim() == 3 and mask is not None and mask.shape == found.shape[:2]:
        weight = mask.to(found.dtype).unsqueeze(2)
        return (found * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1)
    if found.dim() == 3:
        return found.mean(dim=1)
    return found.mean(dim=(2, 3)) if found.dim() == 4 else found.flatten(1)


def _tensor(found: Any) -> torch.Tensor:
    if isinstance(found, Mapping):
        name = next((name for name in NAMED if isinstance(found.get(name), torch.Tensor)), None)
        found = None if name is None else found[name]
    elif isinstance(found, tuple | list) and found:
        found = found[0]
    if not isinstance(found, torch.Tensor) or found.dim() < 2:
        raise InputError("the layer gives no tensor with a vector a sample.", hint="name a layer whose output is one.")
    return found
