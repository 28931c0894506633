"""The evidence that two texts of a list name one thing, as numbers: what agrees, what differs, and how the list looks around them."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from ....vectors import Floats, Ints
from ..candidates import row_products
from ..reading.lexicon import Lexicon
from .agreement import agreement
from .around import around
from .difference import difference
from .families import Families
from .features import NAMES, OF_A_PAIR, PLACE
from .flat import Flat, Sorts

BLOCK = 8_192  # pairs that are compared at once


def evidence(
    lexicon: Lexicon,
    left: Ints,
    right: Ints,
    *,
    letters: sp.csr_matrix,
    vectors: Floats,
    copies: float | None = None,
    vectoriser: Any = None,
) -> Floats:
    """Evidence of each candidate pair, shape (m, len(NAMES)).

    Where texts are made of several columns, a pair is compared by those that both have filled: an empty cell speaks neither for nor against.

    Parameters
    ----------
    lexicon : Lexicon
        Of n texts.
    left, right : arrays of int64, shape (m,)
        Places of the two texts.
    letters : sparse array, shape (n, groups)
        TF-IDF of letter groups.
    vectors : array, shape (n, d)
        At unit length.
    copies : float, optional
        Where only the left texts name candidates, and the right ones are known already: the share of the known ones that have a near copy.
    vectoriser : optional
        What made the letter groups; needed where texts are made of several columns.
    """
    table = np.empty((len(left), len(NAMES)), np.float32)
    table[:, : len(OF_A_PAIR)] = aligned(lexicon, left, right)
    plain, a, b = _seen(lexicon, left, right)
    if lexicon.width > 1:
        letters = sp.csr_matrix(vectoriser.transform(plain))
    columns = {
        "letters": row_products(letters, a, b),
        "meaning": _meaning(vectors, left, right),
        **_letters(plain, a, b),
    }
    for name, values in columns.items():
        table[:, PLACE[name]] = values
    for name, values in around(lexicon, (left, right), table, copies).items():
        table[:, PLACE[name]] = values
    return table


def _meaning(vectors: Floats, left: Ints, right: Ints) -> Floats:
    """Cosine of each pair, a block at a time: the vectors of all pairs would take three times the room of everything else."""
    parts = [slice(start, start + BLOCK) for start in range(0, max(1, len(left)), BLOCK)]
    return np.concatenate([np.einsum("ij,ij->i", vectors[left[part]], vectors[right[part]]) for part in parts])


def _seen(lexicon: Lexicon, left: Ints, right: Ints) -> tuple[list[str], Ints, Ints]:
    """The texts as their partners see them, without the columns that these have empty, and which of them each pair is of."""
    if lexicon.width == 1:
        return [lexicon.plain(i) for i in range(len(lexicon.rows))], left, right
    number: dict[tuple[int, tuple[int, ...]], int] = {}
    seen = np.empty((len(left), 2), np.int64)
    for pair, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        shared = lexicon.shared(a, b)
        seen[pair] = number.setdefault((a, shared), len(number)), number.setdefault((b, shared), len(number))
    return [lexicon.plain(text, shared) for text, shared in number], seen[:, 0], seen[:, 1]


def aligned(lexicon: Lexicon, left: Ints, right: Ints) -> Floats:
    """What the alignment of each pair says, shape (m, len(OF_A_PAIR))."""
    sorts, families = Sorts(lexicon), Families(lexicon)
    table = np.empty((len(left), len(OF_A_PAIR)), np.float32)
    for start in range(0, len(left), BLOCK):  # alignments are lists, which take more room than a table
        part = slice(start, start + BLOCK)
        flat = Flat.of(sorts, left[part], right[part])
        found = {**agreement(flat), **difference(flat), **families.about(flat)}
        table[part] = np.stack([found[name] for name in OF_A_PAIR], axis=1)
    return table


def _letters(plain: list[str], left: Ints, right: Ints) -> dict[str, Any]:
    """Likeness of the letters of each pair."""
    a, b = [plain[i] for i in left.tolist()], [plain[i] for i in right.tolist()]
    size = np.asarray([len(text) for text in plain], np.float32)
    short, long = np.minimum(size[left], size[right]), np.maximum(size[left], size[right])

    def each(scorer: Any) -> Floats:
        return np.asarray(process.cpdist(a, b, scorer=scorer, dtype=np.float32), np.float32)

    return {
        "ratio": each(fuzz.ratio) / 100,
        "sorted_ratio": each(fuzz.token_sort_ratio) / 100,
        "rest_alike": each(JaroWinkler.similarity),
        "length_difference": (long - short) / np.maximum(long, 1),
    }
