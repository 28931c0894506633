"""Choose how to group a column: by themes, or by variants of single things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...vectors import Floats, Ints, NeighborIndex
from ..communities.stability import RULE
from ..naming.function_words import function_words
from ..naming.tokens import runs
from .codes import FULL, codes
from .likeness import near_pairs

LOOKED_AT = 1_000  # texts, each with the two that are nearest to it in the whole column
NEAREST = 2
STRICT = 0.85  # a likeness from which a text is a near copy; stricter than for grouping, because informal questions resemble each other too
AGREED = 0.5  # the same for texts that have the same numbers and codes
CODED, GRAMMAR, BOUND = 0.3, 2.0, 0.2  # settled on 41 columns, each left out in turn (benchmarks/themes/kinds.py)
SINGLE = 0.05  # an outcome is doubted when a smaller share of the texts has company


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What a column shows of its kind, each a share of 0 to 1.

    Attributes
    ----------
    copies : float
        Texts with a near copy; texts with different numbers or codes are none.
    coded : float
        Texts that hold a number or code.
    grammar : float
        Words that are function words: many in sentences, few in names and labels.
    looked_at : int
        Texts.
    """

    copies: float
    coded: float
    grammar: float
    looked_at: int

    @property
    def score(self) -> float:
        """How much the column looks like spellings of single things; variants are chosen from 0.2.

        Examples
        --------
        >>> round(Signs(copies=0.5, coded=1.0, grammar=0.05, looked_at=100).score, 2)
        0.7
        """
        return self.copies + CODED * self.coded - GRAMMAR * self.grammar

    @property
    def kind(self) -> str:
        """The kind that the signs speak for."""
        return "variants" if self.score >= BOUND and self.copies >= SINGLE else "themes"

    @property
    def reason(self) -> str:
        """One sentence for a person."""
        shown = (
            f"{self.copies:.0%} of {self.looked_at:,} texts have a near copy, {self.coded:.0%} hold a number or code, "
            f"and {self.grammar:.0%} of the words are function words"
        )
        return f"{shown}: they read like {'names of single things' if self.kind == 'variants' else 'sentences or topics'}"


def signs(letters: Sequence[str], contents: Sequence[str], X: Floats, rng: np.random.Generator) -> Signs:
    """Look at a column.

    Parameters
    ----------
    letters : sequence of str, length n
        Distinct texts as they are compared letter by letter.
    contents : sequence of str, length n
        The same without numbers and codes that stand in one row alone, as they are encoded.
    X : array, shape (n, d), float32
        Vectors of the contents at unit length.
    rng : numpy Generator
        Draws the 1,000 texts that are looked at; near copies are sought in the whole column.
    """
    n = len(letters)
    seeds = np.arange(n) if n <= LOOKED_AT else np.sort(rng.choice(n, LOOKED_AT, replace=False))
    some = seeds if n <= LOOKED_AT else np.union1d(seeds, NeighborIndex(X).search(X[seeds], NEAREST + 1)[1])
    texts = [letters[i] for i in some.tolist()]
    copied = np.zeros(len(some), bool)
    if len(some) > 1:
        pairs = near_pairs(texts, X[some])
        agreed = (pairs.codes >= FULL) & ~pairs.conflict  # NaN, where a text has no code, is no agreement
        near = (pairs.score >= STRICT) | (agreed & (pairs.score >= AGREED))
        copied[pairs.left[near]] = copied[pairs.right[near]] = True
    words = [word.casefold() for i in seeds.tolist() for run in runs(contents[i]) for word in run]
    grammar, _ = function_words(words)
    return Signs(
        copies=float(copied[np.isin(some, seeds)].mean()),
        coded=float(np.mean([bool(codes(letters[i])) for i in seeds.tolist()])),
        grammar=sum(word in grammar for word in words) / max(1, len(words)),
        looked_at=len(seeds),
    )


def doubt(labels: Ints) -> str:
    """Why the outcome of grouping looks wrong, in a few words: all alone, or one group with more than half (of two to four, 60 %).

    Parameters
    ----------
    labels : array of int64, shape (n,)
        Group of each distinct text; -1 means none.

    Returns
    -------
    str
        Empty where nothing looks wrong.
    """
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(1, np.int64)
    if len(labels) < 2:
        return ""
    together = (sizes[labels[labels >= 0]] > 1).sum() / max(1, len(labels))
    if together < SINGLE:
        return f"only {together:.0%} of the texts shared a group with another"
    if sizes.max() > RULE.most(len(sizes)) * len(labels):
        return f"one group held {sizes.max() / len(labels):.0%} of the texts"
    return ""


def separation(X: Floats, labels: Ints) -> float:
    """How far groups lie apart, in [-1, 1]: the mean simplified silhouette of the items, by the cosine to centres.

    All items count, because a sample would tear pairs of variants apart. An item alone in its group, or in none, counts 0; so neither single items nor one large group win. Hruschka, Campello and
    de Castro 2004, with each item left out of its own centre.

    Examples
    --------
    >>> X = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    >>> separation(X, np.array([0, 0, 1, 1])), separation(X, np.array([0, 1, 2, 3])), separation(X, np.array([0, 0, 0, 0]))
    (1.0, 0.0, 0.0)
    """
    inside = np.flatnonzero(labels >= 0)
    size = np.bincount(labels[inside])
    if len(size) < 2:
        return 0.0
    total = np.zeros((len(size), X.shape[1]), np.float32)
    np.add.at(total, labels[inside], X[inside])
    unit = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    value = np.zeros(len(labels))
    for start in range(0, len(inside), 2048):
        rows = inside[start : start + 2048]
        own = labels[rows]
        rest = total[own] - X[rows]
        near = 1 - (rest * X[rows]).sum(axis=1) / np.maximum(np.linalg.norm(rest, axis=1), 1e-12)
        cosines = X[rows] @ unit.T
        cosines[np.arange(len(rows)), own] = -np.inf
        far = 1 - cosines.max(axis=1)
        value[rows] = np.where(size[own] > 1, (far - near) / np.maximum(np.maximum(far, near), 1e-12), 0)
    return float(value.mean())
