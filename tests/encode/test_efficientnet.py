"""EfficientNet-Lite0 against a plain computation in numpy, and on a photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL", reason="the extra 'images' is not installed")
from PIL import Image

from builders.draws import RNG
from matomari.encode import efficientnet as backbone
from matomari.rows import image_file as picture


def convolved(x: np.ndarray, weight: np.ndarray, stride: int) -> np.ndarray:
    """A convolution of (c, h, w) by the sum over its kernel's places, padded so that ⌈h / stride⌉ rows come out."""
    size, deep = weight.shape[-1], weight.shape[1] == 1
    out = [-(-n // stride) for n in x.shape[1:]]
    total = [max((o - 1) * stride + size - n, 0) for o, n in zip(out, x.shape[1:], strict=True)]
    padded = np.pad(x, [(0, 0), *((t // 2, t - t // 2) for t in total)])
    y = np.zeros((len(weight), *out), np.float64)
    for i in range(size):
        for j in range(size):
            part = padded[:, i : i + stride * (out[0] - 1) + 1 : stride, j : j + stride * (out[1] - 1) + 1 : stride]
            y += weight[:, 0, i, j, None, None] * part if deep else np.tensordot(weight[:, :, i, j], part, 1)
    return y


def published(state: dict[str, np.ndarray], pixels: np.ndarray) -> np.ndarray:
    """EfficientNet-Lite0 as its paper's table reads (repeats, kernel, stride, widening), nothing folded, in doubles."""

    def step(x: np.ndarray, kernel: str, norm: str, stride: int = 1, bent: bool = True) -> np.ndarray:
        y = convolved(x, state[f"{kernel}.weight"], stride)
        mean, variance, gain, shift = (state[f"{norm}.{n}"][:, None, None] for n in ("running_mean", "running_var", "weight", "bias"))
        y = (y - mean) / np.sqrt(variance + 1e-3) * gain + shift
        return np.clip(y, 0, 6) if bent else y

    x = step((pixels.transpose(2, 0, 1).astype(np.float64) - 127) / 128, "_conv_stem", "_bn0", 2)
    number = 0
    for repeats, stride, widening in ((1, 1, 1), (2, 2, 6), (2, 2, 6), (3, 2, 6), (3, 1, 6), (4, 2, 6), (1, 1, 6)):
        for again in range(repeats):
            at, before = f"_blocks.{number}", x
            x = step(x, f"{at}._expand_conv", f"{at}._bn0") if widening > 1 else x
            x = step(x, f"{at}._depthwise_conv", f"{at}._bn1", 1 if again else stride)
            x = step(x, f"{at}._project_conv", f"{at}._bn2", bent=False)
            x = x + before if again else x
            number += 1
    return step(x, "_conv_head", "_bn1").mean(axis=(1, 2))


def test_the_network_against_plain_numpy(network: backbone.Backbone, state: dict[str, np.ndarray]) -> None:
    images = np.stack([RNG.integers(0, 256, (224, 224, 3)).astype(np.uint8), np.full((224, 224, 3), 40, np.uint8)])
    images[1, 50:150, 80:200] = [250, 120, 10]
    found = network.features(images)
    assert found.shape == (2, 1280)
    assert found.dtype == np.float32
    for got, shown in zip(found, images, strict=True):
        assert np.abs(got - published(state, shown)).max() < 1e-4


def test_the_network_knows_a_palace(network: backbone.Backbone, state: dict[str, np.ndarray], tmp_path: Path) -> None:
    """scikit-learn's photograph of a Chinese temple; class 698 of ImageNet is the palace."""
    from sklearn.datasets import load_sample_image

    square = load_sample_image("china.jpg")[:, 106:533]  # its middle, which is how the network was trained to see
    Image.fromarray(square).save(tmp_path / "china.jpg", quality=95)
    features = network.features(picture.pixels(tmp_path / "china.jpg", 224, 224, "RGB")[None])
    assert int((state["_fc.weight"] @ features[0] + state["_fc.bias"]).argmax()) == 698
