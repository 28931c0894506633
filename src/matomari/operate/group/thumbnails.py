"""Which images the report shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...vectors import Floats, Ints
from ..html.thumbnails import MOST, copies
from .page import UNCERTAIN

_GOLDEN = 0.6180339887498949


def thumbnails(files: Sequence[Path], examples: Iterable[int], labels: Ints, margin: Floats) -> tuple[pa.Table, list[str]]:
    """Small copies of as many images as the report may hold, the most important first, and a note when some are left out.

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
    small = copies((item, files[item]) for item in dict.fromkeys(_order(examples, labels, margin)))
    notes = []
    if len(small) < len(files):
        notes.append(
            f"the report shows {len(small):,} of {len(files):,} images (those in the middle of groups and the uncertain first); "
            f"it holds at most {MOST / 1e6:g} MB of them"
        )
    return pa.table({"item": pa.array(small, pa.int64()), "image": pa.array(small.values(), pa.binary())}), notes


def _order(examples: Iterable[int], labels: Ints, margin: NDArray[Any]) -> Iterator[int]:
    """Examples, the uncertain as the page lists them, the unassigned, and the others evenly from everywhere."""
    yield from examples
    sure = np.argsort(margin, kind="stable")
    yield from sure[(labels[sure] >= 0) & (margin[sure] < UNCERTAIN)].tolist()
    yield from np.flatnonzero(labels < 0).tolist()
    yield from np.argsort(np.arange(len(labels)) * _GOLDEN % 1, kind="stable").tolist()
