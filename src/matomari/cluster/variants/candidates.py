"""Find pairs of texts that may be spellings of one thing, with the evidence from letters, codes and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...errors import InputError
from ...vectors import Floats, Ints, neighbors
from .codes import agreement, normal

LEXICAL_NEIGHBORS, MEANING_NEIGHBORS = 20, 10
MEANING = 0.2  # weight of meaning in the score; letters and any codes share the rest
CONFLICT = 0.2  # subtracted if each text has a code that the other lacks
BACKGROUND = 5  # the similarity to the fifth nearest text is the background level
WORK = 4e9  # multiplications the search for lexical candidates may cost: common letter groups are left out beyond it


@dataclass(frozen=True)
class CandidatePairs:
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
        The combined score; pairs at `linkage.CUT` or above count as the same thing.
    """

    left: Ints
    right: Ints
    lexical: Floats
    meaning: Floats
    codes: Floats
    conflict: NDArray[np.bool_]
    score: Floats

    def why(self, pair: int) -> str:
        """The evidence for one pair, in words.

        Examples
        --------
        >>> variant_pairs(["Bolt M8x20 zinc", "bolt M8x20 zinc pl.", "nut M6"], np.eye(3, dtype=np.float32)).why(0)
        'letters 0.84, meaning 0.00, no code missing'
        """
        reason = f"letters {self.lexical[pair]:.2f}, meaning {self.meaning[pair]:.2f}"
        if np.isnan(self.codes[pair]):
            return reason
        if self.codes[pair] > 0.999:
            return reason + ", no code missing"
        return reason + f", codes {self.codes[pair]:.2f}" + (" with a conflict" if self.conflict[pair] else "")


def variant_pairs(texts: Sequence[str], vectors: Floats) -> CandidatePairs:
    """Candidate pairs of distinct texts, with their evidence and score.

    The score is four fifths of the lexical cosine, averaged with the agreement of codes where both texts have any, and one fifth
    of the cosine of meaning; plus half of how far the lexical cosine stands above that of the two texts' fifth nearest, minus a
    fifth where codes conflict. So a similarity that all texts share counts for little, and two offers that differ in a size or a
    model code stay apart however similar their words are. docs/how-many.md says which data the weights were chosen on, and
    which data were seen.

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
    left, right = _candidates(letters, vectors)
    lexical = row_products(letters, left, right)
    meaning = np.einsum("ij,ij->i", vectors[left], vectors[right]).astype(np.float32)
    shared, conflict = agreement(texts, left, right)
    ground = background(len(texts), left, right, lexical)
    stands_out = (lexical - (ground[left] + ground[right]) / 2).astype(np.float32)
    return CandidatePairs(
        left=left,
        right=right,
        lexical=lexical,
        meaning=meaning,
        codes=shared,
        conflict=conflict,
        score=score(lexical, meaning, shared=shared, conflict=conflict, stands_out=stands_out),
    )


def score(lexical: Floats, meaning: Floats, shared: Floats, conflict: NDArray[np.bool_], stands_out: Floats) -> Floats:
    """The evidence of each pair as one number, as `variant_pairs` describes, shape (m,)."""
    spelling = np.where(np.isnan(shared), lexical, (lexical + np.nan_to_num(shared)) / 2)
    return np.asarray((1 - MEANING) * spelling + MEANING * meaning + stands_out / 2 - CONFLICT * conflict, np.float32)


def letter_groups(plain: Sequence[str]) -> tuple[Any, sp.csr_matrix]:
    """The fitted vectoriser of letter groups (2 to 4 letters inside a word), and its TF-IDF table (n, groups)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    return vectoriser, sp.csr_matrix(vectoriser.fit_transform(_spoken(plain)))


def _spoken(plain: Sequence[str]) -> list[str]:
    # a blank text has no letter group, so "∅" replaces it and the table is never empty
    return [text if text.strip() else "∅" for text in plain]


def _candidates(letters: sp.csr_matrix, vectors: Floats) -> tuple[Ints, Ints]:
    n = letters.shape[0]
    near = [lexical_neighbors(letters, min(LEXICAL_NEIGHBORS, n - 1))]
    rows = neighbors(vectors, min(MEANING_NEIGHBORS, n - 1))[1]
    near.append((np.repeat(np.arange(n), rows.shape[1]), rows.ravel()))
    origin, target = np.concatenate([a for a, _ in near]), np.concatenate([b for _, b in near])
    keys = np.unique(np.minimum(origin, target).astype(np.int64) * n + np.maximum(origin, target))
    left, right = keys // n, keys % n
    return left[left != right], right[left != right]


def lexical_neighbors(letters: sp.csr_matrix, k: int, queries: sp.csr_matrix | None = None) -> tuple[Ints, Ints]:
    """Query and neighbour of each pair of a query with one of its k lexically nearest texts.

    Without queries, every text is compared with the others. Letter groups that nearly all texts share are skipped if the
    product would cost too much, because they distinguish little.
    """
    asking = letters if queries is None else queries
    n = letters.shape[0]
    there = np.bincount(letters.indices, minlength=letters.shape[1]).astype(np.float64)
    here = np.bincount(asking.indices, minlength=letters.shape[1]).astype(np.float64)
    order = np.argsort(there, kind="stable")
    affordable = np.cumsum((there * here)[order]) <= WORK
    affordable[: np.searchsorted(there[order], 2, side="right")] = True
    columns = np.sort(order[affordable])
    asking, turned = asking[:, columns], sp.csr_matrix(letters[:, columns].T)
    origin, target = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    step = max(1, int(2e7 // max(n, 1)))
    for start in range(0, asking.shape[0], step):
        block = sp.csr_matrix(asking[start : start + step] @ turned)
        for row in range(block.shape[0]):
            span = slice(block.indptr[row], block.indptr[row + 1])
            near, value = block.indices[span], block.data[span]
            if queries is None:
                value = np.where(near == start + row, -1, value)
            if len(value) > k:
                best = np.lexsort((near, -value))[:k]  # ties by position, so that the choice never depends on storage
                near, value = near[best], value[best]
            near = near[value > 0]
            origin.append(np.full(len(near), start + row))
            target.append(near.astype(np.int64))
    return np.concatenate(origin), np.concatenate(target)


def row_products(table: sp.csr_matrix, left: Ints, right: Ints, other: sp.csr_matrix | None = None) -> Floats:
    """Product of row `left[i]` of `table` with row `right[i]` of `other` (or of `table` itself), shape (m,)."""
    other = table if other is None else other
    products = np.empty(len(left), np.float32)
    for start in range(0, len(left), 65_536):
        part = slice(start, start + 65_536)
        products[part] = np.asarray(table[left[part]].multiply(other[right[part]]).sum(axis=1)).ravel()
    return products


def background(n: int, left: Ints, right: Ints, lexical: Floats) -> Floats:
    """Each text's lexical cosine to its fifth nearest candidate; 0 if it has fewer."""
    node, value = np.concatenate([left, right]), np.concatenate([lexical, lexical])
    order = np.lexsort((-value, node))
    node, value = node[order], value[order]
    start = np.searchsorted(node, np.arange(n))
    count = np.searchsorted(node, np.arange(n), side="right") - start
    ground = np.zeros(n, np.float32)
    enough = count >= BACKGROUND
    ground[enough] = value[start[enough] + BACKGROUND - 1]
    return ground
