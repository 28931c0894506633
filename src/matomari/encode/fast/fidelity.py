"""Choose the path that encodes the rows of a user: the fast path only if it keeps their neighbours, measured on those rows.

The choice depends on the texts and the model alone, never on the clock or on what a cache holds, so that a run can be
repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ...errors import MatomariError
from ...seeds import Seed
from ...vectors import normalise
from ...wording import one_line
from ..transformer import Backend

Floats = NDArray[np.float32]
Encode = Callable[[Backend, list[str]], Floats]

SMALL = 500  # fewer distinct texts are encoded before the fast path is ready
SAMPLE = 256
NEIGHBOURS = 10
OVERLAP = 0.9  # share of neighbours that the int8 path must keep
CLOSE = 1e-4  # largest difference that the float32 graph may show


def choose(texts: Sequence[str], reference: Backend, make: Callable[[bool], Backend], encode: Encode, forced: bool) -> tuple[Backend, str]:
    """The path for these texts, and a sentence on what was measured.

    Parameters
    ----------
    texts : sequence of str
        Distinct texts in an order that does not depend on the user's.
    reference : Backend
        The model's own encode.
    make : callable
        ``make(True)`` prepares the int8 path, ``make(False)`` the float32 graph.
    encode : callable
        Vectors (n, d) of texts by a backend; it may cache them.
    forced : bool
        Use int8 regardless of the measurement.
    """
    rows = Seed(0).stream("fidelity").choice(len(texts), min(SAMPLE, len(texts)), replace=False)
    sample = [texts[i] for i in np.sort(rows)]
    try:
        fast = make(True)
        wanted = normalise(encode(reference, sample))
        got = normalise(encode(fast, sample))
        cosine, overlap = float((wanted * got).sum(axis=1).mean()), kept_neighbours(wanted, got)
        measured = f"int8 on the CPU: cosine {cosine:.4f}, top-{NEIGHBOURS} overlap {overlap:.3f} on {len(sample)} of your rows"
        if forced or overlap >= OVERLAP:
            return fast, measured
        plain = make(False)
        apart = float(np.abs(normalise(encode(plain, sample)) - wanted).max())
    except MatomariError as error:
        if forced:
            raise
        return reference, f"float32 by the model's own encode: {one_line(error)}"
    if apart <= CLOSE:
        return plain, f"float32 ONNX, for {measured}, below {OVERLAP}"
    return reference, f"float32 by the model's own encode, for {measured}, and its graph differs by {apart:.1g}"


def kept_neighbours(wanted: Floats, got: Floats, k: int = NEIGHBOURS) -> float:
    """Share of each row's k nearest other rows that stay nearest; both of shape (n, d), at unit length.

    Among rows that are equally near in `wanted`, any counts.

    Examples
    --------
    >>> X = normalise(np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], np.float32))
    >>> kept_neighbours(X, X, 1), kept_neighbours(X, X[[0, 2, 1, 3]], 1)
    (1.0, 0.0)
    """
    k = min(k, len(wanted) - 1)
    if k < 1:
        return 1.0
    shares = []
    for i in range(len(wanted)):
        before, after = wanted @ wanted[i], got @ got[i]
        before[i] = after[i] = -np.inf
        nearest = np.argpartition(-after, k - 1)[:k]
        shares.append(float((before[nearest] >= np.partition(before, -k)[-k] - 1e-6).mean()))
    return float(np.mean(shares))
