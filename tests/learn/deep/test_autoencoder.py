"""The networks: unit codes, rows of the same shape, and images that are shaken."""

from __future__ import annotations

import math

import pytest
import torch

from matomari.learn.deep.autoencoder import auto_encoder, shaken

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


@pytest.mark.parametrize(("shape", "network"), [((1, 28, 28), "conv"), ((3, 9, 8), "conv"), ((1, 16, 33), "conv"), ((7,), "mlp")])
def test_a_network_gives_unit_codes_and_rows_of_the_same_shape(shape: tuple[int, ...], network: str) -> None:
    net = auto_encoder(network, shape, 5, torch.Generator().manual_seed(0))
    rows = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    code = net.encode(rows)
    torch.testing.assert_close(code.norm(dim=1), torch.ones(4))
    assert net.decode(code).shape == rows.shape


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, 3)])
def test_shaking_turns_and_does_not_shear(right: int, down: int) -> None:
    image = torch.zeros(1, 1, 13, 9)
    image[0, 0, 6 + down, 4 + right] = 1
    torch.testing.assert_close(shaken(image, 0.0, 1e-9, torch.Generator().manual_seed(5)), image, atol=1e-5, rtol=0)
    angle = 1.5 * float(2 * torch.rand(3, 1, generator=torch.Generator().manual_seed(5))[0] - 1)
    turned = shaken(image, 0.0, 1.5, torch.Generator().manual_seed(5))
    row, column = divmod(int(turned.argmax()), 9)
    # the grid says where each pixel comes from, so the picture turns the other way
    there = right * math.cos(angle) + down * math.sin(angle), down * math.cos(angle) - right * math.sin(angle)
    assert (column - 4, row - 6) == (round(there[0]), round(there[1]))


def test_shaking_moves() -> None:
    image = torch.zeros(1, 1, 9, 9)
    image[0, 0, 4, 4] = 1
    _, x, y = (2 * torch.rand(3, 1, generator=torch.Generator().manual_seed(3)) - 1).ravel().tolist()
    moved = shaken(image, 0.8, 0.0, torch.Generator().manual_seed(3))
    row, column = divmod(int(moved.argmax()), 9)
    assert (column, row) == (round(4 - 0.8 * x * 4.5), round(4 - 0.8 * y * 4.5)) != (4, 4)
