"""Turn the input of an encoder into a checked list of strings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

_SURROGATE = re.compile("[\ud800-\udfff]")


def as_texts(inputs: Sequence[str] | pa.ChunkedArray | Any, bound: int | None = None) -> tuple[list[str], int]:
    """The texts as a list, and how many were cut at `bound` characters.

    Parameters
    ----------
    inputs : sequence of str, or Arrow string column, length n
        A numpy array, a pandas Series and similar types are accepted.
    bound : int, optional
        Characters kept of each text. A tokenizer reads all of a text before it truncates, which takes minutes for
        millions of characters that the model would never see.

    Returns
    -------
    texts : list of str, length n
        Lone surrogates, which no tokenizer accepts, are replaced by U+FFFD.
    cut : int
        How many texts were longer than `bound`.

    Raises
    ------
    InputError
        An item is None, NaN or not a string; its position is named.

    Examples
    --------
    >>> as_texts(["abc", ""], bound=2)
    (['ab', ''], 1)
    """
    if isinstance(inputs, dict | bytes) or not hasattr(inputs, "__iter__"):
        raise InputError(f"texts must be a list of str, got {type(inputs).__name__}.", hint="pass one string, or a list of strings.")
    items = inputs.to_pylist() if hasattr(inputs, "to_pylist") else list(inputs)
    texts, cut = [], 0
    for position, item in enumerate(items):
        if not isinstance(item, str):
            raise InputError(f"text {position} is {_described(item)}, not a str.", hint="drop or fill such rows first; '' is allowed.")
        if bound is not None and len(item) > bound:
            item, cut = item[:bound], cut + 1
        texts.append(str(item) if item.isascii() else _SURROGATE.sub("\ufffd", item))
    return texts, cut


def _described(item: Any) -> str:
    if item is None:
        return "None"
    if isinstance(item, float | np.floating) and np.isnan(item):
        return "NaN"
    return f"of type {type(item).__name__}"
