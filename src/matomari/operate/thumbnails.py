"""Which images the report shows, and the small copies of them that it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import InputError
from ..rows.picture import thumbnail
from ..vectors import Floats, Ints
from .report import UNCERTAIN

SIDE = 48  # pixels
MOST = 3_000_000  # bytes of base64: about two thousand photographs, or six thousand scanned digits
_GOLDEN = 0.6180339887498949


def thumbnails(files: Sequence[Path], examples: Iterable[int], labels: Ints, margin: Floats) -> tuple[pa.Table, list[str]]:
    """Small copies of as many images as the report may hold, the most looked at first, and a note where that is not all.

    Parameters
    ----------
    files : sequence of Path, length n
    examples : iterable of int
        The most central images of the groups.
    labels, margin : array, shape (n,)
        Group of each image, -1 for none, and by how much it beats the second choice.

    Returns
    -------
    table : pyarrow.Table
        `item` (row number) and `image` (a PNG or JPEG file).
    notes : list of str
    """
    made = copies((item, files[item]) for item in dict.fromkeys(_order(examples, labels, margin)))
    notes = []
    if len(made) < len(files):
        notes.append(
            f"the report shows {len(made):,} of {len(files):,} images (those in the middle of groups and the uncertain first); "
            f"it holds at most {MOST / 1e6:g} MB of them"
        )
    return pa.table({"item": pa.array(made, pa.int64()), "image": pa.array(made.values(), pa.binary())}), notes


def copies(wanted: Iterable[tuple[int, Path]]) -> dict[int, bytes]:
    """Small copies of numbered images in their order, until a page holds no more."""
    made: dict[int, bytes] = {}
    room = MOST
    for item, file in wanted:
        try:
            content = thumbnail(file, SIDE)
        except InputError:  # it was there when its vector was made: a report without it is better than none
            continue
        room -= 4 * -(-len(content) // 3)
        if room < 0:
            break
        made[item] = content
    return made


def _order(examples: Iterable[int], labels: Ints, margin: NDArray[Any]) -> Iterator[int]:
    """Examples, the uncertain as the page lists them, the unassigned, and the others evenly from everywhere."""
    yield from examples
    sure = np.argsort(margin, kind="stable")
    yield from sure[(labels[sure] >= 0) & (margin[sure] < UNCERTAIN)].tolist()
    yield from np.flatnonzero(labels < 0).tolist()
    yield from np.argsort(np.arange(len(labels)) * _GOLDEN % 1, kind="stable").tolist()
