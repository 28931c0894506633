"""New texts among known variants: which known thing each one names, if any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..vectors import Floats, Ints, NeighborIndex
from .variants import BACKGROUND, LEXICAL_NEIGHBORS, MEANING_NEIGHBORS, code_evidence, codes, letter_groups, lexical_neighbors, normal, row_products


def match_variants(known: Sequence[str], X: Floats, labels: Ints, texts: Sequence[str], vectors: Floats) -> tuple[Ints, Floats, Ints, Floats]:
    """The group of the best known text for each new one, its score, and the same for the best other group.

    The score is that of `variant_pairs`, with the background of the new text standing for both.

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
    group, score, second, second_score : arrays, shape (m,)
        -1 and 0 where nothing is alike.

    Examples
    --------
    >>> X = np.eye(2, dtype=np.float32)
    >>> match_variants(["bolt M8x20 zinc", "hose 3/4"], X, np.array([0, 1]), ["Bolt M8 x20 zinc"], X[:1])[0].tolist()
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
    shared, _ = code_evidence([codes(text) for text in [*known, *texts]], u + new, old)
    order = np.lexsort((-lexical, new))
    start, stop = np.searchsorted(new[order], np.arange(m)), np.searchsorted(new[order], np.arange(m), side="right")
    ground = np.zeros(m, np.float32)
    enough = stop - start >= BACKGROUND
    ground[enough] = lexical[order][start[enough] + BACKGROUND - 1]
    score = np.where(np.isnan(shared), lexical, (lexical + np.nan_to_num(shared)) / 2) + (lexical - ground[new]) / 2
    return _two_best(new, labels[old], score.astype(np.float32), m)


def _two_best(item: Ints, group: Ints, score: Floats, m: int) -> tuple[Ints, Floats, Ints, Floats]:
    best, best_score = np.full(m, -1, np.int64), np.zeros(m, np.float32)
    second, second_score = best.copy(), best_score.copy()
    usable = np.flatnonzero((score > 0) & (group >= 0))
    usable = usable[np.lexsort((group[usable], -score[usable], item[usable]))]
    first = usable[np.unique(item[usable], return_index=True)[1]]
    best[item[first]], best_score[item[first]] = group[first], score[first]
    rest = usable[group[usable] != best[item[usable]]]
    first = rest[np.unique(item[rest], return_index=True)[1]]
    second[item[first]], second_score[item[first]] = group[first], score[first]
    return best, best_score, second, second_score
