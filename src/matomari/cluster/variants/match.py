"""Match new texts with known variants: find the known thing that each text names, if any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...vectors import Floats, Ints, NeighborIndex
from ..membership import Membership, two_best
from .candidates import BACKGROUND, LEXICAL_NEIGHBORS, MEANING_NEIGHBORS, letter_groups, lexical_neighbors, row_products, score
from .codes import agreement, normal


def match_variants(known: Sequence[str], X: Floats, labels: Ints, texts: Sequence[str], vectors: Floats) -> Membership:
    """The group of the best known text for each new text with its score, and the best other group with its score.

    The score is that of `variant_pairs`, with the background of the new text used for both.

    Parameters
    ----------
    known : sequence of str, length u
    X : array, shape (u, d), float32
        Their vectors at unit length.
    labels : array of int64, shape (u,)
    texts : sequence of str, length m
    vectors : array, shape (m, d), float32

    Returns
    -------
    Membership
        Of m texts; -1 and 0 if nothing is similar. Scores may be above 1.

    Examples
    --------
    >>> X = np.eye(2, dtype=np.float32)
    >>> match_variants(["bolt M8x20 zinc", "hose 3/4"], X, np.array([0, 1]), ["Bolt M8 x20 zinc"], X[:1]).label.tolist()
    [0]
    """
    m, u = len(texts), len(known)
    vectoriser, letters = letter_groups([normal(text) for text in known])
    asking = vectoriser.transform([normal(text) for text in texts]).tocsr()
    new, old = lexical_neighbors(letters, min(LEXICAL_NEIGHBORS, u), asking)
    near = NeighborIndex(X).search(vectors, min(MEANING_NEIGHBORS, u))[1]
    keys = np.unique(np.concatenate([new * u + old, np.repeat(np.arange(m), near.shape[1]) * u + near.ravel()]))
    new, old = keys // u, keys % u
    lexical = row_products(asking, new, old, letters)
    meaning = np.einsum("ij,ij->i", vectors[new], X[old])
    shared, conflict = agreement([*known, *texts], u + new, old)
    order = np.lexsort((-lexical, new))
    start, stop = np.searchsorted(new[order], np.arange(m)), np.searchsorted(new[order], np.arange(m), side="right")
    ground = np.zeros(m, np.float32)
    enough = stop - start >= BACKGROUND
    ground[enough] = lexical[order][start[enough] + BACKGROUND - 1]
    return two_best(new, labels[old], score(lexical, meaning, shared=shared, conflict=conflict, stands_out=lexical - ground[new]), m)
