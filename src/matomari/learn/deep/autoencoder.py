"""The two auto-encoders, with a code of unit length: one for vectors, one for images; and how images are moved and turned at random."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import cast

import torch
from torch import nn
from torch.nn import functional

HIDDEN = (256, 128)
CHANNELS = (16, 32, 64)
FIRST, LATER = 5, 3  # side of the convolutions' kernels
SMALLEST_IMAGE = 8
REACH = 3.0  # radius at which decoders see the unit code: on the unit sphere itself a decoder starts slowly
Shape = tuple[int, ...]


class AutoEncoder(nn.Module):
    """An encoder to the unit sphere and a decoder back; `shape` is that of one row.

    Attributes
    ----------
    shape : tuple of int
        (d,) for vectors, (c, h, w) for images.
    code : int
        Dimensions of the code.
    """

    def __init__(self, shape: Shape, code: int) -> None:
        super().__init__()
        self.shape, self.code = shape, code
        self.encoder: nn.Module
        self.decoder: nn.Module

    def encode(self, rows: torch.Tensor) -> torch.Tensor:
        """The unit codes (b, code) of rows (b, *shape)."""
        return functional.normalize(self.encoder(rows), dim=1)

    def decode(self, code: torch.Tensor) -> torch.Tensor:
        """The rows (b, *shape) that codes (b, code) stand for."""
        return cast(torch.Tensor, self.decoder(REACH * code)).reshape(-1, *self.shape)


class VectorAutoEncoder(AutoEncoder):
    """For rows without neighbourhoods: full layers, narrower and narrower, and the same way back."""

    def __init__(self, shape: Shape, code: int) -> None:
        super().__init__(shape, code)
        widths = [math.prod(shape), *HIDDEN, code]
        self.encoder = nn.Sequential(nn.Flatten(), *_full(widths))
        self.decoder = nn.Sequential(*_full(widths[::-1]))


class ImageAutoEncoder(AutoEncoder):
    """For images: every layer halves the sides, as often as leaves at least two pixels, and the same way back."""

    def __init__(self, shape: Shape, code: int) -> None:
        super().__init__(shape, code)
        sides = [shape[1:]]
        while len(sides) <= len(CHANNELS) and min(sides[-1]) > 2:
            sides.append(tuple((side + 1) // 2 for side in sides[-1]))
        channels = [shape[0], *CHANNELS[: len(sides) - 1]]
        flat = channels[-1] * math.prod(sides[-1])
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        for i, (wide, deep) in enumerate(pairwise(channels)):
            kernel = LATER if i else FIRST
            down += [_bare(nn.Conv2d, wide, deep, kernel, stride=2, padding=kernel // 2), nn.ReLU()]
            odd = tuple(1 - side % 2 for side in sides[i])  # what halving has rounded away
            layer = _bare(nn.ConvTranspose2d, deep, wide, kernel, stride=2, padding=kernel // 2, output_padding=odd)
            up = [layer, *([nn.ReLU()] if i else []), *up]
        self.encoder = nn.Sequential(*down, nn.Flatten(), _bare(nn.Linear, flat, code))
        self.decoder = nn.Sequential(_bare(nn.Linear, code, flat), nn.ReLU(), nn.Unflatten(1, (channels[-1], *sides[-1])), *up)


NETWORKS: dict[str, type[AutoEncoder]] = {"mlp": VectorAutoEncoder, "conv": ImageAutoEncoder}  # made without weights


def auto_encoder(network: str, shape: Shape, code: int, generator: torch.Generator) -> AutoEncoder:
    """A network of NETWORKS with weights drawn from `generator` (He et al. 2015), and from nothing global.

    Examples
    --------
    >>> net = auto_encoder("conv", (1, 28, 28), 10, torch.Generator().manual_seed(0))
    >>> code = net.encode(torch.zeros(2, 1, 28, 28) + torch.eye(28))
    >>> tuple(code.shape), tuple(net.decode(code).shape)
    ((2, 10), (2, 1, 28, 28))
    """
    net = NETWORKS[network](shape, code).to_empty(device="cpu")
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if name.endswith("bias"):
                weight.zero_()
            else:
                nn.init.kaiming_normal_(weight, generator=generator)
    return net


def shaken(images: torch.Tensor, shift: float, turn: float, generator: torch.Generator) -> torch.Tensor:
    """Images (b, c, h, w) moved by up to `shift` of half their side and turned by up to `turn` radians, each by its own draw."""
    if not shift and not turn:
        return images
    draw = 2 * torch.rand(3, len(images), generator=generator) - 1
    angle, x, y = turn * draw[0], shift * draw[1], shift * draw[2]
    cos, sin, tall = angle.cos(), angle.sin(), images.shape[2] / images.shape[3]
    rows = torch.stack([cos, -sin * tall, x], dim=1), torch.stack([sin / tall, cos, y], dim=1)
    moves = torch.stack(rows, dim=1).to(images)
    grid = functional.affine_grid(moves, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _full(widths: list[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for wide, narrow in pairwise(widths):
        layers += [_bare(nn.Linear, wide, narrow), nn.ReLU()]
    return layers[:-1]


def _bare(kind: type[nn.Module], *args: object, **parameters: object) -> nn.Module:
    """A layer without weights: made the usual way it would draw them from the global generator."""
    return kind(*args, device="meta", **parameters)
