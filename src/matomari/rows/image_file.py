"""Check one image file, and read its size and its pixels at a requested size. Files are not trusted."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, MachineError, MatomariError
from ..wording import one_line

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # nothing else is tried, because some kinds start other programs
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
LARGEST = 80_000_000  # pixels; the largest that fits a gigabyte while its alpha is taken away
TINY = 32  # pixels per side; up to this size every pixel counts
_ORIENTATION = 0x0112  # the EXIF tag; below, the turn that makes each of its values upright
_UPRIGHT = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}
_SIDEWAYS = ("TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90")


class Seen(NamedTuple):
    """Facts about a checked image: the sha256 of its file, its size when upright, and whether it is grey."""

    digest: bytes
    width: int
    height: int
    grey: bool


def look(path: Path) -> Seen:
    """Read an image completely, with the cheapest possible decoding.

    Raises
    ------
    InputError
        It cannot be read; the message is only the reason, so that it fits into a list.
    MachineError
        The extra ``images`` is not installed.

    Examples
    --------
    >>> look(Path("no such file.png"))
    Traceback (most recent call last):
    ...
    matomari.errors.InputError: No such file or directory
    """
    with _open(path) as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        if not file.tell():
            raise InputError("it is empty")
        file.seek(0)
        image, size = _decoded(file, TINY)
    grey = image.mode == "L" or (max(size) <= TINY and bool(np.ptp(np.asarray(image), axis=2).max() == 0))
    return Seen(digest, *size, grey)


def digest(path: Path) -> bytes:
    """sha256 of a file; it identifies an image under any name."""
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").digest()


def pixels(path: Path, width: int, height: int, mode: str) -> NDArray[np.uint8]:
    """The image brought to one size, shape (height, width) for mode "L" and (height, width, 3) for "RGB".

    Its first frame is turned upright by its EXIF data and put on white where it is transparent. The whole image is used, so an
    image of another shape is squeezed.

    Raises
    ------
    InputError
        It cannot be read; the file is named.
    """
    try:
        with _open(path) as file:
            image, _ = _decoded(file, max(width, height))
    except InputError as error:
        raise InputError(f"{path} cannot be read as an image: {error.message}.", hint="it could be before; was it changed?") from error
    from PIL import Image

    fitted = image.convert(mode)
    if fitted.size != (width, height):
        fitted = fitted.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(fitted)


def thumbnail(path: Path, side: int) -> bytes:
    """The image with at most `side` pixels per side: PNG if it is tiny, so that it stays sharp, otherwise JPEG.

    Raises
    ------
    InputError
        It cannot be read.
    """
    from PIL import Image

    with _open(path) as file:
        image, size = _decoded(file, side)
    scale = min(1.0, side / max(size))
    fitted = image.resize((max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    settings: dict[str, Any] = (
        {"format": "PNG", "optimize": True} if max(size) <= TINY else {"format": "JPEG", "quality": 75, "optimize": True}
    )
    fitted.save(buffer, **settings)
    return buffer.getvalue()


def _open(path: Path) -> io.BufferedReader:
    try:
        if not path.is_file():  # a pipe would wait for ever
            path.stat()
            raise InputError("it is no file")
        return path.open("rb")
    except OSError as error:
        raise InputError(error.strerror or one_line(error)) from error


def _decoded(file: io.BufferedReader, side: int) -> tuple[Image.Image, tuple[int, int]]:
    """The first frame, upright, grey ("L") or "RGB", no smaller than twice `side` where it is larger; and its full size."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise MachineError("reading images needs a package that is not installed.", hint="pip install 'matomari[images]'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block or an odd size does not matter to the user
            image = Image.open(file, formats=FORMATS)
            size = image.size
            if size[0] * size[1] > LARGEST:
                raise InputError(f"it has {size[0]} × {size[1]} pixels")
            image.draft(None, (2 * side, 2 * side))  # a JPEG comes out at an eighth of its size for a fraction of the work
            image.load()
            plain = _plain(_shrunk(image, 2 * side))
            turn = _UPRIGHT.get(_orientation(image))
            upright = plain.transpose(Image.Transpose[turn]) if turn else plain
            return upright, size[::-1] if turn in _SIDEWAYS else size
    except MatomariError:
        raise
    except UnidentifiedImageError as error:
        raise InputError("it is no image of a kind that is read") from error
    except Exception as error:  # on a damaged file Pillow raises many kinds of errors
        raise InputError(one_line(error) or type(error).__name__) from error


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """The image reduced by whole factors while that is cheap, before any copy is made."""
    factors = image.width // side or 1, image.height // side or 1
    if max(factors) < 2 or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.reduce(factors)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken EXIF block says nothing about the pixels
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """Any mode as bytes of grey or of red, green and blue."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        levels = _levels(np.asarray(image), image.mode)
        plain = Image.fromarray(levels)
    elif image.has_transparency_data:
        rgba = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(rgba, mask=rgba.getchannel("A"))
    else:
        plain = image.convert("L" if image.mode in ("1", "L") else "RGB")
    plain.info = {}  # drop the profile, the comments and the place where it was taken
    return plain


def _levels(values: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Grey of more than eight bits as eight bits: sixteen bits by their range, others by the values in the image; NaN is black."""
    grey = values.astype(np.float32)
    finite = grey[np.isfinite(grey)]
    low, high = (0.0, 65535.0) if mode.startswith("I;16") else (float(finite.min(initial=0)), float(finite.max(initial=0)))
    scaled = (np.nan_to_num(grey, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-30)
    levels: NDArray[np.uint8] = np.rint(255 * scaled).astype(np.uint8)
    return levels
