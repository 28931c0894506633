"""Find pairs of texts that may be spellings of one thing: the nearest by letters, by rare tokens and by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from ...vectors import Floats, Ints, NeighborIndex, neighbors

IN_TABLES, IN_MEANING = (20, 10), 10  # neighbours of each text
WORK = 4e9  # multiplications that a search may cost: columns that nearly all texts share are left out beyond it
BLOCK = 8_192


def candidates(vectors: Floats, *tables: sp.csr_matrix) -> tuple[Ints, Ints]:
    """Places of the two texts of each candidate pair, the smaller first, each pair once, in order.

    Each text names its 10 nearest in meaning, its 20 nearest in the first table and its 10 nearest in the second, so cost grows with n.

    Parameters
    ----------
    vectors : array, shape (n, d), float32
        At unit length.
    *tables : sparse arrays, shape (n, columns)
        With rows at unit length: TF-IDF of letter groups, see `letter_groups`, then perhaps weights of tokens, see `Lexicon.table`.

    Examples
    --------
    >>> _, table = letter_groups(["bolt", "bolts", "nut"])
    >>> candidates(np.eye(3, dtype=np.float32)[:, :2] * 0, table)[0].shape
    (3,)
    """
    n = len(vectors)
    if n < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    meant = neighbors(vectors, min(IN_MEANING, n - 1))[1]
    near = [nearest(table, min(k, n - 1)) for table, k in zip(tables, IN_TABLES, strict=False)]
    near.append((np.repeat(np.arange(n), meant.shape[1]), meant.ravel()))
    origin, target = np.concatenate([a for a, _ in near]), np.concatenate([b for _, b in near])
    keys = np.unique(np.minimum(origin, target).astype(np.int64) * n + np.maximum(origin, target))
    left, right = keys // n, keys % n
    return left[left != right], right[left != right]


def candidates_within(blocks: Sequence[Ints], vectors: Floats, *tables: sp.csr_matrix) -> tuple[Ints, Ints]:
    """The same, where only texts of one block are compared: each block is searched for itself.

    Parameters
    ----------
    blocks : sequence of arrays of int64
        Places of the texts of each, see `Records.blocks_of`.
    vectors, *tables
        As for `candidates`.

    Examples
    --------
    >>> table = letter_groups(["bolt", "bolts", "bolt x"])[1]
    >>> left, right = candidates_within([np.array([0, 2]), np.array([1])], np.eye(3, dtype=np.float32), table)
    >>> left.tolist(), right.tolist()
    ([0], [2])
    """
    if len(blocks) == 1:
        return candidates(vectors, *tables)
    found = []
    for rows in blocks:
        if len(rows) <= IN_MEANING + 1:  # each would name all the others
            left, right = np.triu_indices(len(rows), 1)
        else:
            left, right = candidates(vectors[rows], *(sp.csr_matrix(table[rows]) for table in tables))
        found.append((rows[left], rows[right]))
    left, right = np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])
    order = np.lexsort((right, left))
    return left[order], right[order]


def candidates_among(vectors: tuple[Floats, Floats], *tables: tuple[sp.csr_matrix, sp.csr_matrix]) -> tuple[Ints, Ints]:
    """Places of a new and a known text of each candidate pair: the same for m new texts among n known ones.

    Parameters
    ----------
    vectors : two arrays, shapes (n, d) and (m, d)
        Of the known and of the new texts.
    *tables : pairs of sparse arrays, shapes (n, columns) and (m, columns)
    """
    known, asking = vectors
    meant = NeighborIndex(known).search(asking, min(IN_MEANING, len(known)))[1]
    near = [nearest(there, min(k, len(known)), here) for (there, here), k in zip(tables, IN_TABLES, strict=False)]
    near.append((np.repeat(np.arange(len(asking)), meant.shape[1]), meant.ravel()))
    keys = np.unique(np.concatenate([a for a, _ in near]).astype(np.int64) * len(known) + np.concatenate([b for _, b in near]))
    return keys // len(known), keys % len(known)


def letter_groups(plain: Sequence[str]) -> tuple[Any, sp.csr_matrix]:
    """The fitted vectoriser of letter groups (2 to 4 letters inside a word), and its TF-IDF table (n, groups)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    # a blank text has no letter group, so "∅" replaces it and the table is never empty
    return vectoriser, sp.csr_matrix(vectoriser.fit_transform([text if text.strip() else "∅" for text in plain]))


def nearest(table: sp.csr_matrix, k: int, queries: sp.csr_matrix | None = None) -> tuple[Ints, Ints]:
    """Query and neighbour of each pair of a query with one of its k nearest rows by the product; never 0 or below.

    Without queries, every row is compared with the others. Columns that nearly all rows share are skipped if the product would cost
    too much, because they distinguish little.
    """
    from sparse_dot_topn import sp_matmul_topn

    asking = table if queries is None else queries
    there = np.bincount(table.indices, minlength=table.shape[1]).astype(np.float64)
    here = np.bincount(asking.indices, minlength=table.shape[1]).astype(np.float64)
    order = np.argsort(there, kind="stable")
    affordable = np.cumsum((there * here)[order]) <= WORK
    affordable[: np.searchsorted(there[order], 2, side="right")] = True
    columns = np.sort(order[affordable])
    turned = sp.csr_matrix(table[:, columns].T)
    found = sp.coo_matrix(sp_matmul_topn(asking[:, columns], turned, top_n=k + (queries is None), sort=True))
    row, near = found.row.astype(np.int64), found.col.astype(np.int64)
    kept = (found.data > 0) & ((row != near) if queries is None else True)
    return row[kept], near[kept]


def row_products(table: sp.csr_matrix, left: Ints, right: Ints, other: sp.csr_matrix | None = None) -> Floats:
    """Product of row `left[i]` of `table` with row `right[i]` of `other` (or of `table` itself), shape (m,)."""
    other = table if other is None else other
    products = np.empty(len(left), np.float32)
    for start in range(0, len(left), BLOCK):
        part = slice(start, start + BLOCK)
        products[part] = np.asarray(table[left[part]].multiply(other[right[part]]).sum(axis=1)).ravel()
    return products


class Ranked:
    """Values of the candidates of each text, largest first."""

    def __init__(self, n: int, node: Ints, value: Floats) -> None:
        self.n = n
        order = np.lexsort((-value, node))
        self._value = value[order]
        self._start = np.searchsorted(node[order], np.arange(n))
        self._count = np.searchsorted(node[order], np.arange(n), side="right") - self._start
        self.rank = np.empty(len(node), np.int64)
        self.rank[order] = np.arange(len(node)) - self._start[node[order]]

    def kth(self, k: int) -> Floats:
        """The k-th largest value of each text; 0 where it has fewer."""
        out = np.zeros(self.n, np.float32)
        enough = self._count >= k
        out[enough] = self._value[self._start[enough] + k - 1]
        return out
