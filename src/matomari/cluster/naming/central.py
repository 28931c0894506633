"""The most central items of groups, their centres, and how close together they lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from ...vectors import Floats, Ints, normalise


def central(X: Floats, labels: Ints, k: int, most: int = 3) -> tuple[list[list[int]], Floats, Floats]:
    """The items nearest each group's centre, its centre (k, d), and its cohesion: the mean cosine of members to the centre.

    Examples
    --------
    >>> X = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    >>> central(X, np.array([0, 0, 1]), 2)[0]
    [[0, 1], [2]]
    """
    grouped = np.flatnonzero(labels >= 0)
    member = sp.csr_matrix((np.ones(len(grouped), np.float32), (labels[grouped], grouped)), shape=(k, len(labels)))
    centers = normalise(np.asarray(member @ X, np.float32))
    cosine = np.empty(len(grouped), np.float32)
    for start in range(0, len(grouped), 65_536):
        part = grouped[start : start + 65_536]
        cosine[start : start + 65_536] = np.einsum("ij,ij->i", X[part], centers[labels[part]])
    order = np.lexsort((grouped, -cosine.round(6), labels[grouped]))
    groups = labels[grouped][order]
    first = np.searchsorted(groups, np.arange(k))
    last = np.searchsorted(groups, np.arange(k), side="right")
    picked = [grouped[order[a : min(b, a + most)]].tolist() for a, b in zip(first, last, strict=True)]
    total = np.bincount(labels[grouped], cosine, minlength=k)
    return picked, centers, (total / np.maximum(last - first, 1)).astype(np.float32)


def usual_spelling(texts: Sequence[str], rows: Ints, labels: Ints, k: int) -> list[int]:
    """The text that stands for each group of spellings: that of most rows; of several, that of most words, then the longest, then the first.

    Examples
    --------
    >>> texts = ["Kessler", "Kessler AG", "KESSLER AG", "Nut"]
    >>> usual_spelling(texts, np.array([1, 1, 2, 1]), np.array([0, 0, 0, 1]), 2)
    [2, 3]
    """
    size = [(len(text.split()), len(text)) for text in texts]
    best = [-1] * k
    for item in np.flatnonzero(labels >= 0).tolist():
        now = best[labels[item]]
        if now < 0 or (rows[item], size[item]) > (rows[now], size[now]):
            best[labels[item]] = item
    return best
