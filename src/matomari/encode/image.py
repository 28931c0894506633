"""Encode images as vectors: pixels for tiny images, features of a small network for others. With a cache, each image is encoded once."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..logs import log, progress
from ..rows.image_file import TINY, digest, pixels
from ..rows.images import ImageRows
from ..vectors import normalise
from .cache import VectorCache
from .efficientnet import SIDE, WIDTH, Backbone

Floats = NDArray[np.float32]
Paths = Sequence[str | os.PathLike[str]]
BATCH = 16  # images per pass; more need memory and are not faster on a CPU
PIECE = 256  # images between two updates of the progress bar and the cache
NAMES = ("auto", "pixels", "efficientnet")
_PIXELS = re.compile(r"pixels-(\d{1,2})x(\d{1,2})-(grey|rgb)")


class ImageEncoder:
    """Image files to vectors (n, d), float32.

    Parameters
    ----------
    name : str
        "efficientnet", features of an ImageNet network at unit length; or "pixels-16x16-grey", such as `image_encoder`
        finds for tiny images: pixels from 0 to 1 at that width and height, in "grey" or "rgb", less the mean of their image,
        so that the cosine of two is their correlation.
    cache : path, optional
        Folder that keeps vectors between runs, by the content of the files, so a renamed file is recognised.

    Attributes
    ----------
    dimension : int
        Width d of a vector.
    fingerprint : str
        sha256 over weights and settings, so that encoders that give different vectors never share a cache.
    notes : list of str
        What was decided, for the report.

    Raises
    ------
    InputError
        There is no encoder with that name.
    MachineError
        The extra ``images`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> path = Path(tempfile.mkdtemp()) / "a.png"
    >>> Image.fromarray(np.array([[0, 255], [255, 0]], np.uint8)).save(path)
    >>> ImageEncoder("pixels-2x2-grey").encode([path]).tolist()
    [[-0.5, 0.5, 0.5, -0.5]]
    """

    def __init__(self, name: str = "efficientnet", *, cache: str | Path | None = None) -> None:
        self.name, self.notes = name, list[str]()
        self._lock = threading.RLock()
        backend = _maker(name)
        self._make, self.dimension, self.fingerprint = backend.vectors, backend.dimension, backend.fingerprint
        self._cache = None if cache is None else VectorCache(cache, self.fingerprint, "image", self.dimension)

    def encode(self, inputs: Paths, show_progress_bar: bool | None = None) -> Floats:
        """Vectors (n, d) of n image files, in the order given.

        Parameters
        ----------
        inputs : sequence of path, length n
            Decoded a few at a time.
        show_progress_bar : bool, optional
            By default a bar is shown in a terminal.

        Raises
        ------
        InputError
            A file cannot be read as an image; the file is named.
        """
        paths = [Path(path) for path in inputs]
        table = np.zeros((len(paths), self.dimension), np.float32)
        starts = range(0, len(paths), PIECE)
        with self._lock:
            for start in progress(starts, what="encode", enabled=show_progress_bar if len(starts) > 1 else False):
                table[start : start + PIECE] = self._piece(paths[start : start + PIECE])
            if self._cache is not None:
                self._cache.flush()
                self.notes.extend(note for note in self._cache.notes if note not in self.notes)
        return table

    def _piece(self, paths: list[Path]) -> Floats:
        if self._cache is None:
            return self._batches(paths)
        try:
            digests = [digest(path) for path in paths]
        except InputError:
            return self._batches(paths)  # whose error names the file
        known, vectors = self._cache.get(digests)
        missing = np.flatnonzero(~known)
        if len(missing):
            vectors[missing] = self._batches([paths[i] for i in missing])
            self._cache.put([digests[i] for i in missing], vectors[missing])
        return vectors

    def _batches(self, paths: list[Path]) -> Floats:
        return np.concatenate([self._make(paths[start : start + BATCH]) for start in range(0, len(paths), BATCH)])


class _Pixels:
    """The pixels of tiny images."""

    def __init__(self, width: int, height: int, colour: str) -> None:
        self.width, self.height, self.mode = width, height, "L" if colour == "grey" else "RGB"
        self.dimension = width * height * len(self.mode.replace("L", "1"))
        self.fingerprint = hashlib.sha256(f"matomari pixels 1 {width} {height} {self.mode}".encode()).hexdigest()

    def vectors(self, paths: list[Path]) -> Floats:
        """Pixels (n, d) from 0 to 1, less the mean of their image."""
        table = np.stack([pixels(path, self.width, self.height, self.mode).reshape(-1) for path in paths]).astype(np.float32) / 255
        centred: Floats = table - table.mean(axis=1, keepdims=True)
        return centred


class _Network:
    """Features of the network."""

    dimension = WIDTH

    def __init__(self) -> None:
        self._backbone = Backbone()
        self.fingerprint = hashlib.sha256(f"matomari backbone 1 {SIDE} {self._backbone.fingerprint}".encode()).hexdigest()

    def vectors(self, paths: list[Path]) -> Floats:
        """Features (n, d) at unit length."""
        return normalise(self._backbone.features(np.stack([pixels(path, SIDE, SIDE, "RGB") for path in paths])))


def pixel_shape(name: str) -> tuple[int, ...] | None:
    """The shape (h, w) or (h, w, 3) of the pixels that the encoder of that name returns; None if it does not return pixels.

    Examples
    --------
    >>> pixel_shape("pixels-16x12-grey"), pixel_shape("efficientnet")
    ((12, 16), None)
    """
    sized = _PIXELS.fullmatch(name)
    if not sized or not all(0 < int(side) <= TINY for side in sized.group(1, 2)):
        return None
    return int(sized[2]), int(sized[1]), *((3,) if sized[3] == "rgb" else ())


def _maker(name: str) -> Any:
    shape = pixel_shape(name)
    if shape:
        return _Pixels(shape[1], shape[0], "rgb" if len(shape) == 3 else "grey")
    if name == "efficientnet":
        return _Network()
    near = difflib.get_close_matches(name.lower(), NAMES, n=1)
    guess = f"did you mean {near[0]!r}? Known" if near else "known"
    raise InputError(f"there is no image encoder called {name!r}.", hint=f"{guess} are {', '.join(map(repr, NAMES))}.")


def image_encoder(rows: ImageRows, name: str = "auto", *, cache: str | Path | None = None) -> ImageEncoder:
    """The encoder called `name`, prepared for these images.

    Parameters
    ----------
    rows : ImageRows
        Their sizes and colours are used.
    name : {"auto", "pixels", "efficientnet"}
        "auto" takes the pixels when all images are tiny (at most 32 × 32), of one size and grey, such as scanned
        digits, and the network otherwise, because pixels alone do not tell what a photograph shows.
    cache : path, optional
        Folder that keeps vectors between runs.
    """
    width, height = _common(rows)
    exact = f"pixels-{width or TINY}x{height or TINY}-{'grey' if rows.grey else 'rgb'}"
    if name != "auto":
        return ImageEncoder(exact if name == "pixels" else name, cache=cache)
    if width and rows.grey:
        encoder, why = ImageEncoder(exact, cache=cache), f"by their pixels, because all are grey and {width} × {height}"
    else:
        encoder = ImageEncoder(cache=cache)
        why = f"by what a network sees in them, because not all are grey, of one size and at most {TINY} × {TINY}"
    encoder.notes.append(f"images are compared {why}")
    log.info("%s", encoder.notes[-1])
    return encoder


def _common(rows: ImageRows) -> tuple[int, int]:
    """The common width and height of all images if they are tiny, otherwise 0 and 0."""
    widths, heights = (set(rows.table[side].to_pylist()) for side in ("width", "height"))
    width, height = max(widths), max(heights)
    return (width, height) if len(widths) == len(heights) == 1 and max(width, height) <= TINY else (0, 0)
