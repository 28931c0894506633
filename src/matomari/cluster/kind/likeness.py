"""A quick likeness of texts from letters, codes and meaning, by which near copies are counted before the kind of a column is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...vectors import Floats, Ints
from ..variants.candidates import Ranked, candidates, letter_groups, row_products
from .codes import agreement, normal

MEANING = 0.2  # weight of meaning in the score; letters and any codes share the rest
CONFLICT = 0.2  # subtracted if each text has a code that the other lacks
BACKGROUND = 5  # the similarity to the fifth nearest text is the background level


@dataclass(frozen=True)
class NearPairs:
    """Candidate pairs of texts and the evidence for each.

    Attributes
    ----------
    left, right : arrays of int64, shape (m,)
        Positions of the two texts, left < right.
    lexical : array of float32, shape (m,)
        Cosine of letter-group TF-IDF.
    meaning : array of float32, shape (m,)
        Cosine of the encoder's vectors.
    codes : array of float32, shape (m,)
        Agreement of numbers and codes, see `codes.agreement`; NaN if a text has none.
    conflict : array of bool, shape (m,)
        Each text has a number, code or size that the other lacks.
    score : array of float32, shape (m,)
        The combined score; `kind` says from which a text counts as a near copy.
    """

    left: Ints
    right: Ints
    lexical: Floats
    meaning: Floats
    codes: Floats
    conflict: NDArray[np.bool_]
    score: Floats


def near_pairs(texts: Sequence[str], vectors: Floats) -> NearPairs:
    """Candidate pairs of distinct texts, with their evidence and score.

    The score is four fifths of the lexical cosine, averaged with the agreement of codes where both texts have any, and one fifth
    of the cosine of meaning; plus half of how far the lexical cosine stands above that of the two texts' fifth nearest, minus a
    fifth where codes conflict. So a similarity that all texts share counts for little, and two offers that differ in a size or a
    model code stay apart however similar their words are. It is quicker than the evidence of `variants` and knows less.

    Parameters
    ----------
    texts : sequence of str, length n
    vectors : array, shape (n, d), float32
        Their vectors at unit length.

    Notes
    -----
    Candidates are each text's 20 lexically nearest and its 10 nearest in meaning, so cost grows with n, not n².
    """
    if len(texts) != len(vectors):
        raise InputError(f"{len(texts)} texts came with {len(vectors)} vectors.", hint="pass one vector a text.")
    plain = [normal(text) for text in texts]
    letters = letter_groups(plain)[1]
    left, right = candidates(vectors, letters)
    lexical = row_products(letters, left, right)
    meaning = np.einsum("ij,ij->i", vectors[left], vectors[right]).astype(np.float32)
    shared, conflict = agreement(texts, left, right)
    ground = Ranked(len(texts), np.concatenate([left, right]), np.concatenate([lexical, lexical])).kth(BACKGROUND)
    stands_out = (lexical - (ground[left] + ground[right]) / 2).astype(np.float32)
    return NearPairs(
        left=left,
        right=right,
        lexical=lexical,
        meaning=meaning,
        codes=shared,
        conflict=conflict,
        score=score(lexical, meaning, shared=shared, conflict=conflict, stands_out=stands_out),
    )


def score(lexical: Floats, meaning: Floats, shared: Floats, conflict: NDArray[np.bool_], stands_out: Floats) -> Floats:
    """The evidence of each pair as one number, as `near_pairs` describes, shape (m,)."""
    spelling = np.where(np.isnan(shared), lexical, (lexical + np.nan_to_num(shared)) / 2)
    return np.asarray((1 - MEANING) * spelling + MEANING * meaning + stands_out / 2 - CONFLICT * conflict, np.float32)
