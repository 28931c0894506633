"""Images made by chance, torn ones, and a bomb; needs the extra `images`."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PIL", reason="the extra 'images' is not installed")
from PIL import Image

from builders.draws import RNG


def noise(height: int, width: int, colours: int = 3) -> Image.Image:
    values = RNG.integers(0, 256, (height, width, colours), dtype=np.uint8)
    return Image.fromarray(values if colours > 1 else values[:, :, 0])


def torn(content: bytes) -> bytes:
    return content[: len(content) // 2]


def saved(image: Image.Image, kind: str, **settings: Any) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **settings)
    return held.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of some bytes whose header promises a great many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
