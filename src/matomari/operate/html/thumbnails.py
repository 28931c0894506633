"""Which images the report shows, and the small copies of them that it holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...errors import InputError
from ...rows.image_file import thumbnail

SIDE = 48  # pixels
MOST = 3_000_000  # bytes of base64: about two thousand photographs, or six thousand scanned digits


def copies(wanted: Iterable[tuple[int, Path]]) -> dict[int, bytes]:
    """Small copies of numbered images in their order, until a page holds no more."""
    images: dict[int, bytes] = {}
    room = MOST
    for item, file in wanted:
        try:
            content = thumbnail(file, SIDE)
        except InputError:  # it was there when its vector was made: a report without it is better than none
            continue
        room -= 4 * -(-len(content) // 3)
        if room < 0:
            break
        images[item] = content
    return images
