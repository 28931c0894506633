"""Keywords of groups: phrases that are frequent in a group, near to its centre, and far from the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...vectors import Floats, Ints, normalise
from .phrases import Phrases

POOL = 40  # phrases of a group that are looked at, the most surprising first
SHARE = 0.03  # of a group's texts that have a phrase, at least
PRIOR = 10.0  # strength of the prior of the log-odds, in texts
ABSORBED = 0.55  # a phrase gives way to a longer one that holds it, if that is so frequent beside it
ALIKE = 0.8  # no two keywords of a group are nearer than this
# weights of a phrase's share of the texts, and of each word less; tried on the training parts of Banking77 and CLINC150
FREQUENT, BRIEF = 0.5, 0.3
KEYWORDS = 6

Encode = Callable[[list[str]], Floats]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Candidates:
    phrase: Ints
    surprise: Numbers  # z score of the log-odds
    share: Numbers  # of the group's texts


class Keywords:
    """Keywords for any layer of groups of the same n texts.

    Parameters
    ----------
    texts : sequence of str, length n
    X : array, shape (n, d), float32
        Their vectors at unit length.
    encode : callable, optional
        Turns phrases into vectors of the same space; without it only counts decide.
    stop_words : collection of str
        More words that no phrase may begin or end with.
    seed : int
    """

    def __init__(
        self, texts: Sequence[str], X: Floats, *, encode: Encode | None = None, stop_words: Collection[str] = (), seed: int = 0
    ) -> None:
        self.phrases = Phrases.of(texts, stop_words=stop_words, seed=seed)
        self._X, self._encode = X, encode
        self._vectors: dict[int, Floats] = {}

    @property
    def note(self) -> str:
        """Which function words were left off, and what was not read."""
        return self.phrases.note

    def of(self, labels: Ints, k: int, only: Collection[int] | None = None) -> list[list[str]]:
        """At most six keywords of each of k groups, best first; a label of -1 means none. `only` names the groups that are asked about.

        Candidates are the phrases whose log-odds against the other texts, with an informative prior, are most surprising
        (Monroe, Colaresi and Quinn 2008, equations 16 and 22). Of these, the nearest to the centre of the group come first, the more
        so the farther they are from every other centre.
        """
        candidates = self._candidates(labels, k, only)
        self._embed({int(p) for found in candidates for p in found.phrase})
        centers = self._centers(labels, k)
        return [self._best(found, centers, group) for group, found in enumerate(candidates)]

    def _candidates(self, labels: Ints, k: int, only: Collection[int] | None = None) -> list[_Candidates]:
        table = self.phrases.presence
        rows = np.flatnonzero((labels >= 0) & (np.diff(table.indptr) > 0))
        member = sp.csr_matrix((np.ones(len(rows), np.float32), (labels[rows], rows)), shape=(k, len(labels)))
        counts = sp.csr_matrix(member @ table)
        size = np.maximum(np.bincount(labels[rows], minlength=k), 1).astype(float)
        held, total = np.asarray(counts.sum(axis=0)).ravel(), size.sum()
        found = [_Candidates(np.empty(0, np.int64), np.empty(0), np.empty(0))] * k
        for group in range(k) if only is None else only:
            span = slice(counts.indptr[group], counts.indptr[group + 1])
            phrase, inside = counts.indices[span], counts.data[span].astype(float)
            enough = inside >= (max(2, round(SHARE * size[group])) if size[group] > 3 else 1)
            phrase, inside = phrase[enough], inside[enough]
            prior = PRIOR * held[phrase] / total
            outside = held[phrase] - inside
            odds = np.log((inside + prior) / (size[group] - inside + PRIOR - prior + 1e-9))
            odds -= np.log((outside + prior) / (total - size[group] - outside + PRIOR - prior + 1e-9))
            surprise = odds / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
            best = np.lexsort((phrase, -surprise))[:POOL]
            found[group] = _Candidates(phrase[best].astype(np.int64), surprise[best], inside[best] / size[group])
        return found

    def _embed(self, wanted: set[int]) -> None:
        new = sorted(wanted - self._vectors.keys())
        if self._encode is not None and new:
            made = normalise(np.asarray(self._encode([self.phrases.spelling[p] for p in new]), np.float32))
            self._vectors.update(zip(new, made, strict=True))

    def _centers(self, labels: Ints, k: int) -> Floats:
        grouped = np.flatnonzero(labels >= 0)
        member = sp.csr_matrix((np.ones(len(grouped), np.float32), (labels[grouped], grouped)), shape=(k, len(labels)))
        return normalise(np.asarray(member @ self._X, np.float32))

    def _best(self, found: _Candidates, centers: Floats, group: int) -> list[str]:
        """Keywords one by one: each is the one that, together with those before it, stands nearest to the centre and apart from others."""
        content = [self.phrases.content[int(p)] for p in found.phrase]
        vectors = None if self._encode is None or not len(content) else np.stack([self._vectors[int(p)] for p in found.phrase])
        length = np.asarray([len(self.phrases.words[int(p)]) for p in found.phrase], float)
        plain = FREQUENT * _standard(np.sqrt(found.share)) - BRIEF * length
        free = np.array([not self._absorbed(found, i) for i in range(len(content))], bool)
        chosen: list[int] = []
        while free.any() and len(chosen) < KEYWORDS:
            if vectors is None:
                score = found.surprise
            else:
                near = normalise(vectors + vectors[chosen].sum(axis=0)) @ centers.T
                score = _standard(near[:, group]) + _standard(near[:, group] - _highest_other(near, group)) + plain
            best = int(np.argmax(np.where(free, score, -np.inf)))
            chosen.append(best)
            for i in np.flatnonzero(free).tolist():
                same = content[i] <= content[best] or content[best] <= content[i]
                free[i] = not same and (vectors is None or vectors[i] @ vectors[best] <= ALIKE)
        return [self.phrases.spelling[int(found.phrase[i])] for i in chosen]

    def _absorbed(self, found: _Candidates, place: int) -> bool:
        """Whether the phrase nearly always stands inside a longer one."""
        words = self.phrases.words[int(found.phrase[place])]
        for other, share in zip(found.phrase.tolist(), found.share, strict=True):
            longer = self.phrases.words[other]
            if len(longer) <= len(words) or share < ABSORBED * found.share[place]:
                continue
            if any(longer[i : i + len(words)] == words for i in range(len(longer) - len(words) + 1)):
                return True
        return False


def _highest_other(near: Floats, group: int) -> Floats:
    """The highest cosine to another centre; 0 where there is no other group."""
    return np.delete(near, group, axis=1).max(axis=1) if near.shape[1] > 1 else np.zeros(len(near), np.float32)


def _standard(values: NDArray[np.floating[Any]]) -> Numbers:
    exact = np.asarray(values, np.float64)
    return (exact - exact.mean()) / (exact.std() + 1e-9) if len(exact) else exact
