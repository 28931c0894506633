"""Check vectors, scale them to unit length, and find their nearest neighbours."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import InputError


def distinct(X: Floats) -> tuple[Floats, Ints]:
    """The distinct rows of X in order of first appearance (X itself if all differ), and the position of each row among them."""
    digests = np.empty(len(X), "V16")
    for start in range(0, len(X), BLOCK):
        # rounding removes differences in the last bits; + 0.0 turns -0.0 into 0.0
        rounded = np.ascontiguousarray(np.round(X[start : start + BLOCK], 6)) + 0.0
        digests[start : start + BLOCK] = [blake2b(row, digest_size=16).digest() for row in rounded]
    _, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return X if len(first) == len(X) else X[np.sort(first)], rank[inverse.ravel()]


Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

EXACT_ROWS = 20_000  # up to this size, comparing with every row takes seconds; above, inverted lists are used
RECALL = 0.99  # required of an approximate search against the exact one, measured on a sample
BLOCK = 16_384


def check(X: ArrayLike, what: str = "X", min_rows: int = 1) -> Floats:
    """A finite float32 table (n, d), copied only when it has another type, byte order or layout.

    Parameters
    ----------
    X : array-like, shape (n, d)
        Numbers; a memory map is passed through as it is.
    what : str
        Its name in error messages.
    min_rows : int
        Fewest rows that make sense.

    Raises
    ------
    InputError
        Not two-dimensional, no column, too few rows, not numbers, NaN or infinity (row and column are named).

    Examples
    --------
    >>> check([[1, 2], [3, 4]]).dtype
    dtype('float32')
    """
    table: NDArray[Any] = X if isinstance(X, np.ndarray) else np.asarray(X)
    if table.dtype.kind not in "fiub":
        try:
            if table.dtype.kind not in "OSU":  # complex numbers and dates would be cut down to something else
                raise TypeError
            table = table.astype(np.float32)
        except (TypeError, ValueError) as error:
            raise InputError(f"{what} must hold numbers, got {table.dtype}.", hint="encode texts first.") from error
    if table.ndim != 2:
        raise InputError(
            f"{what} must be a table of shape (n, d), got shape {table.shape}.", hint="one row an item; X.reshape(1, -1) makes one row."
        )
    if table.shape[1] == 0 or table.shape[0] < min_rows:
        raise InputError(f"{what} has shape {table.shape}; at least {min_rows} rows and one column are needed.", hint="was the file empty?")
    if table.dtype != np.float32 or not table.dtype.isnative or not table.flags.c_contiguous:
        with np.errstate(over="ignore"):  # a double that float32 cannot hold becomes inf, which is named below
            table = np.ascontiguousarray(table, dtype=np.float32)
    for start in range(0, len(table), BLOCK):
        block = table[start : start + BLOCK]
        if not np.isfinite(block).all():
            row, column = np.argwhere(~np.isfinite(block))[0]
            value = str(block[row, column]).replace("nan", "NaN")  # as scikit-learn spells it
            raise InputError(f"{what} holds {value} in row {start + row}, column {column}.", hint="drop or repair that row.")
    return table


def normalise(X: Floats) -> Floats:
    """Rows at unit length, shape (n, d); a zero row stays zero.

    Examples
    --------
    >>> normalise(np.array([[3, 4], [0, 0]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    unit = np.empty(X.shape, np.float32)
    for start in range(0, len(X), BLOCK):  # one block at a time, because a table may fill most of the memory
        block = X[start : start + BLOCK]
        largest = np.abs(block).max(axis=1, keepdims=True)  # scaled first, so that neither 1e38 nor a denormal is lost in the square
        scaled = block / np.where(largest > 0, largest, 1)
        norms = np.sqrt(np.einsum("ij,ij->i", scaled, scaled))[:, None]
        unit[start : start + BLOCK] = scaled / np.where(norms > 0, norms, 1)
    return unit


class NeighborIndex:
    """Nearest rows by cosine: exact for small tables, inverted lists with a measured recall above.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    exact : bool, optional
        Force exact or approximate search; by default exact up to 20,000 rows.
    seed : int
        For the coarse centroids of the inverted lists.
    k : int
        How many neighbours will be requested; more neighbours need more cells.
    recall : float
        Recall that the inverted lists must reach against the exact search.

    Notes
    -----
    Inverted lists (Jegou et al. 2011) with 2·sqrt(n) cells. The number of cells visited grows by half until the recall of
    the `k` nearest, measured on 256 rows against the exact search, reaches `recall`. The attribute `recall` holds the measured value.

    Examples
    --------
    >>> X = normalise(np.eye(4, dtype=np.float32) + 0.1)
    >>> NeighborIndex(X).search(X[:1], 1)[1].tolist()
    [[0]]
    """

    def __init__(self, X: Floats, exact: bool | None = None, seed: int = 0, k: int = 16, recall: float = RECALL) -> None:
        import faiss

        n, d = X.shape
        self.exact = n <= EXACT_ROWS if exact is None else exact
        self.recall = 1.0
        self._index: Any
        if self.exact:
            self._index = faiss.IndexFlatIP(d)
            self._index.add(X)
            return
        cells = min(n, int(2 * n**0.5))
        self._quantizer = faiss.IndexFlatIP(d)
        self._index = faiss.IndexIVFFlat(self._quantizer, d, cells, faiss.METRIC_INNER_PRODUCT)
        self._index.cp.seed = seed + 1
        self._index.cp.spherical = True
        self._index.cp.min_points_per_centroid = 1
        rng = np.random.default_rng(seed)
        self._index.train(X if n <= 64 * cells else X[np.sort(rng.choice(n, 64 * cells, replace=False))])
        self._index.add(X)
        self._tune(X, rng, cells=cells, k=max(k, 16), recall=recall)

    def _tune(self, X: Floats, rng: np.random.Generator, cells: int, k: int, recall: float) -> None:
        import faiss

        sample = X[np.sort(rng.choice(len(X), min(256, len(X)), replace=False))]
        k = min(k, len(X))
        best, _ = faiss.knn(sample, X, k, metric=faiss.METRIC_INNER_PRODUCT)
        self._index.nprobe = min(8, cells)
        while True:
            cosines, _ = self._index.search(sample, k)
            # by similarity, not by number, because among equal rows any is right
            self.recall = float((cosines >= best[:, -1:] - 1e-6).mean())
            if self.recall >= recall or self._index.nprobe >= cells:
                return
            self._index.nprobe = min(cells, int(self._index.nprobe * 1.5))

    def search(self, Q: Floats, k: int) -> tuple[Floats, Ints]:
        """The k nearest rows of each query: cosines (m, k) falling, and their positions (m, k)."""
        k = min(k, self._index.ntotal)
        cosines, rows = np.empty((len(Q), k), np.float32), np.empty((len(Q), k), np.int64)
        order = np.arange(len(Q)) if self.exact or len(Q) <= BLOCK // 8 else self._by_cell(Q)
        for start in range(0, len(Q), BLOCK):
            part = order[start : start + BLOCK]
            cosines[part], rows[part] = self._index.search(np.ascontiguousarray(Q[part]), k)
        return self._complete(Q, cosines, rows)

    def _by_cell(self, Q: Floats) -> Ints:
        """Queries ordered by cell, so that successive queries visit the same lists, which then stay in the cache."""
        cells = np.concatenate(
            [self._quantizer.search(np.ascontiguousarray(Q[i : i + BLOCK]), 1)[1][:, 0] for i in range(0, len(Q), BLOCK)]
        )
        return np.argsort(cells, kind="stable")

    def _complete(self, Q: Floats, cosines: Floats, rows: Ints) -> tuple[Floats, Ints]:
        """Repeat queries over all cells where the visited cells hold too few rows (inverted lists then return -1)."""
        short = np.flatnonzero((rows < 0).any(axis=1))
        if len(short):
            before, self._index.nprobe = self._index.nprobe, self._index.nlist
            cosines[short], rows[short] = self._index.search(np.ascontiguousarray(Q[short]), rows.shape[1])
            self._index.nprobe = before
        return cosines, rows


def neighbors(X: Floats, k: int, exact: bool | None = None, seed: int = 0) -> tuple[Floats, Ints]:
    """Each row's k nearest *other* rows by cosine.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    k : int
        Neighbours per row; n-1 if there are fewer.
    exact : bool, optional
        As for `NeighborIndex`.

    Returns
    -------
    cosines : array, shape (n, k), float32
        Falling along each row.
    rows : array, shape (n, k), int64
        Positions in X; never the row itself.

    Examples
    --------
    >>> X = normalise(np.array([[1, 0], [1, 0.1], [0, 1]], np.float32))
    >>> neighbors(X, 1)[1].ravel().tolist()
    [1, 0, 1]
    """
    n = len(X)
    k = min(k, n - 1)
    if k < 1:
        return np.empty((n, 0), np.float32), np.empty((n, 0), np.int64)
    cosines, rows = NeighborIndex(X, exact, seed, k + 1).search(X, k + 1)
    own = rows == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True  # among many exact duplicates the row itself may be missing: drop the last instead
    return cosines[~own].reshape(n, k), rows[~own].reshape(n, k)
