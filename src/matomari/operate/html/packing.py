"""Data inside the page: numbers as typed arrays in base64, each in the narrowest type that holds it, and pictures as data: URIs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError

_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


def pack(values: NDArray[Any], kind: str) -> dict[str, str]:
    """Numbers as little-endian bytes of one kind, such as "u1"."""
    return {"kind": kind, "data": base64.b64encode(values.astype(f"<{kind}").tobytes()).decode("ascii")}


def pack_index(values: ArrayLike, top: int) -> dict[str, str]:
    """Indices below `top` in the narrowest unsigned type; -1 becomes its largest value."""
    kind = next(kind for kind in ("u1", "u2", "u4") if top < np.iinfo(kind).max)
    return pack(np.asarray(values).astype(np.int64) & np.iinfo(kind).max, kind)


def shares(values: ArrayLike) -> NDArray[np.uint8]:
    """Numbers in [0, 1] as bytes."""
    return np.rint(np.asarray(values, dtype=np.float64) * 255).astype(np.uint8)


def pack_places(xy: ArrayLike) -> dict[str, Any]:
    """Each axis on 0..65535, and the true shape of the map: its width over its height."""
    places = np.asarray(xy, dtype=np.float64)
    places = places / max(float(np.abs(places).max()), 1e-300)  # so that the difference of two huge values stays finite
    low, span = places.min(axis=0), np.ptp(places, axis=0)
    scaled = np.where(span > 0, (places - low) / np.where(span > 0, span, 1), 0.5)
    steps = np.rint(scaled * 65535)
    shape = float(span[0] / span[1]) if span.min() > 0 else 1.0
    return {"x": pack(steps[:, 0], "u2"), "y": pack(steps[:, 1], "u2"), "shape": round(min(max(shape, 0.05), 20), 4)}


def data_uris(pictures: Mapping[int, bytes], n: int) -> dict[str, str]:
    """PNG or JPEG files by the item they show, as the browser takes them without a request.

    Raises
    ------
    InputError
        An item is outside 0..n-1, or its bytes are neither PNG nor JPEG.

    Examples
    --------
    >>> data_uris({3: b"\\x89PNG"}, 4)
    {'3': 'data:image/png;base64,iVBORw=='}
    """
    uris = {}
    for item, content in pictures.items():
        kind = next((kind for magic, kind in _KINDS.items() if content.startswith(magic)), None)
        if kind is None or not 0 <= item < n:
            raise InputError(f"thumbnail {item} of a report is no PNG or JPEG of an item in 0..{n - 1}.")
        uris[str(int(item))] = f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
    return uris
